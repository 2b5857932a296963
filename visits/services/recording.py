"""Recording visits, correcting and withdrawing them."""

import dataclasses
import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.db import transaction
from django.utils import timezone

from accounts.models import Post, User
from accounts.services import Refused
from households.models import ContactLink, Household
from representatives.models import Representative
from visits import rules
from visits.facts import policies
from visits.models import HandedVisit, Satisfaction, Visit, Way
from visits.services.enclosing import carry_over
from visits.services.flags import flag_before, settle


@dataclass(frozen=True)
class Content:
    """What a visit says, as the phone or the form has it."""

    household: int
    visited_on: dt.date
    way: str = Way.DOOR
    has_matter: bool = False
    topics: tuple[str, ...] = ()
    words: str = ""
    answer: str = ""
    satisfaction: str = ""
    for_village: bool = False
    marks: tuple[str, ...] = ()

    @classmethod
    def of(cls, said: Visit | HandedVisit) -> Self:
        """Return what a visit says that is kept already; ValueError of no household."""
        if said.household_id is None:
            raise ValueError("A visit is one of a household.")
        return cls(
            household=said.household_id,
            visited_on=said.visited_on,
            way=said.way,
            has_matter=said.has_matter,
            topics=tuple(said.topics),
            words=said.words,
            answer=said.answered if isinstance(said, HandedVisit) else said.answer,
            satisfaction=said.satisfaction,
            for_village=said.for_village,
            marks=tuple(said.marks),
        )

    def telling(self, **said: Any) -> Self:
        """Return it with some of it said anew; kinds or words make it 有情况."""
        told = dataclasses.replace(self, **said)
        return dataclasses.replace(told, has_matter=bool(told.topics or told.words))

    def fingerprint(self) -> str:
        """Return a hash by which two sendings of the same content are known."""
        parts = [
            self.household,
            self.visited_on.isoformat(),
            self.way,
            self.has_matter,
            sorted(self.topics),
            self.words,
            self.answer,
            self.satisfaction,
            self.for_village,
            *sorted(self.marks),
        ]
        text = json.dumps(parts, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


class OtherContent(Exception):
    """A visit with this id is stored already, and says something else."""

    def __init__(self, stored: Visit) -> None:
        super().__init__(
            "同一条走访已经上传过，内容不一样。请重新记一条，或请村里更正。"
        )
        self.stored = stored


@transaction.atomic
def record(
    *, visit_id: uuid.UUID, content: Content, captured_at: dt.datetime, by: Post
) -> tuple[Visit, bool]:
    """Store a visit once; return it and whether it is new.

    Sending the same again returns what is stored; other content under the same id
    raises OtherContent. Raises Refused for a household nobody may visit on that day.
    """
    stored = Visit.objects.filter(pk=visit_id).first()
    if stored:
        return _same_again(stored, content), False
    household = Household.objects.filter(pk=content.household).first()
    if household is None:
        raise Refused("没有找到这一户，可能已经调整给别人联系，请交给村里处理。")
    now = timezone.now()
    link = _link_on(household, content.visited_on, timezone.localdate(now))
    flag_before(household.pk, content.visited_on)
    visit, created = Visit.objects.get_or_create(
        pk=visit_id,
        defaults={
            **_columns(household, link.representative, content),
            "entered_by": by.user,
            "on_behalf": by.narrowed_to != link.representative_id,
            "captured_at": captured_at,
            "received_at": now,
        },
    )
    if not created:
        return _same_again(visit, content), False
    settle([household.pk])
    return visit, True


@transaction.atomic
def correct(*, visit: Visit, content: Content, reason: str, by: Post) -> Visit:
    """Replace a visit by a new version; the old one stays, marked with the reason."""
    if content.household != visit.household_id:
        raise Refused("更正不能换成另一户，请撤回后重新记。")
    link = _link_on(visit.household, content.visited_on, timezone.localdate())
    _take_down(visit, reason, by.user)
    now = timezone.now()
    corrected = Visit.objects.create(
        pk=uuid.uuid4(),
        corrects=visit,
        entered_by=by.user,
        on_behalf=by.narrowed_to != link.representative_id,
        captured_at=now,
        received_at=now,
        **_columns(visit.household, link.representative, content),
    )
    settle([visit.household_id])
    carry_over(old=visit, new=corrected)
    return corrected


@transaction.atomic
def withdraw(*, visit: Visit, reason: str, by: User) -> None:
    """Withdraw a visit; it is kept, no longer counts, and makes nothing good."""
    _take_down(visit, reason, by)
    settle([visit.household_id])


def _take_down(visit: Visit, reason: str, by: User) -> None:
    """Mark a visit as no longer standing; refused without a reason, or a second time."""
    if not reason.strip():
        raise Refused("请写明原因。")
    gone = {
        "withdrawn_at": timezone.now(),
        "withdrawn_by": by,
        "withdrawal": reason.strip()[:200],
    }
    # By compare-and-swap: of two people who do it at once, one is told.
    if not Visit.objects.standing().filter(pk=visit.pk).update(**gone):
        raise Refused("这条走访已经撤回或更正过，请返回重新打开。")
    for name, value in gone.items():
        setattr(visit, name, value)


def _same_again(stored: Visit, content: Content) -> Visit:
    if stored.fingerprint != content.fingerprint():
        raise OtherContent(stored)
    return stored


def _link_on(household: Household, day: dt.date, today: dt.date) -> ContactLink:
    """Return the link in force on `day`; raise Refused with the rule's own words."""
    links = list(household.links.select_related("representative"))
    spans = [
        rules.Span(
            link.started_on, link.ended_on and link.ended_on - dt.timedelta(days=1)
        )
        for link in links
        if link.ended_on is None or link.ended_on > link.started_on
    ]
    if refusal := rules.visit_refusal(day, today, spans):
        raise Refused(refusal)
    return next(
        link
        for link in links
        if link.started_on <= day and (link.ended_on is None or day < link.ended_on)
    )


def _columns(
    household: Household, representative: Representative, content: Content
) -> dict[str, object]:
    if content.satisfaction and content.satisfaction not in Satisfaction.values:
        raise Refused("“满意吗”只能是满意、一般或不满。")
    return {
        "region_id": household.region_id,
        "household": household,
        "representative": representative,
        "visited_on": content.visited_on,
        "way": content.way,
        "counts": way_counts(household, content),
        "has_matter": content.has_matter,
        "topics": list(content.topics),
        "words": content.words[:500],
        "answer": content.answer[:300],
        "satisfaction": content.satisfaction,
        "for_village": content.for_village,
        "marks": list(content.marks),
        "fingerprint": content.fingerprint(),
    }


def way_counts(household: Household, content: Content) -> bool:
    """Return whether a visit of this kind counts under the policy of its day."""
    away: Iterable[rules.Span] = (
        [rules.Span(household.registered_on)] if household.is_away else []
    )
    contact = rules.Contact(content.visited_on, content.way)
    return bool(rules.counted_days([contact], policies(), tuple(away)))
