"""Who is reminded of a training, when, and only once."""

import pytest

from accounts.models import Post
from inbox.models import Message
from jobs.models import Job, State
from jobs.services import perform
from tests.cast import CITY, Cast, at, everywhere
from tests.days import in_days, today, tomorrow, yesterday
from tests.rolls import Rolls, set_up, set_up_sibling
from tests.sentiment.meetings import as_representative
from tests.trainings.stage import listed, planned
from trainings import services
from trainings.models import Training
from trainings.reminding import CANCELLED, COMING, LISTED, UNSIGNED, remind
from trainings.tasks import ask_for_reminders


@pytest.fixture(scope="module")
def rolls(cast: Cast) -> Rolls:
    """Return the village's rolls; 张顺民 has an account."""
    rolls = set_up()
    as_representative(cast.representative, rolls)
    return rolls


def called(by: Post, rolls: Rolls, **more: object) -> Training:
    """Plan a training and call two people to it, one of whom has an account."""
    people = [rolls.people[name] for name in ("张顺民", "周静霞")]
    return listed(by, planned(by, held_on=tomorrow(), **more), *people)


def told(kind: str) -> dict[str, str]:
    """Return the title that each person was told of a kind, by user name."""
    with everywhere():
        rows = Message.objects.filter(kind=kind)
        return dict(rows.values_list("recipient__username", "title"))


def test_who_is_called_is_told_the_day_before_and_once(
    cast: Cast, rolls: Rolls
) -> None:
    called(cast.township_staff, rolls, topic="走访怎么走")
    with at(cast.township_staff):
        assert remind(yesterday()) == 0
        assert remind(today()) == 3
        assert remind(today()) == remind(tomorrow()) == 0
    assert told(COMING) == {"representative": "明天培训：走访怎么走"}
    assert told(LISTED) == dict.fromkeys(
        ("clerk", "secretary"), "明天有 2 名代表参加培训"
    )
    with everywhere():
        assert "镇政府三楼" in Message.objects.get(kind=COMING).body


def test_who_keeps_two_villages_is_told_of_both(cast: Cast, rolls: Rolls) -> None:
    sibling, by = set_up_sibling(), cast.township_staff
    with everywhere():
        Post.objects.create(
            user=cast.clerk.user,
            role="village_clerk",
            region=sibling.village,
            started_on=today(),
        )
    training = planned(by, held_on=tomorrow())
    for village in (rolls, sibling):
        training = listed(by, training, village.people["张顺民"])
    with at(by):
        remind(today())
        services.cancel(
            training=training, reason="下大雪", version=training.version, by=by
        )
    both = {rolls.village.pk, sibling.village.pk}
    for kind in (LISTED, CANCELLED):
        with everywhere():
            rows = Message.objects.filter(kind=kind, recipient=cast.clerk.user)
            assert set(rows.values_list("region", flat=True)) == both, kind


def test_a_morning_that_did_not_run_is_made_good_on_the_day(
    cast: Cast, rolls: Rolls
) -> None:
    called(cast.city_staff, rolls)
    with at(cast.township_staff):
        remind(tomorrow())
    assert told(COMING)["representative"].startswith("今天培训")


def test_who_holds_it_is_told_that_nobody_signed_in(cast: Cast, rolls: Rolls) -> None:
    called(cast.township_staff, rolls)
    after = in_days(2)
    with at(cast.township_staff):
        assert remind(after) == remind(after) + 2
    assert set(told(UNSIGNED)) == {"township_staff", "township_lead"}


def test_the_city_is_told_that_nobody_signed_its_own_in(
    cast: Cast, rolls: Rolls
) -> None:
    """No township's morning sees what the city holds."""
    called(cast.city_staff, rolls)
    called(cast.township_staff, rolls)
    with everywhere():
        Training.objects.update(held_on=yesterday())
    ask_for_reminders()
    with everywhere():
        [job] = Job.objects.filter(region=CITY)
        assert perform(job.pk) == State.DONE
    assert set(told(UNSIGNED)) == {"city_staff", "city_lead"}


def test_the_morning_asks_each_township_once(cast: Cast) -> None:
    assert ask_for_reminders() == ask_for_reminders() > 0


def test_whoever_was_reminded_hears_that_it_was_called_off(
    cast: Cast, rolls: Rolls
) -> None:
    by = cast.township_staff
    training = called(by, rolls, topic="走访怎么走")
    later = called(by, rolls, topic="下个月的")
    with at(by):
        Training.objects.filter(pk=later.pk).update(held_on=in_days(30))
        remind(today())
        for one in (training, later):
            one.refresh_from_db()
            services.cancel(training=one, reason="下大雪", version=one.version, by=by)
    title = "明天的培训不办了：走访怎么走"
    assert told(CANCELLED) == dict.fromkeys(
        ("representative", "clerk", "secretary"), title
    )
    with everywhere():
        bodies = set(
            Message.objects.filter(kind=CANCELLED).values_list("body", flat=True)
        )
    assert all("下大雪" in body for body in bodies)
    with at(cast.representative):
        assert Message.objects.filter(kind=CANCELLED).exists(), "in his own range"
