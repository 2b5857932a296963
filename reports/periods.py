"""The period a dashboard looks at: a month, quarter or year, running or past."""

import datetime as dt
import re
from dataclasses import dataclass, replace
from enum import StrEnum

from visits.rules import Cadence

ONE_DAY = dt.timedelta(days=1)


class Span(StrEnum):
    """Which running period; its value stands in the address (`?p=`)."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def label(self) -> str:
        """The word on the switch."""
        return {"month": "本月", "quarter": "本季", "year": "今年"}[self.value]

    @property
    def before(self) -> str:
        """The word for the period before."""
        return {"month": "上月", "quarter": "上季", "year": "去年"}[self.value]

    @property
    def rate_label(self) -> str:
        """What the rate of this period is called in a table's head."""
        return {
            "month": "重点户走访率 %",
            "quarter": "普通户走访率 %",
            "year": "联系户走访率 %",
        }[self.value]


@dataclass(frozen=True)
class Window:
    """A period seen from the day `on`; first and last day are included.

    A running one is seen from today, one that is over from its last day.
    """

    span: Span
    on: dt.date
    first: dt.date
    last: dt.date
    is_over: bool = False

    @property
    def key(self) -> str:
        """The period as addresses have it: 2026-11, 2026-Q4, 2026."""
        if self.span is Span.YEAR:
            return f"{self.first.year}"
        if self.span is Span.MONTH:
            return f"{self.first:%Y-%m}"
        return f"{self.first.year}-Q{self.first.month // 3 + 1}"

    @property
    def query(self) -> str:
        """What an address ends with to show this period; the running month is nothing."""
        if self.is_over:
            return f"?p={self.key}"
        return "" if self.span is Span.MONTH else f"?p={self.span.value}"

    @property
    def days(self) -> int:
        """How many days the whole period has."""
        return (self.last - self.first).days + 1

    @property
    def gone(self) -> int:
        """How many days have passed, today included."""
        return (self.on - self.first).days + 1

    @property
    def elapsed(self) -> float:
        """时序进度: the share of the period that has passed, in percent."""
        return self.gone * 100 / self.days

    @property
    def cadence(self) -> str:
        """The cadence of the households that the period's rate counts; empty for all."""
        return "" if self.span is Span.YEAR else self.span.value

    @property
    def before(self) -> "Window":
        """The whole period before this one."""
        return over(self.span, self.first - ONE_DAY)

    @property
    def year_before(self) -> "Window":
        """The whole same period of the year before."""
        return over(self.span, self.first.replace(year=self.first.year - 1))

    @property
    def words(self) -> str:
        """The period as people write it: 2026 年 11 月."""
        if self.span is Span.YEAR:
            return f"{self.first.year} 年"
        if self.span is Span.MONTH:
            return f"{self.first.year} 年 {self.first.month} 月"
        return Cadence.QUARTER.period(self.first).label


def window(span: Span, on: dt.date) -> Window:
    """Return the running period of the day `on`."""
    if span is Span.YEAR:
        return Window(span, on, dt.date(on.year, 1, 1), dt.date(on.year, 12, 31))
    period = Cadence(span.value).period(on)
    return Window(span, on, period.start, period.end)


def over(span: Span, day: dt.date) -> Window:
    """Return the whole period in which a past day lies, seen from its last day."""
    seen = window(span, day)
    return replace(seen, on=seen.last, is_over=True)


ASKED = re.compile(r"(?P<year>20\d\d)(-(?P<month>0[1-9]|1[0-2])|-Q(?P<quarter>[1-4]))?")


def asked_window(asked: str, today: dt.date) -> Window:
    """Return the period that an address asks for: `quarter`, `2026-10`, `2026-Q3`, `2025`.

    The running one where it is meant; the running month for anything unknown, and for
    what has not begun.
    """
    found = ASKED.fullmatch(asked)
    if found is None:
        named = next((span for span in Span if span.value == asked), Span.MONTH)
        return window(named, today)
    year, month, quarter = (
        int(found[name] or 0) for name in ("year", "month", "quarter")
    )
    span = Span.MONTH if month else Span.QUARTER if quarter else Span.YEAR
    day = dt.date(year, month or max(1, quarter * 3 - 2), 1)
    return around_day(span, day, today)


def around_day(span: Span, day: dt.date, today: dt.date) -> Window:
    """Return the period in which a day lies; the running month for a day to come."""
    seen = window(span, day)
    if seen.last < today:
        return over(span, day)
    return window(span if seen.first <= today else Span.MONTH, today)
