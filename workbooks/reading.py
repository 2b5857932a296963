"""Yields the raw rows of an accepted file; .xlsx cells come from a child process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from workbooks.child import NOT_READABLE
from workbooks.delimited import read_records
from workbooks.hollow import rows_with_values
from workbooks.inventory import MEGABYTE, FileRefused, SheetFacts, TextFacts
from workbooks.package import damaged

CHILD = Path(__file__).with_name("child.py")
ROWS_PER_BATCH = 500


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What the reading process may use; 100,000 x 20 cells need 215 MB and 2 s."""

    memory: int = 1024 * MEGABYTE
    seconds: int = 60
    line: int = 64 * MEGABYTE
    """Longest line taken from it, so that it cannot fill this process either."""


DEFAULT_CHILD_LIMITS = ChildLimits()


@dataclass(frozen=True, slots=True)
class Clock:
    """A cell formatted as a time of day or a duration: never a date of ours."""

    text: str


Plain = str | float | bool | date | Clock | None
"""What a cell holds once decoded: the type survives, so a number is never text."""


def read_batches(
    file: BinaryIO,
    sheet: SheetFacts,
    text: TextFacts | None = None,
    limits: ChildLimits = DEFAULT_CHILD_LIMITS,
) -> Iterator[bytes]:
    """Yield the rows of ``sheet`` from row 1 in batches; decode with :func:`decode`.

    Rows after the last one that comes out are blank. Every row that the guard counted
    comes out or the file is refused: no row is lost without a word (lessons 30).
    Raises :class:`FileRefused`.
    """
    if not sheet.rows:
        return
    if text is None:
        yield from _read_xlsx(file, sheet, limits)
    else:
        yield from _read_text(file, sheet, text)


def decode(batch: bytes) -> list[list[Plain]]:
    """Return the rows of one batch, without trailing blank cells."""
    return cast(list[list[Plain]], json.loads(batch, object_hook=_decode_cell))


def _decode_cell(cell: dict[str, str]) -> Plain:
    if "t" in cell:
        return Clock(cell["t"])
    day = cell["d"]
    return datetime.fromisoformat(day) if "T" in day else date.fromisoformat(day)


def _read_text(file: BinaryIO, sheet: SheetFacts, text: TextFacts) -> Iterator[bytes]:
    records = islice(read_records(file, text), sheet.last_row)
    while batch := list(islice(records, ROWS_PER_BATCH)):
        rows = [[field or None for field in record] for record in batch]
        yield json.dumps(rows).encode()


def _read_xlsx(
    file: BinaryIO, sheet: SheetFacts, limits: ChildLimits
) -> Iterator[bytes]:
    process = _start(file, sheet, limits)
    stream = cast(BinaryIO, process.stdout)
    tail: dict[str, object] = {}
    try:
        while line := stream.readline(limits.line):
            if line.startswith(b"{"):
                tail = json.loads(line)
            elif line.endswith(b"\n"):
                yield line
            else:
                break
        process.kill() if line else process.wait()
    finally:
        process.kill()
        code = process.wait()
        stream.close()
    if code or not tail:
        raise damaged() if code == NOT_READABLE else _died()
    _check_nothing_lost(file, sheet, tail)


def _start(
    file: BinaryIO, sheet: SheetFacts, limits: ChildLimits
) -> subprocess.Popen[bytes]:
    """Start the reader on the same open file: a renamed or replaced path cannot matter."""
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    numbers = (sheet.index, limits.memory, limits.seconds)
    return subprocess.Popen(
        [sys.executable, "-I", str(CHILD), *map(str, numbers)],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
    )


def _check_nothing_lost(
    file: BinaryIO, sheet: SheetFacts, tail: dict[str, object]
) -> None:
    """Compare what the reader saw with what the guard counted in the XML."""
    filled = cast(int, tail["filled"])
    if tail["name"] != sheet.name or cast(int, tail["rows"]) > sheet.last_row:
        raise damaged()
    if filled == sheet.rows:
        return
    if not rows_with_values(file, sheet) <= filled <= sheet.rows:
        raise FileRefused(
            "rows_lost",
            f"“{sheet.name}”有 {sheet.rows} 行，只读出 {filled} 行，为避免丢失已停止。"
            "请把名册复制（粘贴为数值）到新的工作簿，再上传。",
        )


def _died() -> FileRefused:
    return FileRefused(
        "unreadable",
        "读取这个文件用的内存或时间超过了限度，已停止；系统没有受影响。"
        "请把名册复制（粘贴为数值）到新的工作簿，再上传。",
    )
