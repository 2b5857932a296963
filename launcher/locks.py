"""One launcher at a time in one place, by a file lock that dies with its holder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher import interrupt
from launcher.terminal import PlainError, say


@contextmanager
def locked(path: Path, waiting: str) -> Iterator[None]:
    """Hold the lock `path`; where another holds it, say `waiting` and wait."""
    with _opened(path) as descriptor:
        told = False
        while not _taken(descriptor):
            if not told:
                say(waiting)
                told = True
            interrupt.pause(0.3)
        yield


@contextmanager
def locked_or_refused(path: Path, refusal: str) -> Iterator[None]:
    """Hold the lock `path`; where another holds it, raise `refusal`."""
    with _opened(path) as descriptor:
        if not _taken(descriptor):
            raise PlainError(refusal)
        yield


def is_held(path: Path) -> bool:
    """Whether a living launcher holds the lock `path`."""
    if not path.exists():
        return False
    with _opened(path) as descriptor:
        return not _taken(descriptor)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    # The descriptor is not inherited by children, so the lock ends with this process.
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
