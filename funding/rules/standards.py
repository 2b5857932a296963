"""What the city has set, and from when: amounts and limits with their source.

None of these numbers stands in the code. The first rows come with the app; the city
adds later ones with the day from which they hold, and never changes one.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ui.words import Labelled


class StandardKind(Labelled):
    """What a standard sets."""

    ALLOTMENT = "allotment", "每村每年工作经费（元）"
    SUBSIDY_LEAST = "subsidy_least", "误工补贴每月最低（元）"
    SUBSIDY_MOST = "subsidy_most", "误工补贴每月最高（元）"
    NOTICE_DAYS = "notice_days", "补贴表至少公示（天）"
    LATE_MONTH = "late_month", "从几月起提醒经费没用完"
    LATE_SHARE = "late_share", "用了不到百分之几就提醒"


@dataclass(frozen=True)
class Standard:
    """One number from one day on, and where it comes from."""

    kind: StandardKind
    amount: Decimal
    effective_from: dt.date
    basis: str = ""


@dataclass(frozen=True)
class Standards:
    """Everything that was ever set, whatever its order."""

    rows: tuple[Standard, ...]

    @classmethod
    def of(cls, rows: Iterable[Standard]) -> "Standards":
        """Return the standards made of these rows."""
        return cls(tuple(rows))

    def at(self, kind: StandardKind, on: dt.date) -> Standard:
        """Return the row in force on the day `on`; before the first one, the first."""
        own = sorted(
            (row for row in self.rows if row.kind is kind),
            key=lambda row: row.effective_from,
        )
        begun = [row for row in own if row.effective_from <= on] or own[:1]
        return begun[-1]

    def number(self, kind: StandardKind, on: dt.date) -> int:
        """Return a standard that is a whole number: days, a month, percent."""
        return int(self.at(kind, on).amount)

    def allotment(self, year: int) -> Standard:
        """Return what a village is allotted for a year (L28): the last one set for it."""
        return self.at(StandardKind.ALLOTMENT, dt.date(year, 12, 31))
