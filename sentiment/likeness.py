"""Which issues of a village say the same as one: suggestions, never a decision.

Likeness is the share of bigrams that two texts have in common (Jaccard), counted by
PostgreSQL over the few issues of the same village and about the same weeks. It knows
nothing of meaning: what it suggests, a person ticks.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection

from sentiment.models import Issue

NEAR = dt.timedelta(days=31)
SUGGESTED = 0.2
"""Likeness from which an issue is ticked at first."""
SHOWN = 30

ALIKE = """
WITH own AS (SELECT sentiment_bigrams(%(words)s) AS grams)
SELECT i.id, i.topic = %(topic)s, common.n::float8
    / NULLIF(cardinality(own.grams) + cardinality(theirs.grams) - common.n, 0)
FROM sentiment_issue i
CROSS JOIN own
CROSS JOIN LATERAL (SELECT sentiment_bigrams(i.words) AS grams) theirs
CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM unnest(theirs.grams) g WHERE g = ANY (own.grams)
) common
WHERE i.region_code = %(region)s AND i.id <> %(own)s
    AND i.heard_on BETWEEN %(first)s AND %(last)s
    AND i.state IN ('collected', 'accepted', 'in_hand') AND i.holder = 'village'
ORDER BY (i.topic = %(topic)s) DESC, 3 DESC NULLS LAST, i.heard_on DESC, i.id
LIMIT %(shown)s
"""


@dataclass(frozen=True)
class Likeness:
    """How like another issue is: of the same category, and the share of bigrams."""

    pk: int
    same_topic: bool
    share: float

    @property
    def is_suggested(self) -> bool:
        """Whether it is alike enough to be suggested."""
        return self.same_topic and self.share >= SUGGESTED


def alike(issue: Issue) -> list[Likeness]:
    """Return the unresolved issues of the same village and weeks, the likeliest first."""
    values: dict[str, Any] = {
        "words": issue.words,
        "topic": issue.topic,
        "region": issue.region_id,
        "own": issue.pk,
        "first": issue.heard_on - NEAR,
        "last": issue.heard_on + NEAR,
        "shown": SHOWN,
    }
    with connection.cursor() as cursor:
        cursor.execute(ALIKE, values)
        return [Likeness(pk, same, share or 0.0) for pk, same, share in cursor]
