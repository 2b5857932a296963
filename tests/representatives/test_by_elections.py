"""A by-election by its services: each step, its row and history, and what refuses it."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.services import Refused
from households.succession import seat_pairs
from notices import services as notices
from notices.models import PublicNotice, Way
from notices.services import Terms
from representatives import services
from representatives.by_elections import Course
from representatives.models import (
    ByElection,
    Candidate,
    CommitteeTerm,
    Mandate,
    MandateEnd,
    Mode,
    Representative,
    Round,
    Seat,
    SurveyConfirmation,
)
from representatives.rules import EndCause
from representatives.rules.by_elections import Stage
from representatives.services import ActedMeanwhile, VacancyFacts
from representatives.survey import survey_of
from tests.cast import Cast, at, everywhere
from tests.days import dated, days_ago, in_days, today
from tests.elections import (
    CONTENT,
    approved,
    elected,
    fresh,
    noticed,
    on_view,
    person,
    plan,
    stand,
    started,
    submitted,
    vote,
)
from tests.rolls import ID_NUMBERS, Rolls, changes, set_up_other


def file(cast: Cast, row: ByElection, **given: Any) -> list[services.Filled]:
    """File a by-election from the township's desk."""
    held = {"archive_number": "2026-12", "version": row.version, "on": today()}
    with at(cast.township_staff):
        return services.file_result(
            by_election=row, by=cast.township_staff, **held | given
        )


# --- start and plan -------------------------------------------------------------


def test_a_start_keeps_the_vacancy_with_its_proof_L10(cast: Cast, rolls: Rolls) -> None:
    row = started(cast, rolls)
    with at(cast.clerk):
        [vacancy] = row.vacancies.all()
        assert (row.stage, row.mode) == (Stage.PLAN, "households")
        assert vacancy.seat == rolls.seats[3, 2]
        assert vacancy.cause_label == "新设席位"
        assert changes(row, "insert")
        assert changes(vacancy, "insert")


@pytest.mark.parametrize(
    ("group", "seat", "evidence", "words"),
    [
        (3, 1, "死亡证明", "还有代表没有办离任"),
        (1, 1, "死亡证明", "不在这个推选单元"),
        (3, 2, " ", "请写明"),
    ],
)
def test_a_start_is_refused_for_a_seat_that_is_not_vacant_or_not_proved(
    cast: Cast, rolls: Rolls, group: int, seat: int, evidence: str, words: str
) -> None:
    with at(cast.clerk), pytest.raises(Refused, match=words):
        services.start(
            constituency=rolls.units[3],
            vacancies=[
                VacancyFacts(rolls.seats[group, seat], "", days_ago(9), evidence)
            ],
            on=today(),
            by=cast.clerk,
        )
    with at(cast.clerk):
        assert not ByElection.objects.exists()


def test_one_by_election_at_a_time_in_a_constituency(cast: Cast, rolls: Rolls) -> None:
    started(cast, rolls)
    with pytest.raises(Refused, match="已经在办补选"):
        started(cast, rolls)


def test_a_seat_is_not_abolished_while_it_is_being_filled(
    cast: Cast, rolls: Rolls
) -> None:
    row = started(cast, rolls)
    seat = rolls.seats[3, 2]
    with at(cast.clerk):
        with pytest.raises(Refused, match="正在补选"):
            services.close_seat(seat=seat, on=today())
        services.cancel(
            by_election=row, reason="不再设这一席", version=row.version, on=today()
        )
        services.close_seat(seat=seat, on=today())
        assert Seat.objects.get(pk=seat.pk).closed_on == today()


def test_a_plan_goes_to_the_township_and_may_come_back(
    cast: Cast, rolls: Rolls
) -> None:
    row = submitted(cast, rolls)
    assert row.at is Stage.REVIEW
    with at(cast.township_staff), pytest.raises(Refused, match="退回要写明"):
        services.review(
            by_election=row, approve=False, words=" ", version=row.version,
            on=today(), by=cast.township_staff,
        )  # fmt: skip
    with at(cast.township_staff):
        services.review(
            by_election=row, approve=False, words="应到人数不对", version=row.version,
            on=today(), by=cast.township_staff,
        )  # fmt: skip
        row = fresh(row)
        assert (row.at, row.review_words) == (Stage.PLAN, "应到人数不对")
        assert changes(row)[0].after["stage"] == "plan"


@pytest.mark.parametrize(
    ("given", "words"),
    [({"meets_on": lambda: days_ago(40)}, "不能早于今天"), ({"entitled": 0}, "应到")],
)
def test_a_plan_out_of_order_is_refused(
    cast: Cast, rolls: Rolls, given: dict[str, Any], words: str
) -> None:
    row = started(cast, rolls)
    with at(cast.clerk), pytest.raises(Refused, match=words):
        services.submit_plan(
            by_election=row,
            plan=plan(**dated(given)),
            version=row.version,
            on=days_ago(28),
        )


def test_who_opened_the_page_earlier_is_told_and_changes_nothing(
    cast: Cast, rolls: Rolls
) -> None:
    row = submitted(cast, rolls)
    with at(cast.clerk), pytest.raises(ActedMeanwhile, match="别人刚办过一步"):
        services.submit_plan(
            by_election=row, plan=plan(), version=row.version - 1, on=days_ago(28)
        )


# --- candidates -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"number": "", "birth_year": lambda: days_ago(10).year - 17}, "未满18周岁"),
        ({"number": "", "birth_year": None}, "出生日期没有登记"),
        ({"has_rights": False}, "未被剥夺政治权利"),
        ({"on_committee": True}, "委员会成员"),
    ],
)
def test_L07_L09_who_may_not_be_elected_may_not_stand(
    cast: Cast, rolls: Rolls, given: dict[str, Any], words: str
) -> None:
    row = approved(cast, rolls)
    with pytest.raises(Refused, match=words):
        stand(cast, row, **dated(given))
    with at(cast.clerk):
        assert not Candidate.objects.exists()


@pytest.mark.parametrize("elsewhere", [False, True])
def test_L08_who_serves_anywhere_in_the_city_is_refused_in_the_same_words(
    cast: Cast, rolls: Rolls, elsewhere: bool
) -> None:
    place = set_up_other() if elsewhere else rolls
    with everywhere():
        unit = place.units[1]
        [seat] = Seat.objects.bulk_create(
            [
                Seat(
                    region=place.village,
                    constituency=unit,
                    number=9,
                    opened_on=days_ago(99),
                )
            ]
        )
        holder = {
            k: v
            for k, v in person("别处人", ID_NUMBERS[3]).items()
            if k in ("name", "sex", "nation", "birth_year", "id_number", "id_index")
        }
        services.enrol(
            seat=seat, person=holder, mode=unit.mode, started_on=days_ago(90),
            until=rolls.term_ends_on,
        )  # fmt: skip
    row = approved(cast, rolls)
    with pytest.raises(Refused) as refused:
        stand(cast, row, name="别处人", number=ID_NUMBERS[3])
    assert str(refused.value) == services.SERVES_ALREADY


def test_the_same_person_stands_once(cast: Cast, rolls: Rolls) -> None:
    row = approved(cast, rolls)
    stand(cast, row)
    with pytest.raises(Refused, match="已经登记为候选人"):
        stand(cast, row, name="另一名字")


def test_a_candidate_may_be_taken_off_before_the_vote_only(
    cast: Cast, rolls: Rolls
) -> None:
    row = approved(cast, rolls)
    gone, stays = stand(cast, row), stand(cast, row, name="李四", number=ID_NUMBERS[1])
    with at(cast.clerk):
        services.drop_candidate(candidate=gone)
    row = vote(cast, row, {stays.pk: (10, 24, 0)})
    with at(cast.clerk), pytest.raises(Refused, match="已经参加过投票"):
        services.drop_candidate(candidate=Candidate.objects.get(pk=stays.pk))


# --- the vote ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "votes", "words"),
    [
        ({"returned": 37}, (30, 3, 3), r"收回票（37）多于发出票（36）"),
        ({"issued": 37}, (30, 3, 1), r"发出票（37）多于实到（36）"),
        ({"invalid": 36}, (0, 0, 0), r"无效票（36）多于收回票（35）"),
        ({}, (30, 3, 2), "不等于收回票35"),
        (
            {"present": 16, "issued": 16, "returned": 16, "invalid": 0},
            (16, 0, 0),
            r"不足2/3（至少27人），会议无效",
        ),
        ({"held_on": lambda: days_ago(9)}, (30, 3, 1), "不能晚于今天"),
        ({"held_on": lambda: days_ago(27)}, (30, 3, 1), "不能早于方案通过审核"),
    ],
)
def test_L11_L13_a_wrong_result_is_refused_in_words_and_not_kept(
    cast: Cast,
    rolls: Rolls,
    given: dict[str, Any],
    votes: tuple[int, int, int],
    words: str,
) -> None:
    row = approved(cast, rolls)
    candidate = stand(cast, row)
    with pytest.raises(Refused, match=words):
        vote(cast, row, {candidate.pk: votes}, **dated(given))
    with at(cast.clerk):
        assert not Round.objects.exists()
        assert fresh(row).at is Stage.VOTE


def test_L11_too_few_may_be_passed_with_a_written_reason_only(
    cast: Cast, rolls: Rolls
) -> None:
    row = approved(cast, rolls)
    candidate = stand(cast, row)
    few = {"present": 20, "issued": 20, "returned": 20, "invalid": 0}
    with pytest.raises(Refused, match="会议无效"):
        vote(cast, row, {candidate.pk: (15, 5, 0)}, quorum_reason="  ", **few)
    row = vote(
        cast,
        row,
        {candidate.pk: (15, 5, 0)},
        quorum_reason="连续大雨，已书面委托",
        **few,
    )
    with at(cast.clerk):
        assert row.at is Stage.NOTICE
        assert row.rounds.get().quorum_reason == "连续大雨，已书面委托"


def test_L12_who_has_more_than_half_of_those_present_is_elected(
    cast: Cast, rolls: Rolls
) -> None:
    row = approved(cast, rolls)
    first, second = (
        stand(cast, row),
        stand(cast, row, name="李四", number=ID_NUMBERS[1]),
    )
    row = vote(cast, row, {first.pk: (19, 15, 0), second.pk: (15, 19, 0)})
    with at(cast.clerk):
        assert row.at is Stage.NOTICE
        assert [one.name for one in row.candidates.filter(is_elected=True)] == [
            "申桂英"
        ]


def test_L12_half_is_not_enough_and_the_vote_goes_on(cast: Cast, rolls: Rolls) -> None:
    row = approved(cast, rolls)
    only = stand(cast, row)
    row = vote(cast, row, {only.pk: (18, 16, 0)})
    with at(cast.clerk):
        assert row.at is Stage.VOTE
        assert services.current_count(row).running == (only,)
    row = vote(cast, row, {only.pk: (20, 14, 0)})
    assert row.at is Stage.NOTICE


def test_L12_a_tie_is_voted_on_again_among_those_who_tie(
    cast: Cast, rolls: Rolls
) -> None:
    row = approved(cast, rolls)
    first, second = (
        stand(cast, row),
        stand(cast, row, name="李四", number=ID_NUMBERS[1]),
    )
    third = stand(cast, row, name="王五", number=ID_NUMBERS[2])
    tie = {
        first.pk: (20, 14, 0),
        second.pk: (20, 14, 0),
        third.pk: (1, 33, 0),
    }
    with pytest.raises(Refused, match="多于有效票34张乘名额1个"):
        vote(cast, row, tie)
    all_present = {"present": 40, "issued": 40, "returned": 40, "invalid": 0}
    # Of two seats both would be in; here nobody may vote for more than one.
    row = vote(
        cast,
        row,
        {first.pk: (20, 20, 0), second.pk: (20, 20, 0), third.pk: (0, 40, 0)},
        **all_present,
    )
    assert row.at is Stage.VOTE


def two_seats(cast: Cast, rolls: Rolls) -> ByElection:
    """Return an approved by-election for both seats of a constituency."""
    with at(cast.clerk):
        services.end_mandate(
            mandate=rolls.mandates["周静霞"], on=days_ago(60),
            cause=MandateEnd.DEATH, evidence="死亡证明", by=cast.clerk,
        )  # fmt: skip
        row = services.start(
            constituency=rolls.units[3],
            vacancies=[
                VacancyFacts(rolls.seats[3, n], "", days_ago(60), "死亡证明")
                for n in (1, 2)
            ],
            on=days_ago(30),
            by=cast.clerk,
        )
        services.submit_plan(
            by_election=row, plan=plan(), version=row.version, on=days_ago(28)
        )
    with at(cast.township_staff):
        now = fresh(row)
        services.review(
            by_election=now, approve=True, words="", version=now.version,
            on=days_ago(25), by=cast.township_staff,
        )  # fmt: skip
    with at(cast.clerk):
        return fresh(row)


def test_L12_a_tie_at_the_last_of_two_seats_makes_a_second_round(
    cast: Cast, rolls: Rolls
) -> None:
    row = two_seats(cast, rolls)
    people = [
        stand(cast, row, name=name, number=ID_NUMBERS[n])
        for n, name in enumerate(("甲一", "乙二", "丙三"))
    ]
    first, second, third = (one.pk for one in people)
    row = vote(cast, row, {first: (26, 8, 0), second: (20, 14, 0), third: (20, 14, 0)})
    with at(cast.clerk):
        count = services.current_count(row)
        assert row.at is Stage.VOTE
        assert [one.name for one in count.elected] == ["甲一"]
        assert [one.name for one in count.running] == ["乙二", "丙三"]
        assert (count.seats_left, count.tied) == (1, True)
    with pytest.raises(Refused, match="候选人只能是票数相等的几位"):
        stand(cast, row, name="丁四", number=ID_NUMBERS[3])
    row = vote(cast, row, {second: (21, 13, 0), third: (13, 21, 0)})
    with at(cast.clerk):
        names = {one.name for one in row.candidates.filter(is_elected=True)}
        assert (row.at, names) == (Stage.NOTICE, {"甲一", "乙二"})


def test_L13_the_database_refuses_more_ballots_back_than_out(
    cast: Cast, rolls: Rolls
) -> None:
    row = elected(cast, rolls)
    with at(cast.clerk), pytest.raises(IntegrityError), transaction.atomic():
        row.rounds.update(returned=37)


# --- notice and filing --------------------------------------------------------------


def test_L14_nobody_serves_before_the_notice_is_over(cast: Cast, rolls: Rolls) -> None:
    row = noticed(cast, rolls, first=2, last=0)
    with pytest.raises(Refused, match="不在公示截止日期"):
        file(cast, row)
    with at(cast.clerk):
        assert not Mandate.objects.filter(seat=rolls.seats[3, 2]).exists()


def test_L14_without_a_notice_there_is_no_filing(cast: Cast, rolls: Rolls) -> None:
    with pytest.raises(Refused, match="还没有公示"):
        file(cast, elected(cast, rolls))


def test_L14_an_open_objection_blocks_and_a_settled_one_does_not(
    cast: Cast, rolls: Rolls
) -> None:
    row = noticed(cast, rolls)
    with at(cast.clerk):
        objection = notices.record_objection(
            notice=row.notice, received_on=days_ago(6), way=Way.PHONE,
            words="年龄不够", by=cast.clerk, on=today(),
        )  # fmt: skip
    with pytest.raises(Refused, match="1条异议没有处理"):
        file(cast, row)
    with at(cast.clerk):
        notices.settle_objection(
            objection=objection,
            outcome="核对过户口簿，年龄够。",
            by=cast.clerk,
            on=today(),
        )
    assert len(file(cast, row)) == 1


def test_L06_the_mandate_lasts_to_the_end_of_the_term_and_no_longer(
    cast: Cast, rolls: Rolls
) -> None:
    row = noticed(cast, rolls)
    [filled] = file(cast, row)
    with at(cast.clerk):
        mandate = Mandate.objects.get(pk=filled.mandate.pk)
        row = fresh(row)
        assert mandate.is_by_election
        assert mandate.started_on == today()
        assert mandate.until == rolls.mandates["周静霞"].until
        assert mandate.representative.name == "申桂英"
        assert mandate.representative.offices == ["护林员"]
        assert (row.at, row.filed_on, row.archive_number) == (
            Stage.DONE,
            today(),
            "2026-12",
        )
        assert changes(mandate, "insert")


def test_L06_nobody_elected_for_the_old_term_serves_the_whole_next_one(
    cast: Cast, rolls: Rolls
) -> None:
    row = noticed(cast, rolls)
    with everywhere():
        CommitteeTerm.objects.filter(region=rolls.village).update(ends_on=days_ago(1))
        CommitteeTerm.objects.create(
            region=rolls.village, started_on=today(), ends_on=in_days(1800)
        )
    with pytest.raises(Refused, match="上一届"):
        file(cast, row)
    with at(cast.clerk):
        assert not Mandate.objects.filter(is_by_election=True).exists()


def test_without_a_term_there_is_no_filing(cast: Cast, rolls: Rolls) -> None:
    row = noticed(cast, rolls)
    with at(cast.clerk):
        CommitteeTerm.objects.all().delete()
    with pytest.raises(Refused, match="届期"):
        file(cast, row)


def test_a_seat_filled_by_hand_meanwhile_says_what_becomes_of_the_by_election(
    cast: Cast, rolls: Rolls
) -> None:
    row = noticed(cast, rolls)
    with at(cast.clerk):
        services.enrol(
            seat=rolls.seats[3, 2],
            person={"name": "彭德明", "birth_year": 1970},
            mode=Mode.HOUSEHOLDS,
            started_on=today(),
            until=rolls.term_ends_on,
        )
    with pytest.raises(Refused, match="请作废它"):
        file(cast, row)


def test_a_filing_twice_is_refused(cast: Cast, rolls: Rolls) -> None:
    row = noticed(cast, rolls)
    file(cast, row)
    with pytest.raises(ActedMeanwhile):
        file(cast, row)


def test_a_round_set_aside_gives_nobody_a_seat(cast: Cast, rolls: Rolls) -> None:
    """The seats go by the votes that stand, on the page as in the filing."""
    row = two_seats(cast, rolls)
    people = [
        stand(cast, row, name=name, number=ID_NUMBERS[n])
        for n, name in enumerate(("甲一", "乙二"))
    ]
    first, second = (one.pk for one in people)
    row = vote(cast, row, {first: (34, 0, 0), second: (20, 14, 0)})
    with at(cast.clerk):
        services.set_aside(
            by_election=row, reason="有人重复投票", version=row.version,
            on=days_ago(10), by=cast.clerk,
        )  # fmt: skip
        row = fresh(row)
    row = on_view(cast, vote(cast, row, {first: (20, 14, 0), second: (28, 6, 0)}))
    with at(cast.township_staff):
        pairs = seat_pairs(Course(row, today()))
        shown = [(one.seat.number, person.name) for one, person in pairs]
    filed = [(f.vacancy.seat.number, f.candidate.name) for f in file(cast, row)]
    assert shown == filed == [(1, "乙二"), (2, "甲一")]


def test_an_objection_that_is_right_sets_the_result_aside(
    cast: Cast, rolls: Rolls
) -> None:
    row = noticed(cast, rolls, first=2, last=0)
    with at(cast.clerk):
        services.set_aside(
            by_election=row, reason="有人重复投票", version=row.version,
            on=today(), by=cast.clerk,
        )  # fmt: skip
        now = fresh(row)
        assert now.at is Stage.VOTE
        assert row.notice.__class__.objects.get(pk=row.notice_id).state == "withdrawn"
        assert services.current_count(now).elected == ()
        assert not now.candidates.filter(is_elected=True).exists()


def test_a_notice_that_is_over_holds_up_neither_repeating_nor_calling_off(
    cast: Cast, rolls: Rolls
) -> None:
    """Nobody is told to take down what only waits for the night to end it."""
    row = noticed(cast, rolls, first=8, last=1)
    facts = {"reason": "有人重复投票", "on": today()}
    with at(cast.clerk), transaction.atomic():
        services.set_aside(by_election=row, version=row.version, by=cast.clerk, **facts)
        assert fresh(row).at is Stage.VOTE
        assert PublicNotice.objects.get(pk=row.notice_id).state == "published"
        transaction.set_rollback(True)
    with at(cast.clerk):
        services.cancel(by_election=row, version=row.version, **facts)
        assert fresh(row).at is Stage.VOID


def test_a_by_election_is_called_off_with_a_reason(cast: Cast, rolls: Rolls) -> None:
    row = submitted(cast, rolls)
    with at(cast.clerk), pytest.raises(Refused, match="写明原因"):
        services.cancel(by_election=row, reason=" ", version=row.version, on=today())
    with at(cast.clerk):
        services.cancel(
            by_election=row, reason="名额撤销", version=row.version, on=today()
        )
        assert fresh(row).at is Stage.VOID
    started(cast, rolls)


@pytest.mark.parametrize("how", ["set_aside", "cancel"])
def test_a_draft_of_a_void_result_is_nobody_s_to_publish(
    cast: Cast, rolls: Rolls, how: str
) -> None:
    row = elected(cast, rolls)
    held: dict[str, Any] = {"reason": "有人重复投票", "on": today()}
    if how == "set_aside":
        held["by"] = cast.clerk
    with at(cast.clerk):
        services.draft_notice(
            by_election=row, content=CONTENT,
            terms=Terms(today(), in_days(4), "申主任", "0739-2721234", least=3),
            version=row.version, on=today(),
        )  # fmt: skip
        row = fresh(row)
        getattr(services, how)(by_election=row, version=row.version, **held)
        assert fresh(row).notice is None
        assert not PublicNotice.objects.exists()


def test_who_served_before_is_taken_up_again_with_what_is_new(
    cast: Cast, rolls: Rolls
) -> None:
    row = approved(cast, rolls)
    with at(cast.clerk):
        services.end_mandate(
            mandate=rolls.mandates["申秋云"], on=days_ago(40),
            cause=MandateEnd.RESIGNED, evidence="书面辞职", by=cast.clerk,
        )  # fmt: skip
        candidate = services.add_candidate(
            by_election=fresh(row), person=person("申秋云"), on=days_ago(20),
            former=rolls.people["申秋云"],
        )  # fmt: skip
    row = vote(cast, row, {candidate.pk: (30, 4, 0)})
    with at(cast.clerk):
        notice = services.draft_notice(
            by_election=row, content=CONTENT, version=row.version, on=days_ago(8),
            terms=Terms(days_ago(8), days_ago(5), "申主任", "0739-2721234"),
        )  # fmt: skip
        notices.publish(notice=notice, by=cast.clerk, on=days_ago(8))
        row = fresh(row)
    [filled] = file(cast, row)
    with at(cast.clerk):
        assert filled.mandate.representative_id == rolls.people["申秋云"].pk
        known = Representative.objects.get(pk=rolls.people["申秋云"].pk)
        assert known.politics == "member"
        assert Representative.objects.filter(name="申秋云").count() == 1


# --- L19 and the survey ---------------------------------------------------------------


def test_L19_the_township_dismisses_nobody() -> None:
    causes = {*MandateEnd.values, *(cause.value for cause in EndCause)}
    assert causes == {
        "death", "moved", "job", "resigned", "recalled", "incapacity", "sentenced",
        "expired", "entry_error",
    }  # fmt: skip
    labels = "".join([*MandateEnd.labels, *(cause.label for cause in EndCause)])
    assert not any(word in labels for word in ("免职", "撤职", "镇", "乡", "解聘"))


def test_a_survey_is_confirmed_once_a_quarter_and_shows_what_changed_since(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.township_staff):
        before = survey_of(rolls.village, today())
        assert (
            services.confirm_survey(villages=before, on=today(), by=cast.township_staff)
            == 1
        )
        [seen] = survey_of(rolls.village, today())
        assert seen.is_confirmed
        assert (seen.seats, seen.filled, seen.vacant) == (5, 4, 1)
        services.end_mandate(
            mandate=rolls.mandates["周静霞"], on=today(), cause=MandateEnd.DEATH,
            evidence="死亡证明", by=cast.township_staff,
        )  # fmt: skip
        [seen] = survey_of(rolls.village, today())
        assert seen.differences == ("现有 4 → 3", "缺额 1 → 2")
        assert seen.causes == {"死亡": 1, "新设席位": 1}
        assert not seen.is_confirmed
        services.confirm_survey(villages=[seen], on=today(), by=cast.township_staff)
        row = SurveyConfirmation.objects.get()
        assert (row.vacant, row.causes) == (2, {"死亡": 1, "新设席位": 1})
        assert changes(row)
