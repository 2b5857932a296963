"""Dates in all their forms (reliability 3.3, cases 38 and 39)."""

from datetime import date

import pytest

from tests.workbooks.checking import check, code, value
from tests.workbooks.making import (
    DATE_STYLE,
    TODAY,
    Xml,
    codes,
    only_row,
    people,
    person,
    read,
)
from workbooks.declaration import Kind
from workbooks.values import Mended


def _dated(serial: str) -> Xml:
    return Xml(f'<c r="{{ref}}" s="1"><v>{serial}</v></c>')


@pytest.mark.parametrize(
    ("raw", "note"),
    [
        (46095.0, "fixed_serial_date"),
        (46095.5, "fixed_serial_date"),
        (20260314.0, "fixed_date_number"),
        ("2026/3/14", "fixed_text_date"),
        ("2026.3.14", "fixed_text_date"),
        ("2026-03-14", "fixed_text_date"),
        ("2026年3月14日", "fixed_text_date"),
        ("2026年03月14号", "fixed_text_date"),
        (" ２０２６ 年 3 月 14 日", "fixed_text_date"),
        ("20260314", "fixed_text_date"),
        ("2026-03-14 00:00:00", "fixed_text_date"),
        ("2026/3/14 8:30", "fixed_text_date"),
    ],
)
def test_case_38_dates_are_understood_and_listed(raw, note):
    outcome = check(Kind.DATE, raw)

    assert isinstance(outcome, Mended)
    assert (outcome.value, outcome.code) == (date(2026, 3, 14), note)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("14/3/2026", "ambiguous_date"),
        ("3-14-2026", "ambiguous_date"),
        ("26.3.14", "ambiguous_date"),
        ("2026-2-29", "impossible_date"),
        ("2026-11-31", "impossible_date"),
        ("0000-00-00", "impossible_date"),
        ("1900-02-29", "impossible_date"),
        ("2206-03-14", "impossible_date"),
        ("2026年3月", "incomplete_date"),
        ("2026", "incomplete_date"),
        ("上个月", "not_a_date"),
        (60.0, "not_a_date"),
        (2026.0, "incomplete_date"),
        (4.3e17, "not_a_date"),
        (True, "not_a_date"),
    ],
)
def test_case_38_dates_that_are_ambiguous_or_impossible_are_refused(raw, why):
    assert code(check(Kind.DATE, raw)) == why


def test_case_38_real_dates_come_from_the_workbooks_own_calendar(tmp_path):
    rows = [person(1, since=_dated("46095")), person(2, since=46095)]
    usual = people(tmp_path / "a.xlsx", *rows, styles=DATE_STYLE)
    other = people(
        tmp_path / "b.xlsx",
        *rows,
        styles=DATE_STYLE,
        properties='<workbookPr date1904="1"/>',
    )

    assert [row.values["since"] for row in read(usual)] == [date(2026, 3, 14)] * 2
    assert [row.values["since"] for row in read(other)] == [date(2030, 3, 15)] * 2
    assert [len(row.mends) for row in read(usual)] == [0, 1]


@pytest.mark.parametrize(
    ("serial", "why"), [("60", "impossible_date"), ("0.5", "not_a_date")]
)
def test_case_38_formatted_days_that_never_were_are_refused(tmp_path, serial, why):
    path = people(tmp_path / "a.xlsx", person(since=_dated(serial)), styles=DATE_STYLE)

    assert codes(only_row(path)) == [why]


def test_case_38_a_time_of_day_is_dropped_and_listed(tmp_path):
    row = person(since=_dated("46095.5"))

    found = only_row(people(tmp_path / "a.xlsx", row, styles=DATE_STYLE))

    assert found.values["since"] == date(2026, 3, 14)
    assert [finding.code for finding in found.mends] == ["fixed_time_in_date"]


def test_case_39_a_date_after_today_is_refused_where_it_must_be_past():
    tomorrow = "2026-11-24"

    assert code(check(Kind.DATE, tomorrow, past_only=True)) == "future_date"
    assert value(check(Kind.DATE, tomorrow)) == date(2026, 11, 24)
    assert value(check(Kind.DATE, "2026-11-23", past_only=True)) == TODAY
