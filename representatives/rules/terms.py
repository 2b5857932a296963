"""The end of a committee's term: what has to be settled before it (L06, L15, L16, L18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

NEAR_DAYS = 180
"""From when on a term's end is near: half a year is what a 换届 is prepared in (inferred)."""


@dataclass(frozen=True, slots=True)
class TermFacts:
    """A village's term and what is open in it today.

    `vacant` counts seats that no by-election (`running`) is about and whose last mandate
    has been ended, `other_until` mandates that do not last as long as the term (L06),
    `expired` those that ran out and that nobody has ended (L18).
    """

    ends_on: date | None
    has_next: bool = False
    vacant: int = 0
    running: int = 0
    other_until: int = 0
    expired: int = 0

    def days_left(self, on: date) -> int | None:
        """Return the days until the term ends, negative once it is over."""
        return None if self.ends_on is None else (self.ends_on - on).days

    def is_near(self, on: date) -> bool:
        """Return whether the end is near or past, or not known at all."""
        left = self.days_left(on)
        return left is None or left <= NEAR_DAYS


def due_before_end(facts: TermFacts, on: date) -> tuple[str, ...]:
    """Return what the village has to settle before its term ends, in words."""
    left = facts.days_left(on)
    if left is None:
        return ("录入本届届期，代表的任期按它算",)
    found = []
    if facts.expired:
        found.append(f"{facts.expired} 名代表任期已满，办理离任")
    if facts.other_until:
        found.append(f"{facts.other_until} 名代表的任期和届期不一致，核对改正")
    if facts.running:
        found.append(f"办完 {facts.running} 件补选")
    if facts.vacant:
        found.append(_vacancies(facts.vacant, near=left <= NEAR_DAYS))
    if left <= NEAR_DAYS and not facts.has_next:
        found.append("定名额，准备换届推选" if left >= 0 else "录入新一届届期")
    return tuple(found)


def _vacancies(seats: int, *, near: bool) -> str:
    if near:
        return f"{seats} 席出缺：现在补选，或者留到换届一起推选"
    return f"{seats} 席出缺，启动补选"
