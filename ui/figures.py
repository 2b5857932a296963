"""How figures and dates are written. `None` is —, 0 is 0."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from ui.parts import Number

NONE = "—"


def count_words(value: Number | None) -> str:
    """A count with thousands commas: 20,791."""
    return NONE if value is None else f"{value:,.0f}"


def rate_words(value: Number | None, decimals: int = 1) -> str:
    """A percentage (0–100) without its sign: 86.6. The unit stands in the header."""
    return NONE if value is None else f"{value:,.{decimals}f}"


def money_words(value: Number | None) -> str:
    """Yuan with two decimals and thousands commas: 5,000.00."""
    return NONE if value is None else f"{Decimal(value):,.2f}"


def day_words(value: date | datetime | None) -> str:
    """A day as tables write it: 2026-11-23; a moment counts in local time."""
    if value is None:
        return NONE
    return _local(value).isoformat()[:10]


def spoken_day(value: date | datetime | None) -> str:
    """A day as sentences write it: 11 月 23 日; of another year than this with the year."""
    if value is None:
        return NONE
    local = _local(value)
    year = "" if local.year == timezone.localdate().year else f"{local.year} 年 "
    return f"{year}{local.month} 月 {local.day} 日"


def moment_words(value: datetime | date | None) -> str:
    """Day and time of a moment: 11 月 23 日 08:00; of a day only the day."""
    if value is None or not isinstance(value, datetime):
        return spoken_day(value)
    return f"{spoken_day(value)} {_local(value):%H:%M}"


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value
