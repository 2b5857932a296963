"""The roll of representatives as it is asked for: filters, order, how each one stands.

Pages, ledgers and programs read it here, so that they list the same people.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, F, OuterRef, Prefetch, Q

from accounts.models import Post
from regions.models import Region, full_name, group_name, inside
from regions.postgresql.paging import array_of
from representatives.loads import Load, bounds_on, loads_of, with_load
from representatives.models import Mandate, MandateEnd, Politics, Representative
from representatives.models.people import RepresentativeQuerySet
from ui.parts import Tone

PARTY = (Politics.MEMBER, Politics.PROBATIONARY)
CAUSES = dict(MandateEnd.choices)
NO_MANDATE: tuple[Tone, str] = ("off", "没有任职")
SORTS = {
    "name": ("initials", "name"),
    "group": ("region_id", "group__number", "initials"),
    "load": ("load", "region_id", "initials"),
    "until": ("latest_until", "region_id", "initials"),
}

LATEST = ("-ended_on", "-started_on", "-pk")
"""What nobody has ended is the latest mandate, whatever was entered in error before: in
descending order an empty day comes first."""


PEOPLE = """
SELECT person.id, person.name, person.sex, person.politics, person.offices,
       village.level, village.name, above.name,
       team.number, team.name, unit.name,
       latest.started_on, latest.until, latest.ended_on, latest.end_cause
FROM representatives_representative person
JOIN regions_region village ON village.code = person.region_code
LEFT JOIN regions_region above ON above.code = village.parent_id
LEFT JOIN regions_villagergroup team ON team.id = person.group_id
LEFT JOIN LATERAL (
    SELECT seat_id, started_on, until, ended_on, end_cause
    FROM representatives_mandate
    WHERE representative_id = person.id
    ORDER BY ended_on DESC, started_on DESC, id DESC LIMIT 1) latest ON TRUE
LEFT JOIN representatives_seat seat ON seat.id = latest.seat_id
LEFT JOIN representatives_constituency unit ON unit.id = seat.constituency_id
WHERE person.id = ANY (%(ids)s::bigint[])
ORDER BY array_position(%(ids)s::bigint[], person.id)
"""
"""What a page shows of these people. The mandate is looked up for each of them: under
the policies the planner expects next to no rows, and would scan what it joins."""


class Person(NamedTuple):
    """A person of the roll with the latest mandate, in the order of `PEOPLE`."""

    pk: int
    name: str
    sex: str
    politics: str
    offices: list[str]
    level: str
    village: str
    above: str | None
    number: int | None
    called: str | None
    unit: str | None
    started_on: dt.date | None
    until: dt.date | None
    ended_on: dt.date | None
    end_cause: str | None

    @property
    def place(self) -> str:
        """镇 + 村."""
        return full_name(self.level, self.village, self.above)

    @property
    def group(self) -> str:
        """The villagers' group, empty for who belongs to none."""
        return group_name(self.number, self.called)


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the roll: the person, the load while in office, how he stands."""

    person: Person
    load: Load | None
    tone: Tone
    state: str


def matching(wanted: dict[str, Any], on: dt.date) -> RepresentativeQuerySet:
    """Return the representatives whom the filters describe."""
    people = in_state(Representative.objects.all(), wanted.get("state") or "", on)
    if isinstance(place := wanted.get("place"), Region):
        people = inside(people, place.scope)
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
    """Narrow to those who look after too few households, too many, or the right number.

    Who has left is to look after none: that is not too few.
    """
    if not load:
        return people
    theirs = Mandate.objects.filter(representative=OuterRef("pk"))
    people = people.filter(Exists(theirs.unended()) | Exists(theirs.active(on)))
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
        latest = mandates.order_by(*LATEST).values("until")[:1]
        people = people.annotate(latest_until=latest)
    keys = [F(name) for name in SORTS.get(key, SORTS["group"])]
    if asked.startswith("-"):
        return people.order_by(*(one.desc(nulls_last=True) for one in keys), "pk")
    return people.order_by(*(one.asc(nulls_last=True) for one in keys), "pk")


def listed(people: Sequence[int], on: dt.date) -> list[Listed]:
    """Return the lines of these people, in the order given; two statements."""
    if not people:
        return []
    loads, bounds = loads_of(people, on), bounds_on(on)
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, {"ids": array_of(people)})
        rows = [Person._make(row) for row in cursor.fetchall()]
    return [_line(row, Load(loads[row.pk], bounds), on) for row in rows]


def _line(row: Person, load: Load, on: dt.date) -> Listed:
    tone, state = _stands(row.started_on, row.until, row.ended_on, row.end_cause, on)
    return Listed(row, load if tone != "off" else None, tone, state)


def with_mandates(people: RepresentativeQuerySet) -> RepresentativeQuerySet:
    """Prefetch each person's mandates, the latest first, with seat and constituency."""
    mandates = Mandate.objects.select_related("seat__constituency")
    ordered = mandates.order_by(*LATEST)
    return people.prefetch_related(Prefetch("mandates", ordered))


def standing(mandate: Mandate | None, on: dt.date) -> tuple[Tone, str]:
    """Return how a person stands today, by the latest mandate."""
    if mandate is None:
        return NO_MANDATE
    began, end = mandate.started_on, mandate.until
    return _stands(began, end, mandate.ended_on, mandate.end_cause, on)


def _stands(
    began: dt.date | None,
    until: dt.date | None,
    ended: dt.date | None,
    cause: str | None,
    on: dt.date,
) -> tuple[Tone, str]:
    if began is None or until is None:
        return NO_MANDATE
    if ended and ended <= on:
        return "off", f"已离任（{CAUSES.get(cause or '', '')}）"
    if until < on:
        return "bad", "任期已满"
    return ("ok", "在任") if began <= on else ("info", "还没到任")


def sign_in_state(person: Representative, on: dt.date) -> str:
    """Return whether the person can sign in: `none`, `open`, `closed`, or `ended`.

    Closed is the account itself (停用), ended its post with the mandate.
    """
    if person.user is None:
        return "none"
    if not person.user.is_active:
        return "closed"
    held = Post.objects.active(on).filter(narrowed_to=person.pk)
    return "open" if held.exists() else "ended"
