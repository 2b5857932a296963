"""Meetings: 恳谈会 of the quarter (L33) and 民情分析会 of the month (L34), held and owed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from accounts.permissions import Permission
from reports.figures.domain import Asked, Counts, Domain, Owner, Panel, View, tallied
from sentiment import duties
from sentiment.duties import OPEN_STATES, State
from ui.figures import count_words
from ui.parts import Pair

TALK, REVIEW = "talk", "review"


class Meetings(Domain):
    """Counted live over the due dates of meetings (`sentiment.duties`)."""

    key = "meetings"

    def counts(self, asked: Asked) -> Mapping[Owner, Counts]:
        """Return both kinds of duties by their state; two statements."""
        on = asked.seen.on
        talks = asked.by_village(duties.talk_duties(on), person="representative_id")
        reviews = asked.by_village(duties.review_duties(on))
        return tallied(
            (asked.owner_of(owner), f"{kind}.{state}", number)
            for kind, rows in ((TALK, talks), (REVIEW, reviews))
            for owner, state, number in _by_state(rows)
        )

    def panels(self, view: View) -> Iterable[Panel]:
        """Return how many were held of those that are owed."""
        pairs = [_pair(view, TALK, "恳谈会（本季）", talks_url(view))]
        if view.person is None:
            pairs.append(_pair(view, REVIEW, "民情分析会（本月）", reviews_url(view)))
        yield Panel("会议：已开 / 应开", tuple(pairs), unit="单位：次")


def _by_state(rows: QuerySet[Any]) -> Iterator[tuple[Any, State, int]]:
    """Yield how many duties of an owner are in a state.

    A column for each state and not a row: along the index nothing is sorted or hashed.
    """
    asked = [state for state in State if state is not State.FREE]
    columns: Any = {state: Count("pk", filter=Q(state=state)) for state in asked}
    found = rows.values_list("owner").annotate(whole=Count("*"), **columns)
    for owner, whole, *numbers in found:
        yield from ((owner, s, n) for s, n in zip(asked, numbers, strict=True))
        yield owner, State.FREE, whole - sum(numbers)


def _of(view: View, kind: str, *states: str) -> int:
    return sum(view.counts[f"{kind}.{state}"] for state in states)


def _pair(view: View, kind: str, label: str, url: str) -> Pair:
    met = _of(view, kind, State.MET)
    missing = _of(view, kind, *OPEN_STATES)
    overdue = _of(view, kind, State.OVERDUE)
    words = f"{count_words(met)} / {count_words(met + missing)}"
    return Pair(label, words, "bad" if overdue else "", url)


def talks_url(view: View) -> str:
    """Return the page of a line's 恳谈会; empty without the right."""
    if not view.may(Permission.TALK_VIEW):
        return ""
    return _page_of(view, "sentiment:talks", "sentiment:talks-below")


def reviews_url(view: View) -> str:
    """Return the page of a line's 民情分析会; empty without the right."""
    if not view.may(Permission.REVIEW_READ):
        return ""
    return _page_of(view, "sentiment:reviews", "sentiment:reviews-below")


def _page_of(view: View, own: str, below: str) -> str:
    place = view.place or view.asked.place
    if view.post is not None and view.post.region_id == place.code:
        return reverse(own)
    return reverse(below, args=[place.code])
