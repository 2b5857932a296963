"""Sessions of the assembly (村民代表会议) and demands for one: L20–L22."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from representatives.rules.book import Finding, Rulebook
from representatives.rules.statute import RULES
from ui.words import full_day


def check_held_in_quarter(
    sessions: Iterable[date], quarter_of: date, on: date, book: Rulebook = RULES
) -> tuple[Finding, ...]:
    """L20: the assembly met in the calendar quarter that `quarter_of` lies in.

    Says nothing while that quarter is still running on `on`.
    """
    rule = book.at("L20", quarter_of)
    quarter = _quarter(quarter_of)
    is_over = _quarter(on) > quarter
    if rule is None or not is_over or any(_quarter(day) == quarter for day in sessions):
        return ()
    year, number = quarter
    problem = f"{year}年第{number}季度没有召开村民代表会议的记录。"
    return (Finding(rule, problem, "开过的请补录，没有开的请尽快召开。"),)


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month + 2) // 3


def check_quorum(
    members: int, present: int, on: date, book: Rulebook = RULES
) -> tuple[Finding, ...]:
    """L21: at least 2/3 of the members of the assembly are present."""
    rule = book.at("L21", on)
    if rule is None or (members and rule.shares["quorum"].is_reached(present, members)):
        return ()
    needed = rule.shares["quorum"].at_least_of(members)
    problem = (
        f"村民代表会议组成人员{members}人，到会{present}人，"
        f"不足{rule.shares['quorum']}（至少{needed}人），会议无效。"
    )
    return (Finding(rule, problem, "请另定日期重新召开，或核对人数。"),)


def check_decision(
    votes_for: int, present: int, on: date, book: Rulebook = RULES
) -> tuple[Finding, ...]:
    """L21: a decision has the votes of more than 1/2 of those present."""
    rule = book.at("L21", on)
    if rule is None or rule.shares["majority"].is_exceeded(votes_for, present):
        return ()
    needed = rule.shares["majority"].more_than_of(present)
    problem = f"到会{present}人，同意{votes_for}人，没有过半数（至少{needed}人）。"
    return (Finding(rule, problem, "决定没有通过，请如实登记。"),)


def check_demand_for_assembly(
    signatures: int, representatives: int, on: date, book: Rulebook = RULES
) -> tuple[Finding, ...]:
    """L22: a demand of 1/5 of the representatives makes a session a duty."""
    rule = book.at("L22", on)
    if rule is None or not signatures:
        return ()
    if not rule.shares["assembly"].is_reached(signatures, representatives):
        return ()
    problem = f"{representatives}名代表中有{signatures}名提议召开村民代表会议。"
    return (Finding(rule, problem, "村（居）民委员会应当召集。"),)


def check_demand_for_meeting(
    *,
    signing_representatives: int,
    representatives: int,
    signing_villagers: int,
    villagers: int,
    on: date,
    book: Rulebook = RULES,
) -> tuple[Finding, ...]:
    """L22: 1/3 of the representatives or 1/10 of the villagers make a 村民会议 a duty."""
    rule = book.at("L22", on)
    if rule is None:
        return ()
    asked = (
        (
            "代表",
            signing_representatives,
            representatives,
            "meeting_by_representatives",
        ),
        ("村民", signing_villagers, villagers, "meeting_by_villagers"),
    )
    return tuple(
        Finding(
            rule,
            f"{whole}名{who}中有{part}名提议召开村民会议。",
            f"应当召集，并提前{rule.numbers['notice_days']}天通知。",
        )
        for who, part, whole, share in asked
        if part and rule.shares[share].is_reached(part, whole)
    )


def check_meeting_notice(
    announced: date, meets: date, on: date, book: Rulebook = RULES
) -> tuple[Finding, ...]:
    """L22: a 村民会议 is announced at least ten days before it meets.

    The day of the announcement does not count: announced on the 1st, it may meet on
    the 11th.
    """
    rule = book.at("L22", on)
    days = (meets - announced).days
    if rule is None or days >= rule.numbers["notice_days"]:
        return ()
    least = rule.numbers["notice_days"]
    problem = f"{full_day(announced)}通知、{full_day(meets)}开会，只提前{days}天，不足{least}天。"
    return (Finding(rule, problem, "请推迟开会日期。"),)
