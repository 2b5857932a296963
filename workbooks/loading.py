"""Writing many rows at the speed of COPY, under row-level security.

PostgreSQL refuses COPY into a table with row-level security, so the rows are copied
into a temporary table and inserted from there: two statements whatever their number,
and policies, constraints and history apply as to any insert.
"""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import DataError, IntegrityError, connection, models

from accounts.models import RowChange
from regions.scoping import current_scope

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Take `count` ids from the model's sequence, for rows that refer to each other."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [int(row[0]) for row in cursor.fetchall()]


def insert_many(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Insert rows of plain values, given by database column; return how many.

    Columns that are left out get their database default only; Django's defaults are
    the caller's to give.
    """
    table = model._meta.db_table
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        stage = _stage(cursor, table, names, rows)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {stage}")  # noqa: S608 - our own names
        written = int(cursor.rowcount)
        cursor.execute(f"DROP TABLE {stage}")
    return written


def update_many(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    bump: str = "",
) -> int:
    """Update rows by primary key, which is the first column; return how many.

    `bump` names a counter that each update raises by one.
    """
    table = model._meta.db_table
    key, *changed = columns
    names = ", ".join(f'"{column}"' for column in columns)
    sets = [f'"{column}" = s."{column}"' for column in changed]
    sets += [f'"{bump}" = t."{bump}" + 1'] if bump else []
    with connection.cursor() as cursor:
        stage = _stage(cursor, table, names, rows)
        cursor.execute(
            f"UPDATE {table} t SET {', '.join(sets)} FROM {stage} s "  # noqa: S608 - our own names
            f'WHERE t."{key}" = s."{key}"'
        )
        written = int(cursor.rowcount)
        cursor.execute(f"DROP TABLE {stage}")
    return written


def _stage(cursor: Any, table: str, names: str, rows: Iterable[Sequence[Any]]) -> str:
    """Copy the rows into a temporary table of the same columns; return its name."""
    stage = f"stage_{table}"
    cursor.execute(
        f"CREATE TEMP TABLE {stage} ON COMMIT DROP AS "  # noqa: S608 - our own names
        f"SELECT {names} FROM {table} WHERE false"
    )
    lines = "".join(map(_line, rows))
    cursor.copy_expert(f"COPY {stage} ({names}) FROM STDIN", io.StringIO(lines))
    return stage


def _line(row: Sequence[Any]) -> str:
    """Return a row as COPY reads it; most cells are texts with nothing to escape."""
    cells = [
        cell
        if cell.__class__ is str and cell.isprintable() and "\\" not in cell
        else _text(cell)
        for cell in row
    ]
    return "\t".join(cells) + "\n"


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, list):
        return _array(value)
    return str(value).translate(ESCAPES)


def _array(values: list[Any]) -> str:
    quoted = (
        '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
        for value in values
    )
    return ("{" + ",".join(quoted) + "}").translate(ESCAPES)


REFUSED_BY_DATABASE = (IntegrityError, DataError)
"""What a batch of rows raises that violates a key or does not fit its columns."""


TOWNSHIP_WIDTH, COUNTY_WIDTH = 1_000, 1_000_000
ALONE = """
SELECT pg_advisory_xact_lock(hashtext('workbooks.import'), %(county)s)
"""
BESIDE_OTHER_TOWNSHIPS = """
SELECT pg_advisory_xact_lock_shared(hashtext('workbooks.import'), %(county)s),
    pg_advisory_xact_lock(hashtext('workbooks.import'), %(township)s)
"""


def one_import_at_a_time() -> None:
    """Let one import of a township write at a time, until the transaction ends.

    Two people may import the same roll from two posts; without a number on either
    side no key would tell that they write the same rows. Whose scope is wider than a
    township waits for all of them.
    """
    opened = current_scope()
    lo, width = (opened.lo, opened.hi - opened.lo) if opened else (0, COUNTY_WIDTH)
    places = {"county": lo // COUNTY_WIDTH, "township": lo // TOWNSHIP_WIDTH}
    with connection.cursor() as cursor:
        wide = width > TOWNSHIP_WIDTH
        cursor.execute(ALONE if wide else BESIDE_OTHER_TOWNSHIPS, places)


class Watch:
    """Tells whether somebody else changed rows of the open scope since `begin`."""

    def __init__(self) -> None:
        self._since: Any = None

    def begin(self) -> None:
        """Note the present moment, by the database's clock."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            self._since = cursor.fetchone()[0]

    def saw_changes(self) -> bool:
        """Return whether the row history has lines of another request since then."""
        opened = current_scope()
        others = RowChange.objects.filter(at__gte=self._since)
        return others.exclude(request=opened.request if opened else "").exists()
