"""What a month is worth: source-report 经费保障, domain 3.7, and how differences settle."""

import datetime as dt
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.rules import NOUGHT, Difference, Facts, Terms, last_day, settle, yuan
from funding.rules.pay import adjustment_words, counted_visits, days_in_office

OCTOBER = dt.date(2026, 10, 1)
WHOLE = (OCTOBER, dt.date(2026, 10, 31))
PLAIN = Terms(D(150))
BUSY = Terms(D(100), D(5), D(200))


def day(number: int) -> dt.date:
    return dt.date(2026, 10, number)


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("0.005", "0.01"), ("0.0049", "0.00"), ("72.585", "72.59"), ("150", "150.00")],
)
def test_money_is_rounded_half_up(amount: str, rounded: str) -> None:
    assert str(yuan(D(amount))) == rounded


@pytest.mark.parametrize(
    ("spans", "terms", "visits", "due", "words"),
    [
        ((WHOLE,), PLAIN, 0, "150.00", "10月全月在任，150.00 元。"),
        (
            ((day(15), day(31)),), PLAIN, 0, "82.26",
            "10月在任 17 天（10月15日至10月31日），150.00 元 × 17 ÷ 31 = 82.26 元。",
        ),
        (
            ((day(1), day(1)), (day(31), day(31))), PLAIN, 0, "9.68",
            "10月在任 2 天（10月1日、10月31日），150.00 元 × 2 ÷ 31 = 9.68 元。",
        ),
        (
            (WHOLE,), BUSY, 7, "135.00",
            "10月全月在任，100.00 元。走访 7 户次 × 5.00 元 = 35.00 元。",
        ),
        (
            (WHOLE,), BUSY, 25, "200.00",
            (
                "10月全月在任，100.00 元。走访 25 户次 × 5.00 元 = 125.00 元。"
                "超过每月最高，按 200.00 元计。"
            ),
        ),
        ((), PLAIN, 0, "0.00", "10月不在任。"),
    ],
)  # fmt: skip
def test_report_a_month_is_paid_by_days_and_workload(
    spans: tuple[tuple[dt.date, dt.date], ...],
    terms: Terms,
    visits: int,
    due: str,
    words: str,
) -> None:
    made = tuple((day(2), home) for home in range(visits))
    facts = Facts(OCTOBER, spans, terms, made)

    assert (str(facts.due), facts.words) == (due, words)
    assert Facts.read(facts.kept()) == facts


def test_domain_5_two_visits_a_day_count_once_and_only_days_of_office_count() -> None:
    told = [(day(3), 1), (day(3), 1), (day(3), 2), (day(4), 1), (day(20), 1)]

    found = counted_visits(told, [(day(1), day(10))])

    assert found == ((day(3), 1), (day(3), 2), (day(4), 1))


@pytest.mark.parametrize(
    ("held", "days"),
    [
        ([(dt.date(2026, 1, 1), dt.date(2030, 12, 31))], 31),
        ([(dt.date(2026, 9, 1), day(10)), (day(11), day(31))], 31),
        ([(day(1), day(10)), (day(10), day(12))], 12),  # re-elected on the last day
        ([(day(5), day(4))], 0),  # entered and ended on one day
        ([(dt.date(2026, 11, 1), dt.date(2026, 12, 1))], 0),
    ],
)
def test_a_day_in_office_is_paid_once(
    held: list[tuple[dt.date, dt.date]], days: int
) -> None:
    assert Facts(OCTOBER, days_in_office(held, OCTOBER), PLAIN).days == days


def difference(due_days: int, paid: D, month: dt.date = OCTOBER) -> Difference:
    spans = ((month, month.replace(day=due_days)),) if due_days else ()
    return Difference(Facts(month, spans, Terms(D(310))), paid)


def test_what_was_paid_too_much_is_taken_from_what_he_gets_and_no_more() -> None:
    back = difference(0, D("150.00"))
    owed = difference(31, D("280.00"), dt.date(2026, 8, 1))

    taken = settle(D("60.00"), [back, owed])

    assert taken == [(owed, D("30.00")), (back, D("-90.00"))]
    assert "扣回 90.00 元。还有 60.00 元，以后月份再扣。" in adjustment_words(*taken[1])


cents = st.integers(0, 40_000).map(lambda number: D(number) / 100)
MONTHS = [dt.date(2026, number, 1) for number in range(1, 9)]
differences = st.lists(st.tuples(st.integers(0, 28), cents), max_size=len(MONTHS)).map(
    lambda found: [
        difference(days, before, month)
        for (days, before), month in zip(found, MONTHS, strict=False)
    ]
)


@given(earned=cents, found=differences)
def test_settling_pays_no_less_than_nothing_and_no_more_than_the_difference(
    earned: D, found: list[Difference]
) -> None:
    taken = settle(earned, found)
    total = earned + sum((amount for _, amount in taken), NOUGHT)

    assert total >= NOUGHT
    for one, amount in taken:
        assert amount * one.amount > 0
        assert abs(amount) <= abs(one.amount)
        assert amount == one.amount or total == NOUGHT
    plus = {one.facts.month for one in found if one.amount > 0}
    assert plus <= {one.facts.month for one, _ in taken}


@given(
    spans=st.lists(
        st.tuples(
            st.dates(dt.date(2026, 9, 20), dt.date(2026, 11, 10)),
            st.dates(dt.date(2026, 9, 20), dt.date(2026, 11, 10)),
        ),
        max_size=5,
    )
)
def test_days_in_office_are_those_that_some_span_covers(
    spans: list[tuple[dt.date, dt.date]],
) -> None:
    every = (OCTOBER + dt.timedelta(days=n) for n in range(last_day(OCTOBER).day))
    covered = {one for one in every if any(a <= one <= b for a, b in spans)}

    assert Facts(OCTOBER, days_in_office(spans, OCTOBER), PLAIN).days == len(covered)
