"""What the job tests share: handlers of their own, and a broker that is or is not there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from celery import current_app
from kombu import pools

from jobs.models import Job
from jobs.services import HANDLERS

Handle = Callable[[Callable[[Job], str | None]], None]
KIND = "tests.work"


@pytest.fixture
def handle() -> Iterator[Handle]:
    """Return a function that makes its argument the handler of the tests' kind."""

    def register(handler: Callable[[Job], str | None]) -> None:
        HANDLERS[KIND] = handler

    yield register
    HANDLERS.pop(KIND, None)


@contextmanager
def broker(url: str) -> Iterator[None]:
    """Let Celery publish to `url` for the block."""
    before = current_app.conf.broker_url
    _use(url)
    try:
        yield
    finally:
        _use(before)


def _use(url: str) -> None:
    pools.reset()
    current_app._pool = current_app.amqp._producer_pool = None
    current_app.conf.broker_url = url


@pytest.fixture
def told() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Publish into memory; return a function that takes out what the worker was told."""
    with broker("memory://"):
        yield _take_all
        _take_all()


def _take_all() -> list[dict[str, Any]]:
    found = []
    with current_app.connection_for_read() as connection:
        queue = connection.SimpleQueue(current_app.conf.task_default_queue)
        while len(queue):
            message = queue.get_nowait()
            args, kwargs, _ = message.payload
            found.append(
                {"task": message.headers["task"], "args": args, "kwargs": kwargs}
            )
            message.ack()
        queue.close()
    return found
