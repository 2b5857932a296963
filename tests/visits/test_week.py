"""The village's week: who is overdue or nearly so, by group and representative."""

import datetime as dt

import pytest
from django.test import Client

from tests.accounts.pages import statements
from tests.cast import Cast, everywhere, signed_in
from tests.days import days_ago, today
from tests.visits.stage import Walker, make_walker, seen
from visits.rules import Cadence
from visits.week import groups_of, week_of

WEEK = "/visits/week/"


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """Return a representative with four 重点户 and four others, linked for long."""
    with everywhere():
        return make_walker("walker", key=4, since=days_ago(400))


@pytest.fixture
def clerk(cast: Cast) -> Client:
    """Return the browser of the village's clerk."""
    return signed_in(cast.clerk)


@pytest.mark.parametrize(
    ("on", "monday", "sunday"),
    [
        ("2026-11-23", "2026-11-23", "2026-11-29"),
        ("2026-11-29", "2026-11-23", "2026-11-29"),
        ("2027-01-01", "2026-12-28", "2027-01-03"),
    ],
)
def test_a_week_runs_from_monday_to_sunday(on: str, monday: str, sunday: str) -> None:
    days = [day.isoformat() for day in week_of(dt.date.fromisoformat(on))]
    assert days == [monday, sunday]


def heads(groups: object) -> set[str]:
    return {
        line.household.head
        for group in groups  # type: ignore[attr-defined]
        for one in group.rounds
        for line in one.lines
    }


def test_who_is_overdue_is_listed_until_he_is_seen(
    walker: Walker, clerk: Client
) -> None:
    assert heads(clerk.get(WEEK).context["groups"]) == set(walker.homes)
    with everywhere():
        seen(walker, "刘桂英", today())
    assert "刘桂英" not in heads(clerk.get(WEEK).context["groups"])


def test_what_ends_soon_is_listed_and_what_has_time_only_when_asked_for(
    cast: Cast, walker: Walker
) -> None:
    """Seen in the period before: due at the end of this one, not before its last days."""
    quarter = Cadence.QUARTER.period(today())
    with everywhere():
        for head in walker.homes:
            seen(walker, head, quarter.start - dt.timedelta(days=3))
        village = walker.post.region
        first, last = quarter.start, quarter.end
        assert heads(groups_of(village, first)) == set()
        assert heads(groups_of(village, first, whole=True)) >= {"刘铁生"}
        assert heads(groups_of(village, last)) >= {"刘铁生"}


def test_groups_stand_in_their_order_and_cost_the_same_however_many(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    groups = clerk.get(WEEK).context["groups"]
    assert [group.name for group in groups] == ["91 组", "92 组", "93 组"]
    few = statements(clerk, WEEK)
    with everywhere():
        make_walker("more", tuple(f"户主{n}" for n in range(20)), since=days_ago(400))
    assert statements(clerk, WEEK) == few
