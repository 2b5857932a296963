"""The village's week: whom to see now, group by group, and why."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from regions.models import Region
from regions.postgresql.compiled import ValuesList, rows_of
from visits import overdue
from visits.facts import policies
from visits.homes import Person
from visits.overdue import Line
from visits.rules import Cadence, policy_on
from visits.standings import TO_SEE, all_duties, wanted


@dataclass(frozen=True)
class Round:
    """The households of one representative within a group."""

    person: Person | None
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Group:
    """A villagers' group with those who have somebody to see in it."""

    name: str
    rounds: tuple[Round, ...]

    @property
    def households(self) -> int:
        """How many are to be seen in the group."""
        return sum(len(one.lines) for one in self.rounds)


def week_of(on: dt.date) -> tuple[dt.date, dt.date]:
    """Return Monday and Sunday of the week of `on`."""
    monday = on - dt.timedelta(days=on.weekday())
    return monday, monday + dt.timedelta(days=6)


def groups_of(village: Region, on: dt.date, *, whole: bool = False) -> list[Group]:
    """Return whom to see this week, or with `whole` in the period; see `households_of`."""
    return _grouped(overdue.lines(households_of(village, on, whole=whole), on))


def households_of(village: Region, on: dt.date, *, whole: bool = False) -> list[int]:
    """Return the households to see this week: overdue, or near the end of the period.

    Near is what the city's reminders call so (`Policy.soon_days_*`), and at least the
    week itself. `whole` takes everybody who is still owed a visit in the period.
    """
    until = _until(on)
    return [
        pk
        for pk, day, cadence in rows_of(_to_see, on, village=village.pk)
        if whole or (day and day <= until[cadence])
    ]


def _to_see(on: dt.date, *, village: int) -> ValuesList:
    rows = wanted(all_duties().filter(region=village), on, TO_SEE)
    return rows.order_by("due_on", "pk").values_list("pk", "due_on", "cadence")


def _until(on: dt.date) -> dict[str, dt.date]:
    """Return by cadence up to which due day a household belongs into the week."""
    policy = policy_on(policies(), on)
    soon = policy.soon_days if policy else {}
    sunday = week_of(on)[1]
    return {
        cadence.value: max(sunday, on + dt.timedelta(days=soon.get(cadence, 0)))
        for cadence in Cadence
    }


def _grouped(lines: Iterable[Line]) -> list[Group]:
    found: dict[tuple[int, str], dict[int, list[Line]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for line in lines:
        home = line.household
        person = line.representative.pk if line.representative else 0
        found[home.number, home.group][person].append(line)
    return [
        Group(name, tuple(_rounds(people.values())))
        for (_, name), people in sorted(found.items())
    ]


def _rounds(heaps: Iterable[Sequence[Line]]) -> Iterable[Round]:
    def order(heap: Sequence[Line]) -> tuple[str, int]:
        person = heap[0].representative
        return (person.initials, person.pk) if person else ("", 0)

    return [
        Round(heap[0].representative, tuple(heap)) for heap in sorted(heaps, key=order)
    ]
