"""通报 as one of the things that can be exported: a .docx for the bureau to go on with."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from accounts.permissions import Permission
from accounts.services import Refused
from papers.blocks import Paper
from regions.models import Level, Region
from reports.bulletin.draft import Draft, draft_of
from reports.bulletin.drafting import paper_of
from reports.centre.files import Format
from reports.periods import asked_window
from reports.summary.ledger import SummaryFilter
from workbooks.declaration import Column


class BulletinLedger:
    """The 通报 of the city or of a township; it has no rows, it is one paper."""

    kind = "bulletin"
    title = "村（居）民代表工作情况通报"
    unit = "份"
    has_numbers = False
    permission = Permission.REPORT_VIEW
    formats = (Format.DOCX,)
    columns: tuple[Column, ...] = ()

    def __init__(self, place: Region) -> None:
        self._place = place
        self._draft: Draft | None = None

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> SummaryFilter:
        """Return the form of the place and the period."""
        return SummaryFilter(data)

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[int]:
        """Draft the paper and return the place; raise Refused for a village."""
        if self._place.level == Level.VILLAGE:
            raise Refused("通报由市和乡镇（街道）发，请选市或乡镇（街道）。")
        self._draft = draft_of(self._place, asked_window(wanted.get("p") or "", on))
        period = self._draft.period
        self.title = f"{period}村（居）民代表工作情况通报"
        return [self._place.pk]

    def rows(
        self, keys: Sequence[int], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return nothing: a paper has no rows."""
        return []

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return nothing, likewise."""
        return {}

    def paper(self, unit: str, on: dt.date) -> Paper:
        """Return the paper as `unit` issues it; `keys` has been asked."""
        if self._draft is None:
            raise RuntimeError("the keys of a bulletin are asked for first")
        return paper_of(self._draft, unit, on)
