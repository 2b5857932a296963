"""The due rule against the naive oracle: every date of 21 years, and random histories."""

from __future__ import annotations

import os
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.visits.due_oracle import (
    Answer,
    Oracle,
    days_between,
    days_of_the_period,
    month_name,
    quarter_name,
)
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

HISTORIES = int(os.environ.get("HISTORIES", "0"))
"""How many random histories to live through, where 600 are not enough."""
MONTH, QUARTER = Cadence.MONTH, Cadence.QUARTER
REPORT = Policy(date(2019, 1, 1), QUARTER, {"low_income": MONTH, "other": QUARTER})


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
    max_examples=HISTORIES or 600,
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
