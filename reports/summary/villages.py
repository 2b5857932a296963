"""Whose figures: each village of a place, and gathering what was found by village."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet

from reports.figures.domain import Asked, Counts, tallied

ByVillage = Mapping[int, Counts]


@dataclass(frozen=True)
class Villages(Asked):
    """Asked for each village of a place, whatever its level."""

    @property
    def codes(self) -> list[int]:
        """The villages, in administrative order; read once."""
        return self.once("codes", self.place.village_codes)

    def owner_of(self, village: int) -> int:
        """Return the village itself."""
        return village

    def _owner(self, person: str) -> Any:
        return F("region_id") + 0


def by_owner(name: str, rows: QuerySet[Any]) -> Iterable[tuple[Any, str, int]]:
    """Yield how many rows each owner has; one statement."""
    for owner, number in rows.values_list("owner").annotate(number=Count("pk")):
        yield owner, name, number


def gathered(*found: Iterable[tuple[Any, str, int]]) -> ByVillage:
    """Gather (village, name, number) by village."""
    counts = tallied(one for rows in found for one in rows)
    return {code: line for code, line in counts.items() if code is not None}
