"""The due rule in tables: each row a case that somebody will ask about."""

from __future__ import annotations

from datetime import date

import pytest

from visits.rules import (
    AT_THE_DOOR,
    BY_PHONE,
    Cadence,
    Category,
    Contact,
    Facts,
    Judgement,
    Period,
    Policy,
    Span,
    Standing,
    Waiver,
    assess,
    cadence_on,
    counted_days,
    due_on,
    excusing,
    joined,
    key_categories,
    made_up_by,
    missed_periods,
    owed_periods,
    policy_on,
    standing,
    visit_refusal,
)

MONTH, QUARTER = Cadence.MONTH, Cadence.QUARTER
DONE, DUE = Standing.DONE, Standing.DUE
OVERDUE, EXCUSED = Standing.OVERDUE, Standing.EXCUSED
POLICY = Policy(date(2020, 1, 1), QUARTER, {"low_income": MONTH, "army": QUARTER})
LINK = Span(date(2026, 7, 1))


def day(text: str) -> date:
    return date.fromisoformat(text)


def facts_of(
    *visits: str,
    link: Span = LINK,
    key: Span | None = None,
    waivers: tuple[Waiver, ...] = (),
) -> Facts:
    categories = (Category("low_income", "低保户", key),) if key else ()
    return Facts((link,), (POLICY,), tuple(map(day, visits)), categories, waivers)


# --- periods ---------------------------------------------------------------


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


def test_span_and_waiver_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(ValueError, match="早于开始日期"):
        Span(date(2026, 1, 2), date(2026, 1, 1))
    with pytest.raises(ValueError, match="免访截止日期2026-01-01早于"):
        Waiver(date(2026, 1, 2), date(2026, 1, 1), "住院")


# --- due dates -------------------------------------------------------------


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


# --- links: handover, gap, end ---------------------------------------------


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


# --- standings -------------------------------------------------------------


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
    ("due", "cadence", "expected"),
    [
        ("2026-11-30", MONTH, True),
        ("2026-12-01", MONTH, False),
        ("2026-12-08", QUARTER, True),
        ("2026-12-09", QUARTER, False),
        ("2026-11-22", MONTH, False),
    ],
)
def test_reminders_begin_seven_days_before_a_month_and_fifteen_before_a_quarter(
    due: str, cadence: Cadence, expected: bool
) -> None:
    on = day("2026-11-23")
    left = (day(due) - on).days
    judged = Judgement(DUE if left >= 0 else OVERDUE, on, day(due), left)
    if left < 0:
        judged = standing(day(due), cadence, on)

    assert judged.is_soon(POLICY, cadence) is expected


# --- waivers ---------------------------------------------------------------


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


# --- what was missed -------------------------------------------------------


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


# --- which visits count, which are refused ---------------------------------


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
