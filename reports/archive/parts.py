"""A table of an archive on its way out: its lines, one row each."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reports.archive import tables
from reports.archive.rows import Row


@dataclass(frozen=True)
class Part:
    """A table of the archive: what it is called, where its lines are, how many."""

    model: tables.Model
    title: str
    file: str
    rows: int


def write_part(
    spool: Path, model: tables.Model, file: str, rows: Iterable[Row]
) -> Part:
    """Write rows, one a line, and return what was written."""
    path = spool / file
    path.parent.mkdir(exist_ok=True)
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as lines:
        for row in rows:
            # Sorted: what the database kept of a log comes back in another order.
            line = json.dumps(row, ensure_ascii=False, sort_keys=True)
            lines.write(line + "\n")
            count += 1
    return Part(model, tables.title(model), file, count)


def read_lines(path: Path) -> Iterator[Row]:
    """Yield the lines of a table."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
