"""Asking for work, claiming it, and reporting how it went."""

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Collection, Iterable
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.held import held_posts
from accounts.models import Post
from jobs.models import MAX_ATTEMPTS, Job, JobQuerySet, Pulse, State
from regions.models import Level, Region
from regions.scoping import EVERYWHERE_HI, Scope, scope, span

log = logging.getLogger("shaodong.jobs")
LEASE = dt.timedelta(minutes=5)
TOO_LATE = "当天没有办成，已由后面一天的提醒代替。"
GIVEN_UP = "多次尝试都没有完成，请联系系统管理员。"
Handler = Callable[[Job], str | None]
Morning = Callable[[dt.date], str]
HANDLERS: dict[str, Handler] = {}


class Abandoned(Exception):
    """The job must not run any more; the message says why."""


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register a function as what does jobs of `kind`.

    It runs in the job's scope, must be safe to repeat, and returns a closing sentence
    or None.
    """

    def register(handler: Handler) -> Handler:
        HANDLERS[kind] = handler
        return handler

    return register


def each_morning(kind: str) -> Callable[[Morning], Morning]:
    """Register what a township's job of `kind` does on the day it was asked for.

    A day that is over does nothing: the one after it has a job of its own.
    """

    def register(work: Morning) -> Morning:
        @handles(kind)
        def on_the_day(job: Job) -> str:
            if job.business_date != timezone.localdate():
                return TOO_LATE
            return work(job.business_date)

        return work

    return register


def reminded(count: int) -> str:
    """Return the closing sentence of a job that sent so many reminders."""
    return f"发出 {count} 条提醒。"


@transaction.atomic
def ask(
    *,
    kind: str,
    title: str,
    region: int,
    on: dt.date,
    unique_key: str,
    arguments: dict[str, Any] | None = None,
    by: Post | None = None,
) -> Job:
    """Write a job, or return the one that was asked for before under this key.

    The row is written in the caller's transaction. The broker is told on commit and
    may be down: the sweeper publishes whatever is left. A job that `by` asks for runs
    in the scope of that post; one for a division below runs in that division, and its
    row names the person only, since rows refer to each other within a division.
    ValueError for any other division.
    """
    if by is not None and region not in by.scope():
        raise ValueError("a job is asked for in a division that the post answers for")
    job, created = _written(
        region=region,
        unique_key=unique_key,
        kind=kind,
        title=title,
        arguments=arguments or {},
        business_date=on,
        post=by if by and by.region_id == region else None,
        user=by.user if by else None,
    )
    if created:
        transaction.on_commit(lambda: publish(job))
    return job


def _written(*, region: int, unique_key: str, **content: Any) -> tuple[Job, bool]:
    """Return the job under a key, and whether this call wrote it."""
    now = timezone.now()
    return Job.objects.get_or_create(
        region_id=region,
        unique_key=unique_key,
        defaults={**content, "asked_at": now, "not_before": now},
    )


def ask_townships(
    *,
    kind: str,
    title: str,
    on: dt.date,
    key: str = "",
    among: Collection[int] | None = None,
) -> list[Job]:
    """Write the jobs of the day `on` for every township; asking twice asks once.

    `key` tells several rounds of a day apart; `among` are the codes of the townships
    that have to do with it, all of them by default.
    """
    townships = Region.objects.current().townships().order_by("code")
    places = [one for one in townships if among is None or one.code in among]
    return _ask_each(places, kind, title, on, key)


def ask_city(*, kind: str, title: str, on: dt.date) -> list[Job]:
    """Write the job of the day `on` for the city itself; asking twice asks once."""
    return _ask_each(Region.objects.filter(level=Level.CITY), kind, title, on)


def _ask_each(
    places: Iterable[Region], kind: str, title: str, on: dt.date, key: str = ""
) -> list[Job]:
    """Write a job for each place.

    The broker is told of one after the other, and of no more once it did not answer:
    each try may take five seconds.
    """
    with scope(Scope(0, EVERYWHERE_HI, why=kind)), transaction.atomic():
        written = [
            _written(
                kind=kind,
                title=f"{place.name}：{on} {title}",
                region=place.code,
                business_date=on,
                unique_key=f"{kind}:{on}{key}",
            )
            for place in places
        ]
        new = [job for job, created in written if created]
        transaction.on_commit(lambda: all(map(publish, new)))
        return [job for job, _ in written]


def publish(job: Job) -> bool:
    """Tell the worker of a job; return False if the broker cannot be reached.

    One try: Celery's own way of connecting would hold the request for six seconds.
    """
    try:
        with current_app.connection_or_acquire() as connection:
            connection.ensure_connection(max_retries=0)
            current_app.send_task(
                "jobs.tasks.run",
                args=[str(job.pk)],
                kwargs={"region": job.region_id},
                connection=connection,
            )
    except Exception as unreachable:
        log.warning("job %s stays in the outbox: %s", job.pk, unreachable)
        return False
    return True


def perform(job_id: uuid.UUID) -> State | None:
    """Claim a job and do it; return where it stands, None if it is not in the scope.

    Claiming is a compare-and-swap, so that of two deliveries one does the work.
    """
    job = claim(job_id)
    if job is None:
        return state_of(job_id)
    if job.attempts > MAX_ATTEMPTS:  # its workers died before they could give it up
        return finish(job, State.FAILED, GIVEN_UP)
    try:
        with scope(job_scope(job)):
            message = HANDLERS[job.kind](job)
    except Abandoned as reason:
        return finish(job, State.FAILED, str(reason))
    except Exception:
        log.exception("job %s (%s) failed", job.pk, job.kind)
        return retry(job)
    return finish(job, State.DONE, message or "")


def job_scope(job: Job) -> Scope:
    """Return the scope a job runs in; raise Abandoned if its post or account ended."""
    lo, hi = _range(job.region_id)
    if job.user is None:
        return Scope(lo, hi, why=f"{job.kind} {job.business_date}")
    if not job.user.is_active:
        raise Abandoned("提出这项任务的账号已经停用，任务没有执行。")
    for post in held_posts(job.user, timezone.localdate()):
        if post.pk == job.post_id:
            return post.scope(request=job.pk.hex)
        if job.post_id is None and job.region_id in post.scope():
            return Scope(lo, hi, user=job.user_id, request=job.pk.hex)
    raise Abandoned("提出这项任务的职务已经免去，任务没有执行。")


@transaction.atomic
def claim(job_id: uuid.UUID) -> Job | None:
    """Take a job for `LEASE`; None if it is finished, not due, or someone has it."""
    now = timezone.now()
    claimed = (
        Job.objects.waiting(now)
        .filter(pk=job_id)
        .update(
            state=State.RUNNING, lease_until=now + LEASE, attempts=F("attempts") + 1
        )
    )
    if not claimed:
        return None
    return Job.objects.select_related("post__region", "user").get(pk=job_id)


@transaction.atomic
def report(job: Job, *, done: int, total: int) -> None:
    """Note progress and hold the job for another `LEASE`.

    Raises Abandoned if the job was cancelled, or taken over after the lease ran out.
    """
    held = in_hand(job).update(
        done=done, total=total, lease_until=timezone.now() + LEASE
    )
    if not held:
        raise Abandoned("任务已取消或已由别的进程接手。")


@transaction.atomic
def finish(job: Job, state: State, message: str) -> State | None:
    """Close a job in hand and return where it stands.

    One that was cancelled or taken over meanwhile stays as it is.
    """
    in_hand(job).update(state=state, message=message[:300], finished_at=timezone.now())
    return state_of(job.pk)


@transaction.atomic
def retry(job: Job) -> State | None:
    """Put a job back with a growing pause, or give it up after `MAX_ATTEMPTS`."""
    if job.attempts >= MAX_ATTEMPTS:
        return finish(job, State.FAILED, GIVEN_UP)
    pause = dt.timedelta(seconds=30 * 2**job.attempts)
    in_hand(job).update(state=State.QUEUED, not_before=timezone.now() + pause)
    return state_of(job.pk)


def in_hand(job: Job) -> JobQuerySet:
    """Return the job as a queryset, empty once this claim of it has passed.

    Each claim raises `attempts`, which is therefore the number of the claim: a worker
    that slept through its lease finds another's and must not touch it.
    """
    return Job.objects.filter(pk=job.pk, state=State.RUNNING, attempts=job.attempts)


@transaction.atomic
def state_of(job_id: uuid.UUID) -> State | None:
    """Return where a job of the open scope stands, None if there is none."""
    found = Job.objects.filter(pk=job_id).values_list("state", flat=True).first()
    return State(found) if found else None


@transaction.atomic
def cancel(*, job: Job) -> bool:
    """Cancel an unfinished job; return whether there was still something to cancel."""
    return bool(
        Job.objects.unfinished()
        .filter(pk=job.pk)
        .update(state=State.CANCELLED, finished_at=timezone.now())
    )


@transaction.atomic
def waiting_jobs() -> list[Job]:
    """Return the jobs of the open scope that should be published now."""
    return list(Job.objects.waiting(timezone.now()).order_by("not_before")[:500])


def beat_heart(name: str) -> None:
    """Note that `name` is alive."""
    Pulse.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def _range(code: int) -> tuple[int, int]:
    wide = span(code)
    return wide.lo, wide.hi
