"""Reading from a streaming replica, where there is one (`REPLICA_URL`).

Only what is asked for inside `reading()` goes there, within a read-only transaction of
its own that carries the scope like any other. Everything else, and every write, goes
to the primary. A reader who wrote shows the position of his write in the primary's log
(`position()`): the replica serves him once it has come so far, the primary until then.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import (
    DEFAULT_DB_ALIAS,
    Error,
    connection,
    connections,
    models,
    transaction,
)

ALIAS = "replica"
PAUSE = 10.0  # seconds that a replica which did not answer is left alone
OURS_ALONE = {
    "sessions",
    "axes",
    "otp_static",
    "otp_totp",
}  # read where they are written
POSITION = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}")
CAUGHT_UP = """
SELECT pg_is_in_recovery() AND (%s = '' OR
    pg_last_wal_replay_lsn() >= COALESCE(NULLIF(%s, ''), '0/0')::pg_lsn)
"""

_reading: ContextVar[bool] = ContextVar("reading from the replica", default=False)
_left_alone_until = 0.0


class ReplicaRouter:
    """Sends reads inside `reading()` to the replica."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        """Return the replica inside `reading()`; else leave it to the default."""
        ours = model._meta.app_label in OURS_ALONE
        return ALIAS if _reading.get() and not ours else None

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        """Return the primary, also for a row that was read from the replica."""
        return DEFAULT_DB_ALIAS

    def allow_relation(
        self, one: models.Model, other: models.Model, **hints: Any
    ) -> bool:
        """Both hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """What the primary changes, the replica follows by itself."""
        return db != ALIAS


def is_there() -> bool:
    """Return whether this deployment has a replica."""
    return ALIAS in settings.DATABASES


def position() -> str:
    """Return how far the primary's log goes: whatever was committed lies before it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn()::text")
        return str(cursor.fetchone()[0])


def has_reached(after: str) -> bool:
    """Return whether the replica answers and holds everything up to `after`.

    One that does not answer is not asked again for `PAUSE` seconds: each try would
    cost its time-out.
    """
    global _left_alone_until
    if not is_there() or time.monotonic() < _left_alone_until:
        return False
    after = after if POSITION.fullmatch(after) else ""
    try:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(CAUGHT_UP, [after, after])
            return bool(cursor.fetchone()[0])
    except Error:
        connections[ALIAS].close()
        _left_alone_until = time.monotonic() + PAUSE
        return False


@contextmanager
def reading() -> Iterator[None]:
    """Read from the replica for the block, in one transaction under the open scope."""
    token = _reading.set(True)
    try:
        with transaction.atomic(using=ALIAS):
            yield
    finally:
        _reading.reset(token)
