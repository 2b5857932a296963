"""Reads the cells of one sheet, in a process of its own that may die safely.

Run as a script with ``-I``: nothing of the project and no setting of the environment
reaches it. The workbook is standard input. Standard output is one JSON list of rows per
line and at the end one JSON object ``{"name", "rows", "filled"}``. Text stays text and
numbers numbers, an empty cell is null; a date is ``{"d": "2026-03-14"}``, a time of day
or a duration ``{"t": "12:30:00"}``.
Exit codes: 0 done, 3 out of memory, 4 not a readable workbook; a signal when calamine
aborts or a limit is hit.

calamine is fast, but a hostile file can make it ask for all memory and abort
(reliability 3.1): here that ends only this process.
"""

import datetime
import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

ROWS_PER_LINE = 500
OUT_OF_MEMORY = 3
NOT_READABLE = 4


def limit_self(memory: int, seconds: int) -> None:
    """Give up every right this job does not need, before any input is looked at."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def encode(value: object) -> object:
    """Return the JSON form of a cell that JSON has no type for."""
    if isinstance(value, datetime.datetime | datetime.date):
        return {"d": value.isoformat()}
    return {"t": str(value)}


def rows_of(sheet: Any) -> Iterator[list[object]]:
    """Yield rows from row 1 on, columns from A on, without trailing blank cells."""
    if sheet.start is None:
        return
    left = [None] * sheet.start[1]
    for row in sheet.iter_rows():
        cells = [None if cell == "" else cell for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        yield left + cells if cells else cells


def write_rows(sheet: Any) -> None:
    """Write the sheet as described at the top of this file."""
    encoder = json.JSONEncoder(
        ensure_ascii=False, separators=(",", ":"), default=encode
    )
    out = sys.stdout.buffer
    batch: list[list[object]] = []
    last = filled = 0
    for number, row in enumerate(rows_of(sheet), 1):
        if row:
            last, filled = number, filled + 1
        batch.append(row)
        if len(batch) == ROWS_PER_LINE:
            out.write(encoder.encode(batch).encode() + b"\n")
            batch = []
    out.write(encoder.encode(batch).encode() + b"\n")
    tail = {"name": sheet.name, "rows": last, "filled": filled}
    out.write(encoder.encode(tail).encode() + b"\n")
    out.flush()


def main() -> int:
    """Read sheet number ``argv[1]`` within ``argv[2]`` bytes and ``argv[3]`` seconds."""
    index, memory, seconds = (int(word) for word in sys.argv[1:4])
    limit_self(memory, seconds)
    from python_calamine import CalamineError, load_workbook

    try:
        write_rows(load_workbook(sys.stdin.buffer).get_sheet_by_index(index))
    except MemoryError:
        return OUT_OF_MEMORY
    except (CalamineError, ValueError):
        return NOT_READABLE
    return 0


if __name__ == "__main__":
    sys.exit(main())
