"""Households of a line by how they stand, as the visiting domain counts them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from regions.postgresql.compiled import ValuesList
from reports.figures.domain import Asked, Counts, Owner, tallied
from reports.periods import Span
from visits.heaps import Heap, all_tallies, hashing, heap_rows, tally_rows
from visits.heaps import tallied as tallied_heaps
from visits.standings import OPEN_STATES, Age, State, all_duties

AGE, IN_YEAR = "age", "year.seen"


def standings(asked: Asked) -> dict[Owner, Counts]:
    """Return households by how they stand, of each place of a line; three statements."""
    with hashing():
        tallies, duties = asked.read(_tallies), asked.rows(all_duties())
        return counted(tallied_heaps(tallies, duties, asked.seen.on, by="owner"))


def _tallies(asked: Asked) -> ValuesList:
    return tally_rows(asked.rows(all_tallies()), asked.seen.on, by="owner")


def standings_of_people(asked: Asked) -> dict[Owner, Counts]:
    """Return a village's households by how they stand, of each person; one statement."""
    with hashing():
        return counted(Heap(*row) for row in asked.read(_duties_of_people))


def _duties_of_people(asked: Asked) -> ValuesList:
    duties = asked.rows(all_duties(), person="representative_id")
    return heap_rows(duties, asked.seen.on, by="owner")


def counted(heaps: Iterable[Heap]) -> dict[Owner, Counts]:
    """Return heaps of households as counts by owner."""
    return tallied(part for heap in heaps for part in _parts(heap))


def _parts(heap: Heap) -> Iterable[tuple[Owner, str, int]]:
    yield heap.owner, f"{heap.cadence}.{heap.state}", heap.households
    if heap.in_year:
        yield heap.owner, IN_YEAR, heap.households
    if heap.state == State.OVERDUE:
        yield heap.owner, f"{AGE}.{heap.age}", heap.households


@dataclass(frozen=True)
class Sums:
    """Reads counts of households; every figure has its list.

    A rate is None where nobody owes anything.
    """

    counts: Counts = field(default_factory=Counts)

    def of(self, *states: str, cadence: str = "") -> int:
        """Return how many stand in one of these states, of one cadence or of all."""
        cadences = (cadence,) if cadence else (Span.MONTH.value, Span.QUARTER.value)
        return sum(
            self.counts[f"{key}.{state}"] for key in cadences for state in states
        )

    def aged(self, *ages: str) -> int:
        """Return how many have been overdue for so long."""
        return sum(self.counts[f"{AGE}.{age}"] for age in ages)

    @property
    def households(self) -> int:
        """All households on the roll."""
        return self.of(*State.values)

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
        return self.aged(Age.MIDDLE, Age.LONG)

    def seen(self, span: Span) -> int:
        """Return how many of those that the period's rate counts have been seen."""
        if span is Span.YEAR:
            return self.counts[IN_YEAR]
        return self.of(State.SEEN, cadence=span.value)

    def to_see(self, span: Span) -> int:
        """Return how many of them are still to be seen."""
        if span is Span.YEAR:
            return self.looked_after - self.counts[IN_YEAR]
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
