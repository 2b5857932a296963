"""补选登记表 (ledger 6) on its way in: by-elections that were held on paper.

A row is somebody who is on the roll already: what comes in is how he was elected, as a
by-election that is filed. No mandate begins by it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from accounts.models import Post
from accounts.permissions import Permission
from regions.models import Region
from representatives.election_ledgers import ByElectionRegister
from representatives.importing import PlanningChecker
from representatives.models import (
    ByElection,
    Candidate,
    Mandate,
    MandateEnd,
    Round,
    Vacancy,
    Vote,
)
from representatives.rules import (
    Ballots,
    Tally,
    Voters,
    check_ballots,
    check_turnout,
    count_votes,
)
from representatives.rules.by_elections import Stage
from workbooks.declaration import Declaration
from workbooks.importing import Checked, Ledger, Verdict
from workbooks.ledger import Row, Table

NUMBERS = ("entitled", "present", "issued", "returned", "valid", "votes")
MORE: dict[str, dict[str, Any]] = {
    "township": {"titles": ("乡镇（街道）", "乡镇", "街道", "镇")},
    "village": {"titles": ("村（社区）", "村", "村名", "社区"), "required": True},
    "constituency": {"titles": ("推选单元", "推选小组", "选区")},
    "name": {"titles": ("姓名", "当选人"), "required": True},
    "former": {"titles": ("接替", "原代表")},
    "held_on": {
        "titles": ("推选日期", "补选时间", "推选时间"),
        "required": True,
        "past_only": True,
    },
    "entitled": {"titles": ("应到", "应到户数", "应到人数"), "required": True},
    "present": {"titles": ("实到", "实到户数", "实到人数"), "required": True},
    "issued": {"titles": ("发出票", "发票"), "required": True},
    "returned": {"titles": ("收回票", "收票"), "required": True},
    "valid": {"titles": ("有效票",), "required": True},
    "votes": {"titles": ("得票", "赞成票", "赞成"), "required": True},
    "notice": {"titles": ("公示起止", "公示时间"), "longest": 60},
    "filed_on": {"titles": ("备案日期", "备案时间"), "past_only": True},
    "archive": {"titles": ("档案号", "纸质档案号"), "longest": 40},
}
UNREAD = ("sex", "birth_year", "politics", "offices", "until")
CAUSES = {one.label: one.value for one in MandateEnd} | {"新设席位": ""}
ON_PAPER = "补选时到会不足三分之二，按纸质结果录入"
ONE_DAY = dt.timedelta(days=1)

DECLARATION = Declaration(
    title="代表补选登记表",
    columns=tuple(
        replace(column, **MORE.get(column.key, {}))
        for column in ByElectionRegister.columns
        if column.key not in UNREAD
    ),
    unique=(("township", "village", "name", "held_on"),),
    ignored=(
        "序号", "编号", "错误说明", "性别", "出生年份", "政治面貌", "兼任", "任期至",
    ),
    notes=(
        "一人一行。人和任职先在代表花名册里登记，这里补的是当时怎样选出来的。",
        "有效票里没有投赞成的，都记作反对。",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filled:
    """A row: how the holder of a mandate was elected."""

    mandate: Mandate
    before: Mandate | None
    row: Row

    @property
    def held_on(self) -> dt.date:
        """The day of the vote."""
        day = self.row.values["held_on"]
        assert isinstance(day, dt.date)  # noqa: S101 - a required date
        return day

    @property
    def filed_on(self) -> dt.date:
        """The day of the filing; where the row has none, the mandate's first."""
        day = self.row.values.get("filed_on")
        return day if isinstance(day, dt.date) else self.mandate.started_on

    @property
    def key(self) -> tuple[int, dt.date]:
        """What tells one by-election from another: the constituency and the day."""
        return self.mandate.seat.constituency_id, self.held_on

    def number(self, key: str) -> int:
        """Return one of the numbers of people or papers."""
        return int(str(self.row.values[key]))

    @property
    def ballots(self) -> Ballots:
        """The papers, as the rules see them."""
        entitled, present, issued, returned, valid, _ = map(self.number, NUMBERS)
        return Ballots(entitled, present, issued, returned, returned - valid)

    @property
    def tally(self) -> Tally:
        """The votes of the one who was elected."""
        votes = self.number("votes")
        return Tally(self.mandate.representative.name, votes, self.number("valid") - votes, 0)  # fmt: skip

    @property
    def since(self) -> dt.date:
        """From when the seat was vacant; of a new one the day of the vote."""
        before = self.before
        if before is None:
            return self.held_on
        return min(before.ended_on or before.until + ONE_DAY, self.held_on)

    @property
    def cause(self) -> str:
        """Why it was vacant: as the roll has it, else as the row says."""
        if self.before and self.before.end_cause:
            return str(self.before.end_cause)
        return CAUSES.get(str(self.row.values.get("cause") or ""), "")


class PastElectionChecker(PlanningChecker):
    """Verdicts: the person must hold or have held a seat, and the vote must be right."""

    labels = ("name",)

    def __init__(self, table: Table, on: dt.date) -> None:
        super().__init__(table, on)
        rows = Mandate.objects.exclude(end_cause=MandateEnd.ENTRY_ERROR)
        rows = rows.select_related("representative", "seat__constituency")
        self.mandates: dict[tuple[int, str], list[Mandate]] = defaultdict(list)
        self.of_seat: dict[int, list[Mandate]] = defaultdict(list)
        for mandate in rows.order_by("started_on", "pk"):
            self.mandates[mandate.region_id, mandate.representative.name].append(
                mandate
            )
            self.of_seat[mandate.seat_id].append(mandate)
        vacancies = Vacancy.objects.filter(mandate__isnull=False)
        self.known = set(vacancies.values_list("mandate", flat=True))
        self.elections = {
            (row.constituency_id, row.meets_on): row
            for row in ByElection.objects.filter(stage=Stage.DONE)
        }
        self.rounds = {
            row.by_election_id: row
            for row in Round.objects.filter(set_aside_on=None).order_by("-number")
        }

    def _plan(self, row: Row) -> Filled:
        mandate = self._mandate(row, self._village(row))
        if mandate is None:
            raise self._objection(
                row, "name", "no_mandate", "名册上没有这个人在推选日期以后开始的任职",
                "请核对姓名、推选单元和日期；还没上名册的先导入代表花名册",
            )  # fmt: skip
        before = [
            one
            for one in self.of_seat[mandate.seat_id]
            if one.started_on < mandate.started_on
        ]
        filled = Filled(mandate, before[-1] if before else None, row)
        self._check_numbers(filled)
        return filled

    def _compare(self, row: Row, plan: Filled) -> Verdict:
        if plan.mandate.pk in self.known:
            return Verdict.SAME
        self.known.add(plan.mandate.pk)
        return Verdict.NEW

    def _mandate(self, row: Row, village: Region) -> Mandate | None:
        """Return the first mandate of the person that began on the vote or after it."""
        unit = str(row.values.get("constituency") or "")
        for one in self.mandates[village.code, str(row.values["name"])]:
            is_there = unit in ("", one.seat.constituency.name)
            if is_there and one.started_on >= row.values["held_on"]:  # type: ignore[operator]
                return one
        return None

    def _check_numbers(self, filled: Filled) -> None:
        """Raise as Objection what L12 and L13 say against the numbers of a row."""
        ballots, on = filled.ballots, filled.held_on
        for problem in check_ballots(ballots, [filled.tally], 1, on):
            raise self._objection(
                filled.row,
                "returned",
                "ballots",
                problem.problem.rstrip("。"),
                problem.remedy.rstrip("。"),
            )
        outcome = count_votes([filled.tally], present=ballots.present, seats=1, on=on)
        if not outcome.elected:
            raise self._objection(
                filled.row, "votes", "not_elected", "得票没有超过到会人数的一半，不能当选",
                "请对照结果报告单核对得票和实到",
            )  # fmt: skip

    # --- writing --------------------------------------------------------------------

    def apply(self, rows: Sequence[Checked], *, on: dt.date, by: Post) -> None:
        """Store by-elections that are new, then who was elected, by how many votes."""
        filled: list[Filled] = [row.plan for row in rows]
        self._elections(filled, by)
        self._rounds(filled, by)
        people = Candidate.objects.bulk_create(
            _candidate(one, self.elections[one.key]) for one in filled
        )
        Vacancy.objects.bulk_create(
            _vacancy(one, self.elections[one.key]) for one in filled
        )
        Vote.objects.bulk_create(
            _vote(one, person, self.rounds[person.by_election_id])
            for one, person in zip(filled, people, strict=True)
        )
        Mandate.objects.filter(
            pk__in=[one.mandate.pk for one in filled], is_by_election=False
        ).update(is_by_election=True)

    def _elections(self, filled: Sequence[Filled], by: Post) -> None:
        new = {one.key: one for one in filled if one.key not in self.elections}
        made = ByElection.objects.bulk_create(
            _election(one, by) for one in new.values()
        )
        self.elections |= dict(zip(new, made, strict=True))

    def _rounds(self, filled: Sequence[Filled], by: Post) -> None:
        new = {self.elections[one.key].pk: one for one in filled}
        new = {pk: one for pk, one in new.items() if pk not in self.rounds}
        seats: dict[int, int] = defaultdict(int)
        for one in filled:
            seats[self.elections[one.key].pk] += 1
        made = Round.objects.bulk_create(
            _round(one, pk, seats[pk], by) for pk, one in new.items()
        )
        self.rounds |= dict(zip(new, made, strict=True))


def _election(one: Filled, by: Post) -> ByElection:
    values, unit = one.row.values, one.mandate.seat.constituency
    notice = str(values.get("notice") or "")
    return ByElection(
        region_id=one.mandate.region_id,
        constituency=unit,
        mode=unit.mode,
        stage=Stage.DONE,
        started_on=one.held_on,
        started_by=by.user,
        meets_on=one.held_on,
        entitled=one.number("entitled"),
        plan_note=f"纸质资料导入。{f'公示 {notice}。' if notice else ''}",
        filed_on=one.filed_on,
        filed_by=by.user,
        archive_number=str(values.get("archive") or ""),
    )


def _round(one: Filled, election: int, seats: int, by: Post) -> Round:
    ballots = one.ballots
    short = check_turnout(
        Voters.HOUSEHOLDS, ballots.entitled, ballots.present, one.held_on
    )
    return Round(
        region_id=one.mandate.region_id,
        by_election_id=election,
        number=1,
        held_on=one.held_on,
        entitled=ballots.entitled,
        present=ballots.present,
        issued=ballots.issued,
        returned=ballots.returned,
        invalid=ballots.invalid,
        seats=seats,
        quorum_reason=ON_PAPER if short else "",
        recorded_by=by.user,
        recorded_at=timezone.now(),
    )


def _candidate(one: Filled, election: ByElection) -> Candidate:
    person = one.mandate.representative
    same = ("name", "sex", "nation", "birth_year", "politics", "group_id", "offices")
    return Candidate(
        region_id=one.mandate.region_id,
        by_election=election,
        draws_allowance=person.draws_allowance,
        has_rights=True,
        is_elected=True,
        **{name: getattr(person, name) for name in same},
    )


def _vacancy(one: Filled, election: ByElection) -> Vacancy:
    archive = str(one.row.values.get("archive") or "")
    return Vacancy(
        region_id=one.mandate.region_id,
        by_election=election,
        seat=one.mandate.seat,
        cause=one.cause,
        since=one.since,
        evidence=f"纸质补选登记表{f'（{archive}）' if archive else ''}",
        former=one.before.representative if one.before else None,
        mandate=one.mandate,
    )


def _vote(one: Filled, person: Candidate, held: Round) -> Vote:
    tally = one.tally
    return Vote(
        region_id=one.mandate.region_id,
        round=held,
        candidate=person,
        votes_for=tally.votes_for,
        votes_against=tally.votes_against,
        votes_abstaining=0,
    )


class PastElectionImport(Ledger):
    """By-elections of the past, one row for each person who was elected."""

    kind = "by_elections"
    declaration = DECLARATION
    checker = PastElectionChecker
    permission = Permission.WORKBOOK_IMPORT
    note = "以前在纸上办的补选：一人一行，人要先在代表花名册里。"
