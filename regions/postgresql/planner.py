"""The planner's choices, for statements of which it knows too little.

Under row-level security it cannot know how many rows a scope has, and takes thousands
for a handful.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from django.db import connection
from psycopg.pq import TransactionStatus

from regions.postgresql import plans

SWITCH_OFF = """
WITH before AS MATERIALIZED (SELECT current_setting(%(name)s) AS was)
SELECT was, set_config(%(name)s, 'off', true) FROM before
"""


@contextmanager
def without(way: Literal["nestloop", "sort"]) -> Iterator[None]:
    """Have the block's statements planned without a way of doing it, where possible.

    For the open transaction alone; afterwards the setting is what it was before, also
    where the block raises. Two statements.
    """
    name = f"enable_{way}"
    with connection.cursor() as cursor:
        cursor.execute(SWITCH_OFF, {"name": name})
        was, _ = cursor.fetchone()
    try:
        with plans.kept(False):  # a kept plan was made before the switch
            yield
    finally:
        if not _is_lost():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config(%s, %s, true)", [name, was])


def _is_lost() -> bool:
    """Whether the transaction can only be rolled back, and its settings with it."""
    if connection.needs_rollback or connection.connection is None:
        return True
    status: TransactionStatus = connection.connection.info.transaction_status
    return status == TransactionStatus.INERROR
