"""The same figure a period ago and a year ago, from what was kept when they closed."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from regions.models import Region
from reports.models import ClosedPeriod
from reports.past import year_behind
from reports.periods import Span, Window
from representatives.models import Representative
from ui.parts import Delta
from visits.outcomes import Outcome


@dataclass(frozen=True)
class Compared:
    """Rates in percent; None where that period is not closed or nothing was owed."""

    previous: float | None = None
    year_ago: float | None = None


@dataclass(frozen=True)
class Kept:
    """A closed period of a division: how many owed a visit, and were seen by each day."""

    owing: int
    by_day: tuple[int, ...]

    def share(self, days: int) -> float | None:
        """Return the share seen in the first so many days, in percent."""
        return sum(self.by_day[:days]) * 100 / self.owing if self.owing else None


def kept_of(place: Region, wanted: tuple[Window, ...]) -> dict[str, Kept]:
    """Return closed periods of a division by their keys; one statement for all.

    One that was not closed is left out.
    """
    values: dict[str, Any] = {
        "lo": place.scope.lo,
        "hi": place.scope.hi,
        "spans": [seen.span.value for seen in wanted],
        "firsts": [seen.first for seen in wanted],
    }
    with connection.cursor() as cursor:
        cursor.execute(KEPT, values)
        found = {
            (span, first): Kept(owing, tuple(days))
            for span, first, owing, days in cursor.fetchall()
        }
    return {
        seen.key: found[seen.span.value, seen.first]
        for seen in wanted
        if (seen.span.value, seen.first) in found
    }


def compared(place: Region, seen: Window) -> Compared:
    """Return the whole period before one that is over, and the same of the year before."""
    kept = kept_of(place, (seen.before, seen.year_before))
    year_ago = None if seen.span is Span.YEAR else seen.year_before
    return Compared(
        _share(kept, seen.before, seen.before.days),
        _share(kept, year_ago, year_ago.days) if year_ago else None,
    )


def so_far(kept: dict[str, Kept], seen: Window) -> Compared:
    """Return what the period before, and the year before, had on the same day of theirs."""
    year_ago = (
        None if seen.span is Span.YEAR else _share(kept, seen.year_before, seen.gone)
    )
    return Compared(_share(kept, seen.before, seen.gone), year_ago)


def deltas_of(before: Compared, rate: float, seen: Window) -> tuple[Delta, ...]:
    """Return how many points a rate is ahead of the period before and the last year."""
    before_that = "同比" if seen.span is Span.YEAR else "环比"
    pairs = ((before_that, before.previous), ("同比", before.year_ago))
    return tuple(
        Delta(rate - past, "个百分点", against=name, decimals=1)
        for name, past in pairs
        if past is not None
    )


def on_time(
    place: Region, on: dt.date, person: Representative | None = None
) -> tuple[int, int]:
    """Return the visits owed in the closed periods of a year, and those that were missed.

    Of all of `place`, or of the households that `person` looked after.
    """
    wanted = Q()
    for seen in year_behind(on):
        wanted |= Q(span=seen.span.value, first=seen.first)
    rows = ClosedPeriod.objects.inside(place).filter(wanted).order_by()
    if person is not None:
        return _on_time_of(person, rows)
    found = rows.aggregate(seen=Sum("seen", default=0), missed=Sum("unseen", default=0))
    return found["seen"] + found["missed"], found["missed"]


def _on_time_of(
    person: Representative, rows: QuerySet[ClosedPeriod]
) -> tuple[int, int]:
    """Count one person's in the lists of a village: some hundred households a period."""
    lists = rows.values_list("representatives", "outcomes")
    found = Counter(
        outcome
        for people, outcomes in lists
        for holder, outcome in zip(people, outcomes, strict=True)
        if holder == person.pk
    )
    missed = found[Outcome.UNSEEN]
    return found[Outcome.SEEN] + missed, missed


def _share(kept: dict[str, Kept], seen: Window, days: int) -> float | None:
    found = kept.get(seen.key)
    return found.share(days) if found else None


KEPT = """
WITH wanted AS (
    SELECT span, first FROM unnest(%(spans)s::text[], %(firsts)s::date[]) w (span, first)
), kept AS (
    SELECT c.span, c.first, c.seen + c.unseen AS owing, c.by_day
    FROM reports_closedperiod c JOIN wanted USING (span, first)
    WHERE c.region_code >= %(lo)s AND c.region_code < %(hi)s
), days AS (
    SELECT span, first, day, sum(number) AS number
    FROM kept, unnest(by_day) WITH ORDINALITY d (number, day) GROUP BY 1, 2, 3
)
SELECT span, first,
    (SELECT sum(owing) FROM kept k WHERE (k.span, k.first) = (d.span, d.first))::int,
    array_agg(number::int ORDER BY day)
FROM days d GROUP BY 1, 2
"""
