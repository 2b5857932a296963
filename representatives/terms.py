"""When each village's term ends, and what is open before it; and the sums above."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts.places import children_of
from regions.models import Region, inside
from representatives.models import ByElection, CommitteeTerm, Mandate, Seat
from representatives.rules.terms import TermFacts, due_before_end


@dataclass(frozen=True)
class TermLine:
    """A village with its term and what is due before the end."""

    village: Region
    facts: TermFacts
    on: dt.date

    @property
    def left(self) -> int | None:
        """Days until the term ends, negative once it is over."""
        return self.facts.days_left(self.on)

    @property
    def is_near(self) -> bool:
        """Whether the end is near, past, or not known."""
        return self.facts.is_near(self.on)

    @property
    def due(self) -> tuple[str, ...]:
        """What is to be settled, in words."""
        return due_before_end(self.facts, self.on)


@dataclass(frozen=True)
class TermSum:
    """The villages of a division: how many end soon, how many have something open."""

    place: Region
    lines: tuple[TermLine, ...]

    @property
    def first_end(self) -> dt.date | None:
        """The earliest end of a term."""
        return min((e for e in self._ends() if e), default=None)

    @property
    def unknown(self) -> int:
        """Villages whose term nobody has entered."""
        return sum(end is None for end in self._ends())

    @property
    def near(self) -> int:
        """Villages whose term ends soon or is over."""
        return sum(line.is_near for line in self.lines) - self.unknown

    @property
    def open(self) -> int:
        """Villages that have something to settle."""
        return sum(bool(line.due) for line in self.lines)

    def _ends(self) -> Iterable[dt.date | None]:
        return [line.facts.ends_on for line in self.lines]


def terms_of(place: Region, on: dt.date) -> list[TermLine]:
    """Return the villages of a place, the earliest end in front; seven statements."""
    villages = Region.objects.current().villages().within(place.scope)
    facts = facts_of(place, on)
    lines = [TermLine(village, facts[village.code], on) for village in villages]
    far = dt.date.max
    return sorted(
        lines,
        key=lambda line: (
            line.left is not None,
            line.facts.ends_on or far,
            not line.due,
            line.village.code,
        ),
    )


def sums_below(place: Region, lines: Iterable[TermLine]) -> list[TermSum]:
    """Add the villages up to the divisions directly below, what ends first in front."""
    held = list(lines)
    sums = [
        TermSum(child, tuple(one for one in held if one.village.code in child.scope))
        for child in children_of(place)
    ]
    return sorted(sums, key=lambda one: (not one.near, not one.open, one.place.code))


def facts_of(place: Region, on: dt.date) -> dict[int, TermFacts]:
    """Return what is known of each village's term and open in it."""
    ends, coming = _ends(place, on)
    other, expired = _mandates(place, ends, on)
    vacant = _counted(_untouched(inside(Seat.objects.vacant(on), place.scope)))
    running = _counted(inside(ByElection.objects.running(), place.scope))
    found: dict[int, TermFacts] = defaultdict(lambda: TermFacts(None))
    for code in {*ends, *vacant, *running, *expired}:
        found[code] = TermFacts(
            ends_on=ends.get(code),
            has_next=code in coming,
            vacant=vacant.get(code, 0),
            running=running.get(code, 0),
            other_until=other.get(code, 0),
            expired=expired.get(code, 0),
        )
    return found


def _untouched(vacant: QuerySet[Seat]) -> QuerySet[Seat]:
    """Narrow to seats that nothing else is due about: no by-election, no ending."""
    filled = ByElection.objects.running().filter(vacancies__seat=OuterRef("pk"))
    awaits = Mandate.objects.unended().filter(seat=OuterRef("pk"))
    return vacant.filter(~Exists(filled), ~Exists(awaits))


def _ends(place: Region, on: dt.date) -> tuple[dict[int, dt.date], set[int]]:
    """Return the end of each village's latest term that has begun; who has a next one."""
    terms = inside(CommitteeTerm.objects.all(), place.scope).order_by("started_on")
    ends, coming = {}, set()
    for code, began, end in terms.values_list("region_id", "started_on", "ends_on"):
        if began <= on:
            ends[code] = end
        else:
            coming.add(code)
    return ends, coming


def _mandates(
    place: Region, ends: dict[int, dt.date], on: dt.date
) -> tuple[dict[int, int], dict[int, int]]:
    """Return by village the mandates of another length, and those that ran out."""
    other: dict[int, int] = defaultdict(int)
    expired: dict[int, int] = defaultdict(int)
    rows = inside(Mandate.objects.unended(), place.scope).order_by()
    counted = rows.values_list("region_id", "until").annotate(n=Count("pk"))
    for code, until, number in counted:
        if until < on:
            expired[code] += number
        elif code in ends and until != ends[code]:
            other[code] += number
    return other, expired


def _counted(rows: "QuerySet[Any]") -> dict[int, int]:
    return dict(rows.order_by().values_list("region_id").annotate(n=Count("pk")))
