"""When a household may be excused from visits, and what that does to its date."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from ui.words import full_day
from visits.rules.due import due_on
from visits.rules.facts import Facts, Waiver
from visits.rules.periods import ONE_DAY

MOST_MONTHS = 6
"""The longest waiver unless the city sets another (`Policy.waiver_months`); inferred."""
MOST_DAYS_BACK = 31
"""How far back a waiver may begin: whoever went to hospital is reported late, but last
quarter's neglect is not excused afterwards. Inferred."""


def longest_until(first: date, months: int) -> date:
    """Return the last day that a waiver from `first` on may have."""
    past = first.month + months
    year, month = first.year + (past - 1) // 12, (past - 1) % 12 + 1
    return date(year, month, min(first.day, monthrange(year, month)[1])) - ONE_DAY


def waiver_refusal(
    first: date, last: date, on: date, months: int, others: Iterable[Waiver] = ()
) -> str | None:
    """Say why a waiver cannot be entered on the day `on`; None when it can.

    `others` are the household's waivers that stand.
    """
    if last < first:
        return f"截止日期{full_day(last)}早于开始日期{full_day(first)}，请更正日期。"
    if last < on:
        return f"截止日期{full_day(last)}已经过去，不能事后免访；去过就补记走访。"
    if first < on - timedelta(days=MOST_DAYS_BACK):
        return f"开始日期{full_day(first)}太早，最多补登 {MOST_DAYS_BACK} 天以内的。"
    longest = longest_until(first, months)
    if last > longest:
        return f"一次免访最长 {months} 个月，最晚到{full_day(longest)}，到期还没回来可以再登记。"
    return _overlap(first, last, others)


def _overlap(first: date, last: date, others: Iterable[Waiver]) -> str | None:
    for other in others:
        if first <= other.last and other.first <= last:
            return (
                f"这一户{full_day(other.first)}至{full_day(other.last)}已有免访"
                f"（{other.reason}），不用再登记；要改期请先提前结束那一条。"
            )
    return None


def effect_of(facts: Facts, waiver: Waiver, on: date) -> str:
    """Say what a waiver would do to the household's date, before it is saved."""
    due = due_on(replace(facts, waivers=(*facts.waivers, waiver)), on)
    if due is None:
        return "这一户现在没有走访期限，免访不改变什么。"
    if due < waiver.first:
        return (
            f"免访期内不计超期；但{full_day(due)}到期的那一次一直没有走访，"
            "免访结束后还算超期。"
        )
    return f"免访期内不计超期，下次应在{full_day(due)}前走访（含当天）。"
