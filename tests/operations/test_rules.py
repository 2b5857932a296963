"""How long data is kept: the table of terms, and what a city may not set."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.rules import TERMS, Unlawful, months_before, terms


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (dt.date(2026, 11, 28), 60, dt.date(2021, 11, 28)),
        (dt.date(2026, 3, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2024, 2, 29), 12, dt.date(2023, 2, 28)),
        (dt.date(2026, 1, 15), 1, dt.date(2025, 12, 15)),
        (dt.date(2026, 12, 31), 6, dt.date(2026, 6, 30)),
    ],
)
def test_months_before_a_day(day: dt.date, months: int, earlier: dt.date) -> None:
    assert months_before(day, months) == earlier


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.integers(0, 240))
def test_more_months_are_never_later(day: dt.date, months: int) -> None:
    assert months_before(day, months + 1) < months_before(day, months) <= day


def test_law_bounds_every_term() -> None:
    """网络安全法 21: six months at least; 个人信息保护法 19: a source for each."""
    assert all(term.months >= term.least >= 6 for term in TERMS)
    assert all("法" in term.source for term in TERMS)
    assert {term.key: term.months for term in TERMS}["visits"] == 60


def test_city_changes_a_term() -> None:
    changed = terms(["visits=36"])

    assert changed["visits"].months == 36
    assert changed["messages"].months == terms([])["messages"].months


@pytest.mark.parametrize("setting", ["visits=12", "visits=", "visits=二十", "cats=60"])
def test_unlawful_or_unknown_term_is_refused(setting: str) -> None:
    with pytest.raises(Unlawful, match="RETENTION"):
        terms([setting])
