"""By-elections of 魏家桥镇, one at each stage, taken there by the services themselves.

Relative to the day of loading: a late vacancy that nobody has taken up, a plan on the
township's desk, a vote to come, a notice on view with an objection, one to be filed,
one that is done.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Post
from households.services import file_by_election, leave_office
from notices import services as notices
from notices.models import Way
from notices.services import Terms
from regions.codes import township_of
from regions.models import Region
from regions.scoping import scope
from reports.demo.people import Person
from representatives import services
from representatives.announcing import announcement
from representatives.by_elections import Course, notice_days
from representatives.models import (
    ByElection,
    Candidate,
    CommitteeTerm,
    Mandate,
    MandateEnd,
    NominatedBy,
    Representative,
    VoterKind,
)
from representatives.services import Plan, Sheet, VacancyFacts, sealed_identity

OWN = 430582113219
STAGES = ("late", "review", "vote", "notice", "filing", "done")
CAUSES = (
    (MandateEnd.DEATH, "死亡证明"),
    (MandateEnd.MOVED, "户口迁出记录"),
    (MandateEnd.JOB, "到外地务工的说明"),
    (MandateEnd.RESIGNED, "书面辞职，村委会已接受"),
)
ENTITLED = 42


@dataclass(frozen=True)
class Desk:
    """Who acts, and the day of loading."""

    post: Post
    today: dt.date

    def ago(self, days: int) -> dt.date:
        """Return a day before loading."""
        return self.today - dt.timedelta(days=days)


def hold(post: Post, people: list[Person], today: dt.date) -> int:
    """Hold the by-elections that are missing; return how many are there then.

    `people` stand in them, two in each. A township that has by-elections is left alone.
    """
    desk = Desk(post, today)
    with scope(post.scope(request="load_demo")), transaction.atomic():
        if ByElection.objects.exists():
            return 0
        leave(desk, vacated(OWN), CAUSES[0], 18)
        for number, (stage, village) in enumerate(
            zip(STAGES, villages(), strict=False)
        ):
            mandate = vacated(village.code)
            leave(desk, mandate, CAUSES[number % 4], 86 if stage == "late" else 45)
            pair = people[2 * number : 2 * number + 2]
            take(desk, mandate, stage, pair)
        return ByElection.objects.count()


def villages() -> list[Region]:
    """Return the villages in which one leaves: those of the township, but for our own."""
    rows = Region.objects.current().villages().filter(parent_id=township_of(OWN))
    with_term = CommitteeTerm.objects.values("region_id")
    return list(rows.filter(code__in=with_term).exclude(code=OWN).order_by("code"))


def vacated(village: int) -> Mandate:
    """Return the mandate of a village that ends; never one of somebody with an account."""
    held = Mandate.objects.unended().filter(
        region_id=village, representative__user=None
    )
    return held.select_related("representative", "seat__constituency").order_by("pk")[3]


def leave(desk: Desk, mandate: Mandate, why: tuple[MandateEnd, str], days: int) -> None:
    """End a mandate some days ago; its households are taken over by the next in the roll."""
    others = Representative.objects.filter(
        region_id=mandate.region_id, mandates__ended_on=None
    ).exclude(pk=mandate.representative_id)
    heir = others.order_by("pk")[0]
    homes = mandate.representative.links.filter(ended_on=None)
    kept = list(homes.values_list("household_id", flat=True))[2:]
    leave_office(
        mandate=mandate,
        on=max(desk.ago(days), mandate.started_on),
        cause=why[0],
        evidence=why[1],
        heirs=dict.fromkeys(kept, heir),
        by=desk.post,
    )


def take(desk: Desk, mandate: Mandate, stage: str, pair: list[Person]) -> None:
    """Take a seat's by-election to a stage."""
    if stage == "late":
        return
    row = started(desk, mandate)
    met = desk.ago(-6) if stage in ("review", "vote") else desk.ago(9)
    services.submit_plan(
        by_election=row,
        plan=Plan(met, "村部会议室", "村委会主任", VoterKind.HOUSEHOLDS, ENTITLED),
        version=row.version,
        on=desk.ago(20),
    )
    if stage == "review":
        return
    row = fresh(row)
    services.review(
        by_election=row, approve=True, words="同意按方案推选", version=row.version,
        on=desk.ago(18), by=desk.post,
    )  # fmt: skip
    rows = [stand(desk, fresh(row), person) for person in pair]
    if stage == "vote":
        return
    elect(desk, fresh(row), rows)
    notice(desk, fresh(row), over=stage != "notice")
    if stage == "done":
        finish(desk, fresh(row))


def fresh(row: ByElection) -> ByElection:
    """Return a by-election as it is now."""
    rows = ByElection.objects.select_related(
        "constituency__group", "notice", "region__parent"
    )
    return rows.get(pk=row.pk)


def started(desk: Desk, mandate: Mandate) -> ByElection:
    """Start the by-election for the seat that a mandate left."""
    ended = Mandate.objects.get(pk=mandate.pk)
    facts = VacancyFacts(
        seat=mandate.seat,
        cause=ended.end_cause,
        since=ended.ended_on or desk.today,
        evidence=ended.end_evidence,
        former=mandate.representative,
    )
    return services.start(
        constituency=mandate.seat.constituency,
        vacancies=[facts],
        on=desk.ago(22),
        by=desk.post,
    )


def stand(desk: Desk, row: ByElection, person: Person) -> Candidate:
    """Let somebody stand; a woman is a party member and a paid ranger."""
    given = {
        "name": person.name,
        "sex": "f" if person.is_woman else "m",
        "nation": "汉族",
        "birth_year": person.born.year,
        "education": "senior",
        "politics": "member" if person.is_woman else "masses",
        "group": row.constituency.group,
        "offices": ["护林员"] if person.is_woman else [],
        "draws_allowance": person.is_woman,
        "nominated_by": NominatedBy.HOUSEHOLDS,
        "has_rights": True,
        "on_committee": False,
    }
    sealed = sealed_identity(id_number=person.id_number, phone=person.phone)
    return services.add_candidate(
        by_election=row, person=given | sealed, on=desk.ago(15)
    )


def elect(desk: Desk, row: ByElection, rows: list[Candidate]) -> None:
    """Hold the vote nine days ago: 36 of 42 came, the first has 27 votes."""
    first, second = rows
    services.record_round(
        by_election=row,
        sheet=Sheet(
            held_on=desk.ago(9),
            entitled=ENTITLED,
            present=36,
            issued=36,
            returned=36,
            invalid=1,
            votes={first.pk: (27, 6, 2), second.pk: (8, 25, 2)},
            tellers="监票人尹德生，计票人刘秋云",
        ),
        version=row.version,
        on=desk.ago(9),
        by=desk.post,
    )


def notice(desk: Desk, row: ByElection, *, over: bool) -> None:
    """Put the result on view, over by now or not; one that is not has an objection."""
    first = desk.ago(8 if over else 1)
    least, basis = notice_days(first)
    terms = Terms(
        first, first + dt.timedelta(days=4), "村务监督委员会申主任", "0739-2721234",
        "村部一楼", least, basis,
    )  # fmt: skip
    made = services.draft_notice(
        by_election=row,
        content=announcement(Course(row, first)),
        terms=terms,
        version=row.version,
        on=first,
    )
    notices.publish(notice=made, by=desk.post, on=first)
    if not over:
        notices.record_objection(
            notice=made,
            received_on=first,
            way=Way.PHONE,
            who="张国平",
            words="问推选会有没有通知在外务工的户。",
            by=desk.post,
            on=desk.today,
        )


def finish(desk: Desk, row: ByElection) -> None:
    """File a by-election three days ago; the new one takes the seat's households back."""
    [vacancy] = row.vacancies.select_related("former")
    [winner] = row.candidates.filter(is_elected=True)
    links = vacancy.former.links.filter(household__status="living")
    homes = links.values_list("household_id", flat=True)
    file_by_election(
        by_election=row,
        heirs=dict.fromkeys(homes, winner.pk),
        archive_number="村补选-2026-03",
        version=row.version,
        on=desk.ago(3),
        by=desk.post,
    )
