"""A draft for villages tried on ratings that were confirmed: reads only.

Counts are those that were frozen, points by hand those that were given; quotas are left
aside, because they depend on who else is confirmed. What came in from a workbook has no
counts, and is not tried on.
"""

from dataclasses import dataclass
from decimal import Decimal

from evaluations.models import Scheme, VillageRating
from evaluations.models.villages import VillageState
from evaluations.rules import villages as rules
from evaluations.rules.schemes import Edition
from evaluations.rules.villages import Count
from regions.models import Region, inside

MOST_VILLAGES = 200


@dataclass(frozen=True)
class VillageTrial:
    """A village's points and grade as they were, and as the draft would have them."""

    rating: VillageRating
    was: str
    total: Decimal
    now: str

    @property
    def is_moved(self) -> bool:
        """Whether the grade would be another."""
        return self.was != self.now


def villages_tried(draft: Scheme, place: Region) -> list[VillageTrial]:
    """Return what a draft would make of last year's and this year's villages of a place."""
    rows = inside(VillageRating.objects.all(), place.scope).exclude(
        state=VillageState.SCORING
    )
    rows = rows.filter(year__in=(draft.year - 1, draft.year), is_imported=False)
    found = rows.select_related("region__parent", "tier", "scheme").order_by(
        "-year", "region"
    )
    whole = found.prefetch_related("scheme__categories__items", "scheme__tiers")
    edition = draft.edition()
    return [_tried(edition, row) for row in whole[:MOST_VILLAGES]]


def _tried(draft: Edition, rating: VillageRating) -> VillageTrial:
    kept = {line["words"]: line for line in rating.lines}
    measures = {
        item.measure: Count.read(kept[item.words]["counted"])
        for item in rating.scheme.edition().items.values()
        if item.measure and item.words in kept
    }
    given = {
        item.key: min(Decimal(kept[item.words]["points"]), Decimal(item.most))
        for item in draft.items.values()
        if not item.measure and item.words in kept
    }
    total = rules.total(rules.lines(draft, measures, given))
    key = rules.tier_key(draft, total)
    now = next(tier.name for tier in draft.tiers if tier.key == key)
    return VillageTrial(rating, str(rating.tier), total, now)
