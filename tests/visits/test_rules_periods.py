"""Periods and spans, and which contacts count at all."""

from __future__ import annotations

from datetime import date

import pytest

from tests.visits.due_cases import MONTH, POLICY, QUARTER, day
from visits.rules import (
    AT_THE_DOOR,
    BY_PHONE,
    Cadence,
    Contact,
    Period,
    Policy,
    Span,
    Waiver,
    counted_days,
    joined,
    span_until,
    visit_refusal,
)

# --- periods -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "cadence", "start", "end", "label"),
    [
        ("2028-02-29", MONTH, "2028-02-01", "2028-02-29", "2028年2月"),
        ("2027-02-28", MONTH, "2027-02-01", "2027-02-28", "2027年2月"),
        ("2026-12-31", MONTH, "2026-12-01", "2026-12-31", "2026年12月"),
        ("2027-01-01", MONTH, "2027-01-01", "2027-01-31", "2027年1月"),
        ("2026-11-15", QUARTER, "2026-10-01", "2026-12-31", "2026年第四季度"),
        ("2028-03-31", QUARTER, "2028-01-01", "2028-03-31", "2028年第一季度"),
        ("2026-04-01", QUARTER, "2026-04-01", "2026-06-30", "2026年第二季度"),
        ("2026-09-30", QUARTER, "2026-07-01", "2026-09-30", "2026年第三季度"),
    ],
)
def test_day_lies_in_its_calendar_period(
    on: str, cadence: Cadence, start: str, end: str, label: str
) -> None:
    period = cadence.period(day(on))

    assert period == Period(day(start), day(end))
    assert day(on) in period
    assert period.label == label


def test_quarter_consists_of_its_three_months() -> None:
    months = list(QUARTER.period(date(2028, 2, 29)).months())

    assert [month.label for month in months] == ["2028年1月", "2028年2月", "2028年3月"]


def test_spans_that_touch_are_one_and_a_day_between_keeps_them_apart() -> None:
    first = Span(date(2026, 1, 1), date(2026, 3, 31))
    next_day = Span(date(2026, 4, 1), date(2026, 5, 31))
    inside = Span(date(2026, 2, 1), date(2026, 2, 2))
    after_a_gap = Span(date(2026, 6, 2))

    assert joined([after_a_gap, next_day, inside, first]) == (
        Span(date(2026, 1, 1), date(2026, 5, 31)),
        after_a_gap,
    )


def test_open_span_swallows_what_follows() -> None:
    assert joined(
        [Span(date(2026, 1, 1)), Span(date(2027, 1, 1), date(2027, 2, 1))]
    ) == (Span(date(2026, 1, 1)),)


@pytest.mark.parametrize(
    ("ended_on", "expected"),
    [
        (None, Span(date(2026, 7, 1))),
        (date(2026, 7, 3), Span(date(2026, 7, 1), date(2026, 7, 2))),
        (date(2026, 7, 2), Span(date(2026, 7, 1), date(2026, 7, 1))),
        (date(2026, 7, 1), None),
    ],
)
def test_first_day_without_is_not_part_of_the_span(
    ended_on: date | None, expected: Span | None
) -> None:
    assert span_until(date(2026, 7, 1), ended_on) == expected


def test_span_and_waiver_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(ValueError, match="早于开始日期"):
        Span(date(2026, 1, 2), date(2026, 1, 1))
    with pytest.raises(ValueError, match="免访截止日期2026年1月1日早于"):
        Waiver(date(2026, 1, 2), date(2026, 1, 1), "住院")


# --- which visits count, which are refused -------------------------------------


def test_only_the_ways_in_force_on_the_day_count_and_each_day_once() -> None:
    by_phone_too = Policy(
        date(2026, 9, 1), QUARTER, ways=frozenset({AT_THE_DOOR, BY_PHONE})
    )
    contacts = [
        Contact(day("2026-09-02"), BY_PHONE),
        Contact(day("2026-08-31"), BY_PHONE),
        Contact(day("2026-08-05"), AT_THE_DOOR),
        Contact(day("2026-08-05"), AT_THE_DOOR),
        Contact(day("2026-09-03"), "meeting"),
        Contact(day("2019-12-31"), AT_THE_DOOR),
    ]

    assert counted_days(contacts, (POLICY, by_phone_too)) == (
        day("2026-08-05"),
        day("2026-09-02"),
    )


def test_phone_counts_for_a_household_away_when_the_city_says_so() -> None:
    lenient = Policy(date(2020, 1, 1), QUARTER, phone_when_away=True)
    away = (Span(day("2026-08-01"), day("2026-08-31")),)
    calls = [Contact(day(on), BY_PHONE) for on in ("2026-07-31", "2026-08-31")]

    assert counted_days(calls, (lenient,), away) == (day("2026-08-31"),)
    assert counted_days(calls, (POLICY,), away) == ()


@pytest.mark.parametrize(
    ("visited", "refused"),
    [
        pytest.param("2026-11-23", None, id="today"),
        pytest.param("2026-11-24", "晚于今天", id="tomorrow"),
        pytest.param("2026-07-01", None, id="first day of the link, late"),
        pytest.param("2026-06-30", "不在联系期内", id="before the link"),
        pytest.param("2026-09-01", "不在联系期内", id="in a gap"),
    ],
)
def test_visit_in_the_future_or_outside_a_link_is_refused(
    visited: str, refused: str | None
) -> None:
    links = (Span(day("2026-07-01"), day("2026-08-31")), Span(day("2026-10-01")))
    reason = visit_refusal(day(visited), day("2026-11-23"), links)

    assert reason is None if refused is None else refused in (reason or "")
