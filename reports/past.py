"""The households behind the figures of periods that are over."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from households.models import Household
from regions.models import Region
from reports.closing import closed_of, periods_of
from reports.models import ClosedPeriod
from reports.periods import Span, Window, asked_window, window
from representatives.models import Representative
from visits.models import Duty
from visits.outcomes import NONE, Outcome

ON_TIME = "on-time"
"""Asks for all months and quarters of the year behind us that are closed."""
YEAR = {Span.MONTH: 12, Span.QUARTER: 4}
WANTED = {
    "owing": (Outcome.SEEN, Outcome.UNSEEN),
    "seen": (Outcome.SEEN,),
    "unseen": (Outcome.UNSEEN,),
    "late": (Outcome.UNSEEN,),
    "others": (Outcome.EXCUSED, Outcome.FREE),
    "excused": (Outcome.EXCUSED,),
    "free": (Outcome.FREE,),
    "nobody": (Outcome.NOBODY,),
    "all": tuple(Outcome),
}
TITLES = {
    "owing": "应走访的户",
    "seen": "已走访的户",
    "unseen": "没走访的户",
    "late": "后来补访的户",
    "others": "免访和不要求走访的户",
    "excused": "免访的户",
    "free": "不要求走访的户",
    "nobody": "没有联系人的户",
    "all": "全部",
}
"""What a list may be asked for, and what it is called."""


def year_behind(on: dt.date) -> Iterator[Window]:
    """Yield the months and quarters of a year that are over, the latest first."""
    for span, number in YEAR.items():
        seen = window(span, on)
        for _ in range(number):
            seen = seen.before
            yield seen


@dataclass(frozen=True)
class Row:
    """A household in a period, before it is drawn."""

    household: int
    representative: int
    outcome: str
    seen: Window


@dataclass(frozen=True)
class Drawn:
    """A household in a period as the list shows it."""

    row: Row
    household: Household
    representative: Representative | None
    last: dt.date | None

    @property
    def outcome(self) -> Outcome:
        """What became of it."""
        return Outcome(self.row.outcome)

    @property
    def tone(self) -> str:
        """The colour of the line."""
        return {"u": "bad", "n": "bad", "s": "ok"}.get(self.row.outcome, "off")

    @property
    def made_up(self) -> dt.date | None:
        """The last visit, where it came after all."""
        if self.last is None or self.outcome is not Outcome.UNSEEN:
            return None
        return self.last if self.last >= self.row.seen.first else None


class PastList:
    """The households of a place that one figure counted."""

    def __init__(
        self,
        place: Region,
        windows: Sequence[Window],
        outcome: str,
        representative: int | None = None,
        *,
        only_closed: bool = False,
    ) -> None:
        self._read = closed_of if only_closed else periods_of
        self._place, self._windows = place, windows
        self._outcome, self._representative = outcome, representative

    @cached_property
    def rows(self) -> list[Row]:
        """All of them, by village, then by period."""
        found = [
            row
            for seen in self._windows
            for period in self._periods(seen)
            for row in self._rows(period, seen)
        ]
        return self._late(found) if self._outcome == "late" else found

    def _periods(self, seen: Window) -> list[ClosedPeriod]:
        return self._read(self._place, seen)

    def _rows(self, period: ClosedPeriod, seen: Window) -> Iterator[Row]:
        wanted = {outcome.value for outcome in WANTED[self._outcome]}
        sides = zip(
            period.households, period.representatives, period.outcomes, strict=True
        )
        for household, person, outcome in sides:
            if outcome in wanted and self._representative in {None, person}:
                yield Row(household, person, outcome, seen)

    def _late(self, rows: list[Row]) -> list[Row]:
        last = _last_visits([row.household for row in rows])
        return [
            row
            for row in rows
            if (day := last.get(row.household)) and day >= row.seen.first
        ]


def drawn(rows: Sequence[Row]) -> list[Drawn]:
    """Return the rows of one page as they are shown; three statements."""
    homes = Household.objects.select_related("region__parent", "group").in_bulk(
        [row.household for row in rows]
    )
    people = Representative.objects.in_bulk(
        [row.representative for row in rows if row.representative != NONE]
    )
    last = _last_visits([row.household for row in rows])
    return [
        Drawn(
            row, homes[row.household], people.get(row.representative),
            last.get(row.household),
        )
        for row in rows
        if row.household in homes
    ]  # fmt: skip


def _last_visits(households: Sequence[int]) -> dict[int, dt.date | None]:
    duties = Duty.objects.filter(pk__in=households)
    return dict(duties.values_list("household_id", "last_visit_on"))


def windows_of(asked: str, today: dt.date) -> list[Window]:
    """Return the past periods that an address asks for; the last month for none."""
    if asked == ON_TIME:
        return list(year_behind(today))
    seen = asked_window(asked, today)
    return [seen if seen.is_over else seen.before]
