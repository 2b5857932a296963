"""Writing many rows at the speed of COPY, under row-level security.

PostgreSQL refuses COPY into a table with row-level security, so the rows are copied
into a temporary table and inserted from there: two statements whatever their number,
and policies, constraints and history apply as to any insert.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DataError, IntegrityError, connection, models

from accounts.models import RowChange
from regions.codes import CITY_WIDTH, TOWNSHIP_WIDTH
from regions.scoping import current_scope

NEVER_ESCAPED = frozenset({int, dt.date})
"""What prints without anything that COPY would read otherwise."""

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Take `count` ids from the model's sequence, for rows that refer to each other."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            # Looked up in a sub-select, else for every id: 20 ms of a chunk.
            "SELECT nextval((SELECT pg_get_serial_sequence(%s, %s)::regclass)) "
            "FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [int(row[0]) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Batch:
    """Rows of plain values for one table, given by database column."""

    model: type[models.Model]
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]

    @property
    def table(self) -> str:
        """The table that the rows go into."""
        return self.model._meta.db_table

    @property
    def stage(self) -> str:
        """The temporary table that they are copied into first."""
        return f"stage_{self.table}"

    @property
    def names(self) -> str:
        """The columns, quoted, as a statement lists them."""
        return ", ".join(f'"{column}"' for column in self.columns)

    def staged(self, cursor: Any) -> int:
        """Copy the rows into the temporary table; return how many there are.

        Without any there is no table.
        """
        lines = list(map(_line, self.rows))
        if lines:
            cursor.execute(
                f"CREATE TEMP TABLE {self.stage} ON COMMIT DROP AS "  # noqa: S608 - our own names
                f"SELECT {self.names} FROM {self.table} WHERE false"
            )
            copy = f"COPY {self.stage} ({self.names}) FROM STDIN"
            with cursor.copy(copy) as copying:
                copying.write("".join(lines))
        return len(lines)

    @property
    def insertion(self) -> str:
        """The statement that inserts them from there."""
        return (
            f"INSERT INTO {self.table} ({self.names}) "  # noqa: S608 - our own names
            f"SELECT {self.names} FROM {self.stage}"
        )


def insert_many(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Insert rows of plain values, given by database column; return how many.

    Columns that are left out get their database default only; Django's defaults are
    the caller's to give.
    """
    return insert_together(Batch(model, columns, rows))


def insert_together(*batches: Batch) -> int:
    """Insert rows of several tables by one statement; return how many.

    Keys between them are checked and triggers fire at its end, when all are there: what
    is computed from several tables is computed once. The first batch goes in first.
    """
    with connection.cursor() as cursor:
        counts = [(batch, batch.staged(cursor)) for batch in batches]
        filled = [batch for batch, count in counts if count]
        if filled:
            first, *others = (batch.insertion for batch in filled)
            beside = ", ".join(f"also{n} AS ({one})" for n, one in enumerate(others))
            cursor.execute(f"WITH {beside} {first}" if beside else first)
            cursor.execute(f"DROP TABLE {', '.join(one.stage for one in filled)}")
    return sum(count for _, count in counts)


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
    batch = Batch(model, columns, rows)
    key, *changed = columns
    sets = [f'"{column}" = s."{column}"' for column in changed]
    sets += [f'"{bump}" = t."{bump}" + 1'] if bump else []
    with connection.cursor() as cursor:
        if not batch.staged(cursor):
            return 0
        cursor.execute(
            f"UPDATE {batch.table} t SET {', '.join(sets)} FROM {batch.stage} s "  # noqa: S608 - our own names
            f'WHERE t."{key}" = s."{key}"'
        )
        written = int(cursor.rowcount)
        cursor.execute(f"DROP TABLE {batch.stage}")
    return written


def _line(row: Sequence[Any]) -> str:
    """Return a row as COPY reads it; most cells are texts with nothing to escape."""
    cells = [
        (cell if cell.isprintable() and "\\" not in cell else cell.translate(ESCAPES))
        if cell.__class__ is str
        else str(cell)
        if cell.__class__ in NEVER_ESCAPED
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
    lo, width = (opened.lo, opened.hi - opened.lo) if opened else (0, CITY_WIDTH)
    places = {"county": lo // CITY_WIDTH, "township": lo // TOWNSHIP_WIDTH}
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
