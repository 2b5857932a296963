"""What a village's desk has on it: waivers, a question, corrections; by the services."""

import datetime as dt
import uuid
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from accounts.models import Post, User
from regions.models import Region
from representatives.models import Representative
from visits import services
from visits.models import Duty, Reason, Visit, Waiver
from visits.services import Content, waiving
from visits.services.waiving import Asked

WAIVED = (
    (Reason.AWAY, "夫妻在东莞务工，过年回来", 75),
    (Reason.HOSPITAL, "在市人民医院住院", 20),
    (Reason.REFUSES, "说没事不用来，下月再去问", 30),
    (Reason.AWAY, "随儿子在长沙过冬", 120),
)
"""Reason, note, and for how many days."""
AT_ONCE = 5
SECONDS = 9
"""Between two taps of the representative who wrote down his evening."""


@transaction.atomic
def furnish(village: Post, own: int | None, today: dt.date) -> None:
    """Put work on the desk of the demo's village, once; must run in a scope over it.

    `own` is the representative of the account `rep`, whose round stays as imported.
    """
    if Waiver.objects.filter(region=village.region_id).exists():
        return
    duties = Duty.objects.owed().filter(region=village.region_id)
    others = duties.exclude(representative=own).select_related("household")
    _waive(list(others.order_by("due_on", "pk")[: len(WAIVED)]), village, today)
    _note_at_once(village.region, own, today - dt.timedelta(days=4))
    _correct(village)


def _waive(duties: list[Duty], by: Post, today: dt.date) -> None:
    for duty, (reason, note, days) in zip(duties, WAIVED, strict=False):
        until = today + dt.timedelta(days=days)
        asked = Asked(today - dt.timedelta(days=6), until, reason, note)
        waiving.excuse(households=[duty.household], asked=asked, on=today, by=by)


def _note_at_once(village: Region, own: int | None, day: dt.date) -> None:
    """Let a representative note several households within a minute, in the evening."""
    person = _walker(village, own)
    if person is None:
        return
    user = User(username=f"demo-{person.pk}", name=person.name, is_active=False)
    user.set_unusable_password()
    user.save()
    by = Post(user=user, region=village, narrowed_to=person.pk)
    evening = timezone.make_aware(dt.datetime.combine(day, dt.time(19, 42)))
    homes = person.duties.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    for at, home in enumerate(homes):
        services.record(
            visit_id=uuid.uuid4(),
            content=Content(home, day),
            captured_at=evening + dt.timedelta(seconds=at * SECONDS),
            by=by,
        )


def _walker(village: Region, own: int | None) -> Representative | None:
    """Return a representative who looks after enough households, not the account's."""
    people = Representative.objects.filter(region=village).exclude(pk=own or 0)
    for person in people.order_by("-pk"):
        if person.duties.count() >= AT_ONCE:
            return person
    return None


def _correct(by: Post) -> None:
    """Correct one visit that said something, and withdraw another."""
    told = Visit.objects.standing().filter(region=by.region_id, has_matter=True)
    rows = list(told.select_related("household").order_by("-visited_on", "pk")[:2])
    if len(rows) < 2:
        return
    said = Content(
        household=rows[0].household_id,
        visited_on=rows[0].visited_on,
        way=rows[0].way,
        has_matter=True,
        words=rows[0].words,
        answer=rows[0].answer,
    )
    content = replace(said, topics=("基础设施",), for_village=True)
    services.correct(visit=rows[0], content=content, reason="补充情况", by=by)
    services.withdraw(visit=rows[1], reason="记错了户，另记一条", by=by.user)
