"""What a rule is, what breaking it says, and which rules hold on which day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Severity(StrEnum):
    """What a broken rule does: stop the step, ask for attention, or just tell."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"

    @property
    def label(self) -> str:
        """The severity as the pages name it."""
        return {"block": "不能保存", "warn": "提醒", "info": "提示"}[self.value]


@dataclass(frozen=True, order=True, slots=True)
class Share:
    """A fraction of a body of people, compared in whole numbers only."""

    numerator: int
    denominator: int

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"

    def is_reached(self, part: int, whole: int) -> bool:
        """Say whether `part` is at least this share of `whole` (…以上)."""
        return part * self.denominator >= self.numerator * whole

    def is_exceeded(self, part: int, whole: int) -> bool:
        """Say whether `part` is more than this share of `whole` (过半数, 超过)."""
        return part * self.denominator > self.numerator * whole

    def at_least_of(self, whole: int) -> int:
        """Return the smallest number of people that reaches this share."""
        return -(-self.numerator * whole // self.denominator)

    def more_than_of(self, whole: int) -> int:
        """Return the smallest number of people that exceeds this share."""
        return self.numerator * whole // self.denominator + 1


@dataclass(frozen=True)
class Rule:
    """One rule of domain 2.3 in one version, with the numbers it compares with.

    `shares` and `numbers` are named limits that the bureau may set anew from a later
    day: it adds a version with its own `effective_from` and `basis`, it never edits
    one. `can_override` allows a blocking rule to be passed with a written reason.
    `note` is what a reader of the basis should know.
    """

    id: str
    text_zh: str
    severity: Severity
    basis: str
    effective_from: date
    shares: Mapping[str, Share] = field(default_factory=dict, hash=False)
    numbers: Mapping[str, int] = field(default_factory=dict, hash=False)
    can_override: bool = False
    note: str = ""


@dataclass(frozen=True)
class Finding:
    """One rule found broken, or worth telling: what is wrong, and how to mend it."""

    rule: Rule
    problem: str
    remedy: str = ""

    @property
    def message(self) -> str:
        """The whole sentence for the page, with the basis at its end."""
        return f"{self.problem}{self.remedy}（依据：{self.rule.basis}）"


@dataclass(frozen=True)
class Rulebook:
    """Rules in all their versions."""

    rules: tuple[Rule, ...]

    def at(self, rule_id: str, on: date) -> Rule | None:
        """Return the version of a rule in force on `on`, or None before its first.

        Raises KeyError for an id that no version has: a misspelt check must not pass.
        """
        versions = [rule for rule in self.rules if rule.id == rule_id]
        if not versions:
            raise KeyError(rule_id)
        begun = [rule for rule in versions if rule.effective_from <= on]
        return max(begun, key=lambda rule: rule.effective_from, default=None)

    def amended(self, *versions: Rule) -> Rulebook:
        """Return a book with further versions; one for the same day replaces it."""
        keys = {(rule.id, rule.effective_from) for rule in versions}
        kept = (r for r in self.rules if (r.id, r.effective_from) not in keys)
        return Rulebook((*kept, *versions))


def blocking(
    findings: Iterable[Finding], reasons: Mapping[str, str] | None = None
) -> tuple[Finding, ...]:
    """Return the findings that still stop the step.

    `reasons` maps rule ids to the written reason for passing them; it helps only where
    the rule may be overridden, and only when something is written.
    """
    given = reasons or {}
    return tuple(
        finding
        for finding in findings
        if finding.rule.severity is Severity.BLOCK
        and not (finding.rule.can_override and given.get(finding.rule.id, "").strip())
    )
