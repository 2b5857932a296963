"""How many households stand alike: what dashboards and summaries add up.

Sorted by the expression of `visits.standings`, by which lists filter, so that a number
and the list that it leads to cannot differ.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from regions.postgresql import planner
from regions.postgresql.compiled import ValuesList
from visits.models import DutyQuerySet, DutyTally, Waiver
from visits.rules import Cadence
from visits.standings import (
    UNHELD,
    age_on,
    in_year_on,
    placed,
    unwaived_on,
)

COLUMNS = ("cadence", "state", "age", "in_year")


@dataclass(frozen=True)
class Heap:
    """Households of one owner (village or representative) that stand alike."""

    owner: int | None
    cadence: str
    state: str
    age: str
    in_year: bool
    households: int


def heaps(duties: DutyQuerySet, on: dt.date, by: str = "region_id") -> list[Heap]:
    """Count duties by owner and standing in one statement.

    Grouped before anything is joined: under row-level security the planner cannot
    know how many rows a scope has, and would loop over what it takes for a few.
    """
    with hashing():
        return [Heap(*row) for row in heap_rows(duties, on, by)]


def heap_rows(duties: DutyQuerySet, on: dt.date, by: str) -> ValuesList:
    """Return the rows of `heaps`, for those who ask often."""
    counted = placed(duties, on).order_by()
    return counted.values_list(by, *COLUMNS).annotate(households=Count("pk"))


def tallied(
    tallies: Iterable[tuple[Any, ...]], duties: DutyQuerySet, on: dt.date, by: str
) -> list[Heap]:
    """Return the heaps of many villages, of `tally_rows` and the duties that they count.

    To be asked within `hashing`, as both are grouped. Tallies know no waivers. Households that one covers are few: they are read singly,
    taken off where the tally has them and added where they belong.
    """
    found: Counter[tuple[Any, ...]] = Counter()
    for *key, number in tallies:
        found[tuple(key)] += number
    for *key, otherwise, number in _excused(duties, on, by):
        owner, cadence, state, age, in_year = key
        found[owner, cadence, otherwise, age, in_year] -= number
        found[owner, cadence, state, age, in_year] += number
    return [Heap(*(*key, number)) for key, number in found.items() if number]


def tally_rows(tallies: QuerySet[DutyTally], on: dt.date, by: str) -> ValuesList:
    """Return what tallies count by owner and standing, as if there were no waivers."""
    nobody = Q(is_held=False)
    placed_tallies = tallies.annotate(
        last_visit_on=F("seen_in"),
        state=unwaived_on(on, nobody),
        age=age_on(on),
        in_year=in_year_on(on, nobody),
    )
    rows = placed_tallies.order_by().values_list(by, *COLUMNS)
    return rows.annotate(number=Sum("households"))


def _excused(duties: DutyQuerySet, on: dt.date, by: str) -> Iterable[tuple[Any, ...]]:
    """Count the duties that a waiver may change, with the state they had without it.

    Those of all waivers that touch the rest of the quarter. Their ids are given to the
    statement: the planner would read all duties for a join.
    """
    waivers = Waiver.objects.filter(
        withdrawn_at=None, first__lte=Cadence.QUARTER.period(on).end, last__gte=on
    )
    ids = list(waivers.values_list("household_id", flat=True))
    if not ids:
        return []
    few = placed(duties.filter(pk__any_of=ids), on).annotate(
        otherwise=unwaived_on(on, UNHELD)
    )
    rows = few.order_by().values_list(by, *COLUMNS, "otherwise")
    return rows.annotate(number=Count("pk"))


def hashing() -> AbstractContextManager[None]:
    """Have the block's statements grouped by hashing.

    The planner takes a city's duties for one row and would sort them all by their
    texts (31,739 duties: 56 ms sorted, 32 ms hashed).
    """
    return planner.without("sort")


def all_tallies() -> QuerySet[DutyTally]:
    """Return the counts of the open scope's duties, for `tallied`."""
    return DutyTally.objects.all()
