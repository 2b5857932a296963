"""When a household may be excused, and what that does to its date (design section 5)."""

import datetime as dt

import pytest

from visits.rules import (
    Cadence,
    Facts,
    Policy,
    Span,
    Waiver,
    effect_of,
    longest_until,
    waiver_refusal,
)

ON = dt.date(2026, 11, 23)
MONTHLY = Policy(dt.date(2022, 1, 1), Cadence.MONTH)


def day(text: str) -> dt.date:
    """Return a day of its ISO words."""
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        ("2026-11-23", 6, "2027-05-22"),
        ("2026-08-31", 6, "2027-02-27"),
        ("2026-12-01", 1, "2026-12-31"),
        ("2027-12-15", 12, "2028-12-14"),
    ],
)
def test_longest_until(first: str, months: int, last: str) -> None:
    assert longest_until(day(first), months) == day(last)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-11-23", "2027-05-22", None),
        ("2026-11-23", "2026-11-23", None),
        ("2026-10-23", "2026-12-31", None),
        ("2026-11-23", "2027-05-23", "最长 6 个月"),
        ("2026-11-23", "2026-11-22", "早于开始日期"),
        ("2026-11-01", "2026-11-22", "已经过去"),
        ("2026-10-22", "2026-12-31", "太早"),
    ],
)
def test_waiver_refusal(first: str, last: str, words: str | None) -> None:
    told = waiver_refusal(day(first), day(last), ON, 6)
    assert (told is None) if words is None else (told is not None and words in told)


def test_a_household_is_not_excused_twice_for_one_day() -> None:
    held = Waiver(day("2026-11-01"), day("2026-12-10"), "外出")
    assert "已有免访（外出）" in str(
        waiver_refusal(day("2026-12-10"), day("2027-01-10"), ON, 6, [held])
    )
    assert waiver_refusal(day("2026-12-11"), day("2027-01-10"), ON, 6, [held]) is None


@pytest.mark.parametrize(
    ("visits", "last", "words"),
    [
        (["2026-10-05"], "2027-01-15", "下次应在2027年1月31日前走访"),
        (["2026-10-05"], "2026-11-25", "下次应在2026年11月30日前走访"),
        (["2026-08-05"], "2027-01-15", "2026年9月30日到期的那一次一直没有走访"),
    ],
    ids=["month ends are covered", "too short to matter", "overdue before"],
)
def test_effect_is_said_before_saving(visits: list[str], last: str, words: str) -> None:
    facts = Facts((Span(day("2026-01-01")),), (MONTHLY,), tuple(map(day, visits)))
    assert words in effect_of(facts, Waiver(ON, day(last), "外出"), ON)
