"""What a dashboard knows: households of a division by how they stand, and vacancies.

Counted live over the due dates (`visits.standings`), grouped by village or by
representative and added up here: the number of statements is the same for a village and
for the whole city, and what stands above is the sum of what stands below.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count

from regions.models import Level, Region, RegionQuerySet
from reports.lights import Light, light_of, light_of_person, worst_first
from reports.periods import Span, Window, window
from representatives.models import Representative, Seat
from representatives.models.seats import SeatQuerySet
from visits.models import DutyQuerySet
from visits.standings import OPEN_STATES, Age, Heap, State, all_duties, heaps


@dataclass(frozen=True)
class Sums:
    """Households of one division or representative; every figure has its list.

    `vacant` and `seats` count 席位. A rate is None where nobody owes anything.
    """

    by_state: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_age: Counter[str] = field(default_factory=Counter)
    in_year: int = 0
    seats: int = 0
    vacant: int = 0

    def of(self, *states: str, cadence: str = "") -> int:
        """Return how many stand in one of these states, of one cadence or of all."""
        return sum(
            households
            for (key, state), households in self.by_state.items()
            if state in states and cadence in {"", key}
        )

    @property
    def households(self) -> int:
        """All households on the roll."""
        return sum(self.by_state.values())

    @property
    def nobody(self) -> int:
        """Those whom nobody looks after."""
        return self.of(State.NOBODY)

    @property
    def looked_after(self) -> int:
        """Those whom somebody looks after."""
        return self.households - self.nobody

    @property
    def overdue(self) -> int:
        """Those that are overdue."""
        return self.of(State.OVERDUE)

    @property
    def long_overdue(self) -> int:
        """Those overdue for more than 30 days."""
        return self.by_age[Age.MIDDLE] + self.by_age[Age.LONG]

    def seen(self, span: Span) -> int:
        """Return how many of those that the period's rate counts have been seen."""
        if span is Span.YEAR:
            return self.in_year
        return self.of(State.SEEN, cadence=span.value)

    def to_see(self, span: Span) -> int:
        """Return how many of them are still to be seen."""
        if span is Span.YEAR:
            return self.looked_after - self.in_year
        return self.of(*OPEN_STATES, cadence=span.value)

    def owing(self, span: Span) -> int:
        """Return how many the period's rate counts: seen and still to be seen.

        Waived households, and those that first owe the next period, are left out.
        """
        return self.seen(span) + self.to_see(span)

    def rate(self, span: Span) -> float | None:
        """Return the share of households seen in the period, in percent."""
        owing = self.owing(span)
        return self.seen(span) * 100 / owing if owing else None

    @property
    def coverage(self) -> float | None:
        """户户有人联: the share that somebody looks after, in percent."""
        return self.looked_after * 100 / self.households if self.households else None


@dataclass(frozen=True)
class Row:
    """A line of the table: a division below, a representative, or the total."""

    name: str
    sums: Sums
    light: Light
    place: Region | None = None
    person: Representative | None = None

    @property
    def is_nobodys(self) -> bool:
        """Whether the line is that of households whom nobody looks after."""
        return self.place is None and self.person is None


@dataclass(frozen=True)
class Board:
    """A division with its total and the lines below it, exceptions first."""

    place: Region
    window: Window
    total: Row
    rows: tuple[Row, ...]

    @property
    def lights(self) -> list[tuple[str, int]]:
        """How many lines show each light, the worst first."""
        tones = Counter(row.light.tone for row in self.rows)
        return [(tone, tones[tone]) for tone in ("bad", "warn", "ok") if tones[tone]]


def board_of(place: Region, on: dt.date, span: Span) -> Board:
    """Return the dashboard of a division; must run in a scope over it."""
    seen = window(span, on)
    if place.level == Level.VILLAGE:
        return _of_people(place, seen)
    return _of_places(place, seen)


def _of_places(place: Region, seen: Window) -> Board:
    below = list(_below(place))
    counted = heaps(_duties_in(place), seen.on)
    seats = seats_by_village(place, seen.on)
    rows = []
    for child in below:
        inside = child.scope
        sums = summed(
            (
                heap
                for heap in counted
                if heap.owner is not None and heap.owner in inside
            ),
            [count for code, count in seats.items() if code in inside],
        )
        rows.append(Row(child.name, sums, light_of(sums, seen), place=child))
    return _board(place, seen, summed(counted, seats.values()), rows)


def _below(place: Region) -> RegionQuerySet:
    below = Region.objects.current().filter(parent=place).select_related("parent")
    return below.order_by("code")


def _of_people(place: Region, seen: Window) -> Board:
    by_person: dict[int | None, list[Heap]] = defaultdict(list)
    counted = heaps(_duties_in(place), seen.on, by="representative_id")
    for heap in counted:
        by_person[heap.owner].append(heap)
    people = Representative.objects.select_related("group").in_bulk(
        [pk for pk in by_person if pk is not None]
    )
    rows = []
    for person in sorted(people.values(), key=_by_group):
        sums = summed(by_person[person.pk])
        light = light_of_person(sums)
        rows.append(Row(person.name, sums, light, person=person))
    if nobodys := by_person.get(None):
        rows.append(Row("没有联系人的户", summed(nobodys), Light("bad", "没有人联系")))
    seats = seats_by_village(place, seen.on)
    return _board(place, seen, summed(counted, seats.values()), rows)


def _board(place: Region, seen: Window, sums: Sums, rows: list[Row]) -> Board:
    total = Row(f"{place.name}合计", sums, light_of(sums, seen), place=place)
    lines = sorted(rows, key=lambda row: worst_first(row.light.tone))
    return Board(place, seen, total, tuple(lines))


def _by_group(person: Representative) -> tuple[int, str, int]:
    number = person.group.number if person.group else 0
    return (number, person.initials, person.pk)


def _duties_in(place: Region) -> DutyQuerySet:
    inside = place.scope
    return all_duties().filter(region_id__gte=inside.lo, region_id__lt=inside.hi)


def sums_of_person(person: Representative, on: dt.date) -> Sums:
    """Return the figures of one representative."""
    return summed(heaps(all_duties().filter(representative=person), on))


def summed(counted: Iterable[Heap], seats: Iterable[tuple[int, int]] = ()) -> Sums:
    """Add up heaps of households and pairs of (seats, vacant ones)."""
    by_state: Counter[tuple[str, str]] = Counter()
    by_age: Counter[str] = Counter()
    in_year = 0
    for heap in counted:
        by_state[heap.cadence, heap.state] += heap.households
        in_year += heap.households * heap.in_year
        if heap.state == State.OVERDUE:
            by_age[heap.age] += heap.households
    pairs = list(seats)
    return Sums(
        by_state,
        by_age,
        in_year,
        seats=sum(total for total, _ in pairs),
        vacant=sum(vacant for _, vacant in pairs),
    )


def seats_by_village(place: Region, on: dt.date) -> Mapping[int, tuple[int, int]]:
    """Return seats and vacant seats by village; two statements."""
    inside = place.scope
    within = Seat.objects.filter(region_id__gte=inside.lo, region_id__lt=inside.hi)
    vacant = _by_region(within.vacant(on))
    return {
        code: (seats, vacant.get(code, 0))
        for code, seats in _by_region(within.open()).items()
    }


def _by_region(seats: SeatQuerySet) -> dict[int, int]:
    counted = seats.order_by().values_list("region_id").annotate(seats=Count("pk"))
    return dict(counted)
