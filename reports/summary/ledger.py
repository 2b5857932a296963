"""全市汇总表 (ledger 13) on its way out: as a workbook, and as a paper to print."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from accounts.permissions import Permission
from papers.blocks import Grid, Line, Paper, Signatures
from regions.forms import PlaceField
from regions.models import Level, Region
from reports.centre.files import Format
from reports.periods import asked_window
from reports.summary.columns import Figure, figures_for, notes_for
from reports.summary.table import BY_RATE, Row, Summary, summary_of
from ui.forms import PlainWords
from ui.words import full_day
from workbooks.declaration import Column, Kind

ORDERS = (("", "按区划顺序"), (BY_RATE, "按完成率"))


class SummaryFilter(PlainWords, forms.Form):
    """A place, a period as addresses have it, and the order of the bureau's own file."""

    place = PlaceField(label="乡镇、村", required=False)
    p = forms.CharField(label="周期", required=False, max_length=12)
    order = forms.ChoiceField(label="顺序", required=False, choices=ORDERS)


class SummaryLedger:
    """The summary of one place and period; its rows are the lines of the page."""

    kind = "summary"
    title = "村（居）民代表工作汇总表"
    unit = "行"
    has_numbers = False
    permission = Permission.REPORT_VIEW
    formats = (Format.XLSX, Format.DOCX)

    def __init__(self, place: Region) -> None:
        self._place = place
        self._figures = figures_for(place)
        self._summary: Summary | None = None
        self._rows: dict[int, Row] = {}
        self._order = ""
        self.columns: tuple[Column, ...] = (_first(place), *map(_column, self._figures))
        self.note = ""

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> SummaryFilter:
        """Return the form of the place and the period."""
        return SummaryFilter(data)

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[int]:
        """Return the codes of the lines, in the order that was asked for."""
        self._summary = summary_of(self._place, asked_window(wanted.get("p") or "", on))
        self.title = self._summary.title
        self.note = notes_for(self._summary.seen)
        self._order = wanted.get("order", "")
        rows = self._summary.ordered(self._order)
        self._rows = {row.place.code: row for row in rows}
        return list(self._rows)

    def rows(
        self, keys: Sequence[int], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return the lines; everything was read with the keys."""
        for key in keys:
            totals.update(self._rows[key].counts)
        return [
            (
                self._rows[key].place.name,
                *(figure.value(self._rows[key].counts) for figure in self._figures),
            )
            for key in keys
        ]

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""
        return {figure.key: figure.value(totals) for figure in self._figures}

    def paper(self, unit: str, on: dt.date) -> Paper:
        """Return the same table as a paper; `keys` has been asked."""
        if self._summary is None:
            raise RuntimeError("the keys of a summary are asked for first")
        return paper_of(self._summary, unit, on, self._order)


def _first(place: Region) -> Column:
    title = "乡镇（街道）" if place.level == Level.CITY else "村（社区）"
    return Column("place", (title,), width=13)


def _column(figure: Figure) -> Column:
    kind = Kind.INTEGER if figure.share is None else Kind.RATE
    return Column(
        figure.key, (figure.title,), kind, group=figure.group, width=figure.width
    )


def paper_of(summary: Summary, unit: str, on: dt.date, order: str = "") -> Paper:
    """Return the summary as a form of A4 across, to print or to edit in Word.

    `order` is one of `ORDERS`.
    """
    figures = summary.figures
    rows = [
        (row.place.name, *(figure.words(row.counts) for figure in figures))
        for row in summary.ordered(order)
    ]
    total = ("合计", *(figure.words(summary.total) for figure in figures))
    return Paper(
        f"{summary.place.name}{summary.title}",
        (
            Line(f"填报单位（盖章）：{unit}　　填报时间：{full_day(on)}"),
            Grid(
                (summary.unit, *(figure.spoken for figure in figures)),
                (*rows, total),
                widths=(9, *(5 for _ in figures)),
                numeric=frozenset(range(1, len(figures) + 1)),
            ),
            Line(f"注：{notes_for(summary.seen)}{closing_words(summary)}"),
            Signatures(("审核人", "填表人")),
        ),
        is_form=True,
        is_wide=True,
    )  # fmt: skip


def closing_words(summary: Summary) -> str:
    """Return whether the numbers can still move."""
    if not summary.seen.is_over:
        return "这一期还没有结束，数字是现在的。"
    if summary.is_closed:
        return "数字是关账时的，以后补录的不改它。"
    return "这一期还没有关账，数字还会变。"
