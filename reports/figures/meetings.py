"""Meetings: 恳谈会 of the quarter (L33) and 民情分析会 of the month (L34), held and owed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from django.db.models import Aggregate, Count, F, Q, Sum
from django.urls import reverse

from accounts.permissions import Permission
from regions.models import Level
from regions.postgresql.compiled import ValuesList
from reports.figures.domain import Asked, Counts, Domain, Owner, Panel, View, tallied
from sentiment.duties import OPEN_STATES, State, standing
from sentiment.models import MeetingDuty, MeetingTally
from ui.figures import count_words
from ui.parts import Pair
from visits.rules import Cadence

TALK, REVIEW = "talk", "review"
CADENCES = {TALK: Cadence.QUARTER, REVIEW: Cadence.MONTH}
EVERY = Q()
COUNTED = (State.OVERDUE, State.DUE, State.MET)


class Meetings(Domain):
    """Counted over the due dates of meetings (`sentiment.duties`), never over meetings."""

    key = "meetings"

    def counts(self, asked: Asked) -> Mapping[Owner, Counts]:
        """Return both kinds of duties by their state; two statements, or one of tallies."""
        if asked.place.level == Level.VILLAGE:
            return tallied(_singly(asked))
        return tallied(_by_tallies(asked))

    def panels(self, view: View) -> Iterable[Panel]:
        """Return how many were held of those that are owed."""
        pairs = [_pair(view, TALK, "恳谈会（本季）", talks_url(view))]
        if view.person is None:
            pairs.append(_pair(view, REVIEW, "民情分析会（本月）", reviews_url(view)))
        yield Panel("会议：已开 / 应开", tuple(pairs), unit="单位：次")


def _singly(asked: Asked) -> Iterator[tuple[Owner, str, int]]:
    """Count the duties of a village: the talks by person, the reviews as its own."""
    for kind in CADENCES:
        yield from _named(_names(kind), asked.read(_duties, kind))


def _duties(asked: Asked, kind: str) -> ValuesList:
    owed = MeetingDuty.objects
    talks = asked.rows(owed.talks(), person="representative_id")
    rows: Any = talks if kind == TALK else asked.rows(owed.reviews())
    return rows.values_list("owner").annotate(
        **_columns(asked, kind, partial(Count, "pk"))
    )


def _by_tallies(asked: Asked) -> Iterator[tuple[Owner, str, int]]:
    """Add up the tallies of many villages (ADR 0019)."""
    names = [name for kind in CADENCES for name in _names(kind)]
    yield from _named(names, asked.read(_tallies))


def _tallies(asked: Asked) -> ValuesList:
    rows: Any = asked.rows(MeetingTally.objects.annotate(last_on=F("met_in")))
    number = partial(Sum, "meetings")
    return rows.values_list("owner").annotate(
        **_columns(asked, TALK, number, Q(is_talk=True)),
        **_columns(asked, REVIEW, number, Q(is_talk=False)),
    )


def _columns(
    asked: Asked, kind: str, number: Callable[..., Aggregate], which: Q = EVERY
) -> dict[str, Aggregate]:
    """Return a column for each state of a kind; along an index nothing is sorted then."""
    holds = standing(asked.seen.on, CADENCES[kind])
    return {
        name_of(kind, state): number(filter=which & holds[state]) for state in COUNTED
    }


def _names(kind: str) -> list[str]:
    return [name_of(kind, state) for state in COUNTED]


def _named(
    names: Iterable[str], rows: Iterable[tuple[Any, ...]]
) -> Iterator[tuple[Owner, str, int]]:
    for owner, *numbers in rows:
        yield from ((owner, n, i) for n, i in zip(names, numbers, strict=True))


def name_of(kind: str, state: str) -> str:
    """Return under which name the duties of a kind in a state are counted."""
    return f"{kind}_{state}"


def _of(view: View, kind: str, *states: str) -> int:
    return sum(view.counts[name_of(kind, state)] for state in states)


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
