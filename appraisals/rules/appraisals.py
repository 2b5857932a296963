"""The yearly appraisal of representatives: parts, tallies, scores, grades, the ratio.

Sources: the report (考核激励: 每年开展一次优秀村〈居〉民代表评议，按一定比例评选优秀代表),
L25 and L35 of domain 2.3, 村民委员会组织法 (2018) art. 33 (chaired by the supervision
committee, once a year; whoever is paid 误工补贴 included), 苦竹村's four parts (domain
3.7). Weights, thresholds and the ratio are the city's data (`Scheme`), never code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from ui.asked import told_on
from ui.words import Labelled

FULL = Decimal(100)
CENT = Decimal("0.01")


class Grade(Labelled):
    """等次, the best first. What a plan calls them is data; these are the usual words."""

    EXCELLENT = "excellent", "优秀"
    COMPETENT = "competent", "称职"
    BASIC = "basic", "基本称职"
    POOR = "poor", "不称职"


class Part(Labelled):
    """Of what a score is made up."""

    SYSTEM = "system", "履职情况"
    SELF = "self", "自评"
    PEERS = "peers", "代表互评"
    VILLAGERS = "villagers", "群众评"
    PARTY = "party", "党员大会评"


VOTED = (Part.PEERS, Part.VILLAGERS, Part.PARTY)
"""Parts that are counted from paper tickets."""


class Input(Labelled):
    """What the system part is computed from."""

    KEY = "key", "重点户每月走访"
    ORDINARY = "ordinary", "其他户每季度走访"
    TALKS = "talks", "恳谈会"
    ISSUES = "issues", "民情结果告诉群众"
    MEETINGS = "meetings", "参加民情分析会"
    TRAININGS = "trainings", "参加培训"


# --- scores -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Measured:
    """How much of what was due was done."""

    done: int = 0
    due: int = 0

    @property
    def rate(self) -> Decimal | None:
        """Points from 0 to 100; None where nothing was due."""
        return Decimal(self.done) * FULL / self.due if self.due else None


@dataclass(frozen=True, slots=True)
class Votes:
    """What the tickets of one body say of one representative.

    On `invalid` ones his line has no tick or several: they count for nothing.
    """

    excellent: int = 0
    competent: int = 0
    basic: int = 0
    poor: int = 0
    invalid: int = 0

    @property
    def cast(self) -> tuple[tuple[Grade, int], ...]:
        """The tickets by grade, the best first."""
        counts = (self.excellent, self.competent, self.basic, self.poor)
        return tuple(zip(Grade, counts, strict=True))

    @property
    def total(self) -> int:
        """All tickets that say something."""
        return sum(number for _, number in self.cast)


@dataclass(frozen=True, slots=True)
class GradeRule:
    """What a grade is called, from which score on, and what one ticket of it is worth."""

    grade: Grade
    name: str
    least: int
    worth: int


@dataclass(frozen=True)
class Scheme:
    """An edition of the city's plan as the rules want it; `share` in percent."""

    parts: Mapping[Part, int]
    inputs: Mapping[Input, int]
    grades: tuple[GradeRule, ...]
    share: Decimal
    at_least: int = 1

    def of(self, grade: Grade) -> GradeRule:
        """Return what is said of a grade."""
        return next(one for one in self.grades if one.grade is grade)


def weighed(scores: Iterable[tuple[int, Decimal | None]]) -> Decimal | None:
    """Return the weighted mean of the scores that are there.

    What nothing was due in, or nobody voted on, leaves its weight to the others.
    """
    there = [(weight, score) for weight, score in scores if score is not None]
    whole = sum(weight for weight, _ in there)
    return sum((w * s for w, s in there), Decimal(0)) / whole if whole else None


def system_score(measured: Mapping[Input, Measured], scheme: Scheme) -> Decimal | None:
    """Return the system part, from 0 to 100; None where nothing at all was due."""
    nothing = Measured()
    found = weighed(
        (scheme.inputs.get(one, 0), measured.get(one, nothing).rate) for one in Input
    )
    return rounded(found)


def votes_score(votes: Votes, scheme: Scheme) -> Decimal | None:
    """Return the mean worth of the tickets; None without tickets."""
    points = sum(scheme.of(grade).worth * number for grade, number in votes.cast)
    return rounded(Decimal(points) / votes.total) if votes.total else None


def total_score(parts: Mapping[Part, Decimal | None], scheme: Scheme) -> Decimal | None:
    """Return the whole score, from 0 to 100, to the cent."""
    found = weighed((scheme.parts.get(one, 0), parts.get(one)) for one in Part)
    return rounded(found)


def rounded(score: Decimal | None) -> Decimal | None:
    """Round half up to two places, as one does on paper."""
    return None if score is None else score.quantize(CENT, ROUND_HALF_UP)


def suggested(total: Decimal | None, scheme: Scheme) -> Grade | None:
    """Return the grade that a score reaches; the ratio is not looked at."""
    if total is None:
        return None
    reached = (rule.grade for rule in scheme.grades if total >= rule.least)
    return next(reached, Grade.POOR)


# --- tallies ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ballot:
    """One body's tickets: who was present, how many went out and came back."""

    present: int = 0
    issued: int = 0
    returned: int = 0


def ballot_faults(ballot: Ballot) -> dict[str, str]:
    """Return what is wrong with the numbers of a body's tickets, by field.

    收回 ≤ 发出 ≤ 到会: L13's logic, by analogy.
    """
    faults = {}
    if not ballot.returned:
        faults["returned"] = "收回票是 0，没有票就不能算分。请核对。"
    if ballot.returned > ballot.issued:
        faults["returned"] = (
            f"收回 {ballot.returned} 张，比发出的 {ballot.issued} 张还多。请核对。"
        )
    if ballot.issued > ballot.present:
        faults["issued"] = (
            f"发出 {ballot.issued} 张，比到会的 {ballot.present} 人还多。请核对。"
        )
    return faults


def votes_fault(votes: Votes, returned: int) -> str | None:
    """Return what is wrong with the tickets on one person; None if they add up."""
    counted = votes.total + votes.invalid
    if counted == returned:
        return None
    said = [f"{grade.label} {number}" for grade, number in votes.cast]
    words = "＋".join([*said, f"作废 {votes.invalid}"] if votes.invalid else said)
    which = "少" if counted < returned else "多"
    gap = f"{which} {abs(returned - counted)} 张"
    return f"{words}＝{counted} 张，收回的是 {returned} 张，{gap}。请核对。"


# --- grades -------------------------------------------------------------------------


def limit_of(rated: int, share: Decimal, at_least: int = 0) -> int:
    """Return how many may be 优秀 among `rated` (L35): rounded down.

    `at_least` keeps a small village from having none at all.
    """
    whole = int(Decimal(rated) * share / FULL)
    return min(rated, max(whole, at_least))


def over_limit(chosen: int, rated: int, scheme: Scheme) -> str | None:
    """Return the refusal for too many 优秀 in a village; None within the ratio."""
    most = limit_of(rated, scheme.share, scheme.at_least)
    if chosen <= most:
        return None
    name = scheme.of(Grade.EXCELLENT).name
    return (
        f"评了 {chosen} 名{name}，超过了比例：参评 {rated} 人，按 {plain(scheme.share)}% "
        f"最多 {most} 名。请把 {chosen - most} 名改成其他等次。"
    )


def grade_fault(
    total: Decimal | None, chosen: Grade, words: str, scheme: Scheme
) -> str | None:
    """Return what speaks against a grade; None where it may stand.

    Nobody is raised above what his score reaches. From 优秀 one steps down for the ratio
    alone, without a word; any other lower grade says why.
    """
    reached = suggested(total, scheme)
    if reached is None:
        return "还没有分数，不能定等次。请先录完票数。"
    order = list(Grade)
    down = order.index(chosen) - order.index(reached)
    if down < 0:
        rule = scheme.of(chosen)
        return f"总评 {total} 分，没有达到{rule.name}的 {rule.least} 分。请改等次。"
    by_ratio = reached is Grade.EXCELLENT and chosen is Grade.COMPETENT
    if down and not by_ratio and not words.strip():
        return (
            f"按分数是{scheme.of(reached).name}，定得更低要写明理由，本人问起来好答复。"
        )
    return None


POOR_TWICE = (
    "连续两年评为不称职。《村民委员会组织法》（2018年修正）第三十三条：村民委员会成员连续"
    "两次被评议不称职的，职务终止；这一条说的是委员会成员，代表不因此自动离任。"
    "要罢免的，只能由原推选单元决定（第二十五条、L19），镇、村不能直接免去。"
)
"""What is told beside two 不称职 in a row. Article numbers are those of 2018; an
amendment is in force since 2026-01-01 (domain 0, fact 2)."""


def is_poor_twice(before: str | None, now: str | None) -> bool:
    """Return whether the grades of two years one after the other are both 不称职."""
    return before == now == Grade.POOR


# --- when ---------------------------------------------------------------------------


def year_before(on: date) -> date:
    """Return the same day of the year before; of 29 February the 28th."""
    is_leap_day = (on.month, on.day) == (2, 29)
    return on.replace(year=on.year - 1, day=28 if is_leap_day else on.day)


def roll_day(year: int, on: date) -> date:
    """L35: return the day whose representatives are appraised for a year.

    While it runs whoever serves today; afterwards whoever served on its last day, so
    that those who began since are not rated for a year that was not theirs.
    """
    return told_on(year, on)


def is_recent(met_on: date, on: date) -> bool:
    """L25: say whether an appraisal lies in the twelve months up to `on`."""
    return year_before(on) < met_on <= on


def days_fault(year: int, met_on: date, counts_until: date, on: date) -> dict[str, str]:
    """Return what is wrong with the days of an appraisal, by field."""
    faults = {}
    if met_on.year not in (year, year + 1):
        faults["met_on"] = f"评的是 {year} 年，会议日期应在 {year} 年或者次年。请核对。"
    if counts_until.year != year:
        faults["counts_until"] = f"履职情况只算 {year} 年的，请填这一年里的日期。"
    elif counts_until > on:
        faults["counts_until"] = "这一天还没有到，请填今天或者以前的日期。"
    return faults


# --- the city's plan ----------------------------------------------------------------


def plan_faults(scheme: Scheme, township_share: Decimal) -> dict[str, str]:
    """Return what is wrong with an edition of the plan, by field."""
    faults = {}
    if (whole := sum(scheme.parts.values())) != FULL:
        faults["parts"] = f"五个部分的权重加起来是 {whole}，要正好 100。"
    if (whole := sum(scheme.inputs.values())) != FULL:
        faults["inputs"] = f"履职情况各项的权重加起来是 {whole}，要正好 100。"
    for name, share in (("share", scheme.share), ("township_share", township_share)):
        if not 0 < share <= FULL:
            faults[name] = "比例要大于 0、不超过 100。"
    least = [rule.least for rule in scheme.grades]
    if least != sorted(least, reverse=True) or len(set(least)) != len(least):
        faults["grades"] = "各等次的最低分要从高到低，不能相同。"
    worth = [rule.worth for rule in scheme.grades]
    if worth != sorted(worth, reverse=True):
        faults["grades"] = "一票折合的分要从优到劣、从高到低。"
    return faults


def plain(number: Decimal) -> str:
    """Return a number without noughts at the end."""
    return (
        f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else str(number)
    )
