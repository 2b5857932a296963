"""From the result to the mandate: the public notice, then the filing with the township."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import Post
from accounts.services import Refused
from notices import services as notices
from notices.models import PublicNotice, State
from notices.rules import Content, Kind
from notices.services import Terms
from representatives.models import (
    ByElection,
    Candidate,
    CommitteeTerm,
    Mandate,
    Mode,
    Vacancy,
)
from representatives.rules import Notice, blocking, check_notice, mandate_until
from representatives.rules.by_elections import Act, Stage
from representatives.services.by_elections import locked, save_step, stepped
from representatives.services.people import (
    edit_representative,
    enrol,
    give_seat,
    said,
)
from representatives.services.voting import current_count

OF_A_PERSON = (
    "name", "sex", "nation", "birth_year", "id_number", "id_index", "phone",
    "phone_index", "education", "politics", "group", "offices", "draws_allowance",
)  # fmt: skip
"""What a candidate brings along into the roll."""


@dataclass(frozen=True)
class Filled:
    """A seat that a by-election filled: the vacancy, who was elected, the mandate."""

    vacancy: Vacancy
    candidate: Candidate
    mandate: Mandate


@transaction.atomic
def draft_notice(
    *,
    by_election: ByElection,
    content: Content,
    terms: Terms,
    version: int,
    on: dt.date,
) -> PublicNotice:
    """Write the notice of the result; it is put on view from its own page.

    A draft that is there is replaced in its words and days. Raises Refused before there
    is a result, while a notice is on view, and for what a notice may not say.
    """
    now = locked(by_election, version)
    if now.at is not Stage.NOTICE:
        raise Refused(f"现在是“{now.at.label}”阶段，还不能公示。")
    made = notices.redraft(
        now, kind=Kind.BY_ELECTION, content=content, terms=terms, on=on
    )
    save_step(now, notice=made)
    return made


@transaction.atomic
def file_result(
    *,
    by_election: ByElection,
    archive_number: str,
    version: int,
    on: dt.date,
    by: Post,
) -> list[Filled]:
    """Begin the mandates of those elected on the day `on`, to the end of the term (L06).

    What becomes of the households is `households.services.file_by_election`, which
    calls this. Raises Refused while the notice is not over or an objection is open
    (L14), without a term, for a vote of the term before, and if a seat or a person has
    been taken meanwhile (L08).
    """
    now = stepped(by_election, Act.FILE, version)
    _refuse_unnoticed(now, on)
    until = mandate_until(_term(now, on).ends_on)
    vacancies = now.vacancies.select_related("seat").order_by("seat__number")
    elected = current_count(now).elected
    filled = [
        _fill(vacancy, candidate, now, on=on, until=until)
        for vacancy, candidate in zip(vacancies, elected, strict=False)
    ]
    save_step(now, filed_on=on, filed_by=by.user, archive_number=archive_number)
    return filled


def _refuse_unnoticed(now: ByElection, on: dt.date) -> None:
    held = now.notice
    on_view = held and held.state in (State.PUBLISHED, State.ENDED)
    notice = (
        Notice(
            held.first_day,
            held.last_day,
            held.objections.filter(settled_on=None).count(),
        )
        if held and on_view
        else None
    )
    if found := blocking(check_notice(notice, on, _voted_on(now) or on)):
        raise Refused("".join(f"{one.problem}{one.remedy}" for one in found))


def _term(now: ByElection, on: dt.date) -> CommitteeTerm:
    terms = CommitteeTerm.objects.filter(
        region_id=now.region_id, started_on__lte=on, ends_on__gte=on
    )
    found = terms.first()
    if found is None:
        raise Refused("还没有录入本届村（居）委会届期，任期算不出来。请先录入届期。")
    voted_on = _voted_on(now)
    if voted_on and voted_on < found.started_on:
        raise Refused(
            f"推选是 {voted_on} 开的会，选的是上一届的代表，那一届已经到期。"
            "这件补选请作废，空着的席位随新一届推选。"
        )
    return found


def _voted_on(now: ByElection) -> dt.date | None:
    """Return the day of the last vote that stands."""
    last = now.rounds.filter(set_aside_on=None).order_by("-number").first()
    return last.held_on if last else None


def _fill(
    vacancy: Vacancy,
    candidate: Candidate,
    now: ByElection,
    *,
    on: dt.date,
    until: dt.date,
) -> Filled:
    if vacancy.seat.mandates.unended().exists():
        raise Refused(
            f"{vacancy.seat}已经有人在任，这件补选不能备案。请作废它；"
            "还空着的席位，另外启动补选。"
        )
    given: dict[str, Any] = {
        "seat": vacancy.seat,
        "mode": Mode(now.mode),
        "started_on": on,
        "until": until,
        "is_by_election": True,
    }
    person = {name: getattr(candidate, name) for name in OF_A_PERSON}
    mandate = (
        _again(candidate, person, given)
        if candidate.former
        else enrol(person=person, **given)
    )
    vacancy.mandate = mandate
    vacancy.save(update_fields=["mandate"])
    return Filled(vacancy, candidate, mandate)


def _again(
    candidate: Candidate, person: Mapping[str, Any], given: Mapping[str, Any]
) -> Mandate:
    """Give a seat to somebody who served before; the roll takes what is new of him."""
    former = candidate.former
    changes = said(person)
    edit_representative(representative=former, changes=changes, version=former.version)
    return give_seat(representative=former, **given)
