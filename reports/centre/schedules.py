"""定时报表: made by itself after each period, once, and announced in the inbox."""

import datetime as dt
from collections.abc import Iterator

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import Action, Post
from accounts.services import NotYours, Refused
from jobs import services as jobs
from jobs.models import Job, State
from reports.centre.choosing import Choice
from reports.centre.entries import Entry, entry_of
from reports.exports import KIND
from reports.measures import measure_on
from reports.models import Schedule
from reports.periods import Span, Window, window

LATEST = 28
"""Days after a period's end on which its file comes at the latest."""


@transaction.atomic
def begin(*, by: Post, entry: Entry, choice: Choice, on: dt.date) -> Schedule:
    """Have an entry made after each period, a day after that is closed.

    Raises Refused for one that is about no period, or that is running already.
    """
    if entry.span is None:
        raise Refused("这份台账不分期，不能定时。")
    try:
        with transaction.atomic():
            made = Schedule.objects.create(
                region=by.region,
                owner=by.user,
                post=by,
                entry=entry.key,
                data=choice.kept(),
                span=entry.span.value,
                days=closed_after(on),
                started_on=on,
            )
    except IntegrityError as there:
        raise Refused("这份报表您已经定时了，每期会自动做好。") from there
    _log(made, by, "开始定时导出")
    return made


@transaction.atomic
def stop(*, schedule: Schedule, by: Post, on: dt.date) -> None:
    """End a schedule of one's own; raise NotYours for anybody else's."""
    if schedule.owner_id != by.user_id:
        raise NotYours("这是别人的定时报表，只能由他自己停。")
    Schedule.objects.running().filter(pk=schedule.pk).update(ended_on=on)
    _log(schedule, by, "停止定时导出")


def _log(schedule: Schedule, by: Post, what: str) -> None:
    entry = entry_of(schedule.entry)
    audit.record(
        Action.EXPORTED,
        region=schedule.region_id,
        by=by.user,
        subject=f"{what}：{entry.title if entry else schedule.entry}",
    )


def closed_after(on: dt.date) -> int:
    """Return how many days after its end a period is closed for sure, as set on a day."""
    return min(measure_on(on).closing_days + 1, LATEST)


def _wait(schedule: Schedule, least: int) -> dt.timedelta:
    """Return how long after a period its file comes: not before it is closed.

    The city may close later by now (`least`) than when the schedule was set up.
    """
    return dt.timedelta(days=max(schedule.days, least))


def due_period(schedule: Schedule, on: dt.date, least: int = 0) -> Window | None:
    """Return the period whose file should be there by `on`; None before the first.

    Only the latest one: after a pause of weeks there is one file, not a heap of them.
    The first is the one that was over when the schedule began, or the next.
    """
    seen = window(Span(schedule.span), on).before
    ready = seen.last + _wait(schedule, least)
    if ready > on:
        seen = seen.before
        ready = seen.last + _wait(schedule, least)
    return seen if ready >= schedule.started_on else None


def next_day(schedule: Schedule, on: dt.date, least: int = 0) -> dt.date:
    """Return the day on which the next file comes."""
    running, wait = window(Span(schedule.span), on), _wait(schedule, least)
    before = running.before.last + wait
    return before if before > on else running.last + wait


def ask_due(on: dt.date) -> list[Job]:
    """Ask for every file of the open scope that is due on the day `on`.

    Its period is in the job's key: a night that was missed is caught up once by the
    next, and asking twice, or at two places at once, asks once.
    """
    return list(_asked(on))


def _asked(on: dt.date) -> Iterator[Job]:
    rows = Schedule.objects.running().select_related(
        "post__region__parent", "post__user"
    )
    least = closed_after(on)
    for schedule in rows.order_by("pk"):
        entry, seen = entry_of(schedule.entry), due_period(schedule, on, least)
        if entry is None or seen is None:
            continue
        if post := _post_of(schedule, entry, on):
            yield _ask(schedule, entry, seen, on, post)


def _post_of(schedule: Schedule, entry: Entry, on: dt.date) -> Post | None:
    """Return the post that a file is made for; None if its owner may not have it now.

    The one that set it up or, since that has ended, another that he has in the office.
    """
    own: Post = schedule.post
    if _still_may(own, entry, on):
        return own
    held = Post.objects.active(on).filter(
        user=schedule.owner_id, region=schedule.region_id
    )
    rows = held.select_related("region__parent", "user").order_by("pk")
    return next((post for post in rows if _still_may(post, entry, on)), None)


def _still_may(post: Post, entry: Entry, on: dt.date) -> bool:
    """Say whether who set it up still holds the post and the right."""
    is_held = post.ended_on is None or post.ended_on > on
    return is_held and post.user.is_active and entry.is_for(post)


def _ask(
    schedule: Schedule, entry: Entry, seen: Window, on: dt.date, post: Post
) -> Job:
    choice = Choice.read({**schedule.data, "period": seen.key})
    request = choice.request(entry, on)
    return jobs.ask(
        kind=KIND,
        title=f"导出{seen.words}{entry.title}",
        region=schedule.region_id,
        on=on,
        unique_key=_key(schedule, seen, on),
        arguments={**request.arguments(), "schedule": schedule.pk},
        by=post,
    )


def _key(schedule: Schedule, seen: Window, on: dt.date) -> str:
    """Return the key of a period's file: a new one each day while every try has failed.

    A file that was given up in a bad night is made by a better one.
    """
    key = f"{KIND} schedule {schedule.pk} {seen.key}"
    tries = Job.objects.filter(region=schedule.region_id, unique_key__startswith=key)
    states = set(tries.values_list("state", flat=True))
    return f"{key} {on}" if states == {State.FAILED} else key
