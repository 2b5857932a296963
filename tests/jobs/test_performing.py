"""Doing a job: claimed by one, repeated after failure, given up in the end."""

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts.models import Post
from jobs import services, tasks
from jobs.models import MAX_ATTEMPTS, Job, Pulse, State
from jobs.services import LEASE, Abandoned
from regions.models import VillagerGroup
from regions.scoping import Scope, current_scope, scope, span
from tests.cast import TOWNSHIP, VILLAGE, Cast, at, everywhere
from tests.jobs.conftest import KIND, Handle

DAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock() -> Any:
    """Stand at one moment; a test moves on by itself."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def job(cast: Cast) -> Job:
    """A job that the secretary of our village asked for."""
    return asked(cast.secretary)


def asked(by: Post | None, region: int = VILLAGE) -> Job:
    """Ask for a job in a region, from a post or from nobody's."""
    with scope(span(region)), transaction.atomic():
        return services.ask(
            kind=KIND,
            title="测试任务",
            region=region,
            on=DAY,
            unique_key="once",
            by=by,
        )


def perform(job: Job) -> State | None:
    """Do a job as the worker does, in the scope of its region."""
    with scope(span(job.region_id)):
        return services.perform(job.pk)


def now_is(job: Job) -> Job:
    """Return the job as it is stored now."""
    with everywhere():
        return Job.objects.get(pk=job.pk)


def fail(job: Job) -> str | None:
    raise RuntimeError("the disk is full")


# --- how it goes well -----------------------------------------------------------------


def test_a_job_is_done_once_and_says_so(job: Job, handle: Handle) -> None:
    done = []
    handle(lambda job: done.append(job.pk) or "写了 3 行。")
    assert [perform(job), perform(job)] == [State.DONE, State.DONE]
    stored = now_is(job)
    assert done == [job.pk]
    assert (stored.state, stored.message, stored.attempts) == (
        State.DONE,
        "写了 3 行。",
        1,
    )
    assert stored.finished_at == NOW


def test_a_job_runs_in_the_scope_of_its_post(cast: Cast, handle: Handle) -> None:
    job = asked(cast.township_lead, TOWNSHIP)
    found: list[Scope | None] = []
    handle(lambda job: found.append(current_scope()))
    perform(job)
    assert found == [cast.township_lead.scope(request=job.pk.hex)]


def test_a_job_of_nobody_runs_in_its_region_and_says_why(
    db: None, handle: Handle
) -> None:
    job = asked(None, TOWNSHIP)
    found: list[Scope | None] = []
    handle(lambda job: found.append(current_scope()))
    perform(job)
    wide = span(TOWNSHIP)
    assert found == [Scope(wide.lo, wide.hi, why=f"{KIND} {DAY}")]


def test_the_outcome_is_cut_to_what_the_row_holds(job: Job, handle: Handle) -> None:
    handle(lambda job: "字" * 500)
    perform(job)
    assert now_is(job).message == "字" * 300


def test_progress_is_stored_and_holds_the_lease(
    job: Job, handle: Handle, clock: Any
) -> None:
    seen: list[Job] = []

    def work(job: Job) -> None:
        clock.shift(LEASE - dt.timedelta(seconds=1))
        services.report(job, done=3, total=8)
        seen.append(now_is(job))

    handle(work)
    assert perform(job) == State.DONE
    assert (seen[0].percent, seen[0].lease_until) == (37, timezone.now() + LEASE)


def test_progress_beyond_the_total_is_refused(job: Job, handle: Handle) -> None:
    def work(job: Job) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            services.report(job, done=9, total=8)

    handle(work)
    assert perform(job) == State.DONE


# --- how it goes wrong ----------------------------------------------------------------


def test_a_failed_job_waits_longer_each_time_and_is_then_given_up(
    job: Job, handle: Handle, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    handle(fail)
    pauses = []
    for attempt in range(1, MAX_ATTEMPTS):
        assert perform(job) == State.QUEUED
        stored = now_is(job)
        assert stored.attempts == attempt
        pauses.append((stored.not_before - timezone.now()).total_seconds())
        assert perform(job) == State.QUEUED  # not yet due: nothing happens
        assert now_is(job).attempts == attempt
        clock.move_to(stored.not_before)
    assert pauses == [60, 120, 240, 480]
    assert perform(job) == State.FAILED
    assert perform(job) == State.FAILED
    stored = now_is(job)
    assert (stored.state, stored.attempts) == (State.FAILED, MAX_ATTEMPTS)
    assert stored.message == "多次尝试都没有完成，请联系系统管理员。"
    assert caplog.text.count("RuntimeError: the disk is full") == MAX_ATTEMPTS


def test_what_a_failed_attempt_wrote_is_undone(job: Job, handle: Handle) -> None:
    @transaction.atomic
    def work(job: Job) -> None:
        VillagerGroup.objects.create(region_id=VILLAGE, number=1)
        raise RuntimeError

    handle(work)
    perform(job)
    with scope(span(VILLAGE)), transaction.atomic():
        assert not VillagerGroup.objects.exists()


def test_a_database_error_in_a_handler_is_a_failure_like_any_other(
    job: Job, handle: Handle
) -> None:
    @transaction.atomic
    def work(job: Job) -> None:
        VillagerGroup.objects.create(region_id=TOWNSHIP, number=1)

    handle(work)
    assert perform(job) == State.QUEUED


def test_a_job_of_an_unknown_kind_is_tried_again(job: Job) -> None:
    """The worker may be older than the web for a moment, during an update."""
    assert perform(job) == State.QUEUED


def test_a_job_whose_post_has_ended_is_abandoned(
    cast: Cast, job: Job, handle: Handle
) -> None:
    done = []
    handle(lambda job: done.append(job))
    with at(cast.township_lead):
        Post.objects.filter(pk=cast.secretary.pk).update(
            ended_on=DAY, ended_by=cast.township_lead.user
        )
    assert perform(job) == State.FAILED
    assert (done, now_is(job).message) == (
        [],
        "提出这项任务的职务已经免去，任务没有执行。",
    )


def test_a_job_of_a_closed_account_is_abandoned(
    cast: Cast, job: Job, handle: Handle
) -> None:
    done = []
    handle(lambda job: done.append(job))
    cast.secretary.user.is_active = False
    with at(cast.township_lead):
        cast.secretary.user.save()
    assert perform(job) == State.FAILED
    assert (done, now_is(job).message) == (
        [],
        "提出这项任务的账号已经停用，任务没有执行。",
    )


def test_a_handler_may_abandon_its_job(job: Job, handle: Handle) -> None:
    def work(job: Job) -> None:
        raise Abandoned("文件已经删除。")

    handle(work)
    assert perform(job) == State.FAILED
    assert now_is(job).message == "文件已经删除。"


# --- cancelling -----------------------------------------------------------------------


def test_a_waiting_job_is_cancelled_and_never_done(job: Job, handle: Handle) -> None:
    handle(fail)
    with scope(span(VILLAGE)):
        assert services.cancel(job=job) is True
        assert services.cancel(job=job) is False
    assert perform(job) == State.CANCELLED
    assert now_is(job).attempts == 0


def test_a_running_job_that_is_cancelled_stops_at_its_next_report(
    job: Job, handle: Handle
) -> None:
    reached = []

    def work(job: Job) -> None:
        services.cancel(job=job)
        services.report(job, done=1, total=2)
        reached.append("the end")

    handle(work)
    assert perform(job) == State.CANCELLED
    assert (reached, now_is(job).state) == ([], State.CANCELLED)


def test_a_job_cancelled_at_its_last_moment_stays_cancelled(
    job: Job, handle: Handle
) -> None:
    handle(lambda job: str(services.cancel(job=job)))
    assert perform(job) == State.CANCELLED
    assert now_is(job).message == ""


def test_a_finished_job_cannot_be_cancelled(job: Job, handle: Handle) -> None:
    handle(lambda job: None)
    perform(job)
    with scope(span(VILLAGE)):
        assert services.cancel(job=job) is False
    assert now_is(job).state == State.DONE


# --- the lease ------------------------------------------------------------------------


def test_a_job_in_hand_is_left_alone(job: Job, handle: Handle, clock: Any) -> None:
    seen: list[Any] = []

    def work(outer: Job) -> None:
        clock.shift(LEASE - dt.timedelta(seconds=1))
        seen.append(perform(outer))

    handle(work)
    assert perform(job) == State.DONE
    assert (seen, now_is(job).attempts) == ([State.RUNNING], 1)


def test_a_job_left_by_a_dead_worker_is_taken_after_its_lease(
    job: Job, handle: Handle, clock: Any
) -> None:
    handle(lambda job: "接着做完了。")
    with scope(span(VILLAGE)):
        services.claim(job.pk)  # and the worker dies
    assert perform(job) == State.RUNNING
    clock.shift(LEASE + dt.timedelta(seconds=1))
    with scope(span(VILLAGE)), transaction.atomic():
        assert services.waiting_jobs() == [job]
    assert perform(job) == State.DONE
    assert now_is(job).attempts == 2


@pytest.mark.parametrize(
    "ending", [fail, lambda job: "晚到的话。"], ids=["fails", "ends"]
)
def test_a_worker_that_was_overtaken_does_not_touch_the_job_of_the_next(
    job: Job, handle: Handle, clock: Any, ending: Any
) -> None:
    """Its lease ran out while it slept; another worker has the job in hand."""

    def overtaken(slow: Job) -> str | None:
        clock.shift(LEASE + dt.timedelta(seconds=1))
        next_worker = services.claim(slow.pk)
        assert next_worker is not None
        with pytest.raises(Abandoned):
            services.report(slow, done=1, total=1)
        return ending(slow)

    handle(overtaken)
    assert perform(job) == State.RUNNING
    stored = now_is(job)
    assert (stored.state, stored.attempts, stored.message) == (State.RUNNING, 2, "")
    assert (stored.done, stored.lease_until) == (0, timezone.now() + LEASE)


def test_a_job_that_kills_its_workers_is_given_up(
    job: Job, handle: Handle, clock: Any
) -> None:
    """A worker killed for want of memory cannot count its own failure."""
    done = []
    handle(lambda job: done.append(job))
    with scope(span(VILLAGE)):
        for _ in range(MAX_ATTEMPTS):
            assert services.claim(job.pk) is not None
            clock.shift(LEASE + dt.timedelta(seconds=1))
    assert perform(job) == State.FAILED
    assert (done, now_is(job).state) == ([], State.FAILED)
    with everywhere():
        assert services.waiting_jobs() == []


def test_a_job_out_of_sight_is_not_there(cast: Cast, job: Job, handle: Handle) -> None:
    handle(fail)
    with scope(cast.other_lead.scope()):
        assert services.perform(job.pk) is None
        assert services.perform(uuid.uuid4()) is None
        assert services.cancel(job=job) is False
    assert now_is(job).state == State.QUEUED


# --- tasks ----------------------------------------------------------------------------


def test_the_task_opens_the_scope_of_its_region(job: Job, handle: Handle) -> None:
    handle(lambda job: "做完了。")
    tasks.run(str(job.pk), region=VILLAGE)
    assert now_is(job).state == State.DONE
    assert current_scope() is None


def test_the_task_of_another_region_does_nothing(
    cast: Cast, job: Job, handle: Handle
) -> None:
    handle(fail)
    tasks.run(str(job.pk), region=cast.other_lead.region_id)
    assert now_is(job).attempts == 0


def test_a_scoped_task_without_a_region_fails(job: Job) -> None:
    with pytest.raises(TypeError, match="region"):
        tasks.run(str(job.pk))
    assert now_is(job).attempts == 0


def test_without_a_scope_nothing_is_performed(job: Job) -> None:
    with pytest.raises(DatabaseError, match="no scope is open"), transaction.atomic():
        services.perform(job.pk)


def test_the_heart_beats_in_one_row(db: None, clock: Any) -> None:
    tasks.beat_heart()
    clock.shift(30)
    tasks.beat_heart()
    (pulse,) = Pulse.objects.all()
    assert (str(pulse), pulse.at) == ("worker", NOW + dt.timedelta(seconds=30))
