"""The due date in tables: each row a case that somebody will ask about."""

from __future__ import annotations

from datetime import date

import pytest

from tests.visits.due_cases import LINK, MONTH, POLICY, QUARTER, day, facts_of
from visits.rules import (
    Category,
    Facts,
    Policy,
    Span,
    assess,
    cadence_on,
    due_on,
    key_categories,
    policy_on,
)

# --- due dates -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("begins", "ordinary", "key"),
    [
        pytest.param("2026-07-01", "2026-09-30", "2026-07-31", id="first of a quarter"),
        pytest.param(
            "2026-07-02", "2026-12-31", "2026-08-31", id="second of a quarter"
        ),
        pytest.param("2026-08-01", "2026-12-31", "2026-08-31", id="first of a month"),
        pytest.param("2026-09-30", "2026-12-31", "2026-10-31", id="last of a quarter"),
        pytest.param("2026-10-02", "2027-03-31", "2026-11-30", id="over the year end"),
        pytest.param("2028-02-29", "2028-06-30", "2028-03-31", id="leap day"),
        pytest.param("2028-01-31", "2028-06-30", "2028-02-29", id="to a leap day"),
    ],
)
def test_link_first_owes_its_first_full_period(
    begins: str, ordinary: str, key: str
) -> None:
    link = Span(day(begins))

    assert due_on(facts_of(link=link), day(begins)) == day(ordinary)
    assert due_on(facts_of(link=link, key=Span(day("2020-01-01"))), day(begins)) == (
        day(key)
    )


@pytest.mark.parametrize(
    ("visits", "ordinary", "key"),
    [
        pytest.param([], "2026-09-30", "2026-07-31", id="never visited"),
        pytest.param(["2026-07-01"], "2026-12-31", "2026-08-31", id="first day"),
        pytest.param(["2026-07-31"], "2026-12-31", "2026-08-31", id="last of a month"),
        pytest.param(
            ["2026-09-30"], "2026-12-31", "2026-10-31", id="last of a quarter"
        ),
        pytest.param(["2026-10-01"], "2027-03-31", "2026-11-30", id="a day late"),
        pytest.param(["2026-12-31"], "2027-03-31", "2027-01-31", id="last of a year"),
        pytest.param(
            ["2026-07-05", "2026-07-05"], "2026-12-31", "2026-08-31", id="twice a day"
        ),
        pytest.param(
            ["2026-12-01", "2026-07-05"], "2027-03-31", "2027-01-31", id="out of order"
        ),
        pytest.param(["2028-02-29"], "2028-06-30", "2028-03-31", id="leap day"),
        pytest.param(["2026-06-30"], "2026-09-30", "2026-07-31", id="before the link"),
    ],
)
def test_visit_covers_its_period_and_the_next_one_is_owed(
    visits: list[str], ordinary: str, key: str
) -> None:
    assert due_on(facts_of(*visits), day("2026-07-01")) == day(ordinary)
    assert due_on(facts_of(*visits, key=LINK), day("2026-07-01")) == day(key)


@pytest.mark.parametrize(
    ("visits", "key", "expected"),
    [
        pytest.param(
            ["2026-10-09"], Span(day("2026-11-15")), "2026-12-31", id="key in mid-month"
        ),
        pytest.param(
            ["2026-10-09"], Span(day("2026-11-01")), "2026-11-30", id="key from the 1st"
        ),
        pytest.param(
            ["2026-08-09"],
            Span(day("2026-10-15")),
            "2026-11-30",
            id="key in mid-month, quarter not visited yet",
        ),
        pytest.param(
            ["2026-08-09"],
            Span(day("2026-12-15")),
            "2026-12-31",
            id="key too late for a full month: the quarter is still owed",
        ),
        pytest.param(
            ["2026-10-09"], Span(day("2026-12-15")), "2027-01-31", id="key in December"
        ),
        pytest.param(
            [],
            Span(day("2026-10-15")),
            "2026-09-30",
            id="key wipes out no quarter missed before",
        ),
        pytest.param(
            ["2026-10-09"],
            Span(LINK.first, day("2026-11-15")),
            "2027-03-31",
            id="key ends, its month visited: next quarter",
        ),
        pytest.param(
            ["2026-09-09"],
            Span(LINK.first, day("2026-11-15")),
            "2026-10-31",
            id="key ends, a month missed stays missed",
        ),
        pytest.param(
            ["2026-09-09"],
            Span(day("2026-10-05"), day("2026-11-20")),
            "2026-12-31",
            id="key without a full month: the quarter is owed",
        ),
        pytest.param(
            ["2026-10-09"],
            Span(LINK.first, day("2026-10-31")),
            "2027-03-31",
            id="key ends with the month visited",
        ),
        pytest.param(
            ["2026-10-09"],
            Span(LINK.first, day("2026-11-30")),
            "2026-11-30",
            id="key ends with a month not visited",
        ),
    ],
)
def test_category_that_begins_or_ends_in_mid_period(
    visits: list[str], key: Span, expected: str
) -> None:
    assert due_on(facts_of(*visits, key=key), day("2026-11-20")) == day(expected)


def test_category_that_the_settings_do_not_make_key_changes_nothing() -> None:
    other = (Category("unknown", "其他", LINK), Category("army", "烈属军属户", LINK))
    facts = Facts((LINK,), (POLICY,), (), other)

    assert due_on(facts, LINK.first) == day("2026-09-30")
    assert [c.name for c in key_categories(facts, LINK.first)] == ["烈属军属户"]


# --- links: handover, gap, end -------------------------------------------------


@pytest.mark.parametrize(
    ("second_begins", "visits", "on", "expected"),
    [
        pytest.param("2026-08-16", [], "2026-08-20", "2026-09-30", id="handover"),
        pytest.param("2026-08-16", [], "2026-11-20", "2026-09-30", id="overdue stays"),
        pytest.param(
            "2026-08-16",
            ["2026-07-05"],
            "2026-08-20",
            "2026-12-31",
            id="his visit counts",
        ),
        pytest.param(
            "2026-08-17", [], "2026-08-20", "2026-12-31", id="a gap of one day"
        ),
        pytest.param(
            "2026-10-01", [], "2026-11-20", "2026-12-31", id="gap, then a 1st"
        ),
        pytest.param(
            "2026-10-02", [], "2026-11-20", "2027-03-31", id="gap, then a 2nd"
        ),
        pytest.param(
            "2026-10-01", [], "2026-09-01", "2026-12-31", id="seen from the gap"
        ),
    ],
)
def test_handover_goes_on_and_a_gap_begins_anew(
    second_begins: str, visits: list[str], on: str, expected: str
) -> None:
    links = (Span(day("2026-07-01"), day("2026-08-15")), Span(day(second_begins)))
    facts = Facts(links, (POLICY,), tuple(map(day, visits)))

    assert due_on(facts, day(on)) == day(expected)


def test_visit_after_a_gap_covers_nothing_before_it() -> None:
    links = (Span(day("2026-07-01"), day("2026-08-15")), Span(day("2026-10-01")))
    categories = (Category("low_income", "低保户", LINK),)
    facts = Facts(links, (POLICY,), (day("2026-11-05"),), categories)

    assert due_on(facts, day("2026-08-01")) == day("2026-07-31")
    assert due_on(facts, day("2026-11-06")) == day("2026-12-31")


def test_link_that_ends_in_mid_period_does_not_owe_that_period() -> None:
    link = Span(day("2026-07-01"), day("2026-12-30"))

    assert due_on(facts_of(link=link), day("2026-07-01")) == day("2026-09-30")
    assert due_on(facts_of("2026-08-01", link=link), day("2026-09-01")) is None


def test_nobody_linked_means_no_judgement_and_no_date() -> None:
    facts = facts_of(link=Span(day("2026-07-01"), day("2026-08-15")))

    assert assess(facts, day("2026-06-30")) is None
    assert assess(facts, day("2026-08-16")) is None
    assert due_on(facts, day("2026-08-16")) is None


def test_nothing_is_owed_before_the_first_policy() -> None:
    late = Policy(date(2026, 8, 1), QUARTER, {"low_income": MONTH})
    facts = Facts((LINK,), (late,), (), (Category("low_income", "低保户", LINK),))

    assert assess(facts, day("2026-07-31")) is None
    assert due_on(facts, day("2026-08-01")) == day("2026-08-31")
    assert Facts((LINK,), ()).chains == ()
    assert policy_on((late,), day("2026-07-31")) is None
    assert key_categories(facts, day("2026-07-31")) == ()


def test_policy_that_changes_in_mid_quarter_first_owes_the_next_full_month() -> None:
    monthly = Policy(date(2026, 11, 15), MONTH)
    facts = Facts((LINK,), (POLICY, monthly), (day("2026-10-09"),))

    assert due_on(facts, day("2026-10-10")) == day("2026-12-31")
    assert cadence_on(facts, day("2026-11-14")) is QUARTER
    assert cadence_on(facts, day("2026-11-15")) is MONTH


def test_policy_is_in_force_from_its_first_day_until_the_next_one() -> None:
    monthly = Policy(date(2026, 8, 1), MONTH)
    again = Policy(date(2026, 10, 1), QUARTER)
    policies = (again, POLICY, monthly)
    facts = Facts((LINK,), policies)

    assert policy_on(policies, day("2026-07-31")) is POLICY
    assert policy_on(policies, day("2026-08-01")) is monthly
    assert policy_on(policies, day("2026-09-30")) is monthly
    assert policy_on(policies, day("2026-10-01")) is again
    assert cadence_on(facts, day("2026-09-30")) is MONTH
    assert cadence_on(facts, day("2026-10-01")) is QUARTER


def test_of_two_policies_for_one_day_the_later_in_order_holds() -> None:
    corrected = Policy(POLICY.effective_from, MONTH)

    assert policy_on((POLICY, corrected), day("2026-07-01")) is corrected
