"""Three times the people for a minute, and whether all is as before soon after it."""

import time
from collections.abc import Iterator
from typing import Any

from bench.proof import Row
from drills.people import WRITE, Crowd, is_board, percentile

LASTS, SOON = 60, 10
READ, WRITTEN = 0.150, 0.300  # p95, reliability 5


def spiked(
    crowd: Crowd, people: list[dict[str, Any]], port: int, think: tuple[float, float]
) -> Iterator[Row]:
    """Let twice as many come on top of the crowd; judge the minute after they left."""
    answers = crowd.answers
    failed = len(answers.failures)
    answers.lap()
    with Crowd([*people, *people], port, think, answers=answers, arriving=LASTS):
        time.sleep(LASTS)
    during = answers.lap()
    failed = len(answers.failures) - failed
    yield Row(
        f"3 × people for {LASTS} s",
        f"{sum(map(len, during.values())):,} requests, {failed} failed, {said(during)}",
        "0 failed",
        kept=not failed,
    )
    time.sleep(SOON)
    answers.lap()
    time.sleep(LASTS)
    after = answers.lap()
    read, written = tails(after)
    yield Row(
        f"{SOON} s after they left",
        said(after),
        f"p95 ≤ {READ * 1000:.0f}, {WRITTEN * 1000:.0f} ms",
        kept=read <= READ and written <= WRITTEN,
    )


def tails(seconds: dict[str, list[float]]) -> tuple[float, float]:
    """Return the p95 of all reads but dashboards, and that of recording a visit."""
    reads = [
        one
        for page, taken in seconds.items()
        if page != WRITE and not is_board(page)
        for one in taken
    ]
    return percentile(reads, 0.95), percentile(seconds.get(WRITE, ()), 0.95)


def said(seconds: dict[str, list[float]]) -> str:
    """Return both as the table prints them."""
    read, written = tails(seconds)
    return f"reads p95 {read * 1000:.0f}, writes p95 {written * 1000:.0f} ms"
