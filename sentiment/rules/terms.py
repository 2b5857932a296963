"""Deadlines of an issue: days by holder, and the lights that follow from them.

Defaults of domain 3.4 (`inferred`, therefore the city's setting): village 7 days,
township 15, city 30. Natural days; due today is not overdue.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sentiment.rules.words import Holder
from visits.rules import Cadence

NEAR = 2
"""Days before the deadline from which the light is amber."""


@dataclass(frozen=True)
class Term:
    """The days a holder has, from a day on until the next one's day."""

    holder: Holder
    days: int
    effective_from: dt.date


@dataclass(frozen=True)
class Terms:
    """The city's settings, whatever their order."""

    rows: tuple[Term, ...]

    @classmethod
    def of(cls, rows: Iterable[Term]) -> "Terms":
        """Return the settings made of these rows."""
        return cls(tuple(rows))

    def days(self, holder: Holder, on: dt.date) -> int:
        """Return the days `holder` has on the day `on`; the earliest ones before that."""
        own = sorted(
            (row for row in self.rows if row.holder is holder),
            key=lambda row: row.effective_from,
        )
        begun = [row for row in own if row.effective_from <= on] or own[:1]
        return begun[-1].days

    def due(self, holder: Holder, on: dt.date) -> dt.date:
        """Return the last day for a holder that gets an issue on the day `on`."""
        return on + dt.timedelta(days=self.days(holder, on))

    def due_at_assembly(self, on: dt.date) -> dt.date:
        """Return the last day for what goes to the 村民代表会议, which meets quarterly.

        A quarter that ends before the village's own days are over is too near.
        """
        return Cadence.QUARTER.period(self.due(Holder.VILLAGE, on)).end


def tone(due_on: dt.date, on: dt.date) -> str:
    """Return the light of an unresolved issue: ok, warn in the last days, bad after."""
    if due_on < on:
        return "bad"
    return "warn" if (due_on - on).days <= NEAR else "ok"
