"""An appraisal step by step: rows, audit, refusals; what the database holds besides."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.services import Refused
from appraisals import summary
from appraisals.board import Board
from appraisals.models import (
    Appraisal,
    AppraisalBallot,
    AppraisalPlan,
    AppraisalResult,
    AppraisalVote,
)
from appraisals.rules.appraisals import Ballot, Grade, Input, Part, Votes
from appraisals.rules.steps import Stage
from appraisals.services import appraisals as services
from appraisals.services import drafts, filing
from appraisals.services.appraisals import Judged, Meeting
from appraisals.services.plans import set_plan
from notices.models import PublicNotice
from notices.services import Terms
from representatives.models import Mandate
from representatives.services import ActedMeanwhile
from tests.appraisals.appraising import (
    BAD,
    BALLOT,
    FAIR,
    GOOD,
    begun,
    confirmed,
    convened,
    fresh,
    grades_of,
    new_year,
    noticed,
    submitted,
    voted,
)
from tests.cast import Cast, at
from tests.days import in_days, this_year, today
from tests.rolls import Rolls, changes, long_ago
from visits.rules import Cadence


def test_it_begins_with_everybody_who_serves_once_a_year(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.secretary):
        row = begun(cast.secretary)
        people = {one.representative.name for one in row.results.all()}
        assert people == {"张顺民", "李红英", "申秋云", "周静霞"}
        assert changes(row, "insert"), "the audit has no line"
        with pytest.raises(Refused, match="已经有了"):
            begun(cast.secretary)
        with pytest.raises(Refused, match="还没有到"):
            begun(cast.secretary, this_year() + 1)
        assert AppraisalPlan.objects.get(pk=row.plan_id).is_used


def test_a_village_without_representatives_is_told_so(cast: Cast) -> None:
    elsewhere = cast.sibling_secretary
    with at(elsewhere), pytest.raises(Refused, match="没有在任代表"):
        begun(elsewhere)


def test_the_draft_follows_the_roll_until_the_meeting(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        row = begun(cast.secretary)
        mandate = rolls.mandates["周静霞"]
        mandate.ended_on, mandate.end_cause = today(), "moved"
        mandate.save()
        assert drafts.relist(appraisal=row, version=row.version, on=today()) == 0
        names = row.results.values_list("representative__name", flat=True)
        assert "周静霞" not in names


def test_a_draft_that_was_begun_by_mistake_is_taken_back(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.secretary):
        wrong = begun(cast.secretary)
        drafts.discard(appraisal=wrong, version=wrong.version)
        assert not Appraisal.objects.exists()
        assert [line.user for line in changes(wrong, "delete")] == [
            cast.secretary.user_id
        ]
        row = convened(cast.secretary)
        with pytest.raises(Refused):
            drafts.discard(appraisal=row, version=row.version)
        assert Appraisal.objects.get() == row


def only_last_year(rolls: Rolls, *names: str) -> None:
    """Let these have left on New Year's Day, when all others began."""
    for name, mandate in rolls.mandates.items():
        mandate.started_on = new_year()
        if name in names:
            mandate.started_on -= dt.timedelta(days=90)
            mandate.ended_on, mandate.end_cause = new_year(), "moved"
        mandate.save()


def test_L35_a_past_years_roll_is_who_served_at_its_end(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.secretary):
        only_last_year(rolls, "周静霞")
        row = begun(cast.secretary, this_year() - 1)
        assert drafts.relist(appraisal=row, version=row.version, on=today()) == 0
        names = row.results.values_list("representative__name", flat=True)
        assert list(names) == ["周静霞"]
        standing = summary.standings_in(cast.secretary.region, this_year() - 1, today())
        assert [one.serving for one in standing.values()] == [1]


def test_the_meeting_needs_a_chair_and_days_of_the_year(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.secretary):
        row = begun(cast.secretary)

        def arrange(meeting: Meeting) -> None:
            services.arrange(
                appraisal=row,
                meeting=meeting,
                unrated={},
                version=row.version,
                on=today(),
            )

        with pytest.raises(Refused, match="村务监督委员会主持"):
            arrange(Meeting(today(), "村部", " ", today()))
        with pytest.raises(Refused, match="会议日期"):
            arrange(Meeting(dt.date(this_year() - 1, 5, 1), "村部", "申主任", today()))
        arrange(Meeting(today(), "村部", "申主任", today()))
        assert fresh(row).at is Stage.MEETING
        with pytest.raises(ActedMeanwhile, match="别人刚办过一步"):
            arrange(Meeting(today(), "村部", "申主任", today()))


@pytest.mark.parametrize(
    ("ballot", "votes", "words"),
    [
        (Ballot(12, 10, 11), Votes(11), "比发出的 10 张还多"),
        (Ballot(9, 10, 10), GOOD, "比到会的 9 人还多"),
        (BALLOT, Votes(9), "张顺民.*少 1 张"),
        (Ballot(0, 0, 0), Votes(), "收回票是 0"),
    ],
)
def test_tickets_that_do_not_add_up_are_refused_by_name(
    cast: Cast, rolls: Rolls, ballot: Ballot, votes: Votes, words: str
) -> None:
    with at(cast.clerk):
        row = convened(cast.clerk)
        given = {one.pk: votes for one in row.results.all()}
        with pytest.raises(Refused, match=words):
            services.enter_ballot(
                appraisal=row, body=Part.PEERS, ballot=ballot, votes=given,
                version=row.version, on=today(),
            )  # fmt: skip
        assert not AppraisalBallot.objects.exists()


def test_tickets_may_be_corrected_until_the_meeting_is_closed(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.clerk):
        row = voted(cast.clerk)
        given = {one.pk: FAIR for one in row.results.all()}
        services.enter_ballot(
            appraisal=row, body=Part.PEERS, ballot=BALLOT, votes=given,
            version=row.version, on=today(),
        )  # fmt: skip
        votes = AppraisalVote.objects.filter(ballot__body=Part.PEERS)
        assert {vote.votes for vote in votes} == {FAIR}
        row = fresh(row)
        with pytest.raises(Refused, match="会议记录"):
            services.submit(
                appraisal=row,
                minutes=" ",
                version=row.version,
                on=today(),
                by=cast.clerk,
            )
        services.submit(
            appraisal=row,
            minutes="记录",
            version=row.version,
            on=today(),
            by=cast.clerk,
        )
        row = fresh(row)
        with pytest.raises(Refused, match="村监委确认"):
            services.enter_self(appraisal=row, grades={}, version=row.version)
        with pytest.raises(IntegrityError, match="not changed"), transaction.atomic():
            votes.update(poor=3)


def test_invalid_lines_add_up_with_the_tickets_and_are_settled_with_them(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.clerk):
        row = submitted(cast.clerk, {"张顺民": Votes(7, 1, 0, 0, invalid=2)})
        assert row.at is Stage.CONFIRM
        cast_for = AppraisalVote.objects.filter(invalid=2)
        with pytest.raises(IntegrityError, match="not changed"), transaction.atomic():
            cast_for.update(invalid=1)


def test_the_meeting_cannot_be_closed_with_tickets_that_do_not_add_up(
    cast: Cast, rolls: Rolls
) -> None:
    """Whoever writes: the database counts them anew."""
    with at(cast.clerk):
        row = voted(cast.clerk)
        AppraisalVote.objects.filter(ballot__body=Part.PARTY).update(poor=1)
        with pytest.raises(IntegrityError, match="add up"), transaction.atomic():
            services.submit(
                appraisal=row,
                minutes="记录",
                version=row.version,
                on=today(),
                by=cast.clerk,
            )
        with pytest.raises(IntegrityError, match="no step"), transaction.atomic():
            Appraisal.objects.filter(pk=row.pk).update(stage=Stage.NOTICE)


def test_who_does_not_take_part_has_a_reason_and_no_grade(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.clerk):
        row = convened(cast.clerk, 周静霞="任职不满三个月")
        board = Board(row, today())
        assert len(board.rated) == 3
        assert [one.unrated for one in board.results if one.unrated] == [
            "任职不满三个月"
        ]


def test_L35_the_ratio_is_enforced_in_words(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        row = submitted(cast.secretary)
        assert Board(row, today()).limit == 1
        with pytest.raises(Refused, match="评了 2 名优秀，超过了比例：参评 4 人"):
            services.judge(
                appraisal=row,
                grades=grades_of(row, "张顺民", "李红英"),
                version=row.version,
                on=today(),
            )
        assert not AppraisalResult.objects.filter(grade=Grade.EXCELLENT).exists()


def test_L35_the_ratio_is_enforced_by_the_database(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        row = submitted(cast.secretary)
        two = list(row.results.values_list("pk", flat=True)[:2])
        with pytest.raises(IntegrityError, match="ratio"), transaction.atomic():
            AppraisalResult.objects.filter(pk__in=two).update(grade="excellent")
        AppraisalResult.objects.filter(pk=two[0]).update(grade="excellent")
        with pytest.raises(IntegrityError, match="ratio"), transaction.atomic():
            AppraisalResult.objects.filter(pk=two[1]).update(grade="excellent")


def test_nobody_is_graded_above_his_score(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        row = submitted(cast.secretary, {"周静霞": BAD})
        bad = row.results.get(representative__name="周静霞")
        with pytest.raises(
            Refused, match=r"周静霞：总评 45\.00 分，没有达到优秀的 85 分"
        ):
            services.judge(
                appraisal=row,
                grades={bad.pk: Judged(Grade.EXCELLENT)},
                version=row.version,
                on=today(),
            )


def test_confirming_freezes_every_figure_with_what_it_was_counted_from(
    cast: Cast, rolls: Rolls
) -> None:
    quarter = Cadence.QUARTER.period(long_ago() + dt.timedelta(days=92)).end
    until = min(today(), dt.date(quarter.year, 12, 31))
    with at(cast.secretary):
        row = submitted(cast.secretary, until=until)
        with pytest.raises(Refused, match="没有定等次"):
            services.confirm(
                appraisal=row, version=row.version, on=today(), by=cast.secretary
            )
    with at(cast.secretary):
        services.judge(
            appraisal=row, grades=grades_of(row), version=row.version, on=today()
        )
        live = {line.result.pk: line for line in Board(fresh(row), today()).lines}
        row = fresh(row)
        services.confirm(
            appraisal=row, version=row.version, on=today(), by=cast.secretary
        )
        row = fresh(row)
        kept = Board(row, today()).lines

        assert row.at is Stage.FILING
        assert row.confirmed_by == cast.secretary.user
        for line in kept:
            before = live[line.result.pk]
            assert (line.total, line.parts) == (before.total, before.parts)
            assert line.measured == before.measured
            rows = AppraisalResult.objects.get(pk=line.result.pk).rows
            assert len(rows.get("ordinary", [])) == line.measured[Input.ORDINARY].due
        assert kept[0].measured[Input.ORDINARY].due > 0
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            row.results.update(total=Decimal(99))
        left_out = row.results.order_by("pk")
        with pytest.raises(IntegrityError, match="settled"), transaction.atomic():
            left_out._raw_delete(left_out.db)


def test_where_nobody_is_excellent_there_is_nothing_to_put_on_view(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.secretary):
        assert confirmed(cast.secretary).at is Stage.FILING


def test_the_township_files_after_the_notice_and_nobody_else(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.secretary):
        row = noticed(cast.secretary, "张顺民")
        with pytest.raises(Refused, match="由乡镇"):
            filing.file(
                appraisal=row, version=row.version, on=in_days(5), by=cast.secretary
            )
    with at(cast.township_staff), pytest.raises(Refused, match="期满才能备案"):
        filing.file(
            appraisal=row, version=row.version, on=today(), by=cast.township_staff
        )
    with at(cast.township_staff):
        filing.file(
            appraisal=row, version=row.version, on=in_days(5), by=cast.township_staff
        )
        row = fresh(row)
        assert (row.at, row.filed_on) == (Stage.DONE, in_days(5))
        assert changes(row)[0].after["stage"] == "done"


def test_without_a_notice_the_excellent_are_not_filed(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        row = noticed(cast.secretary, "张顺民", publish=False)
    with at(cast.township_staff), pytest.raises(Refused, match="还没有公示"):
        filing.file(
            appraisal=row, version=row.version, on=in_days(5), by=cast.township_staff
        )


def allow_whole_township(cast: Cast, share: int) -> None:
    """Let so many of a hundred be 优秀 in a township, and never one more."""
    plan = {
        "year": this_year(), "effective_from": today(), "share": Decimal(50), "at_least": 0,
        "township_share": Decimal(share), "basis": "全镇从严",
    }  # fmt: skip
    with at(cast.city_lead):
        set_plan(given=plan, on=today(), by=cast.city_lead)


def test_L35_the_townships_ratio_is_held_when_filing(cast: Cast, rolls: Rolls) -> None:
    allow_whole_township(cast, 10)
    with at(cast.secretary):
        row = noticed(cast.secretary, "张顺民")
    with at(cast.township_staff):
        with pytest.raises(Refused, match="全镇的优秀代表会超过在任代表的 10%"):
            filing.file(
                appraisal=row,
                version=row.version,
                on=in_days(5),
                by=cast.township_staff,
            )
        assert fresh(row).at is Stage.NOTICE


def test_L35_a_filing_in_january_counts_who_served_at_the_years_end(
    cast: Cast, rolls: Rolls
) -> None:
    allow_whole_township(cast, 50)
    with at(cast.secretary):
        row = noticed(cast.secretary, "张顺民")
        after = new_year().replace(year=this_year() + 1)
        Mandate.objects.update(ended_on=after, end_cause="expired")
    with at(cast.township_staff):
        filing.file(
            appraisal=row,
            version=row.version,
            on=after + dt.timedelta(days=40),
            by=cast.township_staff,
        )
        assert fresh(row).at is Stage.DONE


def test_the_township_sends_back_with_a_reason(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        row = confirmed(cast.secretary)
    with at(cast.township_staff):
        with pytest.raises(Refused, match="写明原因"):
            services.reopen(
                appraisal=row,
                reason=" ",
                version=row.version,
                on=today(),
                by=cast.township_staff,
            )
        services.reopen(
            appraisal=row,
            reason="周静霞的票数不对",
            version=row.version,
            on=today(),
            by=cast.township_staff,
        )
    with at(cast.secretary):
        row = fresh(row)
        assert (row.at, row.confirmed_on) == (Stage.CONFIRM, None)
        services.recount(appraisal=row, version=row.version)
        assert fresh(row).at is Stage.MEETING


def test_a_notice_on_view_is_withdrawn_before_grades_change(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.secretary):
        row = noticed(cast.secretary, "张顺民")
        with pytest.raises(Refused, match="先撤下公示"):
            services.reopen(
                appraisal=row,
                reason="有人反映",
                version=row.version,
                on=today(),
                by=cast.secretary,
            )


def test_what_was_sent_back_after_its_notice_is_put_on_view_anew(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.secretary):
        row = noticed(cast.secretary, "张顺民")
        first = row.notice
    with at(cast.township_staff):
        services.reopen(
            appraisal=row,
            reason="请核对互评票",
            version=row.version,
            on=in_days(5),
            by=cast.township_staff,
        )
    with at(cast.secretary):
        row = fresh(row)
        services.confirm(
            appraisal=row, version=row.version, on=in_days(5), by=cast.secretary
        )
        row = fresh(row)
        assert (Board(row, in_days(5)).stage, row.notice) == (Stage.NOTICE, None)
        last = in_days(9)
        again = filing.draft_notice(
            appraisal=row,
            content=first.content,
            terms=Terms(in_days(5), last, "申主任", "0739-2721234", least=5),
            version=row.version,
            on=in_days(5),
        )
        assert again.follows == first


def test_a_draft_of_what_was_sent_back_is_nobody_s_to_publish(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.secretary):
        row = noticed(cast.secretary, "张顺民", publish=False)
        services.reopen(
            appraisal=row,
            reason="票数录错了",
            version=row.version,
            on=today(),
            by=cast.secretary,
        )
        assert not PublicNotice.objects.exists()
