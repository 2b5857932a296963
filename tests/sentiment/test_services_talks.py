"""恳谈会 noted once, corrected, taken back; its opinions become issues."""

import datetime as dt
from dataclasses import replace

import pytest

from accounts.editing import EditedMeanwhile
from accounts.services import Refused
from sentiment.models import Issue, MeetingDuty, Source, State, TalkMeeting
from sentiment.services import accept
from sentiment.services.talks import Opinion, OtherContent, amend, hold, withdraw
from tests.cast import Cast, at
from tests.days import today
from tests.rolls import Rolls, changes
from tests.sentiment.meetings import as_representative, new_id, talk_of


def test_sending_a_meeting_twice_keeps_it_and_its_opinions_once(
    cast: Cast, rolls: Rolls
) -> None:
    post, content = as_representative(cast.representative, rolls), talk_of(rolls)
    number = new_id()
    with at(post):
        first, is_new = hold(talk_id=number, content=content, by=post)
        again, is_new_again = hold(talk_id=number, content=content, by=post)

    assert (is_new, is_new_again, again) == (True, False, first)
    with at(cast.secretary):
        issue = Issue.objects.get(talk=first)
        assert (issue.source, issue.words) == (Source.TALK, "水管漏水")
        assert issue.representative == rolls.people["张顺民"]
        assert first.presences.count() == 3
        assert not first.on_behalf
        duty = MeetingDuty.objects.get(representative=rolls.people["张顺民"])
        assert duty.last_on == today()
        assert changes(first, "insert"), "the audit has no line"


def test_one_id_is_one_meeting(cast: Cast, rolls: Rolls) -> None:
    number = new_id()
    with at(cast.clerk):
        kept, _ = hold(talk_id=number, content=talk_of(rolls), by=cast.clerk)
        assert kept.on_behalf
        with pytest.raises(OtherContent, match="已经记过"):
            hold(talk_id=number, content=talk_of(rolls, place="别处"), by=cast.clerk)


def test_what_was_added_before_sending_again_is_never_dropped_in_silence(
    cast: Cast, rolls: Rolls
) -> None:
    number, content = new_id(), talk_of(rolls)
    more = (*content.opinions, Opinion(words="桥栏杆断了", topic="其他"))
    with at(cast.clerk):
        talk, _ = hold(talk_id=number, content=content, by=cast.clerk)
        for changed in (
            {"opinions": more},
            {"topics": "说的是别的事"},
            {"present": content.present[:1]},
        ):
            with pytest.raises(OtherContent, match="已经记过"):
                hold(
                    talk_id=number,
                    content=replace(content, **changed),  # type: ignore[arg-type]
                    by=cast.clerk,
                )
        amend(
            talk=talk,
            content=replace(content, topics="更正过", opinions=()),
            version=1,
            by=cast.clerk,
        )
        again = hold(talk_id=number, content=content, by=cast.clerk)
        assert again == (talk, False), "corrected since, and sent before"
        with pytest.raises(OtherContent):
            hold(
                talk_id=number,
                content=replace(content, opinions=more),
                by=cast.clerk,
            )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"held_on": dt.date(2100, 1, 1)}, "还没有到"),
        ({"held_on": dt.date(2001, 1, 1)}, "不在任"),
        ({"present": (), "others_present": 0}, "点一下来了的户"),
        ({"present": (987_654_321,)}, "不在本村名册"),
        ({"representative": 987_654_321}, "没有找到这位代表"),
    ],
)
def test_a_meeting_that_cannot_have_been_is_refused_in_words(
    cast: Cast, rolls: Rolls, changed: dict[str, object], words: str
) -> None:
    with at(cast.clerk), pytest.raises(Refused, match=words):
        hold(talk_id=new_id(), content=talk_of(rolls, **changed), by=cast.clerk)
    with at(cast.clerk):
        assert not TalkMeeting.objects.exists()


def test_a_correction_keeps_what_was_there_and_the_second_editor_is_told(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.clerk):
        talk, _ = hold(talk_id=new_id(), content=talk_of(rolls), by=cast.clerk)
        fewer = talk_of(
            rolls, place="3 组晒谷坪", present=(rolls.held_by("张顺民")[0].pk,)
        )
        amend(talk=talk, content=fewer, version=1, by=cast.clerk)
        assert talk.presences.count() == 1
        assert changes(talk)[0].before["place"] == "申家院子"
        assert talk.issues.count() == 2, "the opinion of the form is one more"
        with pytest.raises(EditedMeanwhile):
            amend(talk=talk, content=talk_of(rolls), version=1, by=cast.clerk)


def test_withdrawing_takes_untouched_opinions_along(cast: Cast, rolls: Rolls) -> None:
    with at(cast.clerk):
        talk, _ = hold(talk_id=new_id(), content=talk_of(rolls), by=cast.clerk)
        with pytest.raises(Refused, match="写明"):
            withdraw(talk=talk, reason=" ", by=cast.clerk)
        withdraw(talk=talk, reason="日期记错", by=cast.clerk)
        assert talk.issues.get().state == State.WITHDRAWN
        duty = MeetingDuty.objects.get(representative=talk.representative)
        assert duty.last_on is None
        with pytest.raises(Refused, match="已经撤回"):
            withdraw(talk=talk, reason="再撤", by=cast.clerk)


def test_a_meeting_whose_opinions_are_being_dealt_with_stays(
    cast: Cast, rolls: Rolls
) -> None:
    post = as_representative(cast.representative, rolls)
    with at(post):
        talk, _ = hold(talk_id=new_id(), content=talk_of(rolls), by=post)
        with pytest.raises(Refused, match="请村里"):
            withdraw(talk=talk, reason="记错", by=post)
    with at(cast.clerk):
        issue = talk.issues.get()
        accept(issue=issue, version=issue.version, on=today(), by=cast.clerk)
        with pytest.raises(Refused, match="已经在办"):
            withdraw(talk=talk, reason="记错", by=cast.clerk)


def test_an_opinion_of_a_household_elsewhere_is_refused(
    cast: Cast, rolls: Rolls
) -> None:
    """It would have become an issue of nobody's."""
    opinion = Opinion("水管漏水", "基础设施", 987_654_321)
    with at(cast.clerk):
        content = talk_of(rolls, opinions=(opinion,))
        with pytest.raises(Refused, match="不在本村名册"):
            hold(talk_id=new_id(), content=content, by=cast.clerk)
