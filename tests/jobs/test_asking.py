"""Asking for work: one row however often it is asked, with or without a broker."""

import datetime as dt
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Post
from jobs import services, tasks
from jobs.models import Job, State
from regions.scoping import scope, span
from tests.cast import (
    CITY,
    OTHER_TOWNSHIP,
    TOWNSHIP,
    VILLAGE,
    Cast,
    at,
    everywhere,
)
from tests.days import today
from tests.jobs.conftest import KIND, broker

DAY = dt.date(2026, 11, 23)
Told = Callable[[], list[dict[str, Any]]]


def ask(**changes: Any) -> Job:
    """Ask for a job of our village, with what a test wants otherwise."""
    wanted = {
        "kind": KIND,
        "title": "测试任务",
        "region": VILLAGE,
        "on": DAY,
        "unique_key": "once",
    }
    return services.ask(**{**wanted, **changes})


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Any:
    """Run what waits for the commit at the end of a block, as a real commit does."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_a_job_is_a_row_with_its_business_date(cast: Cast) -> None:
    with at(cast.secretary):
        job = ask(by=cast.secretary, arguments={"ids": [1, 2]})
        stored = Job.objects.get(pk=job.pk)
    assert (stored.state, stored.attempts, stored.percent) == (State.QUEUED, 0, None)
    assert (stored.business_date, stored.arguments) == (DAY, {"ids": [1, 2]})
    assert (stored.post_id, stored.user) == (cast.secretary.pk, cast.secretary.user)
    assert str(stored) == "测试任务"


def test_asking_twice_is_asking_once(cast: Cast, told: Told, committed: Any) -> None:
    with at(cast.secretary), committed():
        first = ask(by=cast.secretary)
        second = ask(by=cast.secretary, title="别的名称", on=dt.date(2026, 12, 1))
        assert first == second
        assert Job.objects.count() == 1
    assert len(told()) == 1


def test_the_same_key_in_another_region_is_another_job(cast: Cast) -> None:
    sibling = cast.sibling_secretary.region_id
    with at(cast.township_lead):
        assert ask() != ask(region=sibling)
        assert ask(unique_key="again") != ask()


def test_the_worker_is_told_after_the_commit_of_the_row(
    cast: Cast, told: Told, committed: Any
) -> None:
    with at(cast.secretary), committed():
        job = ask()
        assert told() == []
    assert told() == [
        {
            "task": "jobs.tasks.run",
            "args": [str(job.pk)],
            "kwargs": {"region": VILLAGE},
        }
    ]


def test_nothing_is_published_for_what_is_rolled_back(
    cast: Cast, told: Told, committed: Any
) -> None:
    with at(cast.secretary), committed(), transaction.atomic():
        ask()
        transaction.set_rollback(True)
    assert told() == []
    with at(cast.secretary):
        assert not Job.objects.exists()


def test_a_job_is_not_asked_for_outside_the_scope(cast: Cast) -> None:
    elsewhere = cast.other_secretary.region_id
    refused = pytest.raises(DatabaseError, match="row-level security")
    with at(cast.secretary), refused, transaction.atomic():
        ask(region=elsewhere)
    with everywhere():
        assert not Job.objects.exists()


def test_a_job_is_asked_for_where_the_post_answers(cast: Cast) -> None:
    lead = cast.township_lead
    with at(lead):
        own, below = ask(by=lead, region=TOWNSHIP), ask(by=lead, region=VILLAGE)
        with pytest.raises(ValueError, match="the post answers for"):
            ask(by=lead, region=OTHER_TOWNSHIP)
    assert (own.region_id, own.post) == (TOWNSHIP, lead)
    assert (below.region_id, below.post, below.user) == (VILLAGE, None, lead.user)


def test_a_job_from_above_runs_in_its_own_division_as_the_person(cast: Cast) -> None:
    lead = cast.township_lead
    with at(lead):
        job = ask(by=lead, region=VILLAGE)
    opened = services.job_scope(job)
    assert (opened.lo, opened.hi, opened.user) == (VILLAGE, VILLAGE + 1, lead.user_id)
    with everywhere():
        Post.objects.filter(pk=lead.pk).update(
            ended_on=today(), ended_by=cast.city_lead.user
        )
    with pytest.raises(services.Abandoned):
        services.job_scope(job)


# --- the broker -----------------------------------------------------------------------


@pytest.fixture
def closed_port() -> str:
    """Return the address of a broker that is down."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"redis://127.0.0.1:{free.getsockname()[1]}/0"


@pytest.fixture
def black_hole() -> Iterator[str]:
    """Return the address of a broker that accepts connections and says nothing."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(8)
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"


def test_asking_succeeds_quickly_while_the_broker_is_down(
    cast: Cast, closed_port: str, committed: Any, caplog: pytest.LogCaptureFixture
) -> None:
    began = time.monotonic()
    with broker(closed_port), at(cast.secretary), committed():
        job = ask()
    assert time.monotonic() - began < 3
    assert "stays in the outbox" in caplog.text
    with at(cast.secretary):
        assert Job.objects.get(pk=job.pk).state == State.QUEUED
        assert services.waiting_jobs() == [job]


def test_asking_returns_while_the_broker_is_a_black_hole(
    cast: Cast, black_hole: str, committed: Any
) -> None:
    began = time.monotonic()
    with broker(black_hole), at(cast.secretary), committed():
        ask()
    assert time.monotonic() - began < 8


def test_the_sweep_publishes_what_nobody_was_told(cast: Cast, told: Told) -> None:
    with at(cast.secretary):
        ours = ask(unique_key="ours")
    with at(cast.other_secretary):
        other = ask(unique_key="other", region=cast.other_secretary.region_id)
    with everywhere():
        asked_later = ask(unique_key="later")
        Job.objects.filter(pk=asked_later.pk).update(
            not_before=dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
        )
        done = ask(unique_key="done")
        Job.objects.filter(pk=done.pk).update(state=State.DONE)
    assert tasks.sweep() == 2
    assert {(m["args"][0], m["kwargs"]["region"]) for m in told()} == {
        (str(ours.pk), VILLAGE),
        (str(other.pk), cast.other_secretary.region_id),
    }


def test_the_sweep_does_not_knock_for_every_job_at_a_closed_door(
    cast: Cast, closed_port: str, caplog: pytest.LogCaptureFixture
) -> None:
    """With hundreds of jobs waiting, each try would cost its time-out."""
    with everywhere():
        for number in range(30):
            ask(unique_key=f"job {number}", region=CITY)
    with broker(closed_port):
        assert tasks.sweep() == 0
    assert caplog.text.count("stays in the outbox") == 1


def test_the_townships_jobs_are_told_of_until_the_broker_does_not_answer(
    cast: Cast,
    closed_port: str,
    told: Told,
    committed: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with committed():
        asked = services.ask_townships(kind=KIND, title="测试任务", on=DAY)
    with committed():
        assert services.ask_townships(kind=KIND, title="测试任务", on=DAY) == asked
    assert len(told()) == len(asked) > 20
    with broker(closed_port), committed():
        services.ask_townships(kind=KIND, title="测试任务", on=DAY, key="again")
    assert caplog.text.count("stays in the outbox") == 1


def test_a_worker_that_starts_shows_a_pulse_and_sweeps(told: Told) -> None:
    tasks.begin()
    assert [message["task"] for message in told()] == [
        "jobs.tasks.beat_heart",
        "jobs.tasks.sweep",
    ]


def test_a_task_without_a_region_is_refused_before_it_is_published(
    db: None, told: Told
) -> None:
    with pytest.raises(TypeError, match="region"):
        tasks.run.delay("4b4ff1ad-8e0a-4be7-9ba4-2a7b5ad2ea3b")
    assert told() == []


def test_the_broker_settings_bound_every_wait(settings: Any) -> None:
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    assert options["socket_connect_timeout"] <= 2
    assert options["socket_timeout"] <= 5
    assert settings.CELERY_TASK_PUBLISH_RETRY is False
    assert settings.CELERY_TASK_ACKS_LATE is True
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST is True
    assert options["visibility_timeout"] >= 3 * settings.CELERY_TASK_TIME_LIMIT
    assert services.LEASE.total_seconds() > settings.CELERY_TASK_TIME_LIMIT


def test_publishing_says_whether_it_worked(
    cast: Cast, closed_port: str, told: Told
) -> None:
    with scope(span(VILLAGE)), transaction.atomic():
        job = ask()
    assert services.publish(job) is True
    with broker(closed_port):
        assert services.publish(job) is False
