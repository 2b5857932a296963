"""What both ledgers of meetings have in common: their villages, and when two agree."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from accounts.masking import mask_text
from representatives.importing import PlanningChecker
from workbooks.ledger import Row, Table
from workbooks.values.characters import fold

CONFLICT = (
    "和系统里刚刚记下的会冲突，没有写入",
    "可能别人同时在记；请看一看系统里的记录，还要导的再传一次",
)


class MeetingChecker(PlanningChecker):
    """Verdicts on meetings. They are added, never changed: what is kept must agree."""

    def __init__(self, table: Table, on: dt.date) -> None:
        super().__init__(table, on)
        self._read: dict[object, int] = {}

    def _once(self, row: Row, meeting: object, column: str, words: str) -> None:
        """Raise Objection if a row above is the same meeting already."""
        first = self._read.setdefault(meeting, row.number)
        if first != row.number:
            raise self._objection(
                row, column, "twice_in_file", f"和第 {first} 行{words}", "请只留一行"
            )

    def _differences(self, said: Mapping[str, Any], kept: Mapping[str, Any]) -> str:
        """Return the titles of the cells that contradict a kept meeting, or nothing.

        A blank cell is not in `said` and contradicts nothing.
        """
        column = self.table.declaration.column
        wrong = (
            key
            for key, value in said.items()
            if as_shared(value) != as_shared(kept[key])
        )
        return "、".join(column(key).title for key in wrong)


def said_in(row: Row, keys: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row says of these columns; what is blank says nothing."""
    cells = {key: row.values.get(key) for key in keys}
    return {key: value for key, value in cells.items() if value not in (None, "")}


def day_of(row: Row) -> dt.date:
    """Return the day of a row's meeting."""
    day = row.values["held_on"]
    assert isinstance(day, dt.date)  # noqa: S101 - a required date
    return day


def as_shared(value: Any) -> object:
    """Return a value as two records of one thing share it.

    Our own export hides numbers in texts, and comes back as the same.
    """
    return fold(mask_text(value)) if isinstance(value, str) else value
