"""Grandchildren whose parent died: taken over while running, ended at the end (Linux).

A browser of the journeys starts a session of its own, so that ending its parent's
group does not reach it. As the "subreaper" the launcher becomes the parent of every
descendant that loses its own, and so finds them all. Elsewhere this does nothing.
"""

import ctypes
import os
import signal
import sys
import time
from contextlib import suppress

from launcher.processes import HAS_PROC, PROC

PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


def adopt() -> None:
    """Become the parent of every descendant that loses its own."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end() -> None:
    """End every child that is left; for the moment when none should be."""
    polite_until = time.monotonic() + 3
    give_up = polite_until + 5
    while (left := _children()) and time.monotonic() < give_up:
        polite = time.monotonic() < polite_until
        for pid in left:
            _end_one(pid, signal.SIGTERM if polite else signal.SIGKILL)
        time.sleep(0.1)


def _end_one(pid: int, signum: int) -> None:
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(pid, signum)
        os.waitpid(pid, os.WNOHANG)


def _children() -> list[int]:
    if not HAS_PROC:
        return []
    pids = [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if _parent(pid) == os.getpid()]


def _parent(pid: int) -> int | None:
    try:
        stat = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return int(stat.rpartition(")")[2].split()[1])
