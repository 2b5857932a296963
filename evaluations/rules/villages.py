"""评村: a village's points from what the system counts, and from the township's hand.

Of each measure the village gets the share that was reached, to a tenth of a point. What
has nothing to count (no issue was due) brings all of its points: nobody is marked down for
a quiet year.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from evaluations.rules.schemes import Edition, Item

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Count:
    """How much of what was reached: 96 of 102 households."""

    part: int
    whole: int

    @property
    def words(self) -> str:
        """As the page writes it."""
        return f"{self.part} / {self.whole}" if self.whole else "没有要算的"

    @classmethod
    def read(cls, words: str) -> "Count":
        """Return the count that `words` was written from."""
        part, slash, whole = words.partition(" / ")
        return cls(int(part), int(whole)) if slash else cls(0, 0)


def earned(item: Item, count: Count) -> Decimal:
    """Return the points of a computed item."""
    if not count.whole:
        return Decimal(item.most)
    share = Decimal(min(count.part, count.whole)) / count.whole
    return (item.most * share).quantize(TENTH, ROUND_HALF_UP)


@dataclass(frozen=True)
class Line:
    """One item of a village's rating: what was counted or said, and its points."""

    item: Item
    points: Decimal
    count: Count | None = None


def lines(
    edition: Edition, counts: Mapping[str, Count], given: Mapping[int, Decimal]
) -> tuple[Line, ...]:
    """Return the lines of a rating; an item that nobody has marked yet brings nothing."""
    return tuple(
        _line(item, counts, given)
        for item in edition.items.values()
        if not item.is_veto
    )


def _line(
    item: Item, counts: Mapping[str, Count], given: Mapping[int, Decimal]
) -> Line:
    if item.measure:
        count = counts.get(item.measure, Count(0, 0))
        return Line(item, earned(item, count), count)
    return Line(item, given.get(item.key, Decimal(0)))


def total(found: tuple[Line, ...]) -> Decimal:
    """Return the sum of the points."""
    return sum((line.points for line in found), Decimal(0))


def tier_key(edition: Edition, points: Decimal) -> int:
    """Return the best grade whose line is reached, by its key; quotas left aside."""
    for tier in edition.tiers[:-1]:
        if tier.threshold is not None and points >= tier.threshold:
            return tier.key
    return edition.last_tier.key
