"""The roll of households as it is asked for: filters, order, who looks after each.

Pages, ledgers and programs read it here, so that they list the same households.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection

from households.board import idle_links
from households.models import (
    Category,
    CategoryTag,
    ContactLink,
    Household,
    HouseholdQuerySet,
    Status,
)
from regions.models import Region, full_name, group_name, inside
from regions.postgresql.compiled import ValuesList, rows_of
from regions.postgresql.paging import KeptIds, array_of
from representatives.models import Representative, RepresentativeQuerySet

SORTS = {
    "head": ("initials", "head"),
    "group": ("region_id", "group__number", "initials"),
    "members": ("members", "region_id", "head"),
}
ORDERS = {*SORTS, *(f"-{key}" for key in SORTS)}


LINES = """
SELECT home.id, home.head, home.members, home.residents, home.is_away,
       home.status, home.ended_on, village.level, village.name, above.name,
       team.number, team.name,
       ARRAY(SELECT category.name
             FROM households_categorytag tag
             JOIN households_category category ON category.code = tag.category_id
             WHERE tag.household_id = home.id AND tag.started_on <= %(on)s
               AND (tag.ended_on IS NULL OR tag.ended_on > %(on)s)
             ORDER BY tag.id),
       person.id, person.name,
       EXISTS (SELECT FROM representatives_mandate held
               WHERE held.representative_id = person.id
                 AND held.started_on <= %(on)s AND held.until >= %(on)s
                 AND (held.ended_on IS NULL OR held.ended_on > %(on)s))
FROM households_household home
JOIN regions_region village ON village.code = home.region_code
LEFT JOIN regions_region above ON above.code = village.parent_id
JOIN regions_villagergroup team ON team.id = home.group_id
LEFT JOIN LATERAL (
    SELECT representative_id
    FROM households_contactlink
    WHERE household_id = home.id AND started_on <= %(on)s
      AND (ended_on IS NULL OR ended_on > %(on)s)
    ORDER BY id LIMIT 1) link ON TRUE
LEFT JOIN representatives_representative person ON person.id = link.representative_id
WHERE home.id = ANY (%(ids)s::bigint[])
ORDER BY array_position(%(ids)s::bigint[], home.id)
"""
"""The lines of these households. The link is looked up for each of them: under the
policies the planner expects next to no rows, and would scan what it joins."""


class Line(NamedTuple):
    """A line of the roll, in the order of the columns of `LINES`.

    `person` looks after the household; `serves` is false where nobody does, or where
    the person is no longer in office.
    """

    pk: int
    head: str
    members: int
    residents: int | None
    is_away: bool
    status: str
    ended_on: dt.date | None
    level: str
    village: str
    above: str | None
    number: int
    called: str
    categories: list[str]
    person_id: int | None
    person: str | None
    serves: bool

    @property
    def place(self) -> str:
        """镇 + 村."""
        return full_name(self.level, self.village, self.above)

    @property
    def group(self) -> str:
        """The villagers' group."""
        return group_name(self.number, self.called)

    @property
    def tone(self) -> str:
        """The edge of the line: nobody there is what has to be seen first."""
        if self.status != Status.LIVING:
            return "gone"
        return "" if self.serves else "bad"


def matching(wanted: dict[str, Any], on: dt.date) -> HouseholdQuerySet:
    """Return the households that the filters describe."""
    status = wanted.get("status") or Status.LIVING
    rows = Household.objects.all()
    if status != "all":
        rows = rows.filter(status=status)
    if isinstance(place := wanted.get("place"), Region):
        rows = inside(rows, place.scope)
    if typed := (wanted.get("q") or "").strip():
        rows = rows.search(typed)
    if number := wanted.get("group"):
        rows = rows.filter(group__number=number)
    if away := wanted.get("away"):
        rows = rows.filter(is_away=away == "yes")
    rows = in_category(rows, wanted.get("category") or "", on)
    return with_contact(
        rows, wanted.get("contact") or "", wanted.get("representative") or "", on
    )


def all_categories() -> list[tuple[str, str]]:
    """Return code and name of each category that was ever set up, as choices."""
    return rows_of(_named)


def _named() -> ValuesList:
    return Category.objects.order_by("order").values_list("code", "name")


def in_category(rows: HouseholdQuerySet, code: str, on: dt.date) -> HouseholdQuerySet:
    """Narrow to 重点户, to the others, or to one category."""
    if not code:
        return rows
    if code not in {"*", "-"}:
        held = CategoryTag.objects.active(on).filter(category=code)
        return rows.filter(pk__in=held.values("household"))
    key = CategoryTag.objects.key(on).values("household")
    return rows.filter(pk__in=key) if code == "*" else rows.exclude(pk__in=key)


def with_contact(
    rows: HouseholdQuerySet, contact: str, name: str, on: dt.date
) -> HouseholdQuerySet:
    """Narrow by whether somebody looks after them, and by whom."""
    if not (contact or name.strip()):
        return rows
    links = ContactLink.objects.active(on)
    if name := name.strip():
        people = Representative.objects.filter(name__contains=name).values("pk")
        named = links.filter(representative__in=people).values("household")
        rows = rows.filter(pk__in=named)
    if contact == "idle":
        return rows.filter(pk__in=idle_links(on).values("household"))
    if contact == "no":
        return rows.exclude(pk__in=links.values("household"))
    if contact:
        return rows.filter(pk__in=links.values("household"))
    return rows


def sorted_by(
    rows: HouseholdQuerySet, asked: str, *, whole_city: bool = False
) -> HouseholdQuerySet:
    """Return the households in the order asked for; else in administrative order.

    Over the whole city that order is the index's, which has the groups as they were
    set up: the numbers are in another table, and 300,000 rows would be sorted by them.
    """
    keys = SORTS.get(asked.removeprefix("-"), SORTS["group"])
    if whole_city and keys == SORTS["group"]:
        keys = ("region_id", "group_id", "head")
    down = asked.startswith("-")
    return rows.order_by(*(f"-{key}" if down else key for key in keys), "pk")


def ids(
    wanted: dict[str, Any], on: dt.date, asked: str, *, whole_city: bool = False
) -> Any:
    """Return the ids of the households described, in order, as a Paginator takes them."""
    if not any(wanted.values()):
        return KeptIds(_roll, asked if asked in ORDERS else "", whole_city)
    found = sorted_by(matching(wanted, on), asked, whole_city=whole_city)
    return found.values_list("pk", flat=True)


def _roll(asked: str, whole_city: bool) -> ValuesList:  # noqa: FBT001 - part of a shape
    rows = Household.objects.filter(status=Status.LIVING)
    return sorted_by(rows, asked, whole_city=whole_city).values_list("pk")


def lines(households: Sequence[int], on: dt.date) -> list[Line]:
    """Return the lines of these households, in the order given; one statement."""
    if not households:
        return []
    with connection.cursor() as cursor:
        cursor.execute(LINES, {"ids": array_of(households), "on": on})
        return [Line._make(row) for row in cursor.fetchall()]


def who_serves(village: Region, on: dt.date) -> RepresentativeQuerySet:
    """Return those of a village who may be given households, as choices of a form."""
    people = Representative.objects.filter(region=village)
    return people.serving(on).order_by("initials", "name")
