"""The due rule against a naive oracle that walks through the days one by one.

The oracle knows no spans, no chains and no arithmetic on periods: it asks of every day
whether somebody was linked and how often a visit was asked for, collects the months and
quarters whose days all say yes, and then lives through the days with a list of what is
still open. Where the rule says that a quarter with an owed month is not owed itself,
the oracle keeps both: the dates must come out the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from visits.rules import (
    Cadence,
    Category,
    Facts,
    History,
    Judgement,
    Policy,
    Recorded,
    Span,
    Standing,
    Waiver,
    assess,
    cadence_on,
    due_on,
    missed_periods,
    next_owed,
    standing,
    standing_as_of,
)

MONTH, QUARTER = Cadence.MONTH, Cadence.QUARTER
REPORT = Policy(date(2019, 1, 1), QUARTER, {"low_income": MONTH, "other": QUARTER})


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


def assert_day_agrees(facts: Facts, oracle: Oracle, on: date) -> None:
    """Compare as of `on`: the visits known to the rule are those up to that day."""
    expected = oracle.answers[on]
    judged = assess(facts, on)
    if judged is None:
        assert not expected.is_linked, on
        return
    assert (judged.standing, judged.due_on) == (oracle.standing(on), expected.due_on)
    assert_figures_fit(judged)
    assert due_on(facts.without_visits_after(on), on) == expected.due_on
    assert_open_misses_fit(facts, expected, judged)


def assert_open_misses_fit(facts: Facts, expected: Answer, judged: Judgement) -> None:
    """A household is overdue, or excused from it, exactly when a miss is open.

    The oracle also has quarters in which a month was owed; the rule must leave out
    just those, and never the earliest.
    """
    ends = [o.period.end for o in missed_periods(facts, judged.on) if o.is_open]
    assert set(ends) <= set(expected.open_misses)
    assert ends[:1] == list(expected.open_misses[:1])
    months = {month_name(end) for end in ends}
    for left_out in set(expected.open_misses) - set(ends):
        quarter = days_of_the_period(quarter_name, left_out)
        assert months & {month_name(day) for day in quarter}
    if ends:
        assert judged.due_on == ends[0]


def assert_figures_fit(judged: Judgement) -> None:
    if judged.standing is Standing.DUE:
        assert judged.due_on is not None
        assert judged.on + timedelta(days=judged.days_left or 0) == judged.due_on
        assert judged.days_overdue is None
    if judged.standing is Standing.OVERDUE:
        assert judged.due_on is not None
        assert judged.on - timedelta(days=judged.days_overdue or 0) == judged.due_on
        assert (judged.days_overdue or 0) >= 1
        assert judged.days_left is None
    assert (judged.waiver is not None) == (judged.standing is Standing.EXCUSED)


# --- every date from 2020 to 2040 ------------------------------------------

ALWAYS = Span(date(2019, 6, 5))
KEY = Category("low_income", "低保户", ALWAYS)
EVERY_DATE = list(days_between(date(2020, 1, 1), date(2040, 12, 31)))


@pytest.mark.parametrize("categories", [(), (KEY,)], ids=["ordinary", "key"])
def test_due_date_after_a_visit_on_every_date_2020_to_2040(
    categories: tuple[Category, ...],
) -> None:
    name = month_name if categories else quarter_name
    ends = {
        name(day): day for day in days_between(date(2020, 1, 1), date(2041, 12, 31))
    }
    following = dict(zip(ends, list(ends.values())[1:], strict=False))

    for visit in EVERY_DATE:
        facts = Facts((ALWAYS,), (REPORT,), (visit,), categories)
        assert due_on(facts, visit) == following[name(visit)], visit


@pytest.mark.parametrize("categories", [(), (KEY,)], ids=["ordinary", "key"])
def test_link_beginning_on_every_date_first_owes_its_first_full_period(
    categories: tuple[Category, ...],
) -> None:
    name = month_name if categories else quarter_name
    groups: dict[str, list[date]] = {}
    for day in days_between(date(2020, 1, 1), date(2041, 12, 31)):
        groups.setdefault(name(day), []).append(day)
    starts = {days[0]: days[-1] for days in groups.values()}

    for begins in EVERY_DATE:
        first_start = next(d for d in days_between(begins, date.max) if d in starts)
        facts = Facts((Span(begins),), (REPORT,), (), categories)
        assert due_on(facts, begins) == starts[first_start], begins


def busy_history() -> Facts:
    """Twenty-one years with a visit about every 40 days and some of everything else."""
    visits = tuple(
        day for n, day in enumerate(EVERY_DATE) if n % 41 == 7 or n % 1009 == 400
    )
    return Facts(
        links=(
            Span(date(2020, 1, 20), date(2023, 6, 30)),
            Span(date(2023, 7, 1), date(2029, 2, 14)),
            Span(date(2029, 8, 15)),
        ),
        policies=(REPORT, Policy(date(2035, 5, 10), MONTH, {"low_income": MONTH})),
        visits=visits,
        categories=(
            Category(
                "low_income", "低保户", Span(date(2021, 2, 14), date(2022, 11, 9))
            ),
            Category(
                "low_income", "低保户", Span(date(2024, 2, 29), date(2026, 8, 31))
            ),
            Category("other", "其他", Span(date(2027, 1, 1))),
            Category("low_income", "低保户", Span(date(2031, 10, 1))),
        ),
        waivers=(
            Waiver(date(2022, 3, 20), date(2022, 4, 10), "住院"),
            Waiver(date(2025, 2, 1), date(2025, 6, 30), "外出"),
            Waiver(date(2028, 9, 30), date(2028, 9, 30), "拒访"),
        ),
    )


def test_standing_on_every_date_2020_to_2040_equals_the_oracle() -> None:
    facts = busy_history()
    oracle = Oracle(facts, EVERY_DATE[0], EVERY_DATE[-1])

    for on in EVERY_DATE:
        judged = assess(facts, on)
        answer = (judged.standing, judged.due_on) if judged else (None, None)
        assert answer == (oracle.standing(on), oracle.answers[on].due_on), on


# --- random histories ------------------------------------------------------

BEGIN, END = date(2027, 9, 1), date(2029, 4, 30)  # leap day 2028-02-29 inside
EDGES = [
    day
    for day in days_between(BEGIN, END)
    if (day + timedelta(days=1)).day == 1 or day.day in (1, 2)
] + [date(2028, 2, 28), date(2028, 2, 29)]
a_day = st.one_of(st.sampled_from(EDGES), st.dates(BEGIN, END))


@st.composite
def spans(draw: st.DrawFn, *, can_be_open: bool = True) -> Span:
    first, other = sorted((draw(a_day), draw(a_day)))
    is_open = can_be_open and draw(st.booleans())
    return Span(first, None if is_open else other)


@st.composite
def chains(draw: st.DrawFn) -> tuple[Span, ...]:
    """Links after each other: handed over on the next day, with a gap, or overlapping."""
    links = [draw(spans())]
    for _ in range(draw(st.integers(0, 2))):
        last = links[-1].last
        if last is None:
            break
        first = last + timedelta(days=draw(st.sampled_from([0, 1, 1, 1, 2, 45])))
        length = timedelta(days=draw(st.integers(0, 250)))
        links.append(Span(first, draw(st.sampled_from([None, first + length]))))
    return tuple(links)


@st.composite
def waivers(draw: st.DrawFn) -> Waiver:
    span = draw(spans(can_be_open=False))
    assert span.last is not None
    short = span.first + timedelta(days=draw(st.integers(0, 40)))
    return Waiver(span.first, draw(st.sampled_from([span.last, short])), "住院")


categories = st.builds(
    Category, st.sampled_from(["low_income", "other"]), st.just("低保户"), spans()
)
policies = st.builds(
    Policy,
    a_day,
    st.sampled_from([QUARTER, QUARTER, QUARTER, MONTH]),
    st.sampled_from([{"low_income": MONTH}, {"other": MONTH}, {}]),
)
histories = st.builds(
    Facts,
    links=chains(),
    policies=st.lists(policies, max_size=2, unique_by=lambda p: p.effective_from).map(
        lambda later: (REPORT, *later)
    ),
    visits=st.lists(a_day, max_size=8).map(tuple),
    categories=st.lists(categories, max_size=3).map(tuple),
    waivers=st.lists(waivers(), max_size=2).map(tuple),
)
some_days = st.lists(a_day, min_size=6, max_size=12)


@settings(
    max_examples=600,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(facts=histories, asked=some_days)
def test_random_histories_agree_with_the_oracle(
    facts: Facts, asked: list[date]
) -> None:
    oracle = Oracle(facts, BEGIN, END)
    for on in asked:
        assert_day_agrees(facts, oracle, on)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(facts=histories, one=a_day, other=a_day)
def test_due_date_is_the_same_from_every_day_of_one_chain(
    facts: Facts, one: date, other: date
) -> None:
    for chain in facts.chains:
        if one in chain and other in chain:
            assert next_owed(facts, one) == next_owed(facts, other)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(facts=histories, on=a_day)
def test_stored_date_and_standing_agree_with_the_assessment(
    facts: Facts, on: date
) -> None:
    """What a list computes from its columns is what the card says from the facts."""
    so_far = facts.without_visits_after(on)
    judged = assess(facts, on)
    if judged is not None:
        cadence = cadence_on(so_far, on)
        last = so_far.visits[-1] if so_far.visits else None
        covering = [w for w in facts.waivers if on in w]
        covering += [w for w in facts.waivers if cadence.period(on).end in w]
        waiver = covering[0] if covering else None
        assert standing(due_on(so_far, on), cadence, on, waiver, last) == judged


@settings(max_examples=300, deadline=None, derandomize=True)
@given(facts=histories, extra=spans(), on=a_day)
def test_becoming_key_never_postpones_a_date(
    facts: Facts, extra: Span, on: date
) -> None:
    category = Category("low_income", "低保户", extra)
    more = Facts(
        facts.links,
        (REPORT,),
        facts.visits,
        (*facts.categories, category),
        facts.waivers,
    )
    fewer = Facts(facts.links, (REPORT,), facts.visits, facts.categories, facts.waivers)

    before, after = due_on(fewer, on), due_on(more, on)

    if before is not None:
        assert after is not None
        assert after <= before


@settings(max_examples=300, deadline=None, derandomize=True)
@given(facts=histories, on=a_day)
def test_visit_on_the_day_ends_every_overdue(facts: Facts, on: date) -> None:
    visited = Facts(
        facts.links,
        facts.policies,
        (*facts.visits, on),
        facts.categories,
        facts.waivers,
    )
    judged = assess(visited, on)
    if judged is not None:
        assert judged.standing is not Standing.OVERDUE
        assert not any(owed.is_open for owed in missed_periods(visited, on)[-1:])


@settings(max_examples=300, deadline=None, derandomize=True)
@given(facts=histories, on=a_day)
def test_both_replays_agree_when_everything_is_recorded_as_it_happens(
    facts: Facts, on: date
) -> None:
    history = History(
        links=tuple(r for span in facts.links for r in as_it_happens(span)),
        policies=tuple(Recorded(p, p.effective_from) for p in facts.policies),
        visits=tuple(Recorded(day, day) for day in facts.visits),
        categories=tuple(
            Recorded(Category(c.code, c.name, r.fact), r.recorded_on, r.withdrawn_on)
            for c in facts.categories
            for r in as_it_happens(c.span)
        ),
        waivers=tuple(Recorded(w, w.first) for w in facts.waivers),
    )

    assert standing_as_of(history, on) == standing_as_of(history, on, known_on=on)


def as_it_happens(span: Span) -> list[Recorded[Span]]:
    """A span is recorded open on its first day, and closed on its last."""
    if span.last is None:
        return [Recorded(span, span.first)]
    return [
        Recorded(Span(span.first), span.first, withdrawn_on=span.last),
        Recorded(span, span.last),
    ]
