"""Measuring: wall, and CPU of this process, its children and the database's backend.

The CPU is what comparisons use: on a machine that others use too, the wall says more
about them.
"""

import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Taken:
    """Seconds that a block took; zero until it is over."""

    wall: float = 0.0
    client: float = 0.0
    server: float = 0.0

    @property
    def cpu(self) -> float:
        """Seconds of CPU, of this process, its children and the backend together."""
        return self.client + self.server

    @property
    def words(self) -> str:
        """As the table prints it."""
        return f"{self.wall:.2f} s（CPU {self.cpu:.2f}）"

    def times(self, factor: float) -> "Taken":
        """Return what a job this many times as large takes, were it linear."""
        return Taken(self.wall * factor, self.client * factor, self.server * factor)


@contextmanager
def timed(*backends: int) -> Iterator[Taken]:
    """Measure the block; `backends` are processes of the database that serve it.

    Django's own connection is always among them.
    """
    connection.ensure_connection()
    pids = {connection.connection.info.backend_pid, *backends}
    taken = Taken()
    started, client = time.perf_counter(), _client()
    server = sum(map(_server, pids))
    yield taken
    taken.wall = time.perf_counter() - started
    taken.client = _client() - client
    taken.server = sum(map(_server, pids)) - server


def _client() -> float:
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _server(pid: int) -> float:
    """Return the CPU seconds of a backend; 0 where it runs elsewhere or is not Linux."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0.0
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
