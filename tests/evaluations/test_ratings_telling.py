"""Who is told what as a round goes on: whose turn, why it came back, what is over."""

import datetime as dt

from evaluations import telling
from evaluations.models import RatingRound, Scheme
from evaluations.rules.rounds import BEHIND_AFTER, Act
from inbox.models import Message
from notices import services as notices
from tests.cast import Cast, at, everywhere
from tests.days import today
from tests.evaluations import stage
from tests.evaluations.stage import praise, take
from tests.rolls import Rolls


def told(kind: str) -> list[tuple[str, str]]:
    """Return who was told of a kind of thing and what, by user name."""
    with everywhere():
        rows = Message.objects.filter(kind=kind).order_by("pk")
        return list(rows.values_list("recipient__username", "title"))


def names(kind: str) -> set[str]:
    """Return who was told of a kind of thing."""
    return {name for name, _ in told(kind)}


def test_the_beginning_asks_each_representative_on_his_own_page(
    cast: Cast, rolls: Rolls, scheme: Scheme
) -> None:
    with at(cast.secretary):
        round_ = stage.begun(cast, rolls, scheme)
    assert names(telling.TURN) == {"representative", "secretary"}
    with everywhere():
        urls = dict(Message.objects.values_list("recipient__username", "url"))
    assert urls == {
        "representative": "/ratings/mine/",
        "secretary": round_.get_absolute_url(),
    }


def test_each_step_tells_whose_turn_it_is_and_why_it_came_back(
    cast: Cast, round_: RatingRound
) -> None:
    take(round_, Act.STRIKE, cast.clerk)
    take(round_, Act.AGREE, cast.clerk)
    assert told(telling.TURN)[-1] == (
        "secretary",
        f"{round_}：小组评议完了，请“两委”确认",
    )
    take(round_, Act.SEND_BACK, cast.secretary, "三组没有评")
    with everywhere():
        last = Message.objects.order_by("-pk")[0]
    assert (last.recipient, last.body) == (cast.clerk.user, "三组没有评")


def test_a_cancelled_round_leaves_nobody_a_turn(
    cast: Cast, round_: RatingRound
) -> None:
    before = len(told(telling.TURN))
    take(round_, Act.CANCEL, cast.clerk)
    assert len(told(telling.TURN)) == before


def test_the_township_is_told_once_that_a_notice_is_over(
    cast: Cast, rolls: Rolls, round_: RatingRound
) -> None:
    praise(round_, rolls.held_by("李红英")[:1], cast.clerk)
    stage.to_notice(cast, round_)
    notice = stage.noticed(round_)
    notices.publish(notice=notice, by=cast.secretary, on=today())
    with at(cast.township_staff):
        telling.remind(notice.last_day)
        assert told(telling.OVER) == []
        after = notice.last_day + dt.timedelta(days=1)
        assert telling.remind(after) > 0
        assert telling.remind(after) == 0
    assert names(telling.OVER) >= {"township_staff"}
    assert "clerk" not in names(telling.OVER)


def test_a_round_that_is_behind_is_said_to_its_village_once(
    cast: Cast, round_: RatingRound
) -> None:
    late = round_.last_day + dt.timedelta(days=BEHIND_AFTER)
    with at(cast.township_staff):
        telling.remind(late - dt.timedelta(days=1))
        assert told(telling.BEHIND) == []
        telling.remind(late)
        telling.remind(late + dt.timedelta(days=1))
    assert sorted(name for name, _ in told(telling.BEHIND)) == ["clerk", "secretary"]
