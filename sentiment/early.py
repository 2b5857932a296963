"""Early signs: the same matter from several households of a village within days.

The same matter is the same category and alike words (`sentiment.likeness`). Shown to
the village and the township the day it becomes so, until the issues are resolved; ones
that were merged count for the issue that they went into.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from accounts.models import Post
from regions.models import Level, Region
from sentiment import listing
from sentiment.likeness import SUGGESTED
from sentiment.models import Issue

DAYS = 14
HOUSEHOLDS = 3
SHOWN = 5

# Pairs are few: unresolved issues of one village and category, of the last days.
SIGNS = """
WITH fresh AS (
    SELECT i.id, i.region_code, i.topic, i.household_id, i.heard_on, i.merged_into_id,
        sentiment_bigrams(i.words) AS grams
    FROM sentiment_issue i
    WHERE i.region_code >= %(lo)s AND i.region_code < %(hi)s
        AND i.heard_on BETWEEN %(first)s AND %(last)s
        AND i.state IN ('collected', 'accepted', 'in_hand', 'merged')
        AND i.household_id IS NOT NULL
), alike AS (
    SELECT a.id, a.region_code, b.household_id, b.id AS other
    FROM fresh a JOIN fresh b USING (region_code, topic)
    WHERE a.merged_into_id IS NULL AND cardinality(a.grams) > 0 AND (
        b.id = a.id OR b.merged_into_id = a.id OR (
            SELECT count(*) FROM unnest(b.grams) g WHERE g = ANY (a.grams)
        ) >= %(share)s * (cardinality(a.grams) + cardinality(b.grams) - (
            SELECT count(*) FROM unnest(b.grams) g WHERE g = ANY (a.grams)
        ))
    )
), counted AS (
    SELECT id, region_code, array_agg(DISTINCT household_id ORDER BY household_id) AS homes,
        min(other) AS began
    FROM alike GROUP BY 1, 2 HAVING count(DISTINCT household_id) >= %(households)s
)
SELECT id, homes, began FROM counted ORDER BY cardinality(homes) DESC, id
"""


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
    values: dict[str, Any] = {
        "lo": place.scope.lo,
        "hi": place.scope.hi,
        "first": on - dt.timedelta(days=DAYS - 1),
        "last": on,
        "share": SUGGESTED,
        "households": HOUSEHOLDS,
    }
    kept: list[Found] = []
    told: set[int] = set()
    with connection.cursor() as cursor:
        cursor.execute(SIGNS, values)
        for pk, homes, began in cursor.fetchall():
            if told.isdisjoint(homes):
                kept.append(Found(pk, frozenset(homes), began))
                told.update(homes)
    return kept


def townships_of(on: dt.date) -> set[int]:
    """Return the townships of the open scope where an issue was entered on `on`."""
    lately = Issue.objects.filter(heard_on__gt=on - dt.timedelta(days=DAYS))
    entered = lately.filter(entered_at__date=on).order_by()
    codes = entered.values_list("region__parent", flat=True).distinct()
    return {code for code in codes if code}
