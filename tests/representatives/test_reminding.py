"""Who is told of a vacancy near its limit, and whose turn it is in a by-election."""

import datetime as dt

import pytest

from inbox.models import Message
from representatives import services
from representatives.reminding import LATE_OF_WEEK, TURN, VACANT, remind
from representatives.rules.by_elections import vacancy_stage
from representatives.tasks import ask_for_reminders
from tests.cast import Cast, at, everywhere
from tests.days import days_ago, in_days, today
from tests.elections import fresh, noticed, plan, started
from tests.rolls import Rolls

VILLAGE, TOWNSHIP = {"clerk", "secretary"}, {"township_staff", "township_lead"}


def told(kind: str) -> set[str]:
    """Return who was told of a kind of thing, by user name."""
    with everywhere():
        rows = Message.objects.filter(kind=kind)
        return set(rows.values_list("recipient__username", flat=True))


def sent(cast: Cast, on: dt.date | None = None) -> int:
    """Send a day's reminders of the township; return how many were new."""
    with at(cast.township_staff):
        return remind(on or today())


@pytest.mark.parametrize(
    ("days", "limit", "stage"),
    [
        (45, 60, ""),
        (46, 60, "soon"),
        (60, 60, "soon"),
        (61, 60, "late"),
        (400, 0, ""),
    ],
)
def test_l16_a_vacancy_is_near_its_limit_14_days_before(
    days: int, limit: int, stage: str
) -> None:
    assert vacancy_stage(days, limit) == stage


def test_l16_a_late_seat_is_told_to_the_village_once_and_weekly_to_the_township(
    cast: Cast, rolls: Rolls
) -> None:
    assert sent(cast) > 0
    assert sent(cast) == 0
    assert told(VACANT) >= VILLAGE
    assert told(LATE_OF_WEEK) == TOWNSHIP
    assert sent(cast, in_days(7)) == len(TOWNSHIP)
    with everywhere():
        row = Message.objects.filter(kind=VACANT, recipient=cast.clerk.user)[0]
    assert "超过 60 天期限" in row.title


def test_a_seat_that_is_taken_up_is_not_told_of(cast: Cast, rolls: Rolls) -> None:
    sent(cast)
    with everywhere():
        before = Message.objects.filter(kind=VACANT).count()
        Message.objects.all().delete()
    started(cast, rolls)
    sent(cast)
    with everywhere():
        assert Message.objects.filter(kind=VACANT).count() == before - len(VILLAGE)


def test_each_step_is_told_to_whose_turn_it_is_and_once(
    cast: Cast, rolls: Rolls
) -> None:
    row = started(cast, rolls)
    assert sent(cast) > 0
    assert told(TURN) == VILLAGE
    assert sent(cast) == 0
    with at(cast.clerk):
        services.submit_plan(
            by_election=row, plan=plan(), version=row.version, on=days_ago(28)
        )
        row = fresh(row)
    assert sent(cast) == len(TOWNSHIP)
    assert told(TURN) == VILLAGE | TOWNSHIP
    with everywhere():
        last = Message.objects.filter(kind=TURN).order_by("-pk")[0]
    assert "审核方案" in last.title
    assert last.url == row.get_absolute_url()


def test_what_waits_for_its_day_reminds_nobody_and_a_notice_that_ran_out_does(
    cast: Cast, rolls: Rolls
) -> None:
    noticed(cast, rolls, first=8, last=5)
    sent(cast, days_ago(6))
    assert told(TURN) == set()
    sent(cast)
    assert told(TURN) == TOWNSHIP


def test_the_morning_asks_each_township_once(cast: Cast) -> None:
    assert ask_for_reminders() == ask_for_reminders() > 0
