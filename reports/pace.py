"""The pace line: which share of the households had been seen by the end of each day."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from regions.models import Level, Region
from reports.figures.standings import Sums
from reports.periods import Span, Window
from ui.charts import Pace

# Visits first and by village, so that the index on (region, day) is read for the two
# periods alone; the duties are a hashed set, for a join might loop (the planner takes
# any scope for a few rows).
FIRST_VISITS = """
    SELECT is_now, day, count(*) FILTER (WHERE household_id IN (
        SELECT household_id FROM visits_duty
        WHERE representative_id IS NOT NULL AND (%(cadence)s = '' OR cadence = %(cadence)s)
    ))
    FROM (
        SELECT household_id, visited_on >= %(first)s AS is_now, min(visited_on) AS day
        FROM visits_visit
        WHERE region_code = ANY (%(villages)s) AND counts AND withdrawn_at IS NULL
          AND visited_on BETWEEN %(before)s AND %(on)s
        GROUP BY 1, 2
    ) seen
    GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Firsts:
    """How many households were first seen on each day, of this period and the last."""

    now: Counter[dt.date]
    before: Counter[dt.date]


def firsts_of(place: Region, seen: Window) -> Firsts:
    """Return the first visits of both periods to households that are counted today."""
    found: tuple[Counter[dt.date], Counter[dt.date]] = (Counter(), Counter())
    values: dict[str, Any] = {
        "villages": _villages_of(place),
        "first": seen.first,
        "before": seen.before.first,
        "on": seen.on,
        "cadence": seen.cadence,
    }
    with connection.cursor() as cursor:
        cursor.execute(FIRST_VISITS, values)
        for is_now, day, households in cursor.fetchall():
            found[0 if is_now else 1][day] += households
    return Firsts(*found)


def _villages_of(place: Region) -> list[int]:
    if place.level == Level.VILLAGE:
        return [place.code]
    below = Region.objects.villages().within(place.scope)
    return list(below.values_list("code", flat=True))


def pace_of(firsts: Firsts, sums: Sums, seen: Window) -> Pace | None:
    """Return the chart of the period; None where nobody owes anything."""
    owing = sums.owing(seen.span)
    if not owing:
        return None
    now = _shares(firsts.now, _ends(seen, until=seen.on), seen.first, owing)
    before = _shares(firsts.before, _ends(seen.before), seen.before.first, owing)
    by_month = seen.span is Span.YEAR
    return Pace(
        title="走访进度",
        current=now,
        previous=before if any(before) else (),
        span=12 if by_month else seen.days,
        each={"month": "日", "quarter": "天", "year": "月"}[seen.span.value],
        current_name=seen.span.label,
        previous_name=seen.span.before,
    )


def _ends(seen: Window, until: dt.date | None = None) -> list[dt.date]:
    """Return the days that are drawn: each one, or in a year the months that are over."""
    days = [seen.first + dt.timedelta(days=n) for n in range(seen.days)]
    if seen.span is Span.YEAR:
        days = [day for day in days if (day + dt.timedelta(days=1)).day == 1]
    return [day for day in days if until is None or day <= until]


def _shares(
    counted: Counter[dt.date], ends: Sequence[dt.date], first: dt.date, owing: int
) -> tuple[float, ...]:
    """Return the share seen from `first` to each of `ends`, in percent."""
    return tuple(
        min(
            100.0,
            100 * sum(n for day, n in counted.items() if first <= day <= end) / owing,
        )
        for end in ends
    )


def against_before(pace: Pace | None) -> float | None:
    """Return how many points ahead of the same day of the period before; None unknown."""
    at = pace.latest if pace else None
    if pace is None or at is None or at >= len(pace.previous):
        return None
    now, before = pace.current[at], pace.previous[at]
    return None if now is None or before is None else float(now) - float(before)
