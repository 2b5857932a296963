"""走访记录表 (ledger 3) on its way out: the visits of the page of records, in its order."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from accounts.masking import mask_text
from accounts.permissions import Permission
from households.models import CategoryTag
from regions.models import Region
from visits.forms.records import RecordFilter
from visits.models import Visit
from visits.views.records import matching
from workbooks.declaration import Column, Kind

COLUMNS = (
    Column("township", ("乡镇(街道)",), width=11),
    Column("village", ("村(社区)",), width=11),
    Column("group", ("组别",), Kind.CODE, width=8),
    Column("representative", ("走访代表",), Kind.NAME, width=10),
    Column("visited_on", ("走访时间",), Kind.DATE, width=14),
    Column("head", ("走访对象(户主)",), Kind.NAME, width=10),
    Column("kind", ("户类型",), width=8),
    Column("way", ("走访方式",), width=9),
    Column("marks", ("五必访、五必记",), width=18),
    Column("words", ("反映问题/诉求",), width=30),
    Column("answer", ("现场答复或处理",), width=24),
    Column("for_village", ("是否需上报",), width=9),
    Column("head_signs", ("户主签字",), width=10),
    Column("representative_signs", ("代表签字",), width=10),
)


class VisitRecords:
    """The visits of a place and some days; what was said, with numbers masked."""

    kind = "visit_records"
    title = "村（居）民代表走访记录表"
    unit = "次"
    has_numbers = False
    permission = Permission.VISIT_VIEW
    columns: tuple[Column, ...] = COLUMNS

    def __init__(self, place: Region) -> None:
        """Take any place: its columns are the same."""

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> RecordFilter:
        """Return the form of the page's filters."""
        return RecordFilter(data, one_village=one_village)

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[Any]:
        """Return the ids of the visits that the filters describe, the newest first."""
        return list(matching(wanted, on).values_list("pk", flat=True))

    def rows(
        self, keys: Sequence[Any], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return the rows of these visits; two statements."""
        visits = Visit.objects.select_related(
            "region__parent", "household__group", "representative"
        ).in_bulk(list(keys))
        key = set(
            CategoryTag.objects.key(on)
            .filter(household__in={visit.household_id for visit in visits.values()})
            .values_list("household", flat=True)
        )
        rows = []
        for pk in keys:
            if visit := visits.get(pk):
                totals["visits"] += 1
                totals["matters"] += visit.has_matter
                totals["for_village"] += visit.for_village
                rows.append(_row(visit, is_key=visit.household_id in key))
        return rows

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""
        return {
            "visited_on": f"{totals['visits']} 次",
            "words": f"有情况 {totals['matters']} 次",
            "for_village": totals["for_village"],
        }


def _told(visit: Visit) -> str:
    """Return what was said, as the page has it: the kinds of matter, then the words."""
    if not visit.has_matter:
        return "平安"
    return "：".join(filter(None, ("、".join(visit.topics), mask_text(visit.words))))


def _row(visit: Visit, *, is_key: bool) -> Sequence[object]:
    township = visit.region.parent
    return (
        township.name if township else "",
        visit.region.name,
        f"{visit.household.group.number}组",
        visit.representative.name,
        visit.visited_on,
        visit.household.head,
        "重点" if is_key else "普通",
        visit.get_way_display(),
        "、".join(visit.marks),
        _told(visit),
        mask_text(visit.answer),
        "是" if visit.for_village else "",
        None,
        None,
    )
