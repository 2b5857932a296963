"""What an address asks for: months, years, ids and words, whatever was written there."""

import datetime as dt

import pytest

from ui.asked import (
    asked_id,
    asked_ids,
    asked_month,
    asked_version,
    asked_words,
    asked_year,
    named_month,
    named_year,
)

TODAY = dt.date(2026, 11, 23)
NOVEMBER = dt.date(2026, 11, 1)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-10", dt.date(2026, 10, 1)),
        ("2026-12", dt.date(2026, 12, 1)),
        ("2000-01", dt.date(2000, 1, 1)),
        ("2100-12", dt.date(2100, 12, 1)),
        *((text, None) for text in ("", "9999-12", "0001-01", "1999-12", "2101-01")),
        *((text, None) for text in ("2026-13", "2026-1", "2026-11-01", "２０２６-11")),
        *((text, None) for text in ("\0", "2026-11\0", "2026-11\n", "9" * 5000)),
    ],
)
def test_month_is_one_of_ours_or_none(text: str, month: dt.date | None) -> None:
    assert named_month(text) == month
    assert asked_month(text, TODAY) == min(month or NOVEMBER, NOVEMBER)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2025", 2025),
        ("2000", 2000),
        ("2100", 2100),
        *((text, None) for text in ("", "02026000", "1999", "9999", "0001", "٢٠٢٦")),
        *((text, None) for text in ("-1", "2026\0", "2026 ", "9" * 5000)),
    ],
)
def test_year_is_one_of_ours_or_none(text: str, year: int | None) -> None:
    assert named_year(text) == year
    assert asked_year(text, TODAY) == min(year or 2026, 2026)


@pytest.mark.parametrize("text", ["", None, "-1", "1.0", "٣", "\0", "x", "9" * 19])
def test_what_can_be_no_id_asks_for_none(text: str | None) -> None:
    assert asked_id(text) is None
    assert asked_version(text) == 0


def test_ids_are_taken_once_in_their_order() -> None:
    assert asked_id("0") == 0
    assert asked_ids(["7", "3", "x", "7", "9" * 5000, "", "12"]) == [7, 3, 12]
    assert asked_version("12") == 12


def test_words_lose_what_no_text_holds() -> None:
    assert asked_words(" 长冲\0口\x7f村　", 20) == "长冲口村"
    assert asked_words("第一行\n第二行", 20) == "第一行\n第二行"
    assert asked_words("𠮷" * 30, 20) == "𠮷" * 20
