"""What lists show of a household: its head, its place, and who looks after it.

One statement and values instead of rows of five models: a list of fifty reads nine
columns of the hundred that those rows have.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from regions.models import full_name, group_name
from regions.postgresql.paging import array_of
from representatives.models import Representative
from ui.links import address_of

HOMES = """
SELECT home.id, home.head, home.region_code, village.level, village.name, township.name,
       part.number, part.name, person.id, person.name, person.initials
FROM households_household home
JOIN regions_region village ON village.code = home.region_code
LEFT JOIN regions_region township ON township.code = village.parent_id
JOIN regions_villagergroup part ON part.id = home.group_id
LEFT JOIN visits_duty duty ON duty.household_id = home.id
LEFT JOIN representatives_representative person ON person.id = duty.representative_id
WHERE home.id = ANY (%(ids)s::bigint[])
"""


@dataclass(frozen=True, slots=True)
class Person:
    """A representative as a list names him."""

    pk: int
    name: str
    initials: str


@dataclass(frozen=True, slots=True)
class Home:
    """A household as a list shows it; `holder` looks after it today."""

    pk: int
    head: str
    region_id: int
    place: str
    village: str
    township: str
    number: int
    group: str
    holder: Person | None

    def get_absolute_url(self) -> str:
        """Return the household's page."""
        return address_of("households:detail", self.pk)


def homes_of(households: Sequence[int]) -> dict[int, Home]:
    """Return the households of the open scope in the order given; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(HOMES, {"ids": array_of(households)})
        found = {row[0]: home_of(*row) for row in cursor.fetchall()}
    return {pk: found[pk] for pk in households if pk in found}


def home_of(
    pk: int,
    head: str,
    region: int,
    level: str,
    village: str,
    township: str | None,
    number: int,
    group: str,
    *holder: Any,
) -> Home:
    """Return a household from its columns; those of whoever looks after it may lack."""
    place = full_name(level, village, township)
    person = Person(*holder) if any(holder) else None
    called = group_name(number, group)
    return Home(
        pk, head, region, place, village, township or "", number, called, person
    )


def people_of(ids: Iterable[int]) -> dict[int, Person]:
    """Return representatives of the open scope by their ids."""
    rows = Representative.objects.filter(pk__in=set(ids))
    found = rows.values_list("pk", "name", "initials")
    return {pk: Person(pk, name, initials) for pk, name, initials in found}
