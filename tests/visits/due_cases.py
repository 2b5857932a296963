"""What the tables of the due rule share: an ordinary policy, a link, facts in short."""

from __future__ import annotations

from datetime import date

from visits.rules import Cadence, Category, Facts, Policy, Span, Waiver

MONTH, QUARTER = Cadence.MONTH, Cadence.QUARTER
POLICY = Policy(date(2020, 1, 1), QUARTER, {"low_income": MONTH, "army": QUARTER})
LINK = Span(date(2026, 7, 1))


def day(text: str) -> date:
    return date.fromisoformat(text)


def facts_of(
    *visits: str,
    link: Span = LINK,
    key: Span | None = None,
    waivers: tuple[Waiver, ...] = (),
) -> Facts:
    """A household linked since 1 July 2026; `key` is when it was 低保户."""
    categories = (Category("low_income", "低保户", key),) if key else ()
    return Facts((link,), (POLICY,), tuple(map(day, visits)), categories, waivers)
