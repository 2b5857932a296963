"""Records that a phone could not store, handed to the village: taken up or declined."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Post, User
from accounts.services import Refused
from visits.models import HandedState, HandedVisit, Visit
from visits.services import Content, record
from visits.services.enclosing import carry_over


@dataclass(frozen=True)
class Handed:
    """What the phone hands over: the visit, the name it shows, why it was refused."""

    content: Content
    head: str
    refusal: str
    captured_at: dt.datetime


@transaction.atomic
def hand_over(
    *, visit_id: uuid.UUID, handed: Handed, by: Post
) -> tuple[HandedVisit, bool]:
    """Keep a refused record for the village; return it and whether it is new.

    Handing over again returns what is kept. Raises Refused for whoever is no
    representative: others can record for him.
    """
    if by.narrowed_to is None:
        raise Refused("只有代表能把记录交给村里；村里请直接代录。")
    kept = HandedVisit.objects.filter(pk=visit_id).first()
    if kept:
        return kept, False
    row = HandedVisit(pk=visit_id, **_columns(handed, by))
    try:
        _save(row, handed.content.household)
    except IntegrityError:
        # Not his to see, so the database is asked: it is no household of this village.
        # The record is kept all the same.
        _save(row, None)
    return row, True


def _save(row: HandedVisit, household: int | None) -> None:
    row.household_id = household
    with transaction.atomic():
        row.save(force_insert=True)


def _columns(handed: Handed, by: Post) -> dict[str, object]:
    content = handed.content
    return {
        "region_id": by.region_id,
        "head": handed.head[:30],
        "representative_id": by.narrowed_to,
        "visited_on": content.visited_on,
        "way": content.way,
        "has_matter": content.has_matter,
        "topics": list(content.topics),
        "words": content.words[:500],
        "answered": content.answer[:300],
        "satisfaction": content.satisfaction,
        "for_village": content.for_village,
        "marks": list(content.marks),
        "refusal": handed.refusal[:200],
        "captured_at": handed.captured_at,
        "handed_at": timezone.now(),
        "handed_by": by.user,
    }


@transaction.atomic
def take_up(*, handed: HandedVisit, by: Post) -> Visit:
    """Record what was handed over for whoever looked after the household that day.

    Raises Refused when nobody did, or when the household is unknown here; it can then
    be declined with a word.
    """
    row = _waiting(handed)
    if row.household_id is None:
        raise Refused(
            f"本村名册上没有对得上的户（手机上写的是“{row.head}”）。"
            "请先核对名册，再请代表重新记；或者按“不收”并写明原因。"
        )
    visit, _ = record(
        visit_id=_free_id(row),
        content=Content.of(row),
        captured_at=row.captured_at,
        by=by,
    )
    carry_over(old=row, new=visit)
    _settle(row, HandedState.TAKEN, "", by.user)
    return visit


@transaction.atomic
def decline(*, handed: HandedVisit, answer: str, by: User) -> None:
    """Say why the village does not take a record up; it stays readable."""
    row = _waiting(handed)
    if not answer.strip():
        raise Refused("请写明不收的原因，代表在手机上能看到。")
    _settle(row, HandedState.DECLINED, answer.strip()[:200], by)


def _waiting(handed: HandedVisit) -> HandedVisit:
    """Return the row locked, so that two people cannot settle it both ways."""
    row = HandedVisit.objects.select_for_update().get(pk=handed.pk)
    if row.state != HandedState.WAITING:
        raise Refused("这条记录已经处理过，请返回重新打开。")
    return row


def _free_id(row: HandedVisit) -> uuid.UUID:
    """Return the phone's own id, or a new one if another visit is stored under it."""
    taken = Visit.objects.filter(pk=row.pk).exists()
    return uuid.uuid4() if taken else row.pk


def _settle(row: HandedVisit, state: HandedState, answer: str, by: User) -> None:
    row.state, row.answer = state, answer
    row.settled_at, row.settled_by = timezone.now(), by
    row.save(update_fields=["state", "answer", "settled_at", "settled_by"])
