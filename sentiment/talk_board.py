"""Who has held the quarter's 恳谈会 and who has not: by representative, village, township.

Exceptions first, then administrative order (ui.md): nobody is ranked.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet

from regions.codes import township_of
from regions.models import Level, Region, inside
from representatives.models import Representative
from sentiment import duties
from sentiment.duties import OPEN_STATES, State
from sentiment.models import TalkMeeting
from visits import rules
from visits.rules import Cadence, Period

QUARTERS = 4


@dataclass(frozen=True)
class Cell:
    """One quarter of a representative or a village: how many owed it, how many met."""

    period: Period
    owed: int
    met: int
    is_running: bool = False

    @property
    def tone(self) -> str:
        """Red for a quarter that is over and was missed, amber while there is time."""
        if self.met >= self.owed:
            return "ok" if self.met else "off"
        return "warn" if self.is_running else "bad"

    @property
    def words(self) -> str:
        """What stands in the cell."""
        if not self.owed and not self.met:
            return "—"
        if self.owed <= 1:
            return "已开" if self.met else ("待开" if self.is_running else "没开")
        return f"{self.met}/{self.owed}"


@dataclass(frozen=True)
class Row:
    """A representative, a village or a township with its quarters."""

    name: str
    person: int | None = None
    code: int | None = None
    states: Counter[str] = field(default_factory=Counter)
    cells: tuple[Cell, ...] = ()
    last_on: dt.date | None = None

    @property
    def owing(self) -> int:
        """How many have to meet in this quarter, or should have before."""
        return self.met + self.missing

    @property
    def met(self) -> int:
        """How many have met in this quarter."""
        return self.states[State.MET]

    @property
    def missing(self) -> int:
        """How many still have to meet."""
        return sum(self.states[state] for state in OPEN_STATES)

    @property
    def overdue(self) -> int:
        """How many of those missed an earlier quarter already."""
        return self.states[State.OVERDUE]


def quarters(on: dt.date) -> tuple[Period, ...]:
    """Return the quarter of `on` and those before it, the earliest first."""
    found = [Cadence.QUARTER.period(on)]
    while len(found) < QUARTERS:
        before = found[0].start - dt.timedelta(days=1)
        found.insert(0, Cadence.QUARTER.period(before))
    return tuple(found)


def rows_of(place: Region, on: dt.date) -> list[Row]:
    """Return the lines of a place: its representatives, villages or townships."""
    if place.level == Level.VILLAGE:
        return exceptions_first(_people(place, on))
    if place.level == Level.TOWNSHIP:
        return exceptions_first(_villages(place, on))
    return exceptions_first(_townships(place, on))


def exceptions_first(rows: Iterable[Row]) -> list[Row]:
    """Put those that miss something first; the order is otherwise that of the roll."""
    return sorted(rows, key=lambda row: (not row.overdue, not row.missing))


def _people(village: Region, on: dt.date) -> list[Row]:
    found = duties.talk_duties(on).filter(region=village)
    known = {duty.representative_id: duty for duty in found}
    people = Representative.objects.filter(pk__in=known).order_by("initials", "name")
    facts = duties.talk_facts(list(known))
    return [
        Row(
            person.name,
            person=person.pk,
            code=village.code,
            states=Counter([known[person.pk].state]),
            cells=_cells([facts[person.pk]], on),
            last_on=known[person.pk].last_on,
        )
        for person in people
    ]


def _villages(township: Region, on: dt.date) -> list[Row]:
    found = inside(duties.talk_duties(on), township.scope)
    held = list(found)
    facts = duties.talk_facts([duty.representative_id for duty in held])
    villages = Region.objects.current().villages().filter(parent=township)
    return [
        Row(
            village.name,
            code=village.code,
            states=Counter(
                duty.state for duty in held if duty.region_id == village.code
            ),
            cells=_cells(
                [
                    facts[duty.representative_id]
                    for duty in held
                    if duty.region_id == village.code
                ],
                on,
            ),
        )
        for village in villages.order_by("code")
    ]


def _townships(city: Region, on: dt.date) -> list[Row]:
    counted = (
        duties.talk_duties(on).order_by().values_list("region_id", "state")
    ).annotate(n=Count("pk"))
    sums: dict[int, Counter[str]] = {}
    for code, state, n in counted:
        sums.setdefault(township_of(code), Counter())[state] += n
    townships = Region.objects.current().townships().filter(parent=city)
    return [
        Row(
            township.name, code=township.code, states=sums.get(township.code, Counter())
        )
        for township in townships.order_by("code")
    ]


def _cells(facts: list[rules.Facts], on: dt.date) -> tuple[Cell, ...]:
    """Return the quarters of some representatives, by the rule itself."""
    periods = quarters(on)
    last = periods[-1].end
    owed = Counter(
        one.period.start
        for each in facts
        for one in rules.owed_periods(each, periods[0].start, last)
    )
    met = Counter(
        start
        for each in facts
        for start in {Cadence.QUARTER.period(day).start for day in each.visits}
    )
    return tuple(
        Cell(period, owed[period.start], met[period.start], is_running=on in period)
        for period in periods
    )


def total(rows: Iterable[Row]) -> Row:
    """Return the sum of some lines."""
    states: Counter[str] = Counter()
    for row in rows:
        states += row.states
    return Row("合计", states=states)


def talks_in(place: Region) -> QuerySet[Any]:
    """Return the meetings of a place, the latest first."""
    talks = inside(TalkMeeting.objects.all(), place.scope)
    talks = talks.select_related("representative", "region")
    return talks.counted().order_by("-held_on", "-entered_at", "pk")
