"""The vote: each round is held against L11–L13, and a tie makes another one."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import Post
from accounts.services import Refused
from notices import services as notices
from representatives.counting import Count, count_of, rounds_of
from representatives.models import ByElection, Candidate, Round, Vote
from representatives.rules import (
    Ballots,
    Finding,
    Tally,
    Voters,
    blocking,
    check_ballots,
    check_turnout,
)
from representatives.rules.by_elections import Act, Stage
from representatives.services.by_elections import locked, save_step, stepped


@dataclass(frozen=True)
class Sheet:
    """结果报告单 of one round: numbers of people, of ballots, and each candidate's votes.

    `votes` has for, against and abstaining by the candidate's id.
    """

    held_on: dt.date
    entitled: int
    present: int
    issued: int
    returned: int
    invalid: int
    votes: Mapping[int, tuple[int, int, int]]
    quorum_reason: str = ""
    tellers: str = ""

    @property
    def ballots(self) -> Ballots:
        """The papers, as the rules see them."""
        return Ballots(
            self.entitled, self.present, self.issued, self.returned, self.invalid
        )

    def tallies(self, running: Sequence[Candidate]) -> list[Tally]:
        """Return the candidates' votes by name, for sentences that people read."""
        return [Tally(c.name, *self.votes.get(c.pk, (0, 0, 0))) for c in running]


def check_sheet(
    by_election: ByElection, sheet: Sheet, count: Count
) -> tuple[Finding, ...]:
    """Return what L11 and L13 say of a sheet."""
    voters = Voters(by_election.voters)
    return (
        *check_turnout(voters, sheet.entitled, sheet.present, sheet.held_on),
        *check_ballots(
            sheet.ballots,
            sheet.tallies(count.running),
            count.seats_left,
            sheet.held_on,
        ),
    )


@transaction.atomic
def record_round(
    *, by_election: ByElection, sheet: Sheet, version: int, on: dt.date, by: Post
) -> Count:
    """Enter a round and return where the votes stand.

    The by-election moves on to the notice once somebody is elected and no tie is left.
    Raises Refused in the words of the rules; too few people (L11) may be passed with a
    written reason.
    """
    now = locked(by_election, version)
    if now.at is not Stage.VOTE:
        raise Refused(f"现在是“{now.at.label}”阶段，不能登记推选结果。")
    count = current_count(now)
    _refuse_sheet(now, sheet, count, on)
    _write(now, sheet, count, by)
    count = current_count(now)
    elected = [candidate.pk for candidate in count.elected]
    Candidate.objects.filter(pk__in=elected).update(is_elected=True)
    if count.is_over:
        now = stepped(now, Act.ELECT, version)
    save_step(now)
    return count


def current_count(by_election: ByElection) -> Count:
    """Return where the votes of a by-election stand."""
    candidates = list(by_election.candidates.order_by("pk"))
    return count_of(by_election.vacancies.count(), candidates, rounds_of(by_election))


def _refuse_sheet(now: ByElection, sheet: Sheet, count: Count, on: dt.date) -> None:
    if sheet.held_on > on:
        raise Refused("投票日期不能晚于今天。")
    if now.reviewed_on and sheet.held_on < now.reviewed_on:
        raise Refused(f"投票日期不能早于方案通过审核的日期 {now.reviewed_on}。")
    if not count.running:
        raise Refused("还没有候选人，请先登记候选人。")
    if set(sheet.votes) != {candidate.pk for candidate in count.running}:
        raise Refused("候选人有变动，请返回重新打开后重新填写票数。")
    reasons = {"L11": sheet.quorum_reason}
    if found := blocking(check_sheet(now, sheet, count), reasons):
        raise Refused("".join(f"{one.problem}{one.remedy}" for one in found))


def _write(now: ByElection, sheet: Sheet, count: Count, by: Post) -> None:
    last = now.rounds.aggregate(last=Max("number"))["last"] or 0
    row = Round.objects.create(
        region_id=now.region_id,
        by_election=now,
        number=last + 1,
        held_on=sheet.held_on,
        entitled=sheet.entitled,
        present=sheet.present,
        issued=sheet.issued,
        returned=sheet.returned,
        invalid=sheet.invalid,
        seats=count.seats_left,
        quorum_reason=sheet.quorum_reason,
        tellers=sheet.tellers,
        recorded_by=by.user,
        recorded_at=timezone.now(),
    )
    Vote.objects.bulk_create(
        Vote(
            region_id=now.region_id,
            round=row,
            candidate=candidate,
            votes_for=sheet.votes[candidate.pk][0],
            votes_against=sheet.votes[candidate.pk][1],
            votes_abstaining=sheet.votes[candidate.pk][2],
        )
        for candidate in count.running
    )


@transaction.atomic
def set_aside(
    *, by_election: ByElection, reason: str, version: int, on: dt.date, by: Post
) -> None:
    """Declare the result void, because an objection was right: the vote is held anew.

    A notice on view is taken down. Raises Refused without a reason.
    """
    if not reason.strip():
        raise Refused("宣布结果无效要写明原因。")
    now = stepped(by_election, Act.REPEAT, version)
    if now.notice and now.notice.stands(on):
        notices.withdraw(notice=now.notice, by=by, reason=reason, on=on)
    now.rounds.filter(set_aside_on=None).update(set_aside_on=on)
    now.candidates.update(is_elected=False)
    held = now.notice
    save_step(now, notice=None, plan_note=_noted(now, reason))
    notices.discard(held)


def _noted(now: ByElection, reason: str) -> str:
    note = f"结果无效，重新推选：{reason}"
    return f"{now.plan_note}；{note}"[:300] if now.plan_note else note[:300]
