"""Who stands in a by-election: entering, correcting and taking off, before the vote."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from accounts.services import Refused
from representatives.candidacy import findings_of
from representatives.models import ByElection, Candidate, Representative
from representatives.rules import blocking
from representatives.rules.by_elections import Stage
from representatives.services.by_elections import locked
from representatives.services.voting import current_count

OPEN = (Stage.PLAN, Stage.REVIEW, Stage.VOTE)
TWICE = "这个人已经登记为候选人了。"


@transaction.atomic
def add_candidate(
    *,
    by_election: ByElection,
    person: Mapping[str, Any],
    on: dt.date,
    former: Representative | None = None,
) -> Candidate:
    """Enter a candidate; `person` holds the fields of `Candidate`.

    Raises Refused if the person may not stand (L07–L09), stands already, or the vote
    has begun.
    """
    now = _before_the_vote(by_election)
    row = Candidate(region_id=now.region_id, by_election=now, former=former, **person)
    _refuse_unfit(row, now, on)
    _save(row)
    return row


@transaction.atomic
def edit_candidate(
    *, candidate: Candidate, person: Mapping[str, Any], on: dt.date
) -> None:
    """Correct a candidate. Raises Refused as `add_candidate` does."""
    now = _before_the_vote(candidate.by_election)
    for name, value in person.items():
        setattr(candidate, name, value)
    _refuse_unfit(candidate, now, on)
    _save(candidate)


@transaction.atomic
def drop_candidate(*, candidate: Candidate) -> None:
    """Take a candidate off. Raises Refused once somebody has voted on the person."""
    _before_the_vote(candidate.by_election)
    if candidate.votes.exists():
        raise Refused(
            f"{candidate}已经参加过投票，不能去掉；不再参选的，下一轮记 0 票。"
        )
    candidate.delete()


def _before_the_vote(by_election: ByElection) -> ByElection:
    now = locked(by_election, by_election.version)
    if now.at not in OPEN:
        raise Refused("推选结果已经登记，候选人不能再改。")
    if current_count(now).tied:
        raise Refused("票数相等要重新投票，候选人只能是票数相等的几位，不能再改。")
    return now


def _refuse_unfit(row: Candidate, now: ByElection, on: dt.date) -> None:
    day = now.meets_on or on
    if found := blocking(findings_of(row, day)):
        raise Refused("".join(f"{one.problem}{one.remedy}" for one in found))


def _save(row: Candidate) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as twice:
        raise Refused(TWICE) from twice
