"""评家庭 step by step: rows, refusals, what the database itself refuses."""

import datetime as dt

import pytest

from accounts.services import NotYours, Refused
from evaluations import scoring
from evaluations.announcing import announcement
from evaluations.models import (
    Entry,
    RatingRound,
    RoundStep,
    Scheme,
    SelfAssessment,
)
from evaluations.rules.rounds import Act, Stage
from evaluations.services import entries, rounds
from evaluations.services.entries import Deed
from households.models import Household
from notices import services as notices
from notices.models import PublicNotice, Way
from notices.rules import check_content
from representatives.services import ActedMeanwhile
from tests.appraisals.appraising import filed
from tests.cast import Cast, at
from tests.days import this_year, today, tomorrow
from tests.evaluations import stage
from tests.evaluations.stage import COMPLIANT, IMPROVING, MODEL, praise, scold, take
from tests.rolls import Rolls, changes


def test_a_round_begins_once_under_the_edition_in_force(
    cast: Cast, rolls: Rolls, round_: RatingRound, scheme: Scheme
) -> None:
    assert (round_.at, round_.scheme) == (Stage.RECORD, scheme)
    assert round_.first_day <= today() <= round_.last_day
    with pytest.raises(Refused, match="已经启动"):
        stage.begun(cast, rolls, scheme)


def test_a_round_of_days_to_come_cannot_begin(
    cast: Cast, rolls: Rolls, scheme: Scheme
) -> None:
    with at(cast.clerk), pytest.raises(Refused, match="还没有到"):
        rounds.begin(
            village=rolls.village,
            scheme=scheme,
            number=4,
            on=dt.date(today().year, 9, 30),
            by=cast.clerk,
        )


def test_an_item_is_written_for_many_households_at_once(
    cast: Cast, rolls: Rolls, round_: RatingRound
) -> None:
    homes = rolls.held_by("李红英")
    made = stage.write(round_, homes, stage.VOLUNTEERING, cast.clerk)
    assert len(made) == len(homes) == 6
    assert {(one.points, one.entered_by_id) for one in made} == {
        (2, cast.clerk.user_id)
    }
    assert changes(made[0], "insert"), "in the history"


def test_points_out_of_range_a_wrong_day_and_missing_evidence_are_refused(
    cast: Cast, rolls: Rolls, round_: RatingRound
) -> None:
    homes = rolls.held_by("李红英")[:1]
    breach, penalty = "违反公约条款，有记录", "家庭成员受到行政处罚"
    before = round_.first_day - dt.timedelta(days=1)
    for words, more, sentence in (
        (breach, {"points": -6}, "−5 至 −2"),
        (penalty, {"said": " "}, "写明依据"),
        (stage.MESS, {"on": before}, "不在里面"),
        (stage.MESS, {"on": tomorrow()}, "不能晚于今天"),
    ):
        with pytest.raises(Refused, match=sentence):
            stage.write(round_, homes, words, cast.clerk, **more)
    with pytest.raises(Refused, match="至少勾选一户"):
        stage.write(round_, [], stage.MESS, cast.clerk)
    assert not Entry.objects.exists()


def test_an_item_of_another_edition_is_refused(
    cast: Cast, rolls: Rolls, round_: RatingRound
) -> None:
    other = stage.item(round_, stage.MESS)
    other.category.scheme_id += 1
    deed = Deed(other, -1, today())
    with pytest.raises(Refused, match="不在这一期的方案"):
        entries.enter(
            round_=round_,
            households=rolls.held_by("李红英"),
            deed=deed,
            today=today(),
            by=cast.clerk,
        )


def test_an_entry_is_taken_back_with_a_reason_and_stays(
    cast: Cast, rolls: Rolls, round_: RatingRound
) -> None:
    home = rolls.held_by("李红英")[0]
    (entry,) = stage.write(round_, [home], stage.DONATION, cast.clerk)
    with pytest.raises(Refused, match="为什么撤回"):
        entries.withdraw(entry=entry, reason=" ", by=cast.clerk)
    entries.withdraw(entry=entry, reason="记错了户", by=cast.clerk)
    with pytest.raises(Refused, match="已经撤回"):
        entries.withdraw(entry=entry, reason="再撤", by=cast.clerk)
    entry.refresh_from_db()
    assert (entry.withdrawal, entry.withdrawn_by) == ("记错了户", cast.clerk.user)
    assert scoring.marks_by_household(round_) == {}


def test_a_household_may_assess_itself_and_gains_nothing_by_it(
    cast: Cast, rolls: Rolls, round_: RatingRound
) -> None:
    home = rolls.held_by("李红英")[0]
    for words in ("院子天天扫", "院子天天扫，修路出了力"):
        entries.assess(
            round_=round_, household=home, words=words, points=112, by=cast.clerk
        )
    assert SelfAssessment.objects.get().words == "院子天天扫，修路出了力"
    take(round_, Act.STRIKE, cast.clerk)
    assert stage.rating(round_, home).total == 100


def test_striking_writes_what_the_entries_came_to(
    cast: Cast, rolls: Rolls, round_: RatingRound
) -> None:
    good, bad, *_ = homes = rolls.held_by("张顺民")
    praise(round_, [good], cast.clerk)
    scold(round_, [bad], cast.clerk)
    take(round_, Act.STRIKE, cast.clerk)
    found = {one.household_id: one for one in round_.ratings.select_related("tier")}
    assert len(found) == 36
    assert [found[home.pk].tier.name for home in homes[:3]] == [
        MODEL,
        IMPROVING,
        COMPLIANT,
    ]
    top = found[good.pk]
    assert (top.total, top.plus, top.minus) == (111, 11, 0)
    [shown] = [
        row
        for row in scoring.struck_rows(round_, round_.scheme.edition())
        if row.household.pk == good.pk
    ]
    names = [part.name for part in round_.scheme.edition().categories]
    assert [name for name, _ in shown.parts] == names, "in the order of the edition"
    assert dict(shown.parts)["公益志愿"] == 26
    assert "遵纪守法" in found[bad.pk].mend
    assert RoundStep.objects.get().act == Act.STRIKE


def test_places_at_the_border_are_given_by_the_panel_within_the_quota(
    cast: Cast, rolls: Rolls, round_: RatingRound
) -> None:
    praise(round_, homes := rolls.held_by("张顺民")[:9], cast.clerk)
    take(round_, Act.STRIKE, cast.clerk)
    assert not round_.ratings.filter(tier__name=MODEL).exists(), "nine equals, 7 places"
    model = stage.tier(round_, MODEL).pk
    for home in homes[:7]:
        rounds.place(
            rating=stage.rating(round_, home),
            tier=model,
            reason="评议小组表决",
            version=round_.version,
            by=cast.clerk,
        )
    with pytest.raises(Refused, match="名额是 7 户，已经满了"):
        rounds.place(
            rating=stage.rating(round_, homes[7]),
            tier=model,
            reason="评议小组表决",
            version=round_.version,
            by=cast.clerk,
        )
    assert round_.ratings.filter(tier=model).count() == 7


def test_nobody_is_lifted_over_a_line_or_placed_without_a_reason(
    cast: Cast, rolls: Rolls, round_: RatingRound
) -> None:
    take(round_, Act.STRIKE, cast.clerk)
    row = stage.rating(round_, rolls.held_by("李红英")[0])
    asked = {"rating": row, "version": round_.version, "by": cast.clerk}
    with pytest.raises(Refused, match="不能评这个等次"):
        rounds.place(tier=stage.tier(round_, MODEL).pk, reason="表现好", **asked)
    with pytest.raises(Refused, match="为什么这样定"):
        rounds.place(tier=row.tier_id, reason="", **asked)


def test_households_of_an_outstanding_representative_win_a_tie(
    cast: Cast, rolls: Rolls, round_: RatingRound, monkeypatch: pytest.MonkeyPatch
) -> None:
    praise(round_, homes := rolls.held_by("张顺民")[:9], cast.clerk)
    chosen = frozenset(home.pk for home in homes[:7])
    monkeypatch.setattr(rounds, "preferred_in", lambda round_: chosen)
    take(round_, Act.STRIKE, cast.clerk)
    top = round_.ratings.filter(tier__name=MODEL)
    assert set(top.values_list("household", flat=True)) == chosen


def test_the_honoured_of_the_round_s_year_or_the_year_before_are_preferred(
    cast: Cast, rolls: Rolls, round_: RatingRound
) -> None:
    home = rolls.households["无联系甲"]
    home.head, home.group = "张顺民", rolls.groups[1]
    home.save()
    assert rounds.preferred_in(round_) == frozenset()

    filed(cast.secretary, cast.township_staff, "张顺民")

    for year, preferred in (
        (this_year(), {home.pk}),
        (this_year() + 1, {home.pk}),
        (this_year() + 2, set()),
    ):
        round_.year = year
        assert rounds.preferred_in(round_) == preferred


def test_a_round_runs_to_its_filing_and_says_who_did_what(
    cast: Cast, rolls: Rolls, round_: RatingRound
) -> None:
    praise(round_, rolls.held_by("李红英")[:2], cast.clerk)
    stage.to_notice(cast, round_)
    assert round_.confirmed_on == today()
    notice = stage.noticed(round_)
    notices.publish(notice=notice, by=cast.clerk, on=today())
    with at(cast.township_staff):
        with pytest.raises(Refused, match="期满才能备案"):
            take(round_, Act.FILE, cast.township_staff)
        after = notice.last_day + dt.timedelta(days=1)
        take(round_, Act.FILE, cast.township_staff, on=after)
    assert (round_.at, round_.filed_on) == (Stage.DONE, after)
    steps = RoundStep.objects.order_by("pk").values_list("act", "by__username")
    assert list(steps) == [
        ("strike", "clerk"),
        ("agree", "clerk"),
        ("confirm", "secretary"),
        ("file", "township_staff"),
    ]


def test_an_open_objection_blocks_the_filing(
    cast: Cast, rolls: Rolls, round_: RatingRound
) -> None:
    praise(round_, rolls.held_by("李红英")[:1], cast.clerk)
    stage.to_notice(cast, round_)
    notice = stage.noticed(round_)
    notices.publish(notice=notice, by=cast.clerk, on=today())
    objection = notices.record_objection(
        notice=notice,
        received_on=today(),
        way=Way.PHONE,
        words="这家没有出工",
        by=cast.clerk,
        on=today(),
    )
    after = notice.last_day + dt.timedelta(days=1)
    with pytest.raises(Refused, match="1 条异议没有处理"):
        take(round_, Act.FILE, cast.township_staff, on=after)
    with pytest.raises(Refused, match="先撤下公示"):
        take(round_, Act.REDO, cast.clerk)
    notices.settle_objection(
        objection=objection, outcome="查了记工单，确有出工", by=cast.clerk, on=today()
    )
    take(round_, Act.FILE, cast.township_staff, on=after)
    assert round_.at is Stage.DONE


def test_an_objection_that_was_right_takes_the_round_back_to_the_panel(
    cast: Cast, rolls: Rolls, round_: RatingRound
) -> None:
    praise(round_, rolls.held_by("李红英")[:1], cast.clerk)
    stage.to_notice(cast, round_)
    take(round_, Act.REDO, cast.clerk, "异议成立：没有出工")
    assert (round_.at, round_.confirmed_on) == (Stage.REVIEW, None)
    take(round_, Act.GIVE_BACK, cast.clerk, "撤回那一条再评")
    assert (round_.at, round_.ratings.count()) == (Stage.RECORD, 0)


@pytest.mark.parametrize("is_now", ["ended", "over", "draft"])
def test_what_was_rated_anew_is_put_on_view_anew(
    cast: Cast, rolls: Rolls, round_: RatingRound, is_now: str
) -> None:
    """Neither a notice that is over nor a draft speaks for the new result."""
    praise(round_, rolls.held_by("李红英")[:1], cast.clerk)
    stage.to_notice(cast, round_)
    first = stage.noticed(round_)
    after = first.last_day + dt.timedelta(days=1)
    if is_now != "draft":
        notices.publish(notice=first, by=cast.clerk, on=today())
    if is_now == "ended":
        notices.end_due(after)
    for act, by in (
        (Act.REDO, cast.clerk), (Act.AGREE, cast.clerk), (Act.CONFIRM, cast.secretary),
    ):  # fmt: skip
        take(round_, act, by, on=after)

    with pytest.raises(Refused, match="还没有公示"):
        take(round_, Act.FILE, cast.township_staff, on=after)
    assert PublicNotice.objects.filter(pk=first.pk).exists() is (is_now != "draft")
    again = stage.noticed(round_, first=after)
    assert again.follows == (None if is_now == "draft" else first)


def test_everybody_who_is_praised_stands_on_the_notice_of_a_large_community(
    cast: Cast, rolls: Rolls, round_: RatingRound
) -> None:
    one = rolls.held_by("李红英")[0]
    facts = {"group": one.group, "members": 3, "registered_on": one.registered_on}
    homes = Household.objects.bulk_create(
        Household(region_id=round_.region_id, head=f"户主{n}", **facts)
        for n in range(1600)
    )
    praise(round_, homes[:301], cast.clerk)
    stage.to_notice(cast, round_)
    content = announcement(round_)
    assert len(content.rows) == 301
    assert "301户" in content.paragraphs[0]
    assert not check_content(content)


def test_a_round_with_nobody_to_praise_needs_no_notice(
    cast: Cast, round_: RatingRound
) -> None:
    stage.to_notice(cast, round_)
    take(round_, Act.FILE, cast.township_staff)
    assert round_.at is Stage.DONE


def test_of_two_who_step_at_once_the_second_is_told(
    cast: Cast, round_: RatingRound
) -> None:
    seen = round_.version
    take(round_, Act.STRIKE, cast.clerk)
    with pytest.raises(ActedMeanwhile, match="现在到“小组评议”"):
        rounds.step(
            round_=round_,
            act=Act.STRIKE,
            words="",
            version=seen,
            on=today(),
            by=cast.clerk,
        )


def test_a_step_of_another_post_is_refused(cast: Cast, round_: RatingRound) -> None:
    take(round_, Act.STRIKE, cast.clerk)
    take(round_, Act.AGREE, cast.clerk)
    with pytest.raises(NotYours, match="您的职务不能"):
        take(round_, Act.CONFIRM, cast.clerk)


def test_the_last_grade_is_told_in_private_and_stands_on_no_notice(
    cast: Cast, rolls: Rolls, round_: RatingRound
) -> None:
    good, bad = rolls.held_by("李红英")[:2]
    praise(round_, [good], cast.clerk)
    scold(round_, [bad], cast.clerk)
    take(round_, Act.STRIKE, cast.clerk)
    low = stage.rating(round_, bad)
    with pytest.raises(Refused, match="确认以后再告知"):
        rounds.tell(rating=low, mend="清理柴堆", on=today(), by=cast.clerk)
    take(round_, Act.AGREE, cast.clerk)
    take(round_, Act.CONFIRM, cast.secretary)
    rounds.tell(rating=low, mend="清理柴堆", on=today(), by=cast.clerk)
    low.refresh_from_db()
    assert (low.told_on, low.told_by) == (today(), cast.clerk.user)
    with pytest.raises(Refused, match="只有最后一等"):
        rounds.tell(
            rating=stage.rating(round_, good), mend="无", on=today(), by=cast.clerk
        )
    shown = announcement(round_)
    assert [row[1] for row in shown.rows] == [good.head]
    assert bad.head not in "".join(text for _, text in shown.places())
