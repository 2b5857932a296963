"""A ledger as plain data: its rows alone, one after the other, for computing with."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from reports.centre.files import Format
from reports.centre.rolls import Roll, unit_of
from workbooks.writing import About, Subtotal, write_csv, write_table

Rows = Iterable[Sequence[object]]


def rows_alone(rows: Rows) -> Iterator[Sequence[object]]:
    """Yield the rows without the 小计 between them: whoever computes adds up himself."""
    return (row for row in rows if not isinstance(row, Subtotal))


def write_plain(
    path: Path, roll: Roll, rows: Rows, *, form: Format, keys: int, about: About
) -> int:
    """Write the rows of so many keys as a .csv or as a table; return how many rows."""
    alone: Rows = rows_alone(rows)
    if form is Format.CSV:
        return write_csv(path, roll.columns, alone)
    count = keys
    if unit_of(roll) != roll.unit:  # a key has several rows
        alone = list(alone)
        count = len(alone)
    write_table(path, roll.columns, alone, count=count, name=roll.title, about=about)
    return count
