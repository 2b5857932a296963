"""恳谈会 (each representative, each quarter) and 民情分析会 (each village, each month).

A month's report shows the 恳谈会 of the quarter that it lies in, up to its last day; a
longer one adds up its quarters and months. The running quarter and month are those of
the dashboard (`sentiment.duties`); those that are over are judged by the same rule from
mandates and meetings. Owed is what had to be held, and what was held beside that.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet

from reports.summary.villages import Villages
from sentiment import duties
from sentiment.duties import OPEN_STATES, State
from sentiment.models import Review
from visits.facts import policies
from visits.rules import Cadence, Period

ONE_DAY = dt.timedelta(days=1)
Found = Iterable[tuple[Any, str, int]]


def counted(asked: Villages) -> Found:
    """Yield (village, figure, number) of both kinds; five statements at most."""
    yield from _running(asked)
    yield from _talks_over(asked, over(asked, Cadence.QUARTER))
    yield from _reviews_over(asked, over(asked, Cadence.MONTH))


def over(asked: Villages, cadence: Cadence) -> list[Period]:
    """Return the periods of a cadence that the report touches, without the running one."""
    seen, found = asked.seen, []
    period = cadence.period(seen.first)
    while period.start <= seen.on:
        if seen.is_over or period.end < seen.on:
            found.append(period)
        period = cadence.period(period.end + ONE_DAY)
    return found


def _running(asked: Villages) -> Iterator[tuple[Any, str, int]]:
    """Yield the duties of today's quarter and month; nothing for what is over."""
    if asked.seen.is_over:
        return
    on = asked.seen.on
    for name, rows in (
        ("talks", duties.talk_duties(on)),
        ("reviews", duties.review_duties(on)),
    ):
        states: Any = asked.rows(rows).values_list("owner", "state")
        for owner, state, number in states.annotate(number=Count("pk")):
            if state == State.MET:
                yield owner, f"{name}_met", number
            if state == State.MET or state in OPEN_STATES:
                yield owner, f"{name}_owed", number


def _talks_over(
    asked: Villages, quarters: list[Period]
) -> Iterator[tuple[Any, str, int]]:
    if not quarters:
        return
    values: dict[str, Any] = {
        "lo": asked.place.scope.lo,
        "hi": asked.place.scope.hi,
        "starts": [period.start for period in quarters],
        "ends": [period.end for period in quarters],
        "on": asked.seen.on,
    }
    with connection.cursor() as cursor:
        cursor.execute(TALKS, values)
        rows = cursor.fetchall()
    for village, owed, met in rows:
        yield village, "talks_owed", owed
        yield village, "talks_met", met


# As `sentiment_judged_talks` chains mandates: a quarter is owed by whoever served on
# every day of it, once there were rules.
TALKS = """
WITH quarters AS (
    SELECT * FROM unnest(%(starts)s::date[], %(ends)s::date[]) q (first, last)
), served AS (
    SELECT representative_id, region_code,
        range_agg(daterange(started_on, LEAST(ended_on, until + 1))) AS spans
    FROM representatives_mandate
    WHERE region_code >= %(lo)s AND region_code < %(hi)s
    GROUP BY 1, 2
), owed AS (
    SELECT s.region_code, s.representative_id, q.first
    FROM served s JOIN quarters q ON s.spans @> daterange(q.first, q.last + 1)
    WHERE q.first >= (SELECT min(effective_from) FROM visits_policy)
), met AS (
    SELECT DISTINCT t.region_code, t.representative_id, q.first
    FROM sentiment_talkmeeting t
    JOIN quarters q ON t.held_on BETWEEN q.first AND LEAST(q.last, %(on)s)
    WHERE t.withdrawn_at IS NULL
      AND t.region_code >= %(lo)s AND t.region_code < %(hi)s
)
SELECT region_code, count(*), count(met.first)
FROM owed FULL JOIN met USING (region_code, representative_id, first)
GROUP BY 1
"""


def _reviews_over(
    asked: Villages, months: list[Period]
) -> Iterator[tuple[Any, str, int]]:
    """Yield the months that are over: each village owes each one (L34).

    A meeting is its own month's, however late it was held.
    """
    if not months:
        return
    since = min((policy.effective_from for policy in policies()), default=dt.date.max)
    owed = sum(period.start >= since for period in months)
    for village in asked.codes:
        yield village, "reviews_owed", owed
    first_to_last = (months[0].start, months[-1].start)
    held: QuerySet[Any] = duties.counting(
        Review.objects.filter(month__range=first_to_last)
    )
    rows: Any = asked.rows(held).values_list("owner", "month")
    for village, _month in rows.distinct():
        yield village, "reviews_met", 1
