"""Who looks after whom, as a rule: L29 (everybody is linked) and L30 (5 to 15 each)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from representatives.rules import (
    REPORT_DAY,
    RULES,
    Finding,
    Rule,
    Rulebook,
    Severity,
)

L29 = Rule(
    "L29",
    "每户有且只有一名在任代表联系（户户有人联）",
    Severity.WARN,
    "邵东市村（居）民代表联系群众工作机制（报道）",
    REPORT_DAY,
)

BOOK = RULES.amended(L29)
"""The rules on links together with those on representatives, which hold L30."""


class LoadClass(StrEnum):
    """How many households a representative looks after, against the bounds."""

    UNDER = "under"
    FITTING = "fitting"
    OVER = "over"

    @property
    def label(self) -> str:
        """The class as the links board marks it."""
        return {"under": "偏少", "fitting": "合适", "over": "偏多"}[self.value]


@dataclass(frozen=True, slots=True)
class LoadBounds:
    """How many households one representative looks after: both bounds belong to it.

    Raises ValueError when the bounds contradict each other.
    """

    least: int = 5
    most: int = 15

    def __post_init__(self) -> None:
        if not 0 <= self.least <= self.most:
            raise ValueError(
                f"联系户数下限{self.least}、上限{self.most}不合理，请使下限不大于上限。"
            )

    def classify(self, households: int) -> LoadClass:
        """Say whether this many households are too few, fitting or too many."""
        if households < self.least:
            return LoadClass.UNDER
        return LoadClass.FITTING if households <= self.most else LoadClass.OVER


def load_bounds(on: date, book: Rulebook = BOOK) -> LoadBounds:
    """Return the bounds of L30 in force on `on`; without a rule anything fits.

    "一般就近就便联系5至15户" (report).
    """
    rule = book.at("L30", on)
    if rule is None:
        return LoadBounds(0, 10_000)
    return LoadBounds(rule.numbers["least"], rule.numbers["most"])


def check_load(
    representative: str, households: int, on: date, book: Rulebook = BOOK
) -> tuple[Finding, ...]:
    """L30: a representative looks after 5 to 15 households."""
    rule = book.at("L30", on)
    bounds = load_bounds(on, book)
    if rule is None or bounds.classify(households) is LoadClass.FITTING:
        return ()
    if households < bounds.least:
        problem = f"代表{representative}联系{households}户，少于{bounds.least}户。"
        return (Finding(rule, problem, "请就近增加联系户，或说明原因。"),)
    problem = f"代表{representative}联系{households}户，多于{bounds.most}户。"
    return (Finding(rule, problem, "请把部分联系户调整给附近的代表。"),)


def check_linked(
    household: str, linked_to: Iterable[str], on: date, book: Rulebook = BOOK
) -> tuple[Finding, ...]:
    """L29: exactly one serving representative looks after a household.

    `linked_to` names the serving representatives linked to it on `on`; links to people
    whose mandate has ended do not belong there.
    """
    rule = book.at("L29", on)
    names = sorted(linked_to)
    if rule is None or len(names) == 1:
        return ()
    if not names:
        problem = f"{household}没有代表联系。"
        return (Finding(rule, problem, "请为这一户选定联系代表。"),)
    problem = f"{household}同时由{'、'.join(names)}联系。"
    return (Finding(rule, problem, "请保留一名代表，终止其余的联系。"),)
