"""What a dashboard counts of a whole city, it reads from indexes, and no row for it.

A row that no index finds costs the policy's two settings, read and cast (ADR 0001).
"""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regions.models import Region
from reports.figures.appraisals import Appraisals
from reports.figures.domain import Asked, Domain
from reports.figures.issues import Issues
from reports.figures.meetings import Meetings
from reports.figures.seats import Seats
from reports.figures.trainings import Trainings
from reports.figures.visiting import Visiting
from reports.periods import Span, window
from reports.summary.parts import Rolls
from reports.summary.villages import Villages
from tests.cast import CITY, Cast, at
from tests.days import today


@pytest.mark.parametrize(
    ("domain", "table"),
    [
        (Visiting(), "visits_dutytally"),
        (Meetings(), "sentiment_meetingtally"),
        (Seats(), "representatives_seattally"),
        (Trainings(), "trainings_servicetally"),
        (Appraisals(), "trainings_servicetally"),
        (Issues(), "sentiment_issue"),
    ],
    ids=lambda one: getattr(one, "key", one),
)
def test_a_citys_counts_read_indexes_alone(
    cast: Cast, domain: Domain, table: str
) -> None:
    with at(cast.city_lead):
        asked = Asked(Region.objects.get(code=CITY), window(Span.MONTH, today()))
        with CaptureQueriesContext(connection) as captured:
            domain.counts(asked)
        assert reads_of(table, captured) == {"Index Only Scan"}


def test_a_citys_roll_on_a_past_day_is_read_from_an_index_alone(cast: Cast) -> None:
    with at(cast.city_lead):
        seen = window(Span.MONTH, today()).before
        asked = Villages(Region.objects.get(code=CITY), seen)
        with CaptureQueriesContext(connection) as captured:
            Rolls().counts(asked)
        assert reads_of("households_household", captured) == {"Index Only Scan"}


def reads_of(table: str, captured: CaptureQueriesContext) -> set[str]:
    """Return in which ways the captured statements read a table."""
    plans = [plan_of(query["sql"]) for query in captured.captured_queries]
    ways = "Index Only Scan|Index Scan|Seq Scan|Bitmap Heap Scan"
    return set(re.findall(rf"({ways}).* on {table} ", "\n".join(plans)))


def plan_of(statement: str) -> str:
    """Return how a statement is read if indexes alone suffice; small tables hide it.

    Pages cost nothing: how many there are hangs on what other tests have left behind.
    """
    if not statement.startswith("SELECT"):
        return ""
    with connection.cursor() as cursor:
        for other in ("enable_seqscan", "enable_bitmapscan"):
            cursor.execute(f"SET LOCAL {other} = off")
        for cost in ("seq_page_cost", "random_page_cost"):
            cursor.execute(f"SET LOCAL {cost} = 0")
        cursor.execute(f"EXPLAIN {statement}")
        return "\n".join(line for (line,) in cursor.fetchall())
