"""A scheme's edition as values: what it may look like, and how far it may be adapted.

The city makes an edition; a township or village may take it over and change it within
its limits (domain 1.5, all of it data): points within an item's range, items of its own
within a category's cap, a smaller quota, more days of notice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

LEAST_NOTICE_DAYS = 3
"""Fewest days of a notice (domain 1.5; L14 asks the same of by-elections)."""

ROUNDS = {1: "年", 2: "半年", 4: "季度", 12: "月"}
"""How often a year is rated, and what one round is called."""

MOST_MANUAL = 30
"""Points of a village's rating that the township may give by hand (issue 7)."""


class Scope(StrEnum):
    """What is rated; the value is stable, the label is shown."""

    HOUSEHOLD = "household"
    VILLAGE = "village"

    @property
    def label(self) -> str:
        """The scope as pages name it."""
        return {"household": "评家庭", "village": "评村"}[self.value]


class Measure(StrEnum):
    """What the system counts by itself of a village; "" is a point given by hand."""

    COVERAGE = "coverage"
    VISITS = "visits"
    ISSUES = "issues"
    TALKS = "talks"
    REVIEWS = "reviews"
    VACANCIES = "vacancies"
    SATISFACTION = "satisfaction"
    MODELS = "models"

    @property
    def label(self) -> str:
        """The measure as pages name it."""
        return {
            "coverage": "户户有人联系",
            "visits": "走访没有超期",
            "issues": "民情按期办结",
            "talks": "恳谈会按季召开",
            "reviews": "民情分析会按月召开",
            "vacancies": "代表席位不空缺",
            "satisfaction": "群众对办理满意",
            "models": "有文明模范家庭",
        }[self.value]


@dataclass(frozen=True)
class Item:
    """What brings points: a fixed number (`least` = `most`) or a range.

    Points of one item are all of one sign. `cap` is the most that the item brings (or
    takes) in a round; None leaves it to the category. A veto brings no points but puts
    the household into the last tier.
    """

    key: int
    words: str
    least: int = 0
    most: int = 0
    cap: int | None = None
    is_veto: bool = False
    needs_evidence: bool = False
    measure: str = ""

    @property
    def is_fixed(self) -> bool:
        """Whether nobody has to say how many points."""
        return self.least == self.most

    @property
    def points_words(self) -> str:
        """The points as a list shows them: +3, −5 至 −2, 一票否决."""
        if self.is_veto:
            return "一票否决"
        if self.is_fixed:
            return signed(self.least)
        return f"{signed(self.least)} 至 {signed(self.most)}"

    def holds(self, points: int) -> bool:
        """Return whether so many points may be given for it at once."""
        return self.least <= points <= self.most


def signed(points: int) -> str:
    """Return points with their sign: +3, −5, 0."""
    return f"+{points}" if points > 0 else f"−{-points}" if points else "0"


@dataclass(frozen=True)
class Category:
    """A part of the score: begins at `base`, never leaves `floor` to `cap`."""

    key: int
    name: str
    base: int
    cap: int
    floor: int = 0
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Tier:
    """A grade (等次). `quota` is the largest share of those rated, in per cent."""

    key: int
    name: str
    threshold: int | None = None
    quota: int | None = None
    is_public: bool = False

    def limit(self, rated: int) -> int | None:
        """Return how many may have it among `rated`; None for no limit."""
        return None if self.quota is None else rated * self.quota // 100


@dataclass(frozen=True)
class Edition:
    """A whole scheme. Tiers stand from the best to the last."""

    scope: Scope
    categories: tuple[Category, ...]
    tiers: tuple[Tier, ...]
    rounds: int = 4
    notice_days: int = 7

    @property
    def items(self) -> dict[int, Item]:
        """All items by their key."""
        return {item.key: item for part in self.categories for item in part.items}

    @property
    def base(self) -> int:
        """The score of whoever has no entry."""
        return sum(part.base for part in self.categories)

    @property
    def top(self) -> int:
        """The highest score there is."""
        return sum(part.cap for part in self.categories)

    @property
    def last_tier(self) -> Tier:
        """The lowest grade: it has no threshold and is nobody's to see."""
        return self.tiers[-1]


# --- what hinders an edition from being put in force ------------------------------------


def faults(edition: Edition) -> tuple[str, ...]:
    """Return what must be mended before an edition is put in force, in words."""
    return (
        *_category_faults(edition),
        *_item_faults(edition),
        *_tier_faults(edition),
        *_term_faults(edition),
    )


def _category_faults(edition: Edition) -> Iterator[str]:
    if not edition.categories:
        yield "还没有评分类别，请至少加一类。"
    for part in edition.categories:
        if not part.floor <= part.base <= part.cap:
            yield (
                f"“{part.name}”的基础分 {part.base} 要在最低 {part.floor} "
                f"和最高 {part.cap} 之间。"
            )


def _item_faults(edition: Edition) -> Iterator[str]:
    for part in edition.categories:
        for item in part.items:
            yield from item_faults(part, item)
    manual = sum(
        item.most for item in edition.items.values() if not item.measure and item.most
    )
    if edition.scope is Scope.VILLAGE and manual > MOST_MANUAL:
        yield f"镇里打分的项目共 {manual} 分，最多 {MOST_MANUAL} 分，请减下来。"


def item_faults(part: Category, item: Item) -> Iterator[str]:
    """Yield what is wrong with one item of a category."""
    if item.is_veto:
        return
    if item.least > item.most:
        yield f"“{item.words}”的最少分不能大于最多分。"
    elif item.least < 0 < item.most:
        yield f"“{item.words}”不能又加分又扣分，请分成两项。"
    elif not (item.least or item.most):
        yield f"“{item.words}”没有分值，请填加几分或扣几分。"
    elif max(abs(item.least), abs(item.most)) > part.cap - part.floor:
        yield (
            f"“{item.words}”的分值超过“{part.name}”能变动的 "
            f"{part.cap - part.floor} 分，请改小。"
        )
    if item.cap is not None and item.cap < max(abs(item.least), abs(item.most)):
        yield f"“{item.words}”一期最多 {item.cap} 分，比一次的分值还小，请改大。"


def _tier_faults(edition: Edition) -> Iterator[str]:
    if len(edition.tiers) < 2:
        yield "至少要有两个等次。"
        return
    *upper, last = edition.tiers
    lines = [tier.threshold for tier in upper]
    if None in lines:
        yield "除最后一等外，每个等次都要填达到多少分。"
    elif any(a <= b for a, b in pairwise(lines) if a and b):
        yield "等次要从高到低，分数线一个比一个低。"
    if last.threshold is not None or last.quota is not None:
        yield f"最后一等“{last.name}”不设分数线和名额。"
    if last.is_public:
        yield f"最后一等“{last.name}”不能公示。"


def _term_faults(edition: Edition) -> Iterator[str]:
    if edition.notice_days < LEAST_NOTICE_DAYS:
        yield f"公示至少 {LEAST_NOTICE_DAYS} 天。"
    if edition.rounds not in ROUNDS:
        yield "一年评几次，请选 1、2、4 或 12 次。"


# --- how far an adaptation may go -------------------------------------------------------


def departures(own: Edition, source: Edition) -> tuple[str, ...]:
    """Return where an adapted edition leaves the limits of the one it was taken from."""
    return (
        *_frame_departures(own, source),
        *_item_departures(own, source),
        *_tier_departures(own, source),
    )


def _frame_departures(own: Edition, source: Edition) -> Iterator[str]:
    if own.rounds != source.rounds:
        yield f"一年评几次由上级方案定，是 {source.rounds} 次。"
    if own.notice_days < source.notice_days:
        yield f"公示天数不能少于上级方案的 {source.notice_days} 天。"
    mine = {part.name: part for part in own.categories}
    for part in source.categories:
        held = mine.get(part.name)
        if held is None:
            yield f"上级方案的类别“{part.name}”不能去掉。"
        elif (held.base, held.cap, held.floor) != (part.base, part.cap, part.floor):
            yield (
                f"“{part.name}”的基础分、最高分、最低分由上级方案定，"
                f"是 {part.base}、{part.cap}、{part.floor}。"
            )
    for name in mine.keys() - {part.name for part in source.categories}:
        yield f"不能自己加类别“{name}”，新的项目请放进已有的类别。"


def _item_departures(own: Edition, source: Edition) -> Iterator[str]:
    mine = {item.words: item for item in own.items.values()}
    for item in source.items.values():
        held = mine.get(item.words)
        if held is None:
            yield f"上级方案的项目“{item.words}”不能去掉。"
        elif held.is_veto != item.is_veto:
            yield f"“{item.words}”是不是一票否决由上级方案定。"
        elif not (item.least <= held.least and held.most <= item.most):
            yield f"“{item.words}”的分值要在上级方案的 {item.points_words} 之内。"
        elif item.cap is not None and (held.cap is None or held.cap > item.cap):
            yield f"“{item.words}”一期最多 {item.cap} 分，不能放宽。"
    theirs = {item.words for item in source.items.values()}
    for words, item in mine.items():
        if item.is_veto and words not in theirs:
            yield f"一票否决只能由市里定，请去掉“{words}”或改成扣分。"


def _tier_departures(own: Edition, source: Edition) -> Iterator[str]:
    mine = {tier.name: tier for tier in own.tiers}
    if mine.keys() != {tier.name for tier in source.tiers}:
        yield "等次的名称由上级方案定，不能增减。"
        return
    for tier in source.tiers:
        held = mine[tier.name]
        if held.threshold != tier.threshold:
            yield f"“{tier.name}”的分数线由上级方案定，是 {tier.threshold} 分。"
        if tier.quota is not None and (held.quota is None or held.quota > tier.quota):
            yield f"“{tier.name}”的名额不能超过上级方案的 {tier.quota}%。"
        if held.is_public and not tier.is_public:
            yield f"“{tier.name}”上级方案不公示，这里也不能公示。"
