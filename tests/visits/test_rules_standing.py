"""Standings, waivers and what was missed, in tables."""

from __future__ import annotations

from datetime import date

import pytest

from tests.visits.due_cases import LINK, MONTH, POLICY, QUARTER, day, facts_of
from visits.rules import (
    Cadence,
    Facts,
    Policy,
    Span,
    Standing,
    Waiver,
    assess,
    due_on,
    excusing,
    made_up_by,
    missed_periods,
    owed_periods,
    standing,
)

DONE, DUE = Standing.DONE, Standing.DUE
OVERDUE, EXCUSED = Standing.OVERDUE, Standing.EXCUSED


# --- standings -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "cadence", "due", "expected"),
    [
        pytest.param("2026-11-30", MONTH, "2026-11-30", (DUE, 0, None), id="last day"),
        pytest.param(
            "2026-11-01", MONTH, "2026-11-30", (DUE, 29, None), id="first day"
        ),
        pytest.param(
            "2026-12-01", MONTH, "2026-11-30", (OVERDUE, None, 1), id="a day on"
        ),
        pytest.param(
            "2026-10-31", MONTH, "2026-11-30", (DONE, None, None), id="not yet"
        ),
        pytest.param(
            "2026-10-31", QUARTER, "2026-12-31", (DUE, 61, None), id="quarter"
        ),
        pytest.param(
            "2026-11-23", MONTH, "2026-10-31", (OVERDUE, None, 23), id="23 days"
        ),
        pytest.param("2028-03-01", MONTH, "2028-02-29", (OVERDUE, None, 1), id="leap"),
        pytest.param(
            "2026-12-31", QUARTER, "2027-03-31", (DONE, None, None), id="year"
        ),
        pytest.param(
            "2026-10-20", QUARTER, "2026-11-30", (DUE, 41, None), id="before the end"
        ),
    ],
)
def test_standing_is_a_comparison_of_one_date(
    on: str,
    cadence: Cadence,
    due: str,
    expected: tuple[Standing, int | None, int | None],
) -> None:
    judged = standing(day(due), cadence, day(on))

    assert (judged.standing, judged.days_left, judged.days_overdue) == expected


def test_without_a_due_date_nothing_is_to_do() -> None:
    assert standing(None, MONTH, day("2026-11-23")).standing is DONE


def test_standing_has_a_name_to_show() -> None:
    assert [s.label for s in Standing] == ["已完成", "待完成", "已逾期", "已免除"]


@pytest.mark.parametrize(
    ("on", "due", "cadence", "expected"),
    [
        ("2026-11-22", "2026-11-30", MONTH, False),
        ("2026-11-23", "2026-11-30", MONTH, True),
        ("2026-11-30", "2026-11-30", MONTH, True),
        ("2026-12-01", "2026-11-30", MONTH, False),
        ("2026-12-15", "2026-12-31", QUARTER, False),
        ("2026-12-16", "2026-12-31", QUARTER, True),
        ("2026-12-31", "2027-03-31", QUARTER, False),
    ],
)
def test_reminders_begin_seven_days_before_a_month_and_fifteen_before_a_quarter(
    on: str, due: str, cadence: Cadence, expected: bool
) -> None:
    judged = standing(day(due), cadence, day(on))

    assert judged.is_soon(POLICY, cadence) is expected


# --- waivers -------------------------------------------------------------------


def hospital(first: str, last: str) -> tuple[Waiver, ...]:
    return (Waiver(day(first), day(last), "住院"),)


@pytest.mark.parametrize(
    ("waiver", "visits", "expected"),
    [
        pytest.param(
            ("2026-11-05", "2026-11-20"),
            ["2026-10-09"],
            "2026-11-30",
            id="back in time",
        ),
        pytest.param(
            ("2026-11-20", "2026-12-10"),
            ["2026-10-09"],
            "2026-12-31",
            id="over the end",
        ),
        pytest.param(
            ("2026-11-30", "2026-11-30"),
            ["2026-10-09"],
            "2026-12-31",
            id="the last day",
        ),
        pytest.param(
            ("2026-11-01", "2026-11-29"), ["2026-10-09"], "2026-11-30", id="a day left"
        ),
        pytest.param(
            ("2026-11-01", "2027-02-28"), ["2026-10-09"], "2027-03-31", id="four months"
        ),
        pytest.param(
            ("2026-11-20", "2026-12-10"),
            ["2026-09-09"],
            "2026-10-31",
            id="missed before",
        ),
        pytest.param(
            ("2026-11-20", "2026-12-10"),
            ["2026-11-09"],
            "2026-12-31",
            id="visited before",
        ),
    ],
)
def test_waiver_moves_the_deadline_that_it_covers(
    waiver: tuple[str, str], visits: list[str], expected: str
) -> None:
    facts = facts_of(*visits, key=LINK, waivers=hospital(*waiver))

    assert due_on(facts, day("2026-11-25")) == day(expected)


@pytest.mark.parametrize(
    ("visits", "on", "expected"),
    [
        pytest.param(["2026-10-09"], "2026-11-19", EXCUSED, id="before, end is waived"),
        pytest.param(["2026-10-09"], "2026-11-20", EXCUSED, id="first day"),
        pytest.param(["2026-10-09"], "2026-12-10", EXCUSED, id="last day"),
        pytest.param(["2026-10-09"], "2026-12-11", DUE, id="after: the period is owed"),
        pytest.param(["2026-10-09"], "2027-01-01", OVERDUE, id="and then overdue"),
        pytest.param(["2026-11-09"], "2026-11-25", DONE, id="visited in this period"),
        pytest.param(
            ["2026-11-09"], "2026-12-05", EXCUSED, id="visited in the last one"
        ),
        pytest.param(["2026-11-25"], "2026-11-26", DONE, id="visited all the same"),
        pytest.param(
            ["2026-09-09"], "2026-11-19", OVERDUE, id="missed before, not yet"
        ),
        pytest.param(
            ["2026-09-09"], "2026-11-20", EXCUSED, id="missed before, covered"
        ),
        pytest.param(["2026-09-09"], "2026-12-11", OVERDUE, id="missed before, again"),
    ],
)
def test_waiver_excuses_while_it_lasts(
    visits: list[str], on: str, expected: Standing
) -> None:
    waived = hospital("2026-11-20", "2026-12-10")
    so_far = [visit for visit in visits if visit <= on]
    judged = assess(facts_of(*so_far, key=LINK, waivers=waived), day(on))

    assert judged is not None
    assert judged.standing is expected
    assert judged.waiver == (waived[0] if expected is EXCUSED else None)


def test_monthly_duty_waived_away_leaves_the_quarter() -> None:
    """Key until August, in hospital over both month ends: September is still free."""
    key = Span(day("2026-07-01"), day("2026-08-31"))
    facts = facts_of(key=key, waivers=hospital("2026-07-10", "2026-09-05"))

    assert due_on(facts, day("2026-09-06")) == day("2026-09-30")


def test_overdue_household_in_hospital_is_excused_though_seen_this_quarter() -> None:
    """Key until November, seen in October, November missed, in hospital in December."""
    facts = facts_of(
        "2026-10-09",
        key=Span(LINK.first, day("2026-11-30")),
        waivers=hospital("2026-12-10", "2026-12-20"),
    )

    standings = [
        judged.standing
        for on in ("2026-12-09", "2026-12-10", "2026-12-21")
        if (judged := assess(facts, day(on)))
    ]
    assert standings == [OVERDUE, EXCUSED, OVERDUE]


def test_waiver_of_a_later_deadline_does_not_excuse_an_earlier_one() -> None:
    """A monthly rule from November: due 30 November, waived only at the year's end."""
    facts = Facts(
        (LINK,),
        (POLICY, Policy(date(2026, 11, 1), MONTH)),
        (day("2026-10-09"),),
        (),
        hospital("2026-12-20", "2027-01-10"),
    )
    judged = assess(facts, day("2026-10-20"))

    assert judged is not None
    assert (judged.standing, judged.due_on) == (DUE, day("2026-11-30"))


def test_waiver_in_force_comes_before_one_that_covers_the_end() -> None:
    later, now = hospital("2026-11-28", "2026-12-10") + hospital(
        "2026-11-01", "2026-11-25"
    )

    assert excusing((later, now), MONTH, day("2026-11-23")) == now
    assert excusing((later, now), MONTH, day("2026-11-26")) == later
    assert excusing((later, now), MONTH, day("2026-10-31")) is None


def test_waiver_mistyped_as_9999_ends_the_search_without_a_date() -> None:
    facts = facts_of(waivers=hospital("2026-07-01", "9999-12-31"))

    assert due_on(facts, day("2026-07-01")) is None


# --- what was missed -----------------------------------------------------------


def test_late_visit_ends_overdue_and_the_missed_months_stay_on_record() -> None:
    facts = facts_of("2026-07-08", "2026-11-03", key=LINK)
    missed = missed_periods(facts, day("2026-11-23"))

    assert [o.period.label for o in missed] == ["2026年8月", "2026年9月", "2026年10月"]
    assert {o.made_up_on for o in missed} == {day("2026-11-03")}
    assert not any(o.is_open for o in missed)
    assert made_up_by(facts, day("2026-11-03")) == missed
    assert made_up_by(facts, day("2026-07-08")) == ()


def test_missed_periods_are_told_as_they_stood_on_the_day() -> None:
    facts = facts_of("2026-07-08", "2026-11-03", key=LINK)
    missed = missed_periods(facts, day("2026-10-01"))

    assert [(o.period.label, o.is_open) for o in missed] == [
        ("2026年8月", True),
        ("2026年9月", True),
    ]


def test_period_is_not_missed_before_its_last_day_is_over() -> None:
    facts = facts_of()

    assert missed_periods(facts, day("2026-09-30")) == ()
    assert len(missed_periods(facts, day("2026-10-01"))) == 1


def test_quarter_with_an_owed_month_is_not_missed_twice() -> None:
    facts = facts_of("2026-08-09", key=Span(day("2026-11-15")))
    missed = missed_periods(facts, day("2027-01-02"))

    assert [(o.cadence, o.period.label) for o in missed] == [(MONTH, "2026年12月")]


def test_missed_period_lapses_when_nobody_is_linked_any_more() -> None:
    facts = facts_of(link=Span(day("2026-07-01"), day("2026-10-20")))

    before, after = (
        missed_periods(facts, day(on))[0] for on in ("2026-10-20", "2026-10-22")
    )
    assert before.is_open
    assert (after.is_open, after.lapsed_on) == (False, day("2026-10-21"))


def test_missed_periods_of_a_duty_that_never_began_are_none() -> None:
    assert missed_periods(Facts((), (POLICY,)), day("2026-11-23")) == ()


def test_coverage_counts_each_owed_period_once_whatever_the_visits() -> None:
    facts = facts_of("2026-08-01", "2026-08-02", "2026-08-31", "2026-10-05", key=LINK)
    owed = owed_periods(facts, day("2026-08-01"), day("2026-10-31"))

    assert [(o.period.label, o.visited_on) for o in owed] == [
        ("2026年8月", day("2026-08-01")),
        ("2026年9月", None),
        ("2026年10月", day("2026-10-05")),
    ]


def test_the_same_engine_carries_both_kinds_of_meeting() -> None:
    talk = Facts((Span(day("2026-01-18")),), (Policy(date(2026, 1, 1), QUARTER),))
    review = Facts((Span(day("2026-01-01")),), (Policy(date(2026, 1, 1), MONTH),))

    assert due_on(talk, day("2026-02-01")) == day("2026-06-30")
    assert due_on(review, day("2026-02-01")) == day("2026-01-31")
