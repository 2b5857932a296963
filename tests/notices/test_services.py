"""Notices by their services: on view, over, taken down; objections in time and settled."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest

from accounts.editing import EditedMeanwhile
from accounts.models import Post
from accounts.services import Refused
from inbox.models import Message
from notices import services, tasks, telling
from notices.models import Objection, PublicNotice, State, Way
from notices.rules import Content, Kind
from notices.services import Terms
from regions.models import Region
from tests.cast import TOWNSHIP, VILLAGE, Cast, at, everywhere
from tests.days import in_days, today, tomorrow
from tests.rolls import changes

CONTENT = Content("补选结果公示", "长冲口村村民委员会", ("现予公示。",))


def terms(first: int = 0, last: int = 4, **given: Any) -> Terms:
    """Return terms by days from today."""
    days = dt.timedelta
    held: dict[str, Any] = {"contact_name": "申主任", "contact_phone": "0739-2721234"}
    return Terms(today() + days(first), today() + days(last), **held | given)


def drafted(content: Content = CONTENT, on: int = 0, **given: Any) -> PublicNotice:
    """Draft a notice of our village in the scope that is open."""
    return services.draft(
        region=Region.objects.get(pk=VILLAGE),
        kind=Kind.BY_ELECTION,
        content=content,
        terms=terms(**given),
        on=in_days(on),
    )


def published(cast: Cast, first: int = 0, last: int = 4) -> PublicNotice:
    """Put a notice on view as of its first day."""
    with at(cast.clerk):
        notice = drafted(on=first, first=first, last=last)
        services.publish(notice=notice, by=cast.clerk, on=in_days(first))
        return notice


def test_a_notice_goes_on_view_with_who_and_when(cast: Cast) -> None:
    notice = published(cast)
    with at(cast.clerk):
        row = PublicNotice.objects.get(pk=notice.pk)
        assert row.state == State.PUBLISHED
        assert row.published_by == cast.clerk.user
        assert len(row.token) == 32
        assert changes(row)[0].after["state"] == "published"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"contact_name": "申主任13800138000"}, "受理人和受理地点"),
        ({"contact_place": "兴和路12号"}, "受理人和受理地点"),
        ({"last": 1, "least": 3}, "至少要 3 天"),
        ({"first": -1}, "不能早于今天"),
        ({"content": Content("公示", "村委会", ("电话13800138000",))}, "电话号码"),
    ],
)
def test_L38_what_may_not_be_said_is_refused_and_not_kept(
    cast: Cast, given: dict[str, Any], words: str
) -> None:
    with at(cast.clerk):
        with pytest.raises(Refused, match=words):
            drafted(**given)
        assert not PublicNotice.objects.exists()


def test_what_is_on_view_is_not_changed_any_more(cast: Cast) -> None:
    notice = published(cast)
    with at(cast.clerk), pytest.raises(Refused, match="不能改"):
        services.edit(
            notice=notice, content=CONTENT, terms=terms(), version=1, on=today()
        )
    with at(cast.clerk), pytest.raises(Refused, match="已经发布过"):
        services.publish(notice=notice, by=cast.clerk, on=today())


def test_of_two_who_edit_a_draft_the_second_is_told(cast: Cast) -> None:
    with at(cast.clerk):
        notice = drafted()
        services.edit(
            notice=notice, content=CONTENT, terms=terms(last=5), version=1, on=today()
        )
        with pytest.raises(EditedMeanwhile):
            services.edit(
                notice=notice,
                content=CONTENT,
                terms=terms(last=6),
                version=1,
                on=today(),
            )


def test_a_draft_whose_first_day_has_passed_is_not_published(cast: Cast) -> None:
    with at(cast.clerk):
        notice = drafted()
        with pytest.raises(Refused, match="不能早于今天"):
            services.publish(notice=notice, by=cast.clerk, on=tomorrow())


def test_a_notice_is_taken_down_with_a_reason_once(cast: Cast) -> None:
    notice = published(cast)
    with at(cast.clerk):
        with pytest.raises(Refused, match="写明为什么"):
            services.withdraw(notice=notice, by=cast.clerk, reason=" ", on=today())
        services.withdraw(notice=notice, by=cast.clerk, reason="票数写错", on=today())
        with pytest.raises(Refused, match="公示中的才能"):
            services.withdraw(notice=notice, by=cast.clerk, reason="票数", on=today())
        assert changes(notice)[0].after["withdrawal"] == "票数写错"


@pytest.mark.parametrize("night_has_been", [False, True])
def test_what_is_over_is_neither_taken_down_nor_said_to_be(
    cast: Cast, *, night_has_been: bool
) -> None:
    notice = published(cast, -8, -1)
    with at(cast.clerk):
        if night_has_been:
            services.end_due(today())
            notice.refresh_from_db()
        with pytest.raises(Refused, match="已经期满结束，不用撤下"):
            services.withdraw(notice=notice, by=cast.clerk, reason="写错", on=today())
        with pytest.raises(Refused, match="结果已经公示期满") as refused:
            redrafted(notice)
    assert "撤下" not in str(refused.value)


def test_the_night_ends_what_is_over_and_nothing_else_twice_or_once(cast: Cast) -> None:
    over, stands = published(cast, -8, -1), published(cast, -1, 0)
    with everywhere():
        jobs = tasks.ask_to_end()
        assert jobs == tasks.ask_to_end() == 25
        assert services.end_due(today()) == 1
        assert services.end_due(today()) == 0
        states = {
            one.pk: PublicNotice.objects.get(pk=one.pk).state for one in (over, stands)
        }
        assert states == {over.pk: State.ENDED, stands.pk: State.PUBLISHED}
        assert Region.objects.get(pk=TOWNSHIP)


def objection(
    cast: Cast, notice: PublicNotice, days: int = 0, **given: Any
) -> Objection:
    """Enter an objection that came `days` from today."""
    return services.record_objection(
        notice=notice,
        received_on=in_days(days),
        way=Way.PHONE,
        words="年龄不够",
        by=cast.clerk,
        on=today(),
        **given,
    )


@pytest.mark.parametrize(("days", "words"), [(1, "不能晚于今天"), (-9, "不在公示期内")])
def test_an_objection_counts_in_its_time_only(
    cast: Cast, days: int, words: str
) -> None:
    notice = published(cast, -8, 2)
    with at(cast.clerk), pytest.raises(Refused, match=words):
        objection(cast, notice, days)


def test_an_objection_of_the_last_day_may_be_entered_later(cast: Cast) -> None:
    notice = published(cast, -8, -1)
    with at(cast.clerk):
        services.end_due(today())
        made = objection(cast, notice, -1, who="张国平")
        assert str(Objection.objects.get(pk=made.pk).who) == "张*平"
        assert changes(made, "insert")


def told(post: Post, notice: PublicNotice) -> int:
    """Return of how many objections to a notice somebody was told."""
    with at(post):
        mine = Message.objects.to(post.user).filter(kind=telling.OBJECTED)
        return mine.filter(url=notice.get_absolute_url()).count()


def test_an_objection_is_told_once_to_the_village_and_its_township(cast: Cast) -> None:
    notice = published(cast, -8, 2)
    with at(cast.clerk):
        made = objection(cast, notice)
        assert telling.tell_of_objection(made, on=today(), by=cast.clerk) == 0
    assert (told(cast.secretary, notice), told(cast.township_staff, notice)) == (1, 1)
    for stranger in (cast.clerk, cast.sibling_secretary, cast.other_staff):
        assert told(stranger, notice) == 0
    with at(cast.clerk):
        objection(cast, notice)
    assert (told(cast.secretary, notice), told(cast.township_staff, notice)) == (2, 2)


def test_nothing_is_held_against_a_draft(cast: Cast) -> None:
    with at(cast.clerk), pytest.raises(Refused, match="没有发布"):
        objection(cast, drafted())


def test_an_objection_is_settled_once_with_words(cast: Cast) -> None:
    notice = published(cast)
    with at(cast.clerk):
        made = objection(cast, notice)
        with pytest.raises(Refused, match="写明处理结果"):
            services.settle_objection(
                objection=made, outcome="", by=cast.clerk, on=today()
            )
        services.settle_objection(
            objection=made, outcome="核对户口簿，年龄够。", by=cast.clerk, on=today()
        )
        with pytest.raises(Refused, match="已经处理过"):
            services.settle_objection(
                objection=made, outcome="再处理一次", by=cast.clerk, on=today()
            )
        assert changes(made)[0].after["settled_on"] == today().isoformat()


@dataclass
class Put:
    """Something that is put on view."""

    notice: PublicNotice | None
    region: Region

    def get_absolute_url(self) -> str:
        return "/by-elections/1/"


def redrafted(held: PublicNotice | None, title: str = "再公示") -> PublicNotice:
    """Write the notice of something once more."""
    return services.redraft(
        Put(held, Region.objects.get(pk=VILLAGE)),
        kind=Kind.BY_ELECTION,
        content=Content(title, "长冲口村村民委员会", ("现予公示。",)),
        terms=terms(),
        on=today(),
    )


def test_a_draft_is_changed_and_one_taken_down_is_followed(cast: Cast) -> None:
    with at(cast.clerk):
        first = redrafted(None)
        changed = redrafted(first, "改过的公示")
        assert (changed.pk, changed.title) == (first.pk, "改过的公示")
        services.publish(notice=changed, by=cast.clerk, on=today())
        with pytest.raises(Refused, match="结果已经公示过"):
            redrafted(changed)
        services.withdraw(notice=changed, by=cast.clerk, reason="写错", on=today())
        again = redrafted(changed)
        assert (again.follows, again.state) == (changed, State.DRAFT)
        assert again.pk != first.pk
