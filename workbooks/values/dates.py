"""Checks dates as people and Excel write them (reliability 3.3 case 38)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from workbooks.declaration import Column
from workbooks.values.characters import compact, visible
from workbooks.values.identity import NOTHING
from workbooks.values.outcomes import Mended, Outcome, Problem

EPOCH_1900 = date(1899, 12, 30)
"""Day 0 of Excel's calendar for serials from 61 on; before that it has a 1900-02-29."""
EPOCH_1904 = date(1904, 1, 1)

EARLIEST = date(1900, 3, 1)
LATEST = date(2100, 12, 31)
"""Days outside are typing errors on any roll, or Excel's 1900-02-29."""

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_PARTS = re.compile(
    r"([0-9]{4})(?:年|[-/.])([0-9]{1,2})(?:月|[-/.])([0-9]{1,2})[日号]?"
)
_TIME_OF_DAY = re.compile(r"(?:T| +)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$")
_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_YEAR_LAST = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}")
_SHORT_YEAR = re.compile(r"[0-9]{2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?")
_NO_DAY = re.compile(r"[0-9]{4}(?:[-/.年][0-9]{1,2}月?)?年?")

_MONTH = re.compile(r"(20[0-9]{2})[^0-9]{0,2}(0?[1-9]|1[0-2])(?![0-9])")

_FORM = "请按 2026-03-14 或 2026年3月14日 填写"
_IMPOSSIBLE = Problem("impossible_date", "没有这一天", _FORM)
_NOT_A_DATE = Problem("not_a_date", "不是日期", _FORM)
_NO_DAY_GIVEN = Problem("incomplete_date", "没有写到日", _FORM)

_YEARS = range(1900, 2101)
"""As a serial these are days of 1905; whoever types 2026 into a date means the year."""


def month_of(text: str) -> date | None:
    """Return the first day of the month that a text names, or None.

    Takes 2025年3月, 2025-03 and 202503, and the day that Excel makes of them.
    """
    found = _MONTH.search(text)
    return date(int(found[1]), int(found[2]), 1) if found else None


def date_check(
    column: Column, on: date, *, date1904: bool = False, text_only: bool = False
) -> Callable[[object], Outcome]:
    """Return the check of a date column, for an import on the day ``on``.

    ``date1904`` is the workbook's calendar; ``text_only`` means a .csv, where an ISO
    date in text is nothing to mention.
    """
    missing: Outcome = None
    if column.required:
        missing = Problem(f"missing_{column.key}", f"{column.title}没有填写", "请补填")

    def understand(raw: object) -> Outcome:
        if isinstance(raw, datetime):
            return _without_time(raw)
        if isinstance(raw, date):
            return raw
        if isinstance(raw, float):
            return _from_number(raw, date1904=date1904)
        if isinstance(raw, str):
            return _from_text(raw, missing, text_only=text_only)
        return missing if raw is None else _NOT_A_DATE

    def check(raw: object) -> Outcome:
        outcome = understand(raw)
        found = outcome.value if isinstance(outcome, Mended) else outcome
        if isinstance(found, date):
            return _out_of_range(found, column, on) or outcome
        return outcome

    return check


def _out_of_range(found: date, column: Column, on: date) -> Problem | None:
    if not EARLIEST <= found <= LATEST:
        return Problem("impossible_date", f"年份 {found.year} 不合理", "请核对年份")
    if column.past_only and found > on:
        return Problem(
            "future_date", f"日期在今天（{on.isoformat()}）之后", "请核对年份和月份"
        )
    return None


def _without_time(raw: datetime) -> Outcome:
    return Mended(raw.date(), "fixed_time_in_date", "去掉了几点几分")


def _from_number(raw: float, *, date1904: bool) -> Outcome:
    """Read 46095 (a serial) and 20260314 (digits without a format)."""
    if raw.is_integer() and 19_000_101 <= raw <= 21_001_231:
        digits = f"{raw:.0f}"
        day = _day(digits[:4], digits[4:6], digits[6:])
        return _mended(day, "fixed_date_number", "数字改为日期")
    if raw in _YEARS:
        return _NO_DAY_GIVEN
    # 61 is 1900-03-01: below it the two calendars disagree about a day that never was.
    lowest = 0 if date1904 else 61
    if not max(lowest, 366) <= raw < 73_416:
        return _NOT_A_DATE
    epoch = EPOCH_1904 if date1904 else EPOCH_1900
    return Mended(
        epoch + timedelta(days=int(raw)), "fixed_serial_date", "Excel 日期序号改为日期"
    )


def _from_text(raw: str, missing: Outcome, *, text_only: bool) -> Outcome:
    trimmed = _TIME_OF_DAY.sub("", visible(raw).strip())
    text = compact(trimmed)
    if text.lower() in NOTHING:
        return missing
    parts = _PARTS.fullmatch(text) or _DIGITS.fullmatch(text)
    if parts:
        day = _day(*parts.groups())
        if text_only and _ISO.fullmatch(raw):
            return day
        return _mended(day, "fixed_text_date", "文本改为日期")
    if _YEAR_LAST.fullmatch(text):
        return Problem("ambiguous_date", "分不清哪个是月、哪个是日", _FORM)
    if _SHORT_YEAR.fullmatch(text):
        return Problem("ambiguous_date", "年份只有两位", _FORM)
    if _NO_DAY.fullmatch(text):
        return _NO_DAY_GIVEN
    return _NOT_A_DATE


def _day(year: str, month: str, day: str) -> date | Problem:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return _IMPOSSIBLE


def _mended(day: date | Problem, code: str, note: str) -> Outcome:
    return day if isinstance(day, Problem) else Mended(day, code, note)
