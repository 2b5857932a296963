"""主题党日, and the 集中走访 of its afternoon entered in one go (domain 3.6)."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.editing import save_edit
from accounts.models import Post
from accounts.services import Refused
from households.models import Household
from sentiment.models import PartyDay, PartyDayVisit
from visits.models import Visit, Way
from visits.services import Content, record

NAMESPACE = uuid.UUID("6d0f7c1e-5a0b-5b63-9a43-430582113219")


@transaction.atomic
def hold(*, facts: Mapping[str, Any], by: Post) -> PartyDay:
    """Keep a party day of the village of `by`; a day has one."""
    if facts["held_on"] > timezone.localdate():
        raise Refused(f"日期 {facts['held_on']} 还没有到，请填实际开展的日期。")
    day, created = PartyDay.objects.get_or_create(
        region_id=by.region_id,
        held_on=facts["held_on"],
        defaults={**facts, "entered_by": by.user, "entered_at": timezone.now()},
    )
    if not created and any(getattr(day, name) != facts[name] for name in facts):
        raise Refused(f"{day.held_on} 的主题党日已经记过，请打开那一次更正。")
    return day


@transaction.atomic
def amend(*, day: PartyDay, facts: Mapping[str, Any], version: int) -> PartyDay:
    """Correct what is noted; raises EditedMeanwhile when somebody else saved first.

    The day itself stays once there are visits of it, which happened on that day.
    """
    if facts["held_on"] > timezone.localdate():
        raise Refused(f"日期 {facts['held_on']} 还没有到，请填实际开展的日期。")
    if facts["held_on"] != day.held_on and day.group_visits.exists():
        raise Refused("已经记了当天的集中走访，日期不能再改；记错的走访请先撤回。")
    other = PartyDay.objects.filter(region=day.region_id, held_on=facts["held_on"])
    if other.exclude(pk=day.pk).exists():
        raise Refused(f"{facts['held_on']} 已经有一次主题党日。")
    save_edit(day, changes=facts, version=version)
    return day


@dataclass(frozen=True)
class Seen:
    """A household that was visited, and what it said if it said something."""

    household: int
    words: str = ""
    topic: str = ""
    satisfaction: str = ""


@transaction.atomic
def visit_together(*, day: PartyDay, seen: Sequence[Seen], by: Post) -> int:
    """Record the visits of the day's 集中走访; return how many are new.

    Each is a visit at the door of whoever looks after the household, and counts for the
    due rule like any other. Sending the same again adds nothing: the visit's id follows
    from day and household. Raises Refused, naming the household, and then keeps none;
    also for words of a household that is recorded already and said others.
    """
    known = dict(day.group_visits.values_list("visit", "visit__words"))
    homes = Household.objects.in_bulk([one.household for one in seen])
    visits = []
    for one in {one.household: one for one in seen}.values():
        before = known.get(visit_id(day, one.household))
        if before is None:
            visits.append(_visit(day, one, homes.get(one.household), by))
        elif one.words.strip() not in ("", before.strip()):
            raise Refused(
                f"{homes[one.household].head}家当天已经记过，这次写的没有记上。"
                "要补写，请打开那一次走访点“更正”。"
            )
    PartyDayVisit.objects.bulk_create(
        PartyDayVisit(region_id=day.region_id, party_day=day, visit=visit)
        for visit in visits
    )
    return len(visits)


def visit_id(day: PartyDay, household: int) -> uuid.UUID:
    """Return the id of a household's visit of this day."""
    return uuid.uuid5(NAMESPACE, f"{day.pk}:{household}")


def _visit(day: PartyDay, one: Seen, home: Household | None, by: Post) -> Visit:
    if home is None or home.region_id != day.region_id:
        raise Refused("有一户不在本村名册上，请返回重新打开后重新点。")
    content = Content(
        household=home.pk,
        visited_on=day.held_on,
        way=Way.DOOR,
        has_matter=bool(one.words),
        topics=(one.topic,) if one.words and one.topic else (),
        words=one.words,
        satisfaction=one.satisfaction if one.words else "",
        for_village=bool(one.words),
    )
    try:
        visit, _ = record(
            visit_id=visit_id(day, home.pk),
            content=content,
            captured_at=_afternoon(day.held_on),
            by=by,
        )
    except Refused as refused:
        raise Refused(f"{home.head}家没有记上：{refused}") from refused
    return visit


def _afternoon(day: dt.date) -> dt.datetime:
    """Return when such visits are made: in the afternoon, at the latest now."""
    at = dt.datetime.combine(day, dt.time(15), timezone.get_current_timezone())
    return min(at, timezone.now())
