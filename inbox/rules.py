"""When nobody is disturbed by a channel outside the product (免打扰)."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Quiet:
    """The hours from `first` to `until` (not included), over midnight where it is later."""

    first: dt.time
    until: dt.time

    @classmethod
    def said(cls, words: str) -> "Quiet":
        """Return the hours of “20:00-08:00”; raises ValueError for anything else."""
        first, _, until = words.partition("-")
        try:
            return cls(
                dt.time.fromisoformat(first.strip()),
                dt.time.fromisoformat(until.strip()),
            )
        except ValueError:
            raise ValueError(
                f"免打扰时间“{words}”看不懂，请写成 20:00-08:00 的样子。"
            ) from None

    def __contains__(self, at: dt.time) -> bool:
        if self.first <= self.until:
            return self.first <= at < self.until
        return at >= self.first or at < self.until
