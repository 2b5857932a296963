"""What became of a whole period: who was seen in it, and who should have been.

Of the households on a village's roll on the period's last day, by all that is known
now. A month judges those that were monthly on that day, a quarter the others, a year
all. It is `visits.rules.owed_periods` set-based; a property test holds them together.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from regions.postgresql import planner

NONE = 0
"""Stands for no representative in `VillageOutcomes.representatives`."""
NEVER = -1


class Outcome(models.TextChoices):
    """What became of a household in a period; one letter each."""

    SEEN = "s", "已走访"
    UNSEEN = "u", "没走访"
    EXCUSED = "e", "免访"
    FREE = "f", "本期不要求"
    NOBODY = "n", "没有联系人"


@dataclass(frozen=True)
class VillageOutcomes:
    """The households of a village in a period: three lists and a text, side by side.

    `outcomes` has one letter of `Outcome` for each household, `days` the day of the
    period on which it was first seen, counted from 0; NEVER if it was not.
    """

    region: int
    households: Sequence[int]
    representatives: Sequence[int]
    outcomes: str
    days: Sequence[int]

    def by_day(self, length: int) -> list[int]:
        """Return how many were first seen on each day of a period of so many days."""
        counted = Counter(
            day
            for day, outcome in zip(self.days, self.outcomes, strict=True)
            if outcome == Outcome.SEEN
        )
        return [counted[day] for day in range(length)]


def outcomes_of(
    villages: Sequence[int], cadence: str, first: dt.date, last: dt.date
) -> list[VillageOutcomes]:
    """Return the outcomes of villages in the open scope; one statement.

    `cadence` is month, quarter, or empty for all households (a year). A village
    without households is left out.
    """
    rows = _asked(OUTCOMES, villages, cadence, first, last)
    return [VillageOutcomes(*row) for row in rows]


def numbers_of(
    villages: Sequence[int], cadence: str, first: dt.date, last: dt.date
) -> dict[int, Counter[Outcome]]:
    """Return how many households of each village had which outcome; one statement.

    What `outcomes_of` lists, only counted: half of its time goes into the lists.
    """
    found: dict[int, Counter[Outcome]] = {code: Counter() for code in villages}
    for code, letter, number in _asked(NUMBERS, villages, cadence, first, last):
        found[code][Outcome(letter)] = number
    return found


def made_up_of(
    villages: Sequence[int], cadence: str, first: dt.date, last: dt.date
) -> list[tuple[int, int, int]]:
    """Return (village, representative, how many not seen have been visited since)."""
    return _asked(MADE_UP, villages, cadence, first, last)


def _asked(
    statement: str, villages: Sequence[int], cadence: str, first: dt.date, last: dt.date
) -> list[tuple[Any, ...]]:
    values: dict[str, Any] = {
        "villages": list(villages),
        "cadence": cadence,
        "first": first,
        "last": last,
    }
    # The planner takes a scope for a few rows and would loop over all of them.
    with planner.without("nestloop"), connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


JUDGED = """
WITH asked AS (
    SELECT daterange(%(first)s, %(last)s, '[]') AS days, %(last)s::date AS last
), policy AS (
    SELECT daterange(effective_from, lead(effective_from) OVER by_day) AS span,
           cadence, categories
    FROM visits_policy WINDOW by_day AS (ORDER BY effective_from)
), ruled AS (
    SELECT COALESCE(range_agg(span), '{}') AS spans FROM policy
), home AS (
    SELECT id, region_code FROM households_household, asked
    WHERE region_code = ANY (%(villages)s) AND registered_on <= asked.last
      AND (ended_on IS NULL OR ended_on > asked.last)
), link AS (
    SELECT l.household_id,
           range_agg(daterange(l.started_on, l.ended_on)) * (SELECT spans FROM ruled) AS spans,
           max(l.representative_id) FILTER (
               WHERE l.started_on <= asked.last
                 AND (l.ended_on IS NULL OR l.ended_on > asked.last)
           ) AS representative_id
    FROM households_contactlink l, asked
    WHERE l.region_code = ANY (%(villages)s) GROUP BY 1
), tagged AS (
    SELECT t.household_id, range_agg(daterange(t.started_on, t.ended_on) * p.span) AS spans
    FROM households_categorytag t JOIN policy p ON p.categories ->> t.category_id = 'month'
    WHERE t.region_code = ANY (%(villages)s) GROUP BY 1
), plain AS (
    SELECT COALESCE(range_agg(span), '{}') AS spans FROM policy WHERE cadence = 'month'
), seen AS (
    SELECT household_id, min(visited_on) - %(first)s::date AS day
    FROM visits_visit
    WHERE region_code = ANY (%(villages)s) AND counts AND withdrawn_at IS NULL
      AND visited_on BETWEEN %(first)s AND %(last)s
    GROUP BY 1
), waived AS (
    SELECT DISTINCT household_id FROM visits_waiver w, asked
    WHERE w.region_code = ANY (%(villages)s) AND withdrawn_at IS NULL
      AND w.first <= asked.last AND w.last >= asked.last
), fact AS (
    SELECT h.id, h.region_code, l.representative_id, l.spans, s.day,
           w.household_id IS NOT NULL AS is_waived,
           COALESCE(t.spans, '{}') + (SELECT spans FROM plain) AS monthly
    FROM home h
    LEFT JOIN link l ON l.household_id = h.id
    LEFT JOIN tagged t ON t.household_id = h.id
    LEFT JOIN seen s ON s.household_id = h.id
    LEFT JOIN waived w ON w.household_id = h.id
), judged AS (
    SELECT f.id, f.region_code, COALESCE(f.representative_id, 0) AS representative,
        COALESCE(f.day, -1) AS day,
        CASE
            WHEN f.representative_id IS NULL THEN 'n'
            WHEN f.day IS NOT NULL THEN 's'
            WHEN %(cadence)s = '' THEN 'u'
            WHEN NOT f.spans @> a.days OR f.is_waived
                THEN CASE WHEN f.is_waived THEN 'e' ELSE 'f' END
            WHEN %(cadence)s = 'month' AND NOT f.monthly @> a.days THEN 'f'
            -- Full months in a key category are owed instead of their quarter.
            WHEN %(cadence)s = 'quarter' AND f.monthly && a.days AND EXISTS (
                SELECT FROM generate_series(
                    %(first)s::timestamp, %(last)s::timestamp, interval '1 month'
                ) month
                CROSS JOIN LATERAL daterange(
                    month::date, (month + interval '1 month')::date) days
                WHERE days <@ f.monthly AND days <@ f.spans
                  AND NOT visits_waived(f.id, upper(days) - 1)
            ) THEN 'f'
            ELSE 'u'
        END AS outcome
    FROM fact f, asked a
    WHERE %(cadence)s = '' OR (f.monthly @> a.last) = (%(cadence)s = 'month')
)
"""
OUTCOMES = (
    JUDGED
    + """
SELECT region_code, array_agg(id ORDER BY id), array_agg(representative ORDER BY id),
       string_agg(outcome, '' ORDER BY id), array_agg(day ORDER BY id)
FROM judged GROUP BY 1
"""
)
NUMBERS = (
    JUDGED
    + """SELECT region_code, outcome, count(*)
FROM judged GROUP BY 1, 2"""
)
MADE_UP = (
    JUDGED
    + """SELECT j.region_code, j.representative, count(*)
FROM judged j JOIN visits_duty d ON d.household_id = j.id
WHERE j.outcome = 'u' AND d.last_visit_on >= %(first)s
GROUP BY 1, 2"""
)
