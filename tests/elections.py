"""A by-election of the stage in `tests.rolls`, taken as far as a test needs it.

3 组片 has two seats: 周静霞 holds the first, the second was never filled. Days lie in the
past, so that a notice may be over today.
"""

from typing import Any

from notices.rules import Content
from notices.services import Terms, publish
from representatives import services
from representatives.models import ByElection, Candidate, NominatedBy, VoterKind
from representatives.services import Plan, Sheet, VacancyFacts, sealed_identity
from tests.cast import Cast, at
from tests.days import days_ago
from tests.rolls import ID_NUMBERS, Rolls, long_ago

CONTENT = Content(
    "长冲口村村民代表补选结果公示",
    "长冲口村村民委员会",
    ("现将补选结果公示如下。",),
    ("姓名", "赞成票"),
    (("申桂英", "24"),),
)


def fresh(row: ByElection) -> ByElection:
    """Return the by-election as it is now."""
    rows = ByElection.objects.select_related(
        "constituency__group", "notice", "region__parent__parent"
    )
    return rows.get(pk=row.pk)


def started(cast: Cast, rolls: Rolls, group: int = 3, seat: int = 2) -> ByElection:
    """Start a by-election for a vacant seat, 30 days ago."""
    with at(cast.clerk):
        return services.start(
            constituency=rolls.units[group],
            vacancies=[
                VacancyFacts(
                    rolls.seats[group, seat], "", long_ago(), "村民会议增加名额的决定"
                )
            ],
            on=days_ago(30),
            by=cast.clerk,
        )


def plan(**given: Any) -> Plan:
    """Return a plan in order: 40 entitled, ten days ago."""
    held: dict[str, Any] = {
        "meets_on": days_ago(10),
        "place": "3 组刘桂英家屋场",
        "presider": "组长李国平",
        "voters": VoterKind.HOUSEHOLDS,
        "entitled": 40,
    }
    return Plan(**held | given)


def submitted(cast: Cast, rolls: Rolls, **where: int) -> ByElection:
    """Take a by-election to the township's desk."""
    row = started(cast, rolls, **where)
    with at(cast.clerk):
        services.submit_plan(
            by_election=row, plan=plan(), version=row.version, on=days_ago(28)
        )
        return fresh(row)


def approved(cast: Cast, rolls: Rolls, **where: int) -> ByElection:
    """Take a by-election to the vote."""
    row = submitted(cast, rolls, **where)
    with at(cast.township_staff):
        services.review(
            by_election=row,
            approve=True,
            words="",
            version=row.version,
            on=days_ago(25),
            by=cast.township_staff,
        )
        return fresh(row)


def person(
    name: str = "申桂英", number: str = ID_NUMBERS[0], **given: Any
) -> dict[str, Any]:
    """Return the columns of a candidate who may stand."""
    held = {
        "name": name,
        "sex": "f",
        "nation": "汉族",
        "birth_year": int(number[6:10]) if number else 1970,
        "education": "",
        "politics": "member",
        "group": None,
        "offices": ["护林员"],
        "draws_allowance": True,
        "nominated_by": NominatedBy.HOUSEHOLDS,
        "has_rights": True,
        "on_committee": False,
    }
    return held | sealed_identity(id_number=number, phone="13800002222") | given


def stand(cast: Cast, row: ByElection, **given: Any) -> Candidate:
    """Enter a candidate."""
    with at(cast.clerk):
        return services.add_candidate(
            by_election=fresh(row), person=person(**given), on=days_ago(20)
        )


def sheet(votes: dict[int, tuple[int, int, int]], **given: Any) -> Sheet:
    """Return a result sheet: 40 entitled, 36 present, 36 ballots out, 35 back, 1 invalid."""
    held: dict[str, Any] = {
        "held_on": days_ago(10),
        "entitled": 40,
        "present": 36,
        "issued": 36,
        "returned": 35,
        "invalid": 1,
        "votes": votes,
    }
    return Sheet(**held | given)


def vote(
    cast: Cast, row: ByElection, votes: dict[int, tuple[int, int, int]], **given: Any
) -> ByElection:
    """Enter a round."""
    with at(cast.clerk):
        now = fresh(row)
        services.record_round(
            by_election=now,
            sheet=sheet(votes, **given),
            version=now.version,
            on=days_ago(10),
            by=cast.clerk,
        )
        return fresh(row)


def elected(cast: Cast, rolls: Rolls, **where: int) -> ByElection:
    """Take a by-election to the notice: 申桂英 has 30 of 34 valid votes."""
    row = approved(cast, rolls, **where)
    candidate = stand(cast, row)
    return vote(cast, row, {candidate.pk: (30, 3, 1)})


def noticed(
    cast: Cast, rolls: Rolls, first: int = 8, last: int = 5, **where: int
) -> ByElection:
    """Take a by-election on view, from `first` to `last` days ago."""
    return on_view(cast, elected(cast, rolls, **where), first, last)


def on_view(cast: Cast, row: ByElection, first: int = 8, last: int = 5) -> ByElection:
    """Put the result of a vote on view, from `first` to `last` days ago."""
    with at(cast.clerk):
        notice = services.draft_notice(
            by_election=row,
            content=CONTENT,
            terms=Terms(
                days_ago(first), days_ago(last), "申主任", "0739-2721234", least=3
            ),
            version=row.version,
            on=days_ago(first),
        )
        publish(notice=notice, by=cast.clerk, on=days_ago(first))
        return fresh(row)
