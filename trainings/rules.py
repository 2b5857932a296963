"""What a training is, and when representatives count as trained (report, L36)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from regions.codes import CITY_WIDTH, TOWNSHIP_WIDTH, lineage, width_of
from ui.asked import told_on


@dataclass(frozen=True)
class Grade:
    """One of the three levels of training: who holds it, and what it is for."""

    code: str
    label: str
    host: str
    """The level of the division that holds it."""
    purpose: str


GRADES: tuple[Grade, ...] = (
    Grade("city_demo", "市级示范", "city", "市里办示范班，各镇派代表参加"),
    Grade("township_general", "乡镇普遍", "township", "乡镇每年把代表普遍训一遍"),
    Grade("village_catchall", "村级兜底", "village", "镇里没训到的，村里补训"),
)
"""示范培训、普遍培训、兜底培训: 三级培训 of the report on 邵东市 (代表培训到位)."""


def grade_of(host: int) -> Grade:
    """Return the level of a training by the code of the division that holds it."""
    widths = (CITY_WIDTH, TOWNSHIP_WIDTH, 1)
    return GRADES[widths.index(width_of(host))]


def senders_of(host: int) -> tuple[int, ...]:
    """Return who may send a speaker to a division: the township and the city above it."""
    return lineage(host)[1:]


def counted_on(year: int, today: dt.date) -> dt.date:
    """Return the day whose serving representatives a year's coverage is about.

    Of the running year that is today, so that a new mandate asks for a training at once
    and one that ended no longer does; of a year that is over its last day.
    """
    return told_on(year, today)


@dataclass(frozen=True)
class Coverage:
    """How many of the serving representatives were trained; people, not attendances.

    Raises ValueError where more are trained than serve: somebody was counted twice.
    """

    serving: int
    trained: int

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if not 0 <= self.trained <= self.serving:
            raise ValueError(f"{self.trained} trained of {self.serving}")

    @property
    def missing(self) -> int:
        """How many still wait for a training."""
        return self.serving - self.trained

    @property
    def rate(self) -> float | None:
        """The share in percent, None where nobody serves.

        Rounded down to a tenth: 100 is said of nobody but those who trained everyone.
        """
        if not self.serving:
            return None
        return self.trained * 1000 // self.serving / 10
