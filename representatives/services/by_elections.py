"""A by-election from the survey to the township's word on its plan, and calling it off."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol, Self

from django.db import IntegrityError, transaction

from accounts.editing import save_next
from accounts.models import Post
from accounts.services import Meanwhile, Refused
from notices import services as notices
from notices.models import State
from representatives.assembly import Place
from representatives.models import (
    ByElection,
    Constituency,
    Representative,
    Seat,
    Vacancy,
    VoterKind,
)
from representatives.rules.by_elections import Act, Stage, after, may


class Staged(Protocol):
    """A row that goes through steps; `at` is the one that has to be done now."""

    @property
    def at(self) -> Any:
        """The stage, which has a `label`."""


class ActedMeanwhile(Meanwhile):
    """Somebody else took a step since the page was opened; nothing was saved."""

    def __init__(self, now: Staged) -> None:
        super().__init__(
            f"别人刚办过一步，现在到“{now.at.label}”了，您的没有保存。请看清后再办。"
        )
        self.current = now


@dataclass(frozen=True)
class VacancyFacts:
    """Why a seat is vacant, since when, and what proves it (L10)."""

    seat: Seat
    cause: str
    since: dt.date
    evidence: str
    former: Representative | None = None

    @classmethod
    def of(cls, place: Place, evidence: str) -> Self:
        """Return the facts of a vacant seat as the rolls have them, with its proof."""
        last = place.last
        return cls(
            seat=place.seat,
            cause=last.end_cause if last else "",
            since=place.vacant_since or place.seat.opened_on,
            evidence=evidence,
            former=last.representative if last else None,
        )


@dataclass(frozen=True)
class Plan:
    """方案: when and where is voted, who presides, who is entitled."""

    meets_on: dt.date
    place: str
    presider: str
    voters: VoterKind
    entitled: int
    plan_note: str = ""


@transaction.atomic
def start(
    *,
    constituency: Constituency,
    vacancies: Sequence[VacancyFacts],
    on: dt.date,
    by: Post,
) -> ByElection:
    """Begin a by-election for vacant seats of one constituency.

    Raises Refused if a seat is held or abolished, one is running there already, or a
    vacancy has no evidence.
    """
    if not vacancies:
        raise Refused("请至少选一个空缺的席位。")
    for vacancy in vacancies:
        _refuse_seat(vacancy, constituency)
    try:
        with transaction.atomic():
            row = ByElection.objects.create(
                region_id=constituency.region_id,
                constituency=constituency,
                mode=constituency.mode,
                stage=after(Stage.SURVEY, Act.START),
                started_on=on,
                started_by=by.user,
            )
    except IntegrityError as running:
        raise Refused(f"{constituency}已经在办补选，请到“补选”里接着办。") from running
    Vacancy.objects.bulk_create(
        Vacancy(region_id=row.region_id, by_election=row, **vars(vacancy))
        for vacancy in vacancies
    )
    return row


def _refuse_seat(vacancy: VacancyFacts, constituency: Constituency) -> None:
    # Locked: whoever fills this seat by hand at this moment comes before or after.
    seat = Seat.objects.select_for_update(no_key=True).get(pk=vacancy.seat.pk)
    if seat.constituency_id != constituency.pk or seat.closed_on:
        raise Refused(f"{seat}不在这个推选单元，或者已经撤销。")
    if seat.mandates.unended().exists():
        raise Refused(f"{seat}上还有代表没有办离任，请先办离任。")
    if not vacancy.evidence.strip():
        raise Refused(f"请写明{seat}出缺的依据，例如死亡证明、户口迁出记录。")


@transaction.atomic
def submit_plan(
    *, by_election: ByElection, plan: Plan, version: int, on: dt.date
) -> None:
    """Send the plan to the township. Raises Refused, or ActedMeanwhile."""
    if plan.meets_on < on:
        raise Refused("推选日期不能早于今天。")
    if not plan.entitled:
        raise Refused("请填写应到多少人。")
    now = stepped(by_election, Act.SUBMIT, version)
    save_step(now, submitted_on=on, review_words="", **asdict(plan))


@transaction.atomic
def review(
    *,
    by_election: ByElection,
    approve: bool,
    words: str,
    version: int,
    on: dt.date,
    by: Post,
) -> None:
    """The township's word on a plan: approve it, or send it back with a reason."""
    if not approve and not words.strip():
        raise Refused("退回要写明哪里要改，村里才知道怎么办。")
    act = Act.APPROVE if approve else Act.RETURN
    now = stepped(by_election, act, version)
    save_step(now, reviewed_on=on, reviewed_by=by.user, review_words=words)


@transaction.atomic
def cancel(*, by_election: ByElection, reason: str, version: int, on: dt.date) -> None:
    """Call a by-election off; its seats stay vacant, the draft of its notice goes.

    Raises Refused without a reason, and while its notice is on view.
    """
    if not reason.strip():
        raise Refused("作废要写明原因。")
    now = stepped(by_election, Act.CANCEL, version)
    held = now.notice
    if held and held.stands(on):
        raise Refused("结果正在公示，请先撤下公示再作废。")
    kept = None if held and held.state == State.DRAFT else held
    save_step(now, cancelled_on=on, cancel_reason=reason, notice=kept)
    notices.discard(held)


def locked(by_election: ByElection, version: int) -> ByElection:
    """Return the by-election as it is now; of two who act at once the second waits.

    Raises ActedMeanwhile if it is not the one that the page was opened with.
    """
    rows = ByElection.objects.select_for_update(no_key=True, of=("self",))
    now = rows.select_related("constituency", "notice").get(pk=by_election.pk)
    if now.version != version:
        raise ActedMeanwhile(now)
    return now


def stepped(by_election: ByElection, act: Act, version: int) -> ByElection:
    """Return the by-election, locked, at the stage that `act` leads to; not saved yet.

    Raises Refused where the act cannot be done.
    """
    now = locked(by_election, version)
    if not may(now.at, act):
        raise Refused(f"现在是“{now.at.label}”阶段，不能办这一步。")
    now.stage = after(now.at, act)
    return now


def save_step(now: ByElection, **changes: Any) -> None:
    """Save a stage and what was learnt on the way to it."""
    save_next(now, stage=now.stage, **changes)
