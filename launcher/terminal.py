"""What the person at the terminal reads. Old Pythons read this.

Every failure that can be foreseen is a `PlainError`: one Chinese sentence that says
what is wrong and what to do. Tracebacks go to `.run/launcher.log`, never here.
"""

import sys
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


def _write(stream: Any, text: str) -> None:
    # In bytes, since a terminal without a Chinese locale would refuse the characters.
    # One that has gone (SIGHUP) raises EIO: stopping the children must go on.
    with suppress(AttributeError, OSError, ValueError):
        stream.flush()
        stream.buffer.write(text.encode("utf-8", "replace"))
        stream.buffer.flush()
