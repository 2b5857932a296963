"""A naive oracle of the due rule that walks through the days one by one.

It knows no spans, no chains and no arithmetic on periods: it asks of every day whether
somebody was linked and how often a visit was asked for, collects the months and quarters
whose days all say yes, and then lives through the days with a list of what is still
open. Where the rule says that a quarter with an owed month is not owed itself, the
oracle keeps both: the dates must come out the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from visits.rules import Cadence, Facts, Policy, Standing

MONTH, QUARTER = Cadence.MONTH, Cadence.QUARTER


@dataclass(frozen=True)
class Answer:
    """What the oracle says about one day."""

    is_linked: bool
    due_on: date | None
    open_misses: tuple[date, ...]


def days_between(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)


@cache
def month_name(day: date) -> str:
    return f"{day:%Y-%m}"


@cache
def quarter_name(day: date) -> str:
    return f"{day.year}Q{(day.month + 2) // 3}"


@cache
def days_of_the_period(name: Callable[[date], str], day: date) -> list[date]:
    around = days_between(day - timedelta(days=95), day + timedelta(days=95))
    return [other for other in around if name(other) == name(day)]


class Oracle:
    """The naive answer for every day of a window."""

    def __init__(self, facts: Facts, first: date, last: date) -> None:
        self.facts = facts
        # Whole calendar years around the window, so that no period is cut off; a year
        # more after it, because the next due date may lie well ahead.
        self.days = list(
            days_between(date(first.year, 1, 1), date(last.year + 1, 12, 31))
        )
        self.linked = {day for day in self.days if self.is_linked(day)}
        self.monthly = {day for day in self.linked if self.is_monthly(day)}
        self.waived = {
            day
            for day in self.days
            if any(w.first <= day <= w.last for w in facts.waivers)
        }
        self.duties = [*self.whole(month_name, self.monthly)]
        self.duties += self.whole(quarter_name, self.linked)
        self.answers = dict(self.live())

    def policy(self, day: date) -> Policy | None:
        past = [p for p in self.facts.policies if p.effective_from <= day]
        return max(past, key=lambda p: p.effective_from) if past else None

    def is_linked(self, day: date) -> bool:
        return self.policy(day) is not None and any(
            s.first <= day and (s.last is None or s.last >= day)
            for s in self.facts.links
        )

    def is_monthly(self, day: date) -> bool:
        policy = self.policy(day)
        assert policy is not None
        asked = [policy.cadence]
        for c in self.facts.categories:
            if c.span.first <= day and (c.span.last is None or c.span.last >= day):
                asked.append(policy.key.get(c.code, QUARTER))
        return MONTH in asked

    def whole(
        self, name: Callable[[date], str], asked: set[date]
    ) -> Iterator[list[date]]:
        """Yield the periods whose every day is asked for and whose last is not waived."""
        groups: dict[str, list[date]] = {}
        for day in self.days:
            groups.setdefault(name(day), []).append(day)
        for days in groups.values():
            if asked.issuperset(days) and days[-1] not in self.waived:
                yield days

    def live(self) -> Iterator[tuple[date, Answer]]:
        visits = set(self.facts.visits)
        starting: dict[date, list[list[date]]] = {}
        for duty in self.duties:
            starting.setdefault(duty[0], []).append(duty)
        ahead = self.ends_ahead()
        still_open: list[list[date]] = []
        for day in self.days:
            if day not in self.linked:
                still_open = []
                yield day, Answer(False, None, ())
                continue
            still_open += starting.get(day, [])
            if day in visits:
                still_open = []
            ends = [duty[-1] for duty in still_open]
            due = min([*ends, *ahead[day]], default=None)
            missed = tuple(sorted(end for end in ends if end < day))
            yield day, Answer(True, due, missed)

    def ends_ahead(self) -> dict[date, list[date]]:
        """For each linked day, the earliest end of a duty yet to begin, link unbroken."""
        ends: dict[date, list[date]] = {}
        first_ends = {}
        for duty in self.duties:
            first_ends[duty[0]] = min(duty[-1], first_ends.get(duty[0], duty[-1]))
        known: list[date] = []
        for day in reversed(self.days):
            if day not in self.linked:
                known = []
                continue
            ends[day] = known
            if day in first_ends:
                known = [min([first_ends[day], *known])]
        return ends

    def standing(self, day: date) -> Standing | None:
        due = self.answers[day].due_on
        if not self.answers[day].is_linked:
            return None
        name = month_name if day in self.monthly else quarter_name
        period = days_of_the_period(name, day)
        if due is not None and due <= period[-1]:
            if day in self.waived:
                return Standing.EXCUSED
            return Standing.OVERDUE if due < day else Standing.DUE
        seen = any(visit in period and visit <= day for visit in self.facts.visits)
        if not seen and (day in self.waived or period[-1] in self.waived):
            return Standing.EXCUSED
        return Standing.DONE
