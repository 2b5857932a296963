"""Two workers and one job, on real connections: one of them does it."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections, transaction

from jobs import services
from jobs.models import Job, State
from regions.scoping import scope, span
from tests.cast import VILLAGE
from tests.jobs.conftest import KIND, Handle
from tests.policy.database import database_of_its_own
from tests.policy.ways import fetched

DAY = dt.date(2026, 11, 23)
WORKERS = 4


@pytest.fixture(scope="module", autouse=True)
def committing(
    template_database: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    """Give this file a database of its own whose commits are real."""
    with database_of_its_own(template_database, "jobs", django_db_blocker):
        yield


def at_once(work: Callable[[], Any]) -> list[Any]:
    """Do the same in several threads, begun at one moment, in our village's scope."""
    ready = threading.Barrier(WORKERS)

    def one() -> Any:
        try:
            with scope(span(VILLAGE)):
                ready.wait(10)
                return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as pool:
        return [done.result() for done in [pool.submit(one) for _ in range(WORKERS)]]


def ask(key: str) -> Job:
    """Ask for a job in a transaction of its own; no broker hears of it."""
    return services.ask(kind=KIND, title="测试", region=VILLAGE, on=DAY, unique_key=key)


@pytest.fixture
def unheard(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Collect what would be published."""
    published: list[Job] = []
    monkeypatch.setattr(services, "publish", published.append)
    return published


def test_asking_at_once_writes_one_row(unheard: list[Job]) -> None:
    asked = at_once(lambda: ask("asked at once"))
    assert len({job.pk for job in asked}) == 1
    assert len(unheard) == 1
    with scope(span(VILLAGE)), transaction.atomic():
        assert Job.objects.filter(unique_key="asked at once").count() == 1


def test_one_of_several_deliveries_does_the_work(
    unheard: list[Job], handle: Handle
) -> None:
    done: list[int] = []
    handle(lambda job: done.append(threading.get_ident()))
    with scope(span(VILLAGE)):
        job = ask("delivered often")
    states = at_once(lambda: services.perform(job.pk))
    assert len(done) == 1
    assert set(states) <= {State.DONE, State.RUNNING}
    with scope(span(VILLAGE)), transaction.atomic():
        stored = Job.objects.get(pk=job.pk)
    assert (stored.state, stored.attempts) == (State.DONE, 1)


def test_a_connection_lost_within_a_handler_puts_the_job_back(
    unheard: list[Job], handle: Handle
) -> None:
    @transaction.atomic
    def work(job: Job) -> None:
        fetched("SELECT pg_terminate_backend(pg_backend_pid())")

    handle(work)
    with scope(span(VILLAGE)):
        job = ask("interrupted")
        assert services.perform(job.pk) == State.QUEUED
