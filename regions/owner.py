"""What only the owner of the tables can do, as migrations do it (`MIGRATING=1`)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def without_triggers(tables: Iterable[str]) -> Iterator[None]:
    """Switch the tables' own triggers off, and on again once all keys are checked.

    Inside a transaction, and for its length: keys and check constraints hold, writers of
    these tables wait. Rolled back, the triggers are on as before.
    """
    names = list(tables)
    _each(names, "DISABLE")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _each(names, "ENABLE")


def _each(tables: Iterable[str], how: str) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} {how} TRIGGER USER")
