"""Facts for the pure rule, read in a fixed number of statements for any households."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection

from regions.postgresql.columns import columns
from visits import rules
from visits.models import Policy
from visits.models.policy import Content
from visits.models.waivers import Reason

SETTINGS = "SELECT {policy} FROM visits_policy policy ORDER BY policy.effective_from"
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
ORDER BY 7, 3
"""
COUNTED = """
SELECT household_id, visited_on FROM visits_visit
WHERE household_id = ANY (%(ids)s::bigint[]) AND counts AND withdrawn_at IS NULL
"""
LATEST = """
SELECT home.id, (
    SELECT seen.visited_on FROM visits_visit seen
    WHERE seen.household_id = home.id AND seen.region_code = home.region_code
    AND seen.counts AND seen.withdrawn_at IS NULL AND seen.visited_on <= %(on)s
    ORDER BY seen.visited_on DESC LIMIT 1)
FROM households_household home WHERE home.id = ANY (%(ids)s::bigint[])
"""
"""The last visit of each household: one look into the index for each."""


def policies() -> tuple[rules.Policy, ...]:
    """Return the city's settings as the rules want them."""
    return tuple(as_rule(policy) for policy in Policy.objects.raw(_settings()))


@cache
def _settings() -> str:
    return SETTINGS.format(policy=columns(Policy, "policy"))


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
    """Return the facts of each household by its id; three statements.

    With `latest_on` of its visits only the latest up to that day: how it stands that
    day follows from no other, and what is read does not grow with the years.
    """
    ruled, spans = policies(), _spans(households)
    visits: dict[int, list[dt.date]] = defaultdict(list)
    for household, day in _visits(households, latest_on):
        if day is not None:
            visits[household].append(day)
    return {
        household: rules.Facts(
            links=tuple(spans.links[household]),
            policies=ruled,
            visits=tuple(visits[household]),
            categories=tuple(spans.categories[household]),
            waivers=tuple(spans.waivers[household]),
        )
        for household in households
    }


@dataclass(frozen=True, slots=True)
class _Spans:
    """What lasts, by household; categories in the order that the city gave them."""

    links: dict[int, list[rules.Span]]
    categories: dict[int, list[rules.Category]]
    waivers: dict[int, list[rules.Waiver]]


def _spans(households: Sequence[int]) -> _Spans:
    found = _Spans(defaultdict(list), defaultdict(list), defaultdict(list))
    for kind, household, first, end, code, words, _ in _read(SPANS, households):
        if kind == "waiver":
            waiver = rules.Waiver(first, end, str(Reason(words).label))
            found.waivers[household].append(waiver)
        elif (span := rules.span_until(first, end)) is None:
            continue
        elif kind == "link":
            found.links[household].append(span)
        else:
            found.categories[household].append(rules.Category(code, words, span))
    return found


def _visits(households: Sequence[int], on: dt.date | None) -> list[tuple[Any, ...]]:
    if on is None:
        return _read(COUNTED, households)
    return _read(LATEST, households, on)


def _read(
    statement: str, households: Sequence[int], on: dt.date | None = None
) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ids": list(households), "on": on})
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
