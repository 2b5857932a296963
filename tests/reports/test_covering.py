"""What a dashboard counts of a whole city, it reads from indexes, and no row for it.

A row that no index finds costs the policy's two settings, read and cast (ADR 0001).
"""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from regions.models import Region
from reports.figures.appraisals import Appraisals
from reports.figures.domain import Asked, Domain
from reports.figures.issues import Issues
from reports.figures.meetings import Meetings
from reports.figures.seats import Seats
from reports.figures.trainings import Trainings
from reports.figures.visiting import Visiting
from reports.periods import Span, window
from tests.cast import CITY, Cast, at


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
        asked = Asked(
            Region.objects.get(code=CITY), window(Span.MONTH, timezone.localdate())
        )
        with CaptureQueriesContext(connection) as captured:
            domain.counts(asked)
        plans = [plan_of(query["sql"]) for query in captured.captured_queries]
    reads = re.findall(
        rf"(Index Only Scan|Index Scan|Seq Scan|Bitmap Heap Scan).* on {table} ",
        "\n".join(plans),
    )
    assert set(reads) == {"Index Only Scan"}


def plan_of(statement: str) -> str:
    """Return how a statement is read if indexes alone suffice; small tables hide it."""
    if not statement.startswith("SELECT"):
        return ""
    with connection.cursor() as cursor:
        for other in ("seqscan", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{other} = off")
        cursor.execute(f"EXPLAIN {statement}")
        return "\n".join(line for (line,) in cursor.fetchall())
