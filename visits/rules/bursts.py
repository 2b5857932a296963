"""Visits that were noted all at once: a question to the village, never a score.

ui.md section 7: four or more within 60 seconds, or all of a month on its last day. An
honest representative may write down in the evening whom he saw; who answers for him is
the village. Nothing else follows: no figure, no rank, no mark on the visit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from visits.rules.periods import Cadence

MOST_AT_ONCE = 4
"""So many visits noted `WITHIN` are a question (ui.md section 7)."""
WITHIN = timedelta(seconds=60)
LEAST_ON_LAST_DAY = 4
"""Fewer on a month's last day are nobody's habit (inferred; ui.md names no number)."""


class BurstKind(StrEnum):
    """What is odd about some visits."""

    AT_ONCE = "at_once"
    LAST_DAY = "last_day"


@dataclass(frozen=True, slots=True)
class Noted:
    """A visit as far as the question goes: its day, and when it was written down."""

    visit: UUID
    visited_on: date
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Burst:
    """Visits of one representative that raise one question, by time of writing."""

    kind: BurstKind
    noted: tuple[Noted, ...]

    @property
    def seconds(self) -> int:
        """Between the first and the last of them."""
        return round((self.noted[-1].noted_at - self.noted[0].noted_at).total_seconds())


def bursts(noted: Iterable[Noted]) -> tuple[Burst, ...]:
    """Return the questions that one representative's own visits raise, by time.

    The order given does not matter, and a visit may stand in one of each kind.
    """
    line = sorted(noted, key=lambda one: (one.noted_at, one.visit))
    found = [*_at_once(line), *_on_last_days(line)]
    return tuple(sorted(found, key=lambda burst: burst.noted[0].noted_at))


def _at_once(line: Sequence[Noted]) -> Iterable[Burst]:
    """Yield each longest run in which every `MOST_AT_ONCE` lie within the time."""
    run: list[Noted] = []
    for start in range(len(line) - MOST_AT_ONCE + 1):
        some = line[start : start + MOST_AT_ONCE]
        if some[-1].noted_at - some[0].noted_at > WITHIN:
            continue
        if run and some[0] not in run:
            yield Burst(BurstKind.AT_ONCE, tuple(run))
            run = []
        run += [one for one in some if one not in run]
    if run:
        yield Burst(BurstKind.AT_ONCE, tuple(run))


def _on_last_days(line: Sequence[Noted]) -> Iterable[Burst]:
    by_month: dict[date, list[Noted]] = defaultdict(list)
    for one in line:
        by_month[Cadence.MONTH.period(one.visited_on).end].append(one)
    for last_day, some in by_month.items():
        if len(some) >= LEAST_ON_LAST_DAY and all(
            one.visited_on == last_day for one in some
        ):
            yield Burst(BurstKind.LAST_DAY, tuple(some))
