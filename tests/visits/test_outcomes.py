"""What became of past periods: the set-based answer against the pure rule."""

import datetime as dt
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from households.models import Household
from tests.cast import VILLAGE
from tests.days import days_ago
from tests.visits.test_duty import as_facts, histories, live_through, stage
from visits import rules
from visits.outcomes import NEVER, Outcome, numbers_of, outcomes_of
from visits.rules import Cadence, Period

__all__ = ["stage"]
PERIODS = st.tuples(st.sampled_from(["month", "quarter", ""]), st.integers(0, 400))


def period_of(cadence: str, day: dt.date) -> Period:
    """Return the period of a day; without a cadence its year."""
    if cadence:
        return Cadence(cadence).period(day)
    return Period(day.replace(month=1, day=1), day.replace(month=12, day=31))


def judged(facts: rules.Facts, cadence: str, period: Period) -> Outcome | None:
    """Return what the pure rule says; None where the period is not this household's."""
    if cadence and rules.cadence_on(facts, period.end) != cadence:
        return None
    if not any(period.end in link for link in facts.links):
        return Outcome.NOBODY
    if any(day in period for day in facts.visits):
        return Outcome.SEEN
    if not cadence:
        return Outcome.UNSEEN
    owed = rules.owed_periods(facts, period.end, period.end)
    if any(o.cadence == cadence and o.period == period for o in owed):
        return Outcome.UNSEEN
    waived = any(period.end in waiver for waiver in facts.waivers)
    return Outcome.EXCUSED if waived else Outcome.FREE


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=histories(), asked=PERIODS)
def test_the_set_based_outcome_is_the_rules(
    stage: Any, history: Any, asked: Any
) -> None:
    group, person, codes, user = stage
    home = Household.objects.create(
        region_id=VILLAGE, group=group, head="刘桂英", registered_on=dt.date(2022, 1, 1)
    )
    live_through(home, person, codes, user, history)
    cadence, back = asked
    period = period_of(cadence, days_ago(back))
    found = outcomes_of([VILLAGE], cadence, period.start, period.end)
    pairs = [
        (village.outcomes[at], village.days[at], village.representatives[at])
        for village in found
        for at, household in enumerate(village.households)
        if household == home.pk
    ]
    counted = numbers_of([VILLAGE], cadence, period.start, period.end)[VILLAGE]
    assert counted == Counter(Outcome(one) for v in found for one in v.outcomes)
    facts = as_facts(home)
    expected = judged(facts, cadence, period)

    assert [outcome for outcome, _, _ in pairs] == (
        [expected.value] if expected else []
    )
    for outcome, day, held in pairs:
        assert (held == person.pk) == (outcome != Outcome.NOBODY)
        days = [d for d in facts.visits if d in period]
        assert day == ((min(days) - period.start).days if days else NEVER)


def test_a_household_that_came_later_or_had_left_is_not_counted(stage: Any) -> None:
    group, _, _, _ = stage
    first, last = dt.date(2026, 1, 1), dt.date(2026, 1, 31)
    for head, since, until in (
        ("早来户", dt.date(2025, 1, 1), None),
        ("后来户", dt.date(2026, 2, 1), None),
        ("月底走户", dt.date(2025, 1, 1), last),
        ("次月走户", dt.date(2025, 1, 1), dt.date(2026, 2, 1)),
    ):
        Household.objects.create(
            region_id=VILLAGE, group=group, head=head, registered_on=since,
            ended_on=until, status="dissolved" if until else "living",
        )  # fmt: skip
    (village,) = outcomes_of([VILLAGE], "quarter", first, last)
    heads = Household.objects.filter(pk__in=village.households)
    assert set(heads.values_list("head", flat=True)) == {"早来户", "次月走户"}
    assert village.outcomes == "nn"
    assert village.by_day(31) == [0] * 31
