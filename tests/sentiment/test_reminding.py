"""Who is reminded of the month's 民情分析会, when, and only once."""

import datetime as dt

import pytest

from inbox.models import Message
from sentiment.reminding import MISSING, RETURNED, remind
from sentiment.services import reviews as services
from sentiment.tasks import ask_for_reminders
from tests.cast import Cast, at, everywhere
from tests.days import today
from tests.rolls import set_up
from tests.sentiment.meetings import begun, submitted
from visits.rules import Cadence


def told(kind: str) -> list[str]:
    """Return who was told of a kind of thing, by user name."""
    with everywhere():
        rows = Message.objects.filter(kind=kind)
        return sorted(rows.values_list("recipient__username", flat=True))


OURS = ["clerk", "secretary", "sibling_secretary"]


@pytest.mark.parametrize(("left", "expected"), [(4, []), (3, OURS), (0, OURS)])
def test_villages_are_reminded_once_in_the_last_three_days_l34(
    cast: Cast, left: int, expected: list[str]
) -> None:
    end = Cadence.MONTH.period(today()).end
    day = end - dt.timedelta(days=left)
    with at(cast.township_staff):
        assert remind(day) == len(expected)
        assert remind(day) == 0
    assert told(MISSING) == expected


def test_who_has_submitted_is_left_in_peace(cast: Cast) -> None:
    set_up()
    submitted(cast.secretary, begun(cast.secretary))
    with at(cast.township_staff):
        remind(Cadence.MONTH.period(today()).end)
    assert told(MISSING) == ["sibling_secretary"]


def test_a_returned_review_is_told_to_the_village_with_its_reason(cast: Cast) -> None:
    set_up()
    sent = submitted(cast.secretary, begun(cast.secretary))
    with at(cast.township_staff):
        services.give_back(review=sent, reason="缺签到", by=cast.township_staff)
    assert told(RETURNED) == ["clerk", "secretary"]
    with everywhere():
        assert "缺签到" in Message.objects.filter(kind=RETURNED)[0].body


def test_the_morning_asks_each_township_once(cast: Cast) -> None:
    assert ask_for_reminders() == ask_for_reminders() > 0
