"""请核实: a question to the village, answered once; nobody else sees it."""

import datetime as dt

import pytest
from django.test import Client

from tests.accounts.pages import words
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import days_ago
from tests.visits.stage import HEADS, Walker, make_walker, seen
from visits.bursts import questions
from visits.models import BurstAnswer, Visit

LIST = "/visits/bursts/"


@pytest.fixture(scope="module")
def walker(cast: Cast) -> Walker:
    """Return a representative who noted four households within one minute."""
    with everywhere():
        walker = make_walker("walker", since=days_ago(400))
        for head in HEADS[:4]:
            seen(walker, head, days_ago(40))
    return walker


@pytest.fixture
def clerk(cast: Cast) -> Client:
    """Return the browser of the village's clerk."""
    return signed_in(cast.clerk)


def keys(client: Client) -> list[str]:
    return [one.key for one in client.get(LIST).context["questions"]]


def test_four_in_a_minute_are_one_question_until_the_village_answers(
    cast: Cast, walker: Walker, clerk: Client
) -> None:
    key = next(key for key in keys(clerk) if key.startswith("at_once"))
    assert "秒内记了 4 户" in words(clerk.get(LIST))
    answer = clerk.post(LIST, {"key": key, "note": "", "confirm": "1"})
    assert (answer.status_code, "请写一句说明" in words(answer)) == (422, True)
    for _ in range(2):
        clerk.post(LIST, {"key": key, "note": "会后补记", "confirm": "1"})
    assert keys(clerk) == []
    with everywhere():
        (kept,) = BurstAnswer.objects.all()
        assert Visit.objects.standing().count() == 4
    assert (kept.note, kept.answered_by) == ("会后补记", cast.clerk.user)


def test_a_visit_that_comes_in_late_opens_the_question_again(
    walker: Walker, clerk: Client
) -> None:
    clerk.post(LIST, {"key": keys(clerk)[0], "note": "会后补记", "confirm": "1"})
    with everywhere():
        seen(walker, HEADS[4], days_ago(40))
    assert len(keys(clerk)) >= 1


def test_what_did_not_happen_is_withdrawn_and_asked_no_more(
    walker: Walker, clerk: Client
) -> None:
    key = keys(clerk)[0]
    with everywhere():
        gone = Visit.objects.get(household=walker.homes["刘桂英"])
    nothing = clerk.post(LIST, {"key": key, "note": "没有去", "reject": "1"})
    assert "请先勾选" in words(nothing)
    sent = {"key": key, "note": "没有去", "reject": "1", "visits": [str(gone.pk)]}
    assert clerk.post(LIST, sent).status_code == 302
    with everywhere():
        gone.refresh_from_db()
        assert Visit.objects.standing().count() == 3
    assert gone.withdrawal == "没有去"
    assert keys(clerk) == []


def test_a_month_with_other_visits_is_never_half_read(
    cast: Cast, walker: Walker
) -> None:
    with everywhere():
        Visit.objects.all().delete()
        seen(walker, HEADS[4], dt.date(2026, 9, 5))
        for hours, head in enumerate(HEADS[:4]):
            visit = seen(walker, head, dt.date(2026, 9, 30))
            visit.captured_at += dt.timedelta(hours=hours)
            visit.save(update_fields=["captured_at"])
    day = dt.date(2026, 9, 30)
    with at(cast.clerk):
        for later in range(120):
            on = day + dt.timedelta(days=later)
            assert questions(cast.clerk.region, on) == [], on


def test_what_the_desk_entered_is_not_asked_about(
    walker: Walker, clerk: Client
) -> None:
    with everywhere():
        Visit.objects.update(on_behalf=True)
    assert keys(clerk) == []


@pytest.mark.parametrize("who", ["township_lead", "city_lead", "representative"])
def test_nobody_but_the_village_sees_the_questions(
    cast: Cast, walker: Walker, who: str
) -> None:
    assert signed_in(getattr(cast, who)).get(LIST).status_code == 403


def test_an_answer_is_not_the_representatives_to_read(
    cast: Cast, walker: Walker, clerk: Client
) -> None:

    clerk.post(LIST, {"key": keys(clerk)[0], "note": "会后补记", "confirm": "1"})
    with at(walker.post):
        assert not BurstAnswer.objects.exists()
    with at(cast.clerk):
        assert BurstAnswer.objects.exists()
