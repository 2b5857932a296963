"""How many serving representatives were trained in a year, and who was not (L36).

Always a question about who serves on a day, never a copy: a new mandate asks for a
training by itself, and one that ended no longer does. People are counted, each once,
however many trainings they came to.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from accounts.places import children_of
from regions.models import Region, inside
from representatives.models import Mandate, MandateEnd, Representative, Sex
from representatives.models.people import RepresentativeQuerySet
from trainings.models import Attendance, Level, Training
from trainings.models import AttendanceQuerySet as Attendances
from trainings.rules import Coverage, counted_on

SERVING, TRAINED, NEVER = "serving", "trained", "never"
WOMEN, NEW = "women", "new"
LEVELS = tuple(Level)
People = QuerySet[Any]
"""Representatives, annotated along the way."""


def serving(on: dt.date) -> RepresentativeQuerySet:
    """Return who has a mandate on the day `on`, each once."""
    active = Mandate.objects.active(on).filter(
        region=OuterRef("region"), representative=OuterRef("pk")
    )
    return Representative.objects.filter(Exists(active))


def with_trainings(people: People, year: int) -> People:
    """Annotate `is_trained` in the year, `was_trained` up to its end, and `is_new`.

    新任: whoever first became a representative in that year.
    """
    ever, this_year = attended(year), attended(year).of_year(year)
    before = Mandate.objects.filter(
        region=OuterRef("region"),
        representative=OuterRef("pk"),
        started_on__lt=dt.date(year, 1, 1),
    ).exclude(end_cause=MandateEnd.ENTRY_ERROR)
    known: People = people.annotate(
        is_trained=Exists(this_year),
        was_trained=Exists(ever),
        is_new=~Exists(before),
    )
    return known


def mandates(on: dt.date) -> QuerySet[Mandate]:
    """Return the mandates in force, annotated as `with_trainings` annotates people.

    For those who only count: nothing is read of the people themselves.
    """
    ever = attended(on.year, "representative")
    return Mandate.objects.active(on).annotate(
        is_trained=Exists(ever.of_year(on.year)), was_trained=Exists(ever)
    )


def attended(year: int, person: str = "pk") -> Attendances:
    """Return the trainings of the outer query's person up to the end of a year."""
    return Attendance.objects.counting().filter(
        region=OuterRef("region"),
        representative=OuterRef(person),
        held_on__lte=dt.date(year, 12, 31),
    )


def with_latest(people: People, year: int) -> People:
    """Annotate day and topic of each person's latest training."""
    latest = attended(year).order_by("-held_on", "-pk")
    told: People = people.annotate(
        last_on=Subquery(latest.values("held_on")[:1]),
        last_topic=Subquery(latest.values("topic")[:1]),
    )
    return told


def never_first(people: People) -> People:
    """Order: never trained first, then not in the year, then as the roll has them."""
    return people.order_by(
        "was_trained", "is_trained", "region_id", "group__number", "initials", "pk"
    )


@dataclass(frozen=True)
class Line:
    """A division's coverage of a year, or the sum of several."""

    name: str
    code: int | None = None
    counts: Counter[str] = field(default_factory=Counter)

    def _of(self, group: str) -> Coverage:
        head = f"{group}." if group else ""
        return Coverage(self.counts[head + SERVING], self.counts[head + TRAINED])

    @property
    def all(self) -> Coverage:
        """Everybody who serves."""
        return self._of("")

    @property
    def women(self) -> Coverage:
        """The women among them."""
        return self._of(WOMEN)

    @property
    def new(self) -> Coverage:
        """Those who first took office in the year."""
        return self._of(NEW)

    @property
    def never(self) -> int:
        """How many have never been to any training."""
        return self.counts[NEVER]

    @property
    def by_level(self) -> list[tuple[str, int]]:
        """How many were at a training of each level; one person may be at several."""
        return [(level.label, self.counts[level]) for level in LEVELS]

    @property
    def trainings(self) -> int:
        """期数: trainings held in the place itself or below it."""
        return self.counts["trainings"]

    @property
    def sent(self) -> int:
        """Trainings in villages with a speaker who was sent from above."""
        return self.counts["sent"]


@dataclass(frozen=True)
class Board:
    """The coverage of a place and of the divisions below it."""

    place: Region
    year: int
    total: Line
    lines: tuple[Line, ...]


def board_of(place: Region, year: int, today: dt.date) -> Board:
    """Return the coverage of a place by township or village; three statements."""
    found = counts_of(place, year, counted_on(year, today))
    held = trainings_of(place, year)
    lines = tuple(
        Line(child.name, child.code, found[child.code] + held[child.code])
        for child in children_of(place)
    )
    total: Counter[str] = sum(found.values(), Counter()) + sum(held.values(), Counter())
    return Board(place, year, Line("合计", place.code, total), exceptions_first(lines))


def exceptions_first(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Put places where somebody still waits in front; else the administrative order."""
    return tuple(sorted(lines, key=lambda line: line.all.missing == 0))


class Counts(dict[int, Counter[str]]):
    """Counters by a division's code."""

    def __missing__(self, code: int) -> Counter[str]:
        """Return the counter of a division of which nothing is known."""
        return self.setdefault(code, Counter())


def counts_of(place: Region, year: int, on: dt.date) -> Counts:
    """Return the figures of each division below a place; one statement."""
    trained, women = Q(is_trained=True), Q(sex=Sex.FEMALE)
    new, never = Q(is_new=True), Q(was_trained=False)
    wanted: dict[str, Q] = {
        SERVING: Q(),
        TRAINED: trained,
        NEVER: never,
        f"{WOMEN}.{SERVING}": women,
        f"{WOMEN}.{TRAINED}": women & trained,
        f"{NEW}.{SERVING}": new,
        f"{NEW}.{TRAINED}": new & trained,
        **{level.value: Q(**{f"at_{level}": True}) for level in LEVELS},
    }
    people = with_trainings(inside(serving(on), place.scope), year).annotate(
        owner=place.owner_column(),
        **{
            f"at_{level}": Exists(attended(year).of_year(year).filter(level=level))
            for level in LEVELS
        },
    )
    names = {f"n{number}": name for number, name in enumerate(wanted)}
    sums = {
        alias: Count("pk", filter=wanted[name]) if wanted[name] else Count("pk")
        for alias, name in names.items()
    }
    counts = Counts()
    rows: Any = people.order_by().values("owner").annotate(**sums)
    for row in rows:
        counts[row["owner"]] = Counter({names[a]: row[a] for a in names})
    return counts


def trainings_of(place: Region, year: int) -> Counts:
    """Return how many trainings each division below a place has held."""
    held = inside(Training.objects.held().of_year(year), place.scope)
    rows = held.annotate(owner=place.owner_column()).order_by().values_list("owner")
    counts = Counts()
    for owner, number, sent in rows.annotate(
        n=Count("pk"), sent=Count("pk", filter=Q(sent_by__isnull=False))
    ):
        counts[owner] = Counter(trainings=number, sent=sent)
    return counts


def coverage_of(place: Region, year: int, today: dt.date) -> Line:
    """Return the coverage of a place in one line; two statements."""
    found = counts_of(place, year, counted_on(year, today)).values()
    held = trainings_of(place, year).values()
    total: Counter[str] = sum(found, Counter()) + sum(held, Counter())
    return Line(place.name, place.code, total)
