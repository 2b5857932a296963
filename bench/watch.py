"""Watching requests: what the database took, what the process took, how many rows."""

import json
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Post
from regions.scoping import scope
from shaodong.loading import load_whole

Ask = Callable[[], Any]
"""Sends one request and returns the answer."""
ROUNDS = 30
WARM = 3


@dataclass
class Watched:
    """Milliseconds of each round: in the database, on the wall, and of our CPU."""

    database: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    statements: int = 0

    @property
    def words(self) -> str:
        """As the table prints it."""
        return (
            f"数据库 p95 {p95(self.database):.1f} ms，整页 p95 {p95(self.wall):.1f} ms，"
            f"CPU {median(self.cpu):.1f} ms，{self.statements} 条语句"
        )


def p95(values: Sequence[float]) -> float:
    """Return the value that 95 of 100 do not exceed."""
    ordered = sorted(values)
    return ordered[math.ceil(len(ordered) * 0.95) - 1]


def median(values: Sequence[float]) -> float:
    """Return the middle value."""
    return sorted(values)[len(values) // 2]


def signed_in(post: Post) -> Client:
    """Return a browser in which the holder of the post is signed in."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(post.user, backend="accounts.backends.NameOrPhoneBackend")
    session = client.session
    session["began"] = session["seen"] = timezone.now().timestamp()
    session["post"] = post.pk
    session.save()
    return client


def watched(ask: Ask, rounds: int = ROUNDS) -> Watched:
    """Ask again and again through the whole stack, as the scoped role.

    The process is loaded as the web's are.
    """
    found = Watched()
    load_whole()
    for number in range(rounds + WARM):
        spent: list[float] = []
        with connection.execute_wrapper(_timer(spent)):
            wall, cpu = time.perf_counter(), time.process_time()
            answer = ask()
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        if answer.status_code >= 400:
            raise RuntimeError(f"{answer.status_code}: {answer.content[:300]!r}")
        if number >= WARM:
            found.database.append(sum(spent) * 1000)
            found.wall.append(wall * 1000)
            found.cpu.append(cpu * 1000)
            found.statements = len(spent)
    return found


def _timer(spent: list[float]) -> Callable[..., Any]:
    def run(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django calls it so
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent.append(time.perf_counter() - started)

    return run


@contextmanager
def recorded() -> Iterator[list[tuple[str, Any]]]:
    """Keep the statements of the block, with their parameters."""
    kept: list[tuple[str, Any]] = []

    def run(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django calls it so
        kept.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(run):
        yield kept


def rows_read(sql: str, params: Any) -> tuple[int, int]:
    """Return how many rows a statement's plan reads from tables, and buffers touched.

    Runs it: EXPLAIN (ANALYZE, BUFFERS), in the scope that is open.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
        found = cursor.fetchone()[0]
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    buffers = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return sum(_scanned(plan)), buffers


def _scanned(plan: dict[str, Any]) -> Iterator[int]:
    if "Scan" in plan["Node Type"]:
        kept = plan["Actual Rows"] * plan["Actual Loops"]
        dropped = plan.get("Rows Removed by Filter", 0) * plan["Actual Loops"]
        yield round(kept + dropped)
    for part in plan.get("Plans", ()):
        yield from _scanned(part)


def rows_of(ask: Ask, post: Post) -> tuple[int, int]:
    """Return rows and buffers that all of a page's reads touch, by their plans."""
    with recorded() as kept:
        ask()
    reads = [
        (sql, params)
        for sql, params in kept
        if sql.lstrip().startswith(("SELECT", "WITH"))
    ]
    reads = [(sql, params) for sql, params in reads if "set_config" not in sql]
    with scope(post.scope()), transaction.atomic():
        touched = [rows_read(sql, params) for sql, params in reads]
    return sum(rows for rows, _ in touched), sum(buffers for _, buffers in touched)
