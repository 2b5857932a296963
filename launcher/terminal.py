"""What the person at the terminal reads. Parses on Python 3.7.

Every failure that can be foreseen is a `PlainError`: one Chinese sentence that says
what is wrong and what to do. Tracebacks go to `.run/launcher.log`, never here.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from typing import Any


class PlainError(Exception):
    """A step cannot be done; its text is the sentence the person reads."""


def say(text: str) -> None:
    """Print one line at once; a closed or broken terminal is no reason to fail."""
    _write(sys.stdout, text + "\n")


def complain(text: str) -> None:
    """Print one line to the error output, under the same rule as `say`."""
    _write(sys.stderr, text + "\n")


def hint(text: str) -> None:
    """Overwrite the current line on a terminal; print nothing into a pipe or file."""
    if is_terminal():
        _write(sys.stdout, "\r\033[K" + text)


def is_terminal() -> bool:
    """Whether standard output is a terminal where a line can be overwritten."""
    try:
        return sys.stdout.isatty()
    except (AttributeError, ValueError):
        return False


def columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return the rows as aligned lines; a Chinese character is two cells wide."""
    widths = [
        max(_cells(cell) for cell in column) for column in zip(*rows, strict=True)
    ]
    return [
        "  ".join(
            cell + " " * (width - _cells(cell))
            for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _write(stream: Any, text: str) -> None:
    # A terminal that has gone (SIGHUP) raises EIO: stopping the children must go on.
    with suppress(AttributeError, OSError, ValueError):
        stream.reconfigure(encoding="utf-8", errors="replace")
    with suppress(AttributeError, OSError, ValueError):
        stream.write(text)
        stream.flush()
