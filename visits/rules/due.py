"""Which periods are owed, when the next one falls due, and how that stands on a day."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from ui.words import full_day
from visits.rules.facts import Facts, Policy, Waiver, cadence_on
from visits.rules.periods import ONE_DAY, Cadence, Period, Span

HORIZON = date(2200, 1, 1)
"""Nobody plans a visit beyond this day; a waiver mistyped as 9999 ends the search."""


class Standing(StrEnum):
    """How a duty stands on a day (design section 5)."""

    DONE = "done"
    DUE = "due"
    OVERDUE = "overdue"
    EXCUSED = "excused"

    @property
    def label(self) -> str:
        """The standing as it is shown on lists and cards."""
        return _STANDING_LABELS[self]


_STANDING_LABELS = {
    Standing.DONE: "已完成",
    Standing.DUE: "待完成",
    Standing.OVERDUE: "已逾期",
    Standing.EXCUSED: "已免除",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The standing of one duty on the day `on`, with the figures that go with it.

    `days_left` is given for DUE only (0 on the last day), `days_overdue` for OVERDUE
    only (1 on the day after the last), `waiver` for EXCUSED only. `owed` is the period
    that it follows from, where it was judged from facts (`assess`).
    """

    standing: Standing
    on: date
    due_on: date | None
    days_left: int | None = None
    days_overdue: int | None = None
    waiver: Waiver | None = None
    owed: Owed | None = field(default=None, compare=False)

    def is_soon(self, policy: Policy, cadence: Cadence) -> bool:
        """Say whether the end is so near that reminders go out (`soon_days`)."""
        return self.days_left is not None and (
            self.days_left <= policy.soon_days[cadence]
        )


@dataclass(frozen=True, slots=True)
class Owed:
    """One period that had, or has, to be covered, and what became of it.

    `visited_on` is the first counted visit inside the period. When there was none,
    `made_up_on` is the first one after it (补访), or `lapsed_on` the first day on
    which nobody was linked any more.
    """

    cadence: Cadence
    period: Period
    visited_on: date | None = None
    made_up_on: date | None = None
    lapsed_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Say whether a visit would still be owed for this period."""
        return (self.visited_on or self.made_up_on or self.lapsed_on) is None


# --- the periods that are owed ---------------------------------------------


def next_owed(facts: Facts, on: date) -> Owed | None:
    """Return the earliest period that must be covered and is not yet.

    Seen from `on`: of the chain of links that contains it, or else of the next one to
    begin. None when there is no such chain, or when it is known to end before another
    full period. Within one chain the answer is the same from every day, so that it can
    be stored and stays right until a fact changes.
    """
    chain = next((c for c in facts.chains if c.last is None or on <= c.last), None)
    return _first_uncovered(facts, chain, until=date.max) if chain else None


def due_on(facts: Facts, on: date) -> date | None:
    """Return the last day of the earliest period still to be covered (design 5).

    See `next_owed` for what `on` is for and when there is no such day.
    """
    owed = next_owed(facts, on)
    return owed.period.end if owed else None


def _first_uncovered(facts: Facts, chain: Span, *, until: date) -> Owed | None:
    """Return the first period owed that begins after the last visit up to `until`."""
    visits = reversed(facts.visits)
    seen = next((day for day in visits if day in chain and day <= until), None)
    owed = _owed_periods(facts, chain, seen or chain.first)
    return next((o for o in owed if seen is None or seen < o.period.start), None)


def _owed_periods(facts: Facts, chain: Span, since: date) -> Iterator[Owed]:
    """Yield what is owed in `chain` from the quarter of `since` on, by last day."""
    quarter = Cadence.QUARTER.period(since)
    while quarter.start <= (chain.last or HORIZON):
        yield from _owed_in_quarter(facts, chain, quarter)
        quarter = Cadence.QUARTER.period(quarter.end + ONE_DAY)


def _owed_in_quarter(facts: Facts, chain: Span, quarter: Period) -> Iterator[Owed]:
    """Yield the monthly duties of a quarter or, where there is none, the quarter.

    A quarter with an owed month is not owed on top: the month asks for the same visit
    sooner, and one neglect would be counted twice.
    """
    months = [m for m in quarter.months() if _is_owed_month(facts, chain, m)]
    yield from (Owed(Cadence.MONTH, month) for month in months)
    if not months and chain.covers(quarter) and not _is_waived(facts, quarter):
        yield Owed(Cadence.QUARTER, quarter)


def _is_owed_month(facts: Facts, chain: Span, month: Period) -> bool:
    is_monthly = any(span.covers(month) for span in facts.monthly)
    return is_monthly and chain.covers(month) and not _is_waived(facts, month)


def _is_waived(facts: Facts, period: Period) -> bool:
    return any(period.end in waiver for waiver in facts.waivers)


# --- what became of them ---------------------------------------------------


def owed_periods(facts: Facts, since: date, until: date) -> tuple[Owed, ...]:
    """Return every period owed whose last day lies in `since`..`until`, in order.

    All chains of links count, ended ones too. What became of a period is said as of
    `until`: later visits are not looked at. Coverage is the share of these that have
    `visited_on`.
    """
    found = []
    for chain in facts.chains:
        visits = [day for day in facts.visits if day in chain and day <= until]
        for owed in _owed_periods(facts, chain, max(since, chain.first)):
            if owed.period.end > until:
                break
            if owed.period.end >= since:
                found.append(_with_outcome(owed, chain, visits, until))
    return tuple(found)


def _with_outcome(owed: Owed, chain: Span, visits: list[date], until: date) -> Owed:
    """Fill in the first visit from the beginning of the period on, or the lapse."""
    at = bisect_left(visits, owed.period.start)
    visit = visits[at] if at < len(visits) else None
    if visit is not None and visit in owed.period:
        return replace(owed, visited_on=visit)
    if visit is not None:
        return replace(owed, made_up_on=visit)
    if chain.last is not None and chain.last < until:
        return replace(owed, lapsed_on=chain.last + ONE_DAY)
    return owed


def missed_periods(facts: Facts, on: date) -> tuple[Owed, ...]:
    """Return every period that was over before `on` without a visit in it.

    These are the facts behind the overdue flags: one for each period, never undone by
    a later visit, which is noted as `made_up_on`. A household is overdue on `on`
    exactly when one of them is still open.
    """
    first = min((chain.first for chain in facts.chains), default=on)
    over = owed_periods(facts, first, on)
    return tuple(o for o in over if o.period.end < on and o.visited_on is None)


def made_up_by(facts: Facts, visit: date) -> tuple[Owed, ...]:
    """Return the missed periods that a visit on this day made up for (补访)."""
    return tuple(o for o in missed_periods(facts, visit) if o.made_up_on == visit)


# --- how it stands ---------------------------------------------------------


def standing(
    due_on: date | None,
    cadence: Cadence,
    on: date,
    waiver: Waiver | None = None,
    last_visit: date | None = None,
    *,
    owed: Owed | None = None,
) -> Judgement:
    """Judge a due date on the day `on`: the comparison of design section 5.

    `cadence` is the one in force on `on` (`cadence_on`), `waiver` the one that
    `excusing` names, `last_visit` the last counted one up to `on`; it matters only
    under a waiver, where it tells a household that was seen from one that is excused.
    Overdue begins on the day after `due_on`. Without a due date nothing is owed, which
    is DONE. `owed` is the period that the due date ends, where it is known.
    """
    bare = _compared(due_on, cadence.period(on), on, owed)
    is_seen = last_visit is not None and last_visit in cadence.period(on)
    if waiver is None or not _excuses(waiver, bare, is_seen=is_seen):
        return bare
    return Judgement(Standing.EXCUSED, on, due_on, waiver=waiver, owed=owed)


def _compared(
    due_on: date | None, period: Period, on: date, owed: Owed | None
) -> Judgement:
    if due_on is None or due_on > period.end:
        return Judgement(Standing.DONE, on, due_on, owed=owed)
    days = (due_on - on).days
    if days < 0:
        return Judgement(Standing.OVERDUE, on, due_on, days_overdue=-days, owed=owed)
    return Judgement(Standing.DUE, on, due_on, days_left=days, owed=owed)


def _excuses(waiver: Waiver, bare: Judgement, *, is_seen: bool) -> bool:
    """Say whether the waiver changes anything about the bare comparison.

    What is still to do is excused while the waiver lasts, not before or after; who
    was seen in this period is done, not excused.
    """
    if bare.standing is Standing.DONE:
        return not is_seen
    return bare.on in waiver


def excusing(waivers: Iterable[Waiver], cadence: Cadence, on: date) -> Waiver | None:
    """Return the waiver to put before `standing`, or None.

    It covers `on`, or else the last day of the period of `on`.
    """
    known = tuple(waivers)
    now = next((waiver for waiver in known if on in waiver), None)
    end = cadence.period(on).end
    return now or next((waiver for waiver in known if end in waiver), None)


def assess(facts: Facts, on: date) -> Judgement | None:
    """Judge the duty on the day `on` from its facts; None when nobody is linked then.

    Visits after `on` are not looked at, all other facts are taken as they stand: for
    a day in the past ask `standing_as_of`.
    """
    chain = next((chain for chain in facts.chains if on in chain), None)
    if chain is None:
        return None
    cadence = cadence_on(facts, on)
    owed = _first_uncovered(facts, chain, until=on)
    return standing(
        owed.period.end if owed else None,
        cadence,
        on,
        excusing(facts.waivers, cadence, on),
        last_visit_on(facts, on),
        owed=owed,
    )


def last_visit_on(facts: Facts, on: date) -> date | None:
    """Return the last counted visit up to and including `on`, or None."""
    return next((day for day in reversed(facts.visits) if day <= on), None)


def visit_refusal(day: date, on: date, links: Iterable[Span]) -> str | None:
    """Say why a visit on `day` cannot be recorded on the day `on`; None when it can.

    Design section 5: a date in the future or before the link is refused; a late visit
    is always recordable.
    """
    if day > on:
        return (
            f"走访日期{full_day(day)}晚于今天（{full_day(on)}），请填写实际走访的日期。"
        )
    if any(day in link for link in links):
        return None
    return f"走访日期{full_day(day)}不在联系期内，当天本户没有联系代表，请核对日期或联系起止日期。"
