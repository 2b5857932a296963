"""Early signs: the same matter from several households of a village within days.

The same matter is the same category and alike words (`sentiment.likeness`). Shown to
the village and the township the day it becomes so, until the issues are resolved; ones
that were merged count for the issue that they went into.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from accounts.models import Post
from regions.models import Level, Region, inside
from regions.postgresql.compiled import ValuesList, rows_of
from regions.scoping import span
from sentiment import listing
from sentiment.likeness import SUGGESTED, in_common
from sentiment.models import Issue, State
from sentiment.rules.reviews import pairs_of

DAYS = 14
HOUSEHOLDS = 3
SHOWN = 5

STATES = (State.COLLECTED, State.ACCEPTED, State.IN_HAND, State.MERGED)


class Found(NamedTuple):
    """An early sign: its first issue, its households, the earliest of its issues."""

    issue: int
    homes: frozenset[int]
    began_with: int


@dataclass(frozen=True)
class Sign:
    """A matter that several households named, by the first issue of them."""

    issue: Issue
    households: int
    words: str


def signs(place: Region, on: dt.date, post: Post) -> list[Sign]:
    """Return the early signs of a place, the most households first."""
    rows = found(place, on)[:SHOWN]
    issues = Issue.objects.select_related("region__parent").in_bulk(
        [one.issue for one in rows]
    )
    return [
        Sign(
            issues[one.issue],
            len(one.homes),
            listing.shown(issues[one.issue].words, post),
        )
        for one in rows
        if one.issue in issues
    ]


def found(place: Region, on: dt.date) -> list[Found]:
    """Return the early signs of a village or township, the most households first.

    What is alike by some of the same households is one sign. The city has none: whose
    matter it is reads it, not who stands over thirty of them.
    """
    if place.level == Level.CITY:
        return []
    kept: list[Found] = []
    told: set[int] = set()
    for one in sorted(_candidates(place, on), key=_largest):
        if told.isdisjoint(one.homes):
            kept.append(one)
            told.update(one.homes)
    return kept


def _largest(one: Found) -> tuple[int, int]:
    return -len(one.homes), one.issue


class _Said(NamedTuple):
    pk: int
    home: int
    merged_into: int | None
    pairs: frozenset[str]


def _candidates(place: Region, on: dt.date) -> Iterator[Found]:
    """Yield each issue of the last days that enough households stand behind."""
    for said in _fresh(place, on):
        for one in said:
            if one.merged_into is None and one.pairs:
                same = [other for other in said if _is_same(one, other)]
                homes = frozenset(other.home for other in same)
                if len(homes) >= HOUSEHOLDS:
                    yield Found(one.pk, homes, min(other.pk for other in same))


def _fresh(place: Region, on: dt.date) -> Iterable[list[_Said]]:
    """Return what was said in the last days, by village and category."""
    found: dict[tuple[int, str], list[_Said]] = defaultdict(list)
    rows = rows_of(_heard, on, code=place.code)
    for village, topic, pk, home, merged_into, words in rows:
        found[village, topic].append(_Said(pk, home, merged_into, pairs_of(words)))
    return found.values()


def _heard(on: dt.date, *, code: int) -> ValuesList:
    rows = inside(Issue.objects.all(), span(code)).filter(
        heard_on__range=(on - dt.timedelta(days=DAYS - 1), on),
        state__in=STATES,
        household__isnull=False,
    )
    return rows.values_list(
        "region_id", "topic", "pk", "household_id", "merged_into_id", "words"
    )


def _is_same(one: _Said, other: _Said) -> bool:
    if other.pk == one.pk or other.merged_into == one.pk:
        return True
    return in_common(one.pairs, other.pairs) >= SUGGESTED


def townships_of(on: dt.date) -> set[int]:
    """Return the townships of the open scope where an issue was entered on `on`."""
    lately = Issue.objects.filter(heard_on__gt=on - dt.timedelta(days=DAYS))
    entered = lately.filter(entered_at__date=on).order_by()
    codes = entered.values_list("region__parent", flat=True).distinct()
    return {code for code in codes if code}
