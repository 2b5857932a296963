"""Facts for the pure rule, read in a fixed number of statements for any households."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import connection

from regions.postgresql.paging import array_of
from visits import rules
from visits.models import Policy
from visits.models.policy import Content
from visits.models.waivers import Reason

SETTINGS = """
SELECT effective_from, cadence, categories::text, ways, phone_when_away,
       soon_days_month, soon_days_quarter
FROM visits_policy ORDER BY effective_from
"""
SPANS = """
SELECT 'link', household_id, started_on, ended_on, '', '', 0
FROM households_contactlink WHERE household_id = ANY (%(ids)s::bigint[])
UNION ALL
SELECT 'category', tag.household_id, tag.started_on, tag.ended_on,
       category.code, category.name, category."order"
FROM households_categorytag tag JOIN households_category category
     ON category.code = tag.category_id
WHERE tag.household_id = ANY (%(ids)s::bigint[])
UNION ALL
SELECT 'waiver', household_id, first, last, '', reason, 0
FROM visits_waiver
WHERE household_id = ANY (%(ids)s::bigint[]) AND withdrawn_at IS NULL
"""
IN_ORDER = "ORDER BY 7, 3"
COUNTED = """
SELECT household_id, visited_on FROM visits_visit
WHERE household_id = ANY (%(ids)s::bigint[]) AND counts AND withdrawn_at IS NULL
"""
LATEST = """
UNION ALL
SELECT 'visit', home.id, (
    SELECT seen.visited_on FROM visits_visit seen
    WHERE seen.household_id = home.id AND seen.region_code = home.region_code
    AND seen.counts AND seen.withdrawn_at IS NULL AND seen.visited_on <= %(on)s
    ORDER BY seen.visited_on DESC LIMIT 1), NULL, '', '', 0
FROM households_household home WHERE home.id = ANY (%(ids)s::bigint[])
"""
"""The last visit of each household: one look into the index for each."""


def policies() -> tuple[rules.Policy, ...]:
    """Return the city's settings as the rules want them."""
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        rows = cursor.fetchall()
    return tuple(_policy(*row[:3], tuple(row[3]), *row[4:]) for row in rows)


@lru_cache(maxsize=64)
def _policy(
    effective_from: dt.date,
    cadence: str,
    categories: str,
    ways: tuple[str, ...],
    phone_when_away: bool,  # noqa: FBT001 - columns, as they are read
    month: int,
    quarter: int,
) -> rules.Policy:
    """Return a row of settings as a rule: it is read for every list, and changes never."""
    return as_rule(
        Policy(
            effective_from=effective_from,
            cadence=cadence,
            categories=json.loads(categories),
            ways=ways,
            phone_when_away=phone_when_away,
            soon_days_month=month,
            soon_days_quarter=quarter,
        )
    )


def as_rule(policy: Content) -> rules.Policy:
    """Return one row of settings as a rule value."""
    return rules.Policy(
        policy.effective_from,
        rules.Cadence(policy.cadence),
        {code: rules.Cadence(c) for code, c in policy.categories.items()},
        frozenset(policy.ways),
        policy.phone_when_away,
        {
            rules.Cadence.MONTH: policy.soon_days_month,
            rules.Cadence.QUARTER: policy.soon_days_quarter,
        },
    )


def facts_of(
    households: Sequence[int], *, latest_on: dt.date | None = None
) -> dict[int, rules.Facts]:
    """Return the facts of each household by its id; three statements, or two.

    With `latest_on` of its visits only the latest up to that day: how it stands that
    day follows from no other, and what is read does not grow with the years.
    """
    ruled, spans = policies(), _spans(households, latest_on)
    if latest_on is None:
        for household, day in _read(COUNTED, households):
            spans.visits[household].append(day)
    return {
        household: rules.Facts(
            links=tuple(spans.links[household]),
            policies=ruled,
            visits=tuple(spans.visits[household]),
            categories=tuple(spans.categories[household]),
            waivers=tuple(spans.waivers[household]),
        )
        for household in households
    }


def _heaps() -> dict[int, list[Any]]:
    return defaultdict(list)


@dataclass(frozen=True, slots=True)
class _Spans:
    """What happened, by household; categories in the order that the city gave them."""

    links: dict[int, list[rules.Span]] = field(default_factory=_heaps)
    categories: dict[int, list[rules.Category]] = field(default_factory=_heaps)
    waivers: dict[int, list[rules.Waiver]] = field(default_factory=_heaps)
    visits: dict[int, list[dt.date]] = field(default_factory=_heaps)


def _spans(households: Sequence[int], latest_on: dt.date | None) -> _Spans:
    found = _Spans()
    statement = SPANS + (LATEST if latest_on else "") + IN_ORDER
    for kind, household, first, end, code, words, _ in _read(
        statement, households, latest_on
    ):
        if kind == "visit":
            found.visits[household] += [first] if first else []
        elif kind == "waiver":
            waiver = rules.Waiver(first, end, str(Reason(words).label))
            found.waivers[household].append(waiver)
        elif (span := rules.span_until(first, end)) is None:
            continue
        elif kind == "link":
            found.links[household].append(span)
        else:
            found.categories[household].append(rules.Category(code, words, span))
    return found


def _read(
    statement: str, households: Sequence[int], on: dt.date | None = None
) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ids": array_of(households), "on": on})
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
