"""民情分析会 from the first figure to a correction: rows, audit, refusals."""

import datetime as dt

import pytest

from accounts.editing import EditedMeanwhile
from accounts.services import Refused
from sentiment import review_figures, review_queue
from sentiment.models import Issue, MeetingDuty, Review, ReviewItem, State
from sentiment.review_desk import Desk
from sentiment.services import merge
from sentiment.services import reviews as services
from tests.cast import Cast, at
from tests.days import days_ago, in_days, today
from tests.rolls import Rolls, changes
from tests.sentiment.meetings import (
    begun,
    decided,
    heard,
    met,
    month,
    submitted,
)
from tests.visits.stage import make_key


@pytest.fixture
def review(cast: Cast, rolls: Rolls) -> Review:
    """Return this month's review with two matters, one said by two households."""
    homes = rolls.held_by("张顺民")
    water = heard(rolls, cast.clerk, "冬季缺水，三天来一次", homes[0].head)
    more = heard(rolls, cast.clerk, "水三天才来一回", homes[1].head)
    heard(rolls, cast.clerk, "路灯坏了五盏", homes[2].head, topic="人居环境")
    with at(cast.clerk):
        merge(
            issues=[(more, 1)],
            into=water,
            version=1,
            on=today(),
            by=cast.clerk,
        )
    return begun(cast.secretary)


def queue(cast: Cast, review: Review) -> review_queue.Queue:
    with at(cast.secretary):
        return review_queue.queue_of(review, today())


def test_the_queue_puts_most_households_first_and_key_ones_before_others(
    cast: Cast, rolls: Rolls, review: Review
) -> None:
    home = rolls.held_by("张顺民")[4]
    with at(cast.clerk):
        make_key(home, dt.date(2026, 1, 1))
    heard(rolls, cast.clerk, "屋顶漏雨", home.head)
    found = queue(cast, review)
    assert [one.title for one in found.matters] == [
        "冬季缺水，三天来一次",
        "屋顶漏雨",
        "路灯坏了五盏",
    ]
    assert [one.households for one in found.matters] == [2, 1, 1]
    assert [one.key_households for one in found.matters] == [0, 1, 0]


def test_a_meeting_that_is_being_corrected_is_still_the_last_one(
    cast: Cast, review: Review
) -> None:
    after = (month() + dt.timedelta(days=31)).replace(day=1)
    sent = submitted(cast.secretary, review)
    with at(cast.secretary):
        before = review_figures.last_month_words(sent.region_id, after)
        assert "定了 2 件" in before
        fresh = services.correct(review=sent, by=cast.secretary)
        assert review_figures.last_month_words(sent.region_id, after) == before
        services.submit(review=fresh, version=fresh.version, by=cast.secretary)
        assert review_figures.last_month_words(sent.region_id, after) == before


def test_what_became_of_the_last_meeting_is_said_as_of_the_submission(
    cast: Cast, review: Review
) -> None:
    """Prepared at the start of the month, it said 已办结 0 件 of what is done by its end."""
    sent = submitted(cast.secretary, review)
    earlier = (month() - dt.timedelta(days=1)).replace(day=1)
    with at(cast.secretary):
        Review.objects.filter(pk=sent.pk).update(month=earlier)
    fresh = begun(cast.secretary)
    with at(cast.secretary):
        assert "已办结 0 件" in Desk(fresh, today()).last_month
        Issue.objects.filter(state=State.IN_HAND).update(
            state=State.RESOLVED, resolved_on=today(), result="办好了"
        )
    assert "已办结 2 件" in submitted(cast.secretary, fresh).last_month


def test_what_a_past_year_said_is_marked(
    cast: Cast, rolls: Rolls, review: Review
) -> None:
    old = heard(rolls, cast.clerk, "冬季又缺水，三天才来一次")
    with at(cast.clerk):
        Issue.objects.filter(pk=old.pk).update(
            heard_on=days_ago(350), state="withdrawn"
        )
        assert queue(cast, review).matters[0].past is None
        Issue.objects.filter(pk=old.pk).update(
            state="in_hand", way="township", holder="township"
        )
    past = queue(cast, review).matters[0].past
    assert past is not None
    assert past.is_open
    assert "报镇里协调" in past.words


def test_beginning_twice_is_one_review_and_no_month_ahead(
    cast: Cast, review: Review
) -> None:
    assert begun(cast.clerk) == review
    with at(cast.secretary), pytest.raises(Refused, match="还没有到"):
        services.begin(
            village=cast.secretary.region,
            month=month() + dt.timedelta(days=32),
            by=cast.secretary,
        )
    with at(cast.secretary), pytest.raises(Refused, match="过去太久"):
        services.begin(
            village=cast.secretary.region,
            month=month() - dt.timedelta(days=150),
            by=cast.secretary,
        )


def decide(
    cast: Cast, review: Review, given: dict[str, object], was: dict[str, object]
):  # type: ignore[no-untyped-def]
    matter = queue(cast, review).matters[0]
    with at(cast.secretary):
        hints = review_queue.hints_for(review, cast.secretary.region, today())
        return services.decide_item(
            review=review,
            issue=matter.issue,
            given=given,
            was=was,
            hints=hints.of(matter.issue),
        )


def test_one_key_fills_in_person_day_and_conclusion(cast: Cast, review: Review) -> None:
    item, clashes = decide(cast, review, {"decision": "township"}, {"decision": ""})
    assert not clashes
    assert item.person == "张顺民"
    assert item.due_on == in_days(15)
    assert "已报魏家桥镇协调" in item.conclusion


@pytest.mark.parametrize("own", ["", "抓紧办水的事。"])
def test_a_conclusion_kept_as_suggested_counts_what_is_decided_later(
    cast: Cast, review: Review, own: str
) -> None:
    """It was kept early: the minutes would say 0 件 of all that was decided since."""
    with at(cast.secretary):
        kept = own or services.conclusion_of(review_queue.queue_of(review, today()))
        services.save_texts(review=review, given={"conclusion": kept}, was={})
    decided(cast.secretary, review)
    with at(cast.secretary):
        review.refresh_from_db()
    assert review.conclusion == (own or "本月研判民情 2 件：村内解决 2 件。")


def test_of_two_people_at_one_field_the_second_is_shown_the_first(
    cast: Cast, review: Review
) -> None:
    decide(cast, review, {"decision": "village"}, {"decision": ""})
    first = {"person": "李红英"}, {"person": "张顺民"}
    decide(cast, review, *first)
    item, clashes = decide(
        cast,
        review,
        {"person": "申秋云", "conclusion": "先送水。"},
        {"person": "张顺民", "conclusion": ""},
    )
    assert [(one.theirs, one.mine) for one in clashes if one.label == "责任人"] == [
        ("李红英", "申秋云")
    ]
    with at(cast.secretary):
        item.refresh_from_db()
    assert item.person == "李红英", "nothing of the first is lost"
    same, clashes = decide(cast, review, {"person": "李红英"}, {"person": "张顺民"})
    assert not clashes, "both want the same"
    assert same.person == "李红英"


@pytest.mark.parametrize("lacking", ["decision", "conclusion", "held_on", "future"])
def test_what_is_missing_is_named_and_nothing_is_submitted(
    cast: Cast, review: Review, lacking: str
) -> None:
    if lacking != "decision":
        decided(cast.secretary, review, decision="explain")
    met(cast.secretary, review)
    changes_to = {
        "decision": ({}, "还没有研判"),
        "conclusion": ({"conclusion": ""}, "会议结论"),
        "held_on": ({"held_on": None}, "哪天开的会"),
        "future": ({"held_on": dt.date(2100, 1, 1)}, "还没有到"),
    }
    changed, words = changes_to[lacking]
    with at(cast.secretary):
        Review.objects.filter(pk=review.pk).update(**changed)
        review.refresh_from_db()
        with pytest.raises(Refused, match=words):
            services.submit(review=review, version=review.version, by=cast.secretary)
        assert not Issue.objects.filter(state=State.IN_HAND).exists()


def test_submitting_hands_every_decision_on_and_freezes_the_figures(
    cast: Cast, rolls: Rolls, review: Review
) -> None:
    decide(cast, review, {"decision": "township"}, {})
    sent = submitted(cast.secretary, review)
    with at(cast.township_staff):
        sent.refresh_from_db()
        water = Issue.objects.get(words="冬季缺水，三天来一次")
        assert (water.state, water.holder, water.way) == (
            "in_hand",
            "township",
            "township",
        )
        lamp = Issue.objects.get(words="路灯坏了五盏")
        assert (lamp.state, lamp.holder, lamp.way) == ("in_hand", "village", "village")
        assert lamp.person == "张顺民"
        duty = MeetingDuty.objects.reviews().get(region=sent.region)
        assert duty.last_on == today()
        assert sent.figures["heard"] == 3
        assert changes(sent)[0].after["state"] == "submitted"
    heard(rolls, cast.clerk, "后来的事")
    with at(cast.secretary):
        kept = review_figures.of_review(sent, today())
        assert kept.heard == 3, "figures of a submitted review do not move"
        with pytest.raises(Refused, match="更正"):
            services.save_texts(review=sent, given={"place": "别处"}, was={})


def test_a_page_that_was_checked_before_a_change_cannot_be_submitted(
    cast: Cast, review: Review
) -> None:
    decided(cast.secretary, review)
    seen = met(cast.secretary, review).version
    with at(cast.clerk):
        services.save_texts(review=review, given={"conclusion": "换了"}, was={})
    with at(cast.secretary), pytest.raises(EditedMeanwhile):
        services.submit(review=review, version=seen, by=cast.secretary)


def test_a_page_that_saves_the_same_again_does_not_stop_the_submission(
    cast: Cast, review: Review
) -> None:
    """It saved itself while it was sent, and is heard after the next page was shown."""
    decided(cast.secretary, review)
    seen = met(cast.secretary, review).version
    met(cast.secretary, review)
    with at(cast.secretary):
        sent = services.submit(review=review, version=seen, by=cast.secretary)
    assert sent.state == "submitted"


def test_the_township_returns_it_and_the_village_submits_a_new_version(
    cast: Cast, review: Review
) -> None:
    sent = submitted(cast.secretary, review)
    with at(cast.township_staff):
        with pytest.raises(Refused, match="写明"):
            services.give_back(review=sent, reason="", by=cast.township_staff)
        returned = services.give_back(
            review=sent, reason="缺签到", by=cast.township_staff
        )
        duty = MeetingDuty.objects.reviews().get(region=sent.region)
        assert duty.last_on is None, "returned is not held"
        with pytest.raises(Refused, match="不能退回"):
            services.give_back(review=returned, reason="再退", by=cast.township_staff)
    with at(cast.secretary):
        fresh = services.correct(review=returned, by=cast.secretary)
        assert (fresh.number, fresh.corrects) == (2, returned)
        assert fresh.items.count() == 2
        services.save_texts(review=fresh, given={"place": "村部二楼"}, was={})
        fresh.refresh_from_db()
        again = services.submit(review=fresh, version=fresh.version, by=cast.secretary)
        assert again.state == "submitted"
        duty.refresh_from_db()
        assert duty.last_on == today()
        steps = ReviewItem.objects.get(
            review=again, issue__words="路灯坏了五盏"
        ).issue.steps
        assert steps.filter(action="decide").count() == 1, "not decided twice"
        with pytest.raises(Refused, match="按上次"):
            services.decide_item(
                review=services.correct(review=again, by=cast.secretary),
                issue=Issue.objects.get(words="路灯坏了五盏"),
                given={"decision": "explain"},
                was={},
                hints=None,  # type: ignore[arg-type]
            )
