"""走访情况清单 on its way out: the overdue list as a workbook, of today or of a past day."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from accounts.permissions import Permission
from regions.models import Region
from visits import overdue
from visits.filters import OverdueFilter
from visits.overdue import Asked, Line, Past
from visits.standings import WANTED, State
from workbooks.declaration import Column, Kind

COLUMNS = (
    Column("township", ("乡镇(街道)",), width=11),
    Column("village", ("村(社区)",), width=11),
    Column("group", ("组别",), Kind.CODE, width=8),
    Column("head", ("户主姓名",), width=10),
    Column("kind", ("户类型",), width=8),
    Column("categories", ("重点类别",), width=14),
    Column("representative", ("联系代表",), width=10),
    Column("state", ("走访情况",), width=12),
    Column("due_on", ("应走访截止",), Kind.DATE, width=13),
    Column("days", ("超期天数",), Kind.INTEGER, width=9),
    Column("last", ("上次走访",), Kind.DATE, width=13),
    Column("why", ("说明",), width=46),
)


class OverdueRoll:
    """The lines of the overdue list, in the order and with the filters of its page.

    A past day is judged by replay, as the page does; the facts found for its lines are
    kept until the rows are written, for at most `overdue.MOST_REPLAYED` households.
    """

    kind = "overdue"
    title = "走访超期清单"
    unit = "户"
    has_numbers = False
    permission = Permission.VISIT_VIEW

    def __init__(self, place: Region) -> None:
        self.columns: tuple[Column, ...] = COLUMNS
        self._on: dt.date | None = None
        self._past: dict[int, Past] = {}

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> OverdueFilter:
        """Return the form of the list page's filters."""
        return OverdueFilter(data, one_village=one_village)

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[int]:
        """Return the ids of the households of the list, in its order."""
        asked = Asked.of(wanted, on, sort or "days")
        if asked.state != State.OVERDUE:
            self.title = f"走访情况清单（{dict(WANTED)[asked.state]}）"
        if wanted.get("on") is None:
            return list(overdue.duties(asked).values_list("pk", flat=True))
        self._on = asked.on
        found = overdue.past(asked)
        self._past = {one.household: one for one in found}
        return list(self._past)

    def rows(
        self, keys: Sequence[int], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return the rows of these households, and add them up in `totals`."""
        lines = self._lines(keys, on)
        for line in lines:
            totals["households"] += 1
            totals["key"] += line.is_key
            totals["overdue"] += line.state == State.OVERDUE
        return [_row(line) for line in lines]

    def _lines(self, keys: Sequence[int], on: dt.date) -> list[Line]:
        if self._on is None:
            return overdue.lines(keys, on)
        return overdue.past_lines([self._past[key] for key in keys], self._on)

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""
        return {
            "head": f"{totals['households']} 户",
            "kind": f"重点 {totals['key']}",
            "state": f"超期 {totals['overdue']}",
        }


def _row(line: Line) -> Sequence[object]:
    home = line.household
    return (
        home.township,
        home.village,
        f"{home.number}组",
        home.head,
        "重点" if line.is_key else "普通",
        "、".join(line.tags),
        line.representative.name if line.representative else "",
        line.words if line.judged else line.state.label,
        line.judged.due_on if line.judged else None,
        line.judged.days_overdue if line.judged else None,
        line.last,
        line.why,
    )
