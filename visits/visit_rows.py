"""What the list of visits shows of each: one statement for the rows of a page.

The page's visits are chosen first, by their own columns; only those are joined with
what they name. Joined first, a township's two months are sorted with every word of them.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from regions.models import full_name
from regions.postgresql.paging import array_of
from ui.links import address_of
from visits.homes import Home, home_of
from visits.models import Satisfaction, Way

WAYS: dict[str, str] = dict(Way.choices)
FELT: dict[str, str] = dict(Satisfaction.choices)
VISITS = """
SELECT visit.id, visit.visited_on, person.name, visit.way, visit.has_matter,
       visit.topics, visit.words, visit.for_village, visit.satisfaction, account.name,
       visit.on_behalf, visit.counts, visit.withdrawn_at IS NOT NULL,
       visit.household_id, home.head, visit.region_code, village.level, village.name,
       township.name, part.number, part.name
FROM visits_visit visit
JOIN regions_region village ON village.code = visit.region_code
LEFT JOIN regions_region township ON township.code = village.parent_id
LEFT JOIN households_household home ON home.id = visit.household_id
LEFT JOIN regions_villagergroup part ON part.id = home.group_id
JOIN representatives_representative person ON person.id = visit.representative_id
JOIN accounts_user account ON account.id = visit.entered_by_id
WHERE visit.id = ANY (%(ids)s::uuid[])
"""
"""Without its household too: a representative keeps the visits that he made, and sees
no more of a household that somebody else looks after now."""
OWN = 13
"""How many of the columns are the visit's own; the household's follow."""


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit as the list shows it; `is_gone` when withdrawn or corrected.

    `household` is None for a representative who no longer looks after it.
    """

    household: Home | None
    place: str
    pk: uuid.UUID
    visited_on: dt.date
    representative: str
    way: str
    has_matter: bool
    topics: list[str]
    words: str
    for_village: bool
    satisfaction: str
    entered_by: str
    on_behalf: bool
    counts: bool
    is_gone: bool

    @property
    def told(self) -> str:
        """What was said: the kinds of matter, then the words."""
        return "：".join(filter(None, ("、".join(self.topics), self.words)))

    def get_absolute_url(self) -> str:
        """Return the visit's page at the desk."""
        return address_of("visits:record", self.pk)


def rows_of(visits: Sequence[uuid.UUID]) -> list[VisitRow]:
    """Return the visits of the open scope in the order given."""
    with connection.cursor() as cursor:
        cursor.execute(VISITS, {"ids": array_of(visits)})
        found = {row[0]: _row(row[:OWN], *row[OWN:]) for row in cursor.fetchall()}
    return [found[pk] for pk in visits if pk in found]


def _row(own: tuple[Any, ...], *home: Any) -> VisitRow:
    _, head, _, level, village, township, *_ = home
    seen = None if head is None else home_of(*home)
    return VisitRow(seen, full_name(level, village, township), *own)
