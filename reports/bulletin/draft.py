"""The figures that a 通报 is drafted from, and how a paper writes them.

Numbers stand as official papers write them, without commas; rates have one decimal.
"""

from dataclasses import dataclass

from regions.models import Kind, Region
from reports.figures.domain import Counts
from reports.lights import LightRule
from reports.measures import rule_on
from reports.periods import Span, Window
from reports.summary.table import Summary, summary_of
from ui.figures import rate_words
from visits.rules import Cadence

WHOLE = {
    Kind.TOWN: "全镇",
    Kind.TOWNSHIP: "全乡",
    Kind.SUBDISTRICT: "全街道",
    Kind.FARM: "全场",
}
ORDINALS = "一二三四五六七八"


@dataclass(frozen=True)
class Draft:
    """The figures that a 通报 is drafted from; `before` only where it can be compared."""

    summary: Summary
    before: Summary | None
    rule: LightRule

    @property
    def place(self) -> Region:
        """Whose 通报 it is."""
        return self.summary.place

    @property
    def unit(self) -> str:
        """What the lines are called: 乡镇（街道）, 村（社区）."""
        return self.summary.unit

    @property
    def whole(self) -> str:
        """How the place speaks of itself."""
        return WHOLE.get(Kind(self.place.kind), "全市")

    @property
    def period(self) -> str:
        """The period as a paper writes it."""
        return self.summary.seen.words.replace(" ", "")

    @property
    def is_quarter_over(self) -> bool:
        """Whether its last quarter is over with it: October ends, its quarter runs."""
        seen = self.summary.seen
        return seen.is_over and Cadence.QUARTER.period(seen.last).end == seen.last

    @property
    def adds_quarters_up(self) -> bool:
        """Whether a representative owed several 恳谈会 in it: then meetings are counted."""
        return self.summary.seen.span is Span.YEAR

    @property
    def title(self) -> str:
        """The title of the paper."""
        return f"关于{self.period}村（居）民代表工作情况的通报"


def draft_of(place: Region, seen: Window) -> Draft:
    """Return what a 通报 of a period is drafted from.

    A running period is compared with nothing: it has had less time.
    """
    before = summary_of(place, seen.before) if seen.is_over else None
    return Draft(summary_of(place, seen), before, rule_on(seen.on))


def share(counts: Counts) -> float:
    """Return how many percent of the visits owed were made."""
    return counts["seen"] * 100 / counts["owing"] if counts["owing"] else 0.0


def rate(part: int, whole: int) -> str:
    """Return a rate as a paper writes it, without its sign."""
    return rate_words(part * 100 / whole if whole else None)
