"""Calendar months and quarters, and spans of days. All days are whole local dates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter

from ui.words import full_day

ONE_DAY = timedelta(days=1)
_QUARTER_NAMES = ("一", "二", "三", "四")


class Cadence(StrEnum):
    """How often a duty falls due: once in each calendar month, or calendar quarter.

    Calendar periods, never rolling days (domain 2.3, "period logic"): a visit on
    1 October and none in November is late on 1 December, whatever the distance.
    """

    MONTH = "month"
    QUARTER = "quarter"

    @property
    def label(self) -> str:
        """The cadence as it is said in a sentence: 每月, 每季度."""
        return "每月" if self is Cadence.MONTH else "每季度"

    def period(self, day: date) -> Period:
        """Return the calendar period of this cadence that `day` lies in."""
        if self is Cadence.MONTH:
            return _months_from(day.year, day.month, count=1)
        return _months_from(day.year, (day.month - 1) // 3 * 3 + 1, count=3)


@lru_cache(maxsize=1024)
def _months_from(year: int, month: int, *, count: int) -> Period:
    past = month + count
    after = date(year, past, 1) if past <= 12 else date(year + 1, past - 12, 1)
    return Period(date(year, month, 1), after - ONE_DAY)


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """One calendar month or quarter; `start` and `end` are its first and last day."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def label(self) -> str:
        """The period as people write it: 2026年11月, 2026年第四季度."""
        if self.start.month == self.end.month:
            return f"{self.start.year}年{self.start.month}月"
        return f"{self.start.year}年第{_QUARTER_NAMES[self.start.month // 3]}季度"

    def months(self) -> tuple[Period, ...]:
        """Return the calendar months of this period, the first one first."""
        return _months_of(self)


@lru_cache(maxsize=1024)
def _months_of(period: Period) -> tuple[Period, ...]:
    months, day = [], period.start
    while day <= period.end:
        months.append(Cadence.MONTH.period(day))
        day = months[-1].end + ONE_DAY
    return tuple(months)


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """An unbroken run of days, both ends included; `last=None` means still running.

    Raises ValueError when it would end before it begins.
    """

    first: date
    last: date | None = None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError(
                f"结束日期{full_day(self.last)}早于开始日期{full_day(self.first)}，请更正日期。"
            )

    def __contains__(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def covers(self, period: Period) -> bool:
        """Say whether every day of `period` lies in this span."""
        ended = self.last is not None and self.last < period.end
        return self.first <= period.start and not ended

    def overlap(self, other: Span) -> Span | None:
        """Return the days that both spans share, or None."""
        first = max(self.first, other.first)
        last = min(self.last or date.max, other.last or date.max)
        if last < first:
            return None
        return Span(first, None if last == date.max else last)


def span_until(first: date, ended_on: date | None) -> Span | None:
    """Return the span from `first` up to the day before `ended_on`.

    For rows whose `ended_on` is the first day without: None when that leaves no day.
    """
    if ended_on is None:
        return Span(first)
    return Span(first, ended_on - ONE_DAY) if first < ended_on else None


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Merge spans that overlap or follow each other without a day between them."""
    merged: list[Span] = []
    for span in sorted(spans, key=attrgetter("first")):
        if merged and _touches(merged[-1], span):
            merged[-1] = Span(merged[-1].first, _later(merged[-1].last, span.last))
        else:
            merged.append(span)
    return tuple(merged)


def _touches(before: Span, after: Span) -> bool:
    return before.last is None or after.first <= before.last + ONE_DAY


def _later(one: date | None, other: date | None) -> date | None:
    return None if one is None or other is None else max(one, other)
