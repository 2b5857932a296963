"""A database of its own for a whole file of tests, whose commits are real."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, connections

from launcher import roles
from tests.conftest import use_database
from tests.databases import OWNER_URL, cloned

PATIENCE_SECONDS = 10


@contextmanager
def database_of_its_own(template: str, suffix: str, blocker: Any) -> Iterator[str]:
    """Point Django at a clone of `template` for the block, then drop the clone."""
    shared = str(connection.settings_dict["NAME"])
    with cloned(template, f"{shared}_{suffix}") as name, blocker.unblock():
        use_database(name)
        try:
            yield name
        finally:
            connections.close_all()
            use_database(shared)
            wait_until_idle(name)


def wait_until_idle(name: str) -> None:
    """Wait until PostgreSQL has seen the last connection to `name` off.

    A connection that was closed a moment ago still counts, and the owner, who drops
    the database, may not end the sessions of `sd_app`.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    query = "SELECT FROM pg_stat_activity WHERE datname = %s AND usename = 'sd_app'"
    with roles.connect(OWNER_URL) as owner, owner.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(query, [name])
            if not cursor.rowcount:
                return
            time.sleep(0.01)


def end_backend(pid: int) -> None:
    """End one of our own server processes, from a connection beside Django's."""
    target = connection.get_connection_params()
    address = {
        key: target[key] for key in ("dbname", "user", "password", "host", "port")
    }
    with psycopg.connect(**address) as beside:
        ended = beside.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert ended.fetchone() == (True,)
