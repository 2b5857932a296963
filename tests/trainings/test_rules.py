"""Trainings by the report on 邵东市 (L36): levels, who sends, what coverage is."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainings.rules import GRADES, Coverage, counted_on, grade_of, senders_of

CITY, TOWNSHIP, VILLAGE = 430582000000, 430582113000, 430582113219


@pytest.mark.parametrize(
    ("host", "label"),
    [(CITY, "市级示范"), (TOWNSHIP, "乡镇普遍"), (VILLAGE, "村级兜底")],
)
def test_report_the_host_gives_the_level(host: int, label: str) -> None:
    assert grade_of(host).label == label


def test_report_there_are_three_levels_one_for_each_kind_of_division() -> None:
    assert [grade.host for grade in GRADES] == ["city", "township", "village"]


@pytest.mark.parametrize(
    ("host", "senders"),
    [(CITY, ()), (TOWNSHIP, (CITY,)), (VILLAGE, (TOWNSHIP, CITY))],
)
def test_only_those_above_send_a_speaker(host: int, senders: tuple[int, ...]) -> None:
    assert senders_of(host) == senders


@pytest.mark.parametrize(
    ("year", "today", "day"),
    [
        (2026, dt.date(2026, 11, 28), dt.date(2026, 11, 28)),
        (2025, dt.date(2026, 11, 28), dt.date(2025, 12, 31)),
        (2026, dt.date(2026, 12, 31), dt.date(2026, 12, 31)),
    ],
)
def test_l36_a_year_is_about_those_who_serve_today_or_served_at_its_end(
    year: int, today: dt.date, day: dt.date
) -> None:
    assert counted_on(year, today) == day


@pytest.mark.parametrize(
    ("serving", "trained", "rate", "missing"),
    [(0, 0, None, 0), (3, 2, 66.6, 1), (2000, 1999, 99.9, 1), (5, 5, 100.0, 0)],
)
def test_l36_coverage_is_rounded_down(
    serving: int, trained: int, rate: float | None, missing: int
) -> None:
    coverage = Coverage(serving, trained)
    assert (coverage.rate, coverage.missing) == (rate, missing)


@given(st.integers(0, 10**6), st.integers(-5, 10**6 + 5))
def test_l36_coverage_is_never_above_a_hundred(serving: int, trained: int) -> None:
    if not 0 <= trained <= serving:
        with pytest.raises(ValueError, match="trained of"):
            Coverage(serving, trained)
        return
    coverage = Coverage(serving, trained)
    assert coverage.missing + trained == serving
    if serving:
        assert coverage.rate is not None
        assert 0 <= coverage.rate <= 100
        assert (coverage.rate == 100) == (trained == serving)
