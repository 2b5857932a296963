"""The roll of representatives as it is asked for: filters, order, how each one stands.

Pages, ledgers and programs read it here, so that they list the same people.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q

from accounts.models import Post
from regions.models import Region
from representatives.loads import Load, bounds_on, loads_of, with_load
from representatives.models import Mandate, Politics, Representative
from representatives.models.people import RepresentativeQuerySet
from ui.parts import Tone

PARTY = (Politics.MEMBER, Politics.PROBATIONARY)
SORTS = {
    "name": ("initials", "name"),
    "group": ("region_id", "group__number", "initials"),
    "load": ("load", "region_id", "initials"),
    "until": ("latest_until", "region_id", "initials"),
}


@dataclass(frozen=True)
class Listed:
    """A line of the roll: the person, the mandate to speak of, the load, the state."""

    person: Representative
    mandate: Mandate | None
    load: Load | None
    tone: Tone
    state: str


def matching(wanted: dict[str, Any], on: dt.date) -> RepresentativeQuerySet:
    """Return the representatives whom the filters describe."""
    people = in_state(Representative.objects.all(), wanted.get("state") or "", on)
    if isinstance(place := wanted.get("place"), Region):
        people = people.filter(
            region_id__gte=place.scope.lo, region_id__lt=place.scope.hi
        )
    if typed := (wanted.get("q") or "").strip():
        people = people.search(typed)
    if number := wanted.get("group"):
        people = people.filter(group__number=number)
    if sex := wanted.get("sex"):
        people = people.filter(sex=sex)
    if politics := wanted.get("politics"):
        member = Q(politics__in=PARTY)
        people = people.filter(member if politics == "yes" else ~member)
    people = with_office(people, wanted.get("office") or "")
    return with_right_load(people, wanted.get("load") or "", on)


def in_state(
    people: RepresentativeQuerySet, state: str, on: dt.date
) -> RepresentativeQuerySet:
    """Narrow to those in office, those whose term ran out unnoticed, or those who left."""
    theirs = Mandate.objects.filter(representative=OuterRef("pk"))
    serving = Exists(theirs.active(on))
    if state == "expired":
        return people.filter(Exists(theirs.unended().filter(until__lt=on)))
    if state == "left":
        return people.filter(~Exists(theirs.unended()), ~serving)
    return people if state == "all" else people.filter(serving)


def with_office(people: RepresentativeQuerySet, office: str) -> RepresentativeQuerySet:
    """Narrow by posts held beside."""
    if office == "paid":
        return people.filter(draws_allowance=True)
    if office:
        return (
            people.filter(offices__len__gt=0)
            if office == "yes"
            else people.filter(offices__len=0)
        )
    return people


def with_right_load(
    people: RepresentativeQuerySet, load: str, on: dt.date
) -> RepresentativeQuerySet:
    """Narrow to those who look after too few households, too many, or the right number."""
    if not load:
        return people
    bounds = bounds_on(on)
    right = Q(load__gte=bounds.least, load__lte=bounds.most)
    under, over = Q(load__lt=bounds.least), Q(load__gt=bounds.most)
    wanted = {"under": under, "over": over}.get(load, right)
    return with_load(people, on).filter(wanted)


def sorted_by(
    people: RepresentativeQuerySet, asked: str, on: dt.date
) -> RepresentativeQuerySet:
    """Return the people in the order asked for; else in administrative order."""
    key = asked.removeprefix("-")
    if key == "load":
        people = with_load(people, on)
    if key == "until":
        mandates = Mandate.objects.filter(representative=OuterRef("pk"))
        latest = mandates.order_by("-started_on").values("until")[:1]
        people = people.annotate(latest_until=latest)
    keys = [F(name) for name in SORTS.get(key, SORTS["group"])]
    if asked.startswith("-"):
        return people.order_by(*(one.desc(nulls_last=True) for one in keys), "pk")
    return people.order_by(*(one.asc(nulls_last=True) for one in keys), "pk")


def listed(people: list[Representative], on: dt.date) -> list[Listed]:
    """Return the lines of a page; the statements do not grow with them."""
    ids = [person.pk for person in people]
    loads, bounds = loads_of(ids, on), bounds_on(on)
    rows = Representative.objects.filter(pk__in=ids).select_related(
        "region__parent", "group"
    )
    by_id = {row.pk: row for row in with_mandates(rows)}
    return [_row(by_id[pk], Load(loads[pk], bounds), on) for pk in ids]


def with_mandates(people: RepresentativeQuerySet) -> RepresentativeQuerySet:
    """Prefetch each person's mandates, the latest first, with seat and constituency."""
    mandates = Mandate.objects.select_related("seat__constituency")
    ordered = mandates.order_by("-started_on", "-pk")
    return people.prefetch_related(Prefetch("mandates", ordered))


def _row(person: Representative, load: Load, on: dt.date) -> Listed:
    mandate = next(iter(person.mandates.all()), None)
    tone, state = standing(mandate, on)
    return Listed(person, mandate, load if tone != "off" else None, tone, state)


def standing(mandate: Mandate | None, on: dt.date) -> tuple[Tone, str]:
    """Return how a person stands today, by the latest mandate."""
    if mandate is None:
        return "off", "没有任职"
    if mandate.ended_on and mandate.ended_on <= on:
        return "off", f"已离任（{mandate.get_end_cause_display()}）"
    if mandate.until < on:
        return "bad", "任期已满"
    return ("ok", "在任") if mandate.started_on <= on else ("info", "还没到任")


def sign_in_state(person: Representative, on: dt.date) -> str:
    """Return whether the person can sign in: `none`, `open`, or `ended`."""
    if person.user is None:
        return "none"
    held = Post.objects.active(on).filter(narrowed_to=person.pk)
    return "open" if held.exists() else "ended"
