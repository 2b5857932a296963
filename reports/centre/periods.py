"""The periods that a form offers; relative ones (上月) are worked out each time."""

import datetime as dt
from collections.abc import Collection

from reports.periods import Span, Window, asked_window, window

BACK = {Span.MONTH: 13, Span.QUARTER: 5, Span.YEAR: 3}
"""How many past periods are offered: those that are kept, and some years."""
LAST = "last-"
Groups = list[tuple[str, list[tuple[str, str]]]]
"""Choices under the words above them."""


def last(span: Span) -> str:
    """Return what asks for the last whole period of a kind, whenever it is asked."""
    return f"{LAST}{span.value}"


def resolved(asked: str, today: dt.date) -> Window:
    """Return the period that is asked for, relative ones seen from `today`."""
    if asked.startswith(LAST):
        named = asked.removeprefix(LAST)
        span = next((one for one in Span if one.value == named), Span.MONTH)
        return window(span, today).before
    return asked_window(asked, today)


def offered(
    today: dt.date, span: Span, among: Collection[Span] = tuple(Span), asked: str = ""
) -> Groups:
    """Return the choices in groups, the last whole period of `span` first.

    `among` are the kinds that are offered. What an address has `asked` for by name is
    one of the choices, also where the list does not name it or goes back less far.
    """
    order = [span, *(one for one in among if one is not span)]
    groups = [("最近", [pair for one in order for pair in _recent(one, today)])]
    for one in order:
        choices = []
        seen = window(one, today).before
        for _ in range(BACK[one] - 1):
            seen = seen.before
            choices.append((seen.key, seen.words))
        groups.append(
            (
                {"month": "以前的月", "quarter": "以前的季", "year": "以前的年"}[
                    one.value
                ],
                choices,
            )
        )
    return [*_named(asked, today, among, groups), *groups]


def _named(
    asked: str, today: dt.date, among: Collection[Span], groups: Groups
) -> Groups:
    seen = resolved(asked, today)
    is_known = any(value == asked for _, held in groups for value, _ in held)
    if seen.key != asked or is_known or seen.span not in among:
        return []
    return [("正在看的", [(asked, seen.words)])]


def _recent(span: Span, today: dt.date) -> list[tuple[str, str]]:
    seen = window(span, today)
    return [
        (last(span), f"{span.before}（{seen.before.words}）"),
        (span.value, f"{span.label}到今天（{seen.words}）"),
    ]
