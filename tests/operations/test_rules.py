"""How long data is kept: the table of terms, and what a city may not set."""

import datetime as dt

import pytest

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


def test_more_months_are_never_later() -> None:
    for number in range(1500):
        day = dt.date(2023, 12, 1) + dt.timedelta(days=number)
        back = [months_before(day, months) for months in range(30)]
        assert back[0] == day
        assert back == sorted(back, reverse=True)
        assert len(set(back)) == len(back)


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
