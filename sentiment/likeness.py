"""Which issues of a village say the same as one: suggestions, never a decision.

Likeness is the share of two-character pieces that two texts have in common (Jaccard),
over the few issues of the same village and about the same weeks. It knows nothing of
meaning: what it suggests, a person ticks.
"""

import datetime as dt
from dataclasses import dataclass

from sentiment.models import Holder, Issue
from sentiment.models.states import UNRESOLVED
from sentiment.rules.reviews import pairs_of

NEAR = dt.timedelta(days=31)
SUGGESTED = 0.2
"""Likeness from which an issue is ticked at first."""
SHOWN = 30


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


def in_common(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of all pieces of two texts that both have: 0 to 1 (Jaccard)."""
    return len(one & other) / len(one | other) if one and other else 0.0


def alike(issue: Issue) -> list[Likeness]:
    """Return the unresolved issues of the same village and weeks, the likeliest first."""
    rows = Issue.objects.filter(
        region=issue.region_id,
        holder=Holder.VILLAGE,
        state__in=UNRESOLVED,
        heard_on__range=(issue.heard_on - NEAR, issue.heard_on + NEAR),
    ).exclude(pk=issue.pk)
    own = pairs_of(issue.words)
    found = [
        Likeness(pk, topic == issue.topic, in_common(own, pairs_of(words)))
        for pk, topic, words in rows.order_by("-heard_on", "pk").values_list(
            "pk", "topic", "words"
        )
    ]
    return sorted(found, key=lambda one: (not one.same_topic, -one.share))[:SHOWN]
