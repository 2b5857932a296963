"""The state of a household in SQL against the pure rule, and lists against counts."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from households.models import Category, Household
from regions.models import VillagerGroup
from regions.scoping import Scope, scope
from representatives.models import Representative
from tests.cast import TOWNSHIP, VILLAGE, Cast
from tests.days import days_ago, today
from tests.visits.test_duty import HISTORIES, histories, live_through
from visits import rules
from visits.facts import facts_of
from visits.heaps import Heap, all_tallies, heaps, tallied, tally_rows
from visits.models import Duty
from visits.standings import (
    AGES,
    WANTED,
    Age,
    State,
    age_of,
    all_duties,
    is_aged,
    is_wanted,
    state_of,
    wanted,
)
from visits.tallying import DUTIES


@pytest.fixture
def stage(cast: Cast) -> Any:
    """Open our township's scope with a group, a representative and the categories."""
    with scope(Scope(TOWNSHIP, TOWNSHIP + 1000, user=cast.clerk.user_id)):
        group = VillagerGroup.objects.create(region_id=VILLAGE, number=1)
        person = Representative.objects.create(region_id=VILLAGE, name="张顺民")
        codes = list(Category.objects.order_by("order").values_list("code", flat=True))
        yield group, person, codes, cast.clerk.user


@settings(
    max_examples=HISTORIES or 80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=histories())
def test_state_in_sql_is_the_rules_standing_and_every_list_agrees(
    stage: Any, history: Any
) -> None:
    group, person, codes, user = stage
    home = Household.objects.create(
        region_id=VILLAGE, group=group, head="刘桂英", registered_on=dt.date(2022, 1, 1)
    )
    live_through(home, person, codes, user, history)
    facts, on = facts_of([home.pk])[home.pk], today()
    judged, last = rules.assess(facts, on), rules.last_visit_on(facts, on)
    state = state_of(judged, rules.cadence_on(facts, on), last)
    duty = Duty.objects.filter(pk=home.pk)

    assert [heap.state for heap in heaps(duty, on)] == [state]
    rows = tally_rows(all_tallies(), on, by="region_id")
    assert heaped(tallied(rows, all_duties(), on, by="region_id")) == (
        heaped(heaps(all_duties(), on))
    )
    assert DUTIES.sum_up() == 0
    for asked, _ in WANTED:
        is_listed = wanted(duty, on, asked).exists()
        assert is_listed == is_wanted(asked, state, last, on), asked
    for asked, _ in AGES:
        is_listed = wanted(duty, on, State.OVERDUE, age=asked).exists()
        assert is_listed == is_aged(asked, age_of(judged)), asked


def heaped(found: list[Heap]) -> set[tuple[Any, ...]]:
    """Return heaps as a set; the age says something of overdue ones alone."""
    counted: Counter[tuple[Any, ...]] = Counter()
    for heap in found:
        age = heap.age if heap.state == State.OVERDUE else ""
        key = (heap.owner, heap.cadence, heap.state, age, heap.in_year)
        counted[key] += heap.households
    return set(counted.items())


def test_each_household_is_in_exactly_one_heap(stage: Any) -> None:
    group, *_ = stage
    for head in ("甲", "乙", "丙"):
        Household.objects.create(
            region_id=VILLAGE,
            group=group,
            head=head,
            registered_on=dt.date(2022, 1, 1),
        )
    counted = heaps(Duty.objects.all(), today())
    assert sum(heap.households for heap in counted) == 3
    assert {heap.state for heap in counted} == {State.NOBODY}
    listed = sum(wanted(Duty.objects.all(), today(), state).count() for state in State)
    assert listed == 3


@pytest.mark.parametrize(
    ("days", "age"),
    [
        (1, Age.SHORT),
        (30, Age.SHORT),
        (31, Age.MIDDLE),
        (90, Age.MIDDLE),
        (91, Age.LONG),
    ],
)
def test_the_ages_meet_without_gap_or_overlap(days: int, age: Age) -> None:
    on, due = today(), days_ago(days)
    judged = rules.Judgement(rules.Standing.OVERDUE, on, due, days_overdue=days)
    assert age_of(judged) == age
