"""The roll of households as it is asked for: filters, order, who looks after each.

Pages, ledgers and programs read it here, so that they list the same households.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from households.board import idle_links
from households.models import (
    CategoryTag,
    ContactLink,
    Household,
    HouseholdQuerySet,
    Status,
)
from regions.models import Region
from representatives.models import Mandate, Representative
from representatives.models.people import RepresentativeQuerySet

SORTS = {
    "head": ("initials", "head"),
    "group": ("region_id", "group__number", "initials"),
    "members": ("members", "region_id", "head"),
}


@dataclass(frozen=True)
class Listed:
    """A line of the roll: the household, who looks after it, its categories."""

    household: Household
    representative: Representative | None
    serves: bool
    categories: tuple[str, ...]

    @property
    def tone(self) -> str:
        """The edge of the line: nobody there is what has to be seen first."""
        if self.household.status != Status.LIVING:
            return "gone"
        return "" if self.representative and self.serves else "bad"


def matching(wanted: dict[str, Any], on: dt.date) -> HouseholdQuerySet:
    """Return the households that the filters describe."""
    status = wanted.get("status") or Status.LIVING
    rows = Household.objects.all()
    if status != "all":
        rows = rows.filter(status=status)
    if isinstance(place := wanted.get("place"), Region):
        rows = rows.filter(region_id__gte=place.scope.lo, region_id__lt=place.scope.hi)
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


def in_category(rows: HouseholdQuerySet, code: str, on: dt.date) -> HouseholdQuerySet:
    """Narrow to 重点户, to the others, or to one category."""
    key = CategoryTag.objects.key(on).values("household")
    if code == "*":
        return rows.filter(pk__in=key)
    if code == "-":
        return rows.exclude(pk__in=key)
    if code:
        held = CategoryTag.objects.active(on).filter(category=code)
        return rows.filter(pk__in=held.values("household"))
    return rows


def with_contact(
    rows: HouseholdQuerySet, contact: str, name: str, on: dt.date
) -> HouseholdQuerySet:
    """Narrow by whether somebody looks after them, and by whom."""
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


def listed(rows: list[Household], on: dt.date) -> list[Listed]:
    """Return the lines of a page; the statements do not grow with them."""
    ids = [row.pk for row in rows]
    found = Household.objects.filter(pk__in=ids).select_related(
        "region__parent", "group"
    )
    by_id = {row.pk: row for row in found.with_contact(on).with_categories(on)}
    links = [link for row in by_id.values() for link in row.current_links]  # type: ignore[attr-defined]
    people = [link.representative_id for link in links]
    active = Mandate.objects.active(on).filter(representative__in=people)
    serving = set(active.values_list("representative_id", flat=True))
    return [_row(by_id[pk], serving) for pk in ids]


def _row(household: Household, serving: set[int]) -> Listed:
    link = next(iter(household.current_links), None)  # type: ignore[attr-defined]
    return Listed(
        household,
        link.representative if link else None,
        bool(link and link.representative_id in serving),
        tuple(tag.category.name for tag in household.current_tags),  # type: ignore[attr-defined]
    )


def who_serves(village: Region, on: dt.date) -> RepresentativeQuerySet:
    """Return those of a village who may be given households, as choices of a form."""
    people = Representative.objects.filter(region=village)
    return people.serving(on).order_by("initials", "name")
