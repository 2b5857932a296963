"""What raw SQL does to visits and flags leaves a trace; writing them costs no second row."""

import datetime as dt

import pytest
from django.db import connection

from accounts.models import RowChange
from tests.cast import VILLAGE, Cast, at, everywhere
from tests.visits.stage import Walker, make_walker, seen
from visits.models import OverdueFlag, Visit

DAY = dt.date(2026, 10, 20)


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """Return a representative with one household, seen once."""
    with everywhere():
        walker = make_walker("walker", ("刘桂英",))
        seen(walker, "刘桂英", DAY)
    return walker


def traces(table: str) -> list[tuple[str, dict[str, object]]]:
    """Return what the history says of a table: the operation and the old values."""
    with everywhere():
        rows = RowChange.objects.filter(table=table).order_by("id")
        return [(row.operation, row.before) for row in rows]


def test_a_visit_changed_by_raw_sql_leaves_its_old_words(
    cast: Cast, walker: Walker
) -> None:
    assert traces("visits_visit") == []
    with at(cast.secretary), connection.cursor() as cursor:
        cursor.execute("UPDATE visits_visit SET words = '改过'")
    assert traces("visits_visit") == [("update", {"words": ""})]


def test_a_visit_deleted_by_raw_sql_is_kept_whole(cast: Cast, walker: Walker) -> None:
    with at(cast.secretary), connection.cursor() as cursor:
        cursor.execute("DELETE FROM visits_visit")
    ((operation, before),) = traces("visits_visit")
    assert (operation, before["visited_on"]) == ("delete", "2026-10-20")
    with everywhere():
        assert not Visit.objects.exists()


def test_a_flag_resolved_by_raw_sql_leaves_a_trace(cast: Cast, walker: Walker) -> None:
    with everywhere():
        OverdueFlag.objects.create(
            region_id=VILLAGE,
            household=walker.homes["刘桂英"],
            cadence="month",
            period_start=dt.date(2026, 9, 1),
            period_end=dt.date(2026, 9, 30),
            flagged_on=dt.date(2026, 10, 1),
        )
    with at(cast.secretary), connection.cursor() as cursor:
        cursor.execute("UPDATE visits_overdueflag SET resolved_on = '2026-10-20'")
    assert traces("visits_overdueflag") == [("update", {"resolved_on": None})]
