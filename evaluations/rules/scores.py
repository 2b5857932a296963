"""Scores and grades, from an edition and what was entered: pure, in any order.

    score = Σ over categories of clip(base + Σ over items of clip(Σ points, item cap))

A category never leaves its floor and cap, an item never brings more than its cap. The
order of the entries changes nothing. A veto leaves the score and takes the grade.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from evaluations.rules.schemes import Category, Edition, Item, Tier


@dataclass(frozen=True)
class Mark:
    """Points of one entry for one item (`Item.key`)."""

    item: int
    points: int = 0


@dataclass(frozen=True)
class Part:
    """What a category came to; `plus` and `minus` are what its items brought."""

    key: int
    name: str
    base: int
    cap: int
    plus: int
    minus: int
    score: int


@dataclass(frozen=True)
class Score:
    """The whole: each category, what was added and taken, the total, the vetoes."""

    parts: tuple[Part, ...]
    vetoes: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """The sum of the categories."""
        return sum(part.score for part in self.parts)

    @property
    def plus(self) -> int:
        """Points that items added, before categories were clipped."""
        return sum(part.plus for part in self.parts)

    @property
    def minus(self) -> int:
        """Points that items took, as a positive number."""
        return sum(part.minus for part in self.parts)


def score(edition: Edition, marks: Iterable[Mark]) -> Score:
    """Return the score that the marks come to; the order of the marks is nothing.

    Raises KeyError for an item that the edition has not.
    """
    sums: dict[int, int] = {}
    vetoes = set()
    items = edition.items
    for mark in marks:
        item = items[mark.item]
        if item.is_veto:
            vetoes.add(item.words)
        sums[mark.item] = sums.get(mark.item, 0) + mark.points
    parts = tuple(_part(category, sums) for category in edition.categories)
    return Score(parts, tuple(sorted(vetoes)))


def _part(category: Category, sums: Mapping[int, int]) -> Part:
    brought = [capped(item, sums.get(item.key, 0)) for item in category.items]
    plus = sum(points for points in brought if points > 0)
    minus = -sum(points for points in brought if points < 0)
    reached = max(category.floor, min(category.cap, category.base + plus - minus))
    return Part(
        category.key, category.name, category.base, category.cap, plus, minus, reached
    )


def capped(item: Item, points: int) -> int:
    """Return what an item brings of so many points: no more than its cap, either way."""
    if item.is_veto:
        return 0
    if item.cap is None:
        return points
    return max(-item.cap, min(item.cap, points))


# --- grades -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """Who is graded: a key, the total, whether vetoed, whether preferred among equals.

    Preferred are households of an 优秀代表 (report): it breaks a tie, nothing else.
    """

    key: int
    total: int
    is_vetoed: bool = False
    is_preferred: bool = False

    @property
    def rank(self) -> tuple[int, bool]:
        """What decides who comes first; equal ranks are for people to decide."""
        return -self.total, not self.is_preferred


def reached(edition: Edition, one: Standing) -> Tier:
    """Return the best grade whose line a total reaches, quotas left aside."""
    if not one.is_vetoed:
        for tier in edition.tiers[:-1]:
            if tier.threshold is not None and one.total >= tier.threshold:
                return tier
    return edition.last_tier


def allowed(edition: Edition, one: Standing) -> tuple[Tier, ...]:
    """Return the grades that people may give: the one reached, or the next if it has a quota.

    Nobody is lifted over a line, and nobody is put down but for want of a place.
    """
    tier = reached(edition, one)
    if tier.quota is None:
        return (tier,)
    return tier, edition.tiers[edition.tiers.index(tier) + 1]


@dataclass(frozen=True)
class Assignment:
    """The grade of each (a tier's key), and who was tied for the last places.

    `tied` share one rank and did not fit together: none of them has a place, `left`
    places are free for people to give.
    """

    tiers: Mapping[int, int]
    tied: frozenset[int] = frozenset()
    left: int = 0


def assign(edition: Edition, rated: Sequence[Standing]) -> Assignment:
    """Return everybody's grade, quotas kept; equals at the border stay undecided."""
    found = {one.key: reached(edition, one) for one in rated}
    tied: set[int] = set()
    left = 0
    for index, tier in enumerate(edition.tiers):
        limit = tier.limit(len(rated))
        if limit is None:
            continue
        wanting = [one for one in rated if found[one.key] is tier]
        placed, equal = fill(wanting, limit)
        for one in wanting:
            if one.key not in placed:
                found[one.key] = edition.tiers[index + 1]
        tied |= equal
        left += limit - len(placed)
    return Assignment(
        {key: tier.key for key, tier in found.items()},
        frozenset(tied),
        left if tied else 0,
    )


def fill(wanting: Sequence[Standing], limit: int) -> tuple[set[int], set[int]]:
    """Return who gets a place, and who is tied for those that are left.

    Places go by rank; a group of equals that does not fit whole gets none.
    """
    placed: set[int] = set()
    for rank in sorted({one.rank for one in wanting}):
        group = {one.key for one in wanting if one.rank == rank}
        if len(placed) + len(group) > limit:
            return placed, group if len(placed) < limit else set()
        placed |= group
    return placed, set()


@dataclass(frozen=True)
class Meter:
    """The quota meter: how many places there are, how many are given."""

    name: str
    limit: int
    used: int
    quota: int

    @property
    def left(self) -> int:
        """Places that are free."""
        return self.limit - self.used

    @property
    def share(self) -> float:
        """How full it is, 0 to 100."""
        return 100 * self.used / self.limit if self.limit else 100.0


def meters(edition: Edition, tiers: Collection[int]) -> tuple[Meter, ...]:
    """Return a meter for each grade with a quota; `tiers` is everybody's grade."""
    held = list(tiers)
    return tuple(
        Meter(tier.name, limit, held.count(tier.key), tier.quota)
        for tier in edition.tiers
        if tier.quota is not None and (limit := tier.limit(len(held))) is not None
    )


# --- trying a draft on entries of another edition ----------------------------------------


@dataclass(frozen=True)
class Line:
    """One household in a trial: total and grade as they were and as they would be."""

    key: int
    was_total: int
    total: int
    was: str
    now: str

    @property
    def is_moved(self) -> bool:
        """Whether the grade would be another."""
        return self.was != self.now


def translated(
    draft: Edition, used: Edition, marks: Iterable[Mark]
) -> tuple[list[Mark], int]:
    """Return marks of an edition as the draft has them, and how many have no item there.

    Items are the same if their words are. Fixed points follow the draft; points out of
    a range go to its nearer end.
    """
    by_words = {item.words: item for item in draft.items.values()}
    theirs = used.items
    found, lost = [], 0
    for mark in marks:
        item = by_words.get(theirs[mark.item].words)
        if item is None:
            lost += 1
            continue
        found.append(Mark(item.key, max(item.least, min(item.most, mark.points))))
    return found, lost
