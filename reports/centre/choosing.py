"""What somebody chose of an entry, as forms, presets and schedules pass it on."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.services import Refused
from reports import exports
from reports.centre.entries import Entry
from reports.centre.files import Format
from reports.centre.periods import resolved


class OtherPeriod(Refused):
    """A ledger by year was asked for a month or a quarter, or a year to come."""

    def __init__(self) -> None:
        super().__init__(
            "这份台账是按年的，没有分月、分季的，也没有以后的年份。"
            "请写年份，例如 period=2026。"
        )


@dataclass(frozen=True)
class Choice:
    """The answers of an entry's form; empty ones are the form's own defaults.

    `place` is a code, `period` may be a relative one. Whole numbers are for one time:
    `kept` leaves them out, and whatever comes from a preset is masked.
    """

    place: str = ""
    period: str = ""
    form: str = ""
    order: str = ""
    full: bool = False
    reason: str = ""

    def request(self, entry: Entry, today: dt.date) -> exports.Request:
        """Return what is asked of `reports.exports`, the period worked out.

        Raises OtherPeriod where the entry knows no such period.
        """
        data = {"place": self.place, "order": self.order}
        if entry.span is not None:
            seen = resolved(self.period, today)
            if self.period and seen.span not in entry.spans:
                raise OtherPeriod
            data |= entry.fill(seen)
        form = Format(self.form) if self.form else entry.formats[0]
        given = {name: text for name, text in data.items() if text}
        full = self.full and entry.source.has_numbers
        return exports.Request(entry.kind, given, full, self.reason, form)

    def kept(self) -> dict[str, str]:
        """Return what presets and schedules keep."""
        return {
            "place": self.place,
            "period": self.period,
            "form": self.form,
            "order": self.order,
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Choice":
        """Return what `kept` wrote down; what is not known is left out."""
        return cls(
            str(kept.get("place", "")),
            str(kept.get("period", "")),
            str(kept.get("form", "")),
            str(kept.get("order", "")),
        )
