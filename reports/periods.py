"""The period a dashboard looks at: the running month, quarter or year."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
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
    """A running period seen from the day `on`; first and last day are included."""

    span: Span
    on: dt.date
    first: dt.date
    last: dt.date

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
        return window(self.span, self.first - ONE_DAY)

    @property
    def words(self) -> str:
        """The period as people write it: 2026 年 11 月."""
        if self.span is Span.YEAR:
            return f"{self.first.year} 年"
        if self.span is Span.MONTH:
            return f"{self.first.year} 年 {self.first.month} 月"
        return Cadence.QUARTER.period(self.on).label


def window(span: Span, on: dt.date) -> Window:
    """Return the running period of the day `on`."""
    if span is Span.YEAR:
        return Window(span, on, dt.date(on.year, 1, 1), dt.date(on.year, 12, 31))
    period = Cadence(span.value).period(on)
    return Window(span, on, period.start, period.end)


def span_of(asked: str, known: Iterable[Span] = Span) -> Span:
    """Return the period that an address asks for; the month for anything unknown."""
    return next((span for span in known if span.value == asked), Span.MONTH)
