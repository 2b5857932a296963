"""The pace line: which share of the households had been seen by the end of each day."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import connection, transaction

from regions.models import Level, Region
from reports.comparing import Kept
from reports.figures.standings import Sums
from reports.models import RunningPace
from reports.periods import ONE_DAY, Span, Window, window
from ui.charts import Pace

# Visits first and by village, so that the index on (region, day) is read for the
# period alone; the duties are a hashed set, for a join might loop.
FIRST_VISITS = """
    SELECT day, count(*) FILTER (WHERE household_id IN (
        SELECT household_id FROM visits_duty
        WHERE representative_id IS NOT NULL AND (%(cadence)s = '' OR cadence = %(cadence)s)
    ))
    FROM (
        SELECT household_id, min(visited_on) AS day
        FROM visits_visit
        WHERE region_code = ANY (%(villages)s) AND counts AND withdrawn_at IS NULL
          AND visited_on BETWEEN %(first)s AND %(on)s
        GROUP BY 1
    ) seen
    GROUP BY 1
"""


def firsts_of(place: Region, seen: Window, so_far: int) -> Counter[dt.date]:
    """Return how many of the households counted today were first seen on each day.

    Of a village as it is; of a place above as the night has kept it, with what is new
    of the `so_far` that the strip shows put to today.
    """
    kept = None if place.level == Level.VILLAGE else _kept(place, seen)
    if kept is None:
        return _read(place, seen)
    kept[seen.on] = so_far - kept.total()
    return kept


def _read(place: Region, seen: Window) -> Counter[dt.date]:
    values: dict[str, Any] = {
        "villages": _villages_of(place),
        "first": seen.first,
        "on": seen.on,
        "cadence": seen.cadence,
    }
    with connection.cursor() as cursor:
        cursor.execute(FIRST_VISITS, values)
        return Counter(dict(cursor.fetchall()))


def _kept(place: Region, seen: Window) -> Counter[dt.date] | None:
    """Return what last night kept of all townships of a place; None if one is missing."""
    townships = Region.objects.current().townships().within(place.scope)
    rows = RunningPace.objects.filter(
        region__in=townships,
        span=seen.span.value,
        first=seen.first,
        through=seen.on - ONE_DAY,
    )
    days = list(rows.values_list("by_day", flat=True))
    if not days or len(days) < townships.count():
        return None
    counted = (sum(numbers) for numbers in zip(*days, strict=True))
    return Counter({seen.first + ONE_DAY * n: sum_ for n, sum_ in enumerate(counted)})


@transaction.atomic
def keep(township: Region, on: dt.date) -> None:
    """Keep a township's first visits of the running periods until the day before `on`."""
    for span in Span:
        seen = window(span, on)
        through = on - ONE_DAY
        firsts = _read(township, replace(seen, on=through))
        RunningPace.objects.update_or_create(
            region=township,
            span=span.value,
            defaults={
                "first": seen.first,
                "through": through,
                "by_day": [
                    firsts[seen.first + ONE_DAY * n] for n in range(seen.gone - 1)
                ],
            },
        )


def _villages_of(place: Region) -> list[int]:
    if place.level == Level.VILLAGE:
        return [place.code]
    below = Region.objects.villages().within(place.scope)
    return list(below.values_list("code", flat=True))


def pace_of(
    firsts: Counter[dt.date], before: Kept | None, sums: Sums, seen: Window
) -> Pace | None:
    """Return the chart of the period; None where nobody owes anything.

    `before` is the period before, as it was kept; without it there is no line of it.
    """
    owing = sums.owing(seen.span)
    if not owing:
        return None
    now = _shares(firsts, _ends(seen, until=seen.on), seen.first, owing)
    by_month = seen.span is Span.YEAR
    return Pace(
        title="走访进度",
        current=now,
        previous=_shares_before(before, seen) if before else (),
        span=12 if by_month else seen.days,
        each={"month": "日", "quarter": "天", "year": "月"}[seen.span.value],
        current_name=seen.span.label,
        previous_name=seen.span.before,
    )


def _shares_before(before: Kept, seen: Window) -> tuple[float, ...]:
    first = seen.before.first
    return tuple(
        before.share((end - first).days + 1) or 0.0 for end in _ends(seen.before)
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
