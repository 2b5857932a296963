"""Writing the rows of a 代表花名册: people, then terms, seats and mandates."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Max

from accounts.sealing import Sealed, blind_index
from regions.places import Places
from representatives.models import (
    CommitteeTerm,
    Constituency,
    Mandate,
    Representative,
    Seat,
)
from representatives.names import initials
from representatives.resources.columns import PERSON, TENURE
from representatives.resources.rows import Plan, unit_key

TERM_YEARS = 5  # 村民委员会组织法 art. 11


class RepresentativeWriter:
    """Writes a batch; `terms` are the ends of the committees' terms by village."""

    def __init__(self, places: Places, terms: dict[int, dt.date]) -> None:
        self.places = places
        self.terms = terms

    def write(self, plans: Sequence[Plan], *, on: dt.date) -> None:
        """Write people, then give those without a mandate a seat of their group."""
        self.places.ensure_groups((plan.village, plan.group) for plan in plans)
        self._ensure_terms(plans)
        people = self._write_people(plans)
        tenured = [
            (p, plan) for p, plan in people if plan.present and plan.present.mandate
        ]
        self._update_mandates(tenured)
        self._give_seats([pair for pair in people if pair not in tenured], on)

    def _ensure_terms(self, plans: Sequence[Plan]) -> None:
        """Take a village's term from its roll, where none is recorded yet."""
        missing = {
            p.village: p.tenure["until"] for p in plans if p.village not in self.terms
        }
        before = _ends_before(missing)
        CommitteeTerm.objects.bulk_create(
            CommitteeTerm(
                region_id=village,
                started_on=max(_term_start(until), before.get(village, dt.date.min)),
                ends_on=until,
            )
            for village, until in missing.items()
        )
        self.terms |= missing

    def _write_people(self, plans: Sequence[Plan]) -> list[tuple[Representative, Plan]]:
        people = []
        for plan in plans:
            person = (
                plan.present.person
                if plan.present
                else Representative(region_id=plan.village)
            )
            for key, value in plan.person.items():
                setattr(person, key, value)
            person.group_id = self.places.group(plan.village, plan.group)
            person.initials = initials(person.name)
            _take_numbers(person, plan.row.values)
            people.append((person, plan))
        Representative.objects.bulk_create(
            person for person, plan in people if plan.present is None
        )
        known = [person for person, plan in people if plan.present]
        for person in known:
            person.version += 1
        Representative.objects.bulk_update(
            known,
            [
                *PERSON,
                "offices",
                "draws_allowance",
                "group",
                "initials",
                "version",
                "id_number",
                "id_index",
                "phone",
                "phone_index",
            ],
            batch_size=500,
        )
        return people

    @staticmethod
    def _update_mandates(tenured: list[tuple[Representative, Plan]]) -> None:
        mandates = []
        for person, plan in tenured:
            mandate = plan.present.mandate  # type: ignore[union-attr]
            for key, value in plan.tenure.items():
                setattr(mandate, key, value)
            mandate.person_index = person.id_index  # type: ignore[union-attr]
            mandates.append(mandate)
        Mandate.objects.bulk_update(mandates, [*TENURE, "person_index"], batch_size=500)  # type: ignore[arg-type]

    def _give_seats(
        self, people: list[tuple[Representative, Plan]], on: dt.date
    ) -> None:
        """Seat each in his constituency: a vacant seat first, else one more."""
        units = self._constituencies(people)
        vacant, last = free_seats(units.values())
        opening: list[Seat] = []
        seated: list[tuple[Representative, Plan, Seat]] = []
        for person, plan in people:
            unit = units[unit_key(plan)]
            if vacant[unit.pk]:
                seat = vacant[unit.pk].pop()
            else:
                last[unit.pk] += 1
                seat = Seat(
                    region_id=plan.village,
                    constituency=unit,
                    number=last[unit.pk],
                    opened_on=plan.tenure["started_on"],
                )
                opening.append(seat)
            seated.append((person, plan, seat))
        Seat.objects.bulk_create(opening)
        Mandate.objects.bulk_create(
            Mandate(
                region_id=plan.village,
                representative=person,
                seat=seat,
                person_index=person.id_index,
                **plan.tenure,
            )
            for person, plan, seat in seated
        )

    def _constituencies(
        self, people: list[tuple[Representative, Plan]]
    ) -> dict[tuple[int, str], Constituency]:
        wanted = {unit_key(plan): plan for _, plan in people}
        villages = {village for village, _ in wanted}
        units = {
            (unit.region_id, unit.name): unit
            for unit in Constituency.objects.current().filter(region__in=villages)
        }
        missing = [
            Constituency(
                region_id=key[0],
                name=key[1],
                mode=plan.tenure["mode"],
                group_id=self.places.group(plan.village, plan.group),
            )
            for key, plan in wanted.items()
            if key not in units
        ]
        for unit in Constituency.objects.bulk_create(missing):
            units[unit.region_id, unit.name] = unit
        return units


def free_seats(
    units: Iterable[Constituency],
) -> tuple[dict[int, list[Seat]], dict[int, int]]:
    """Return each constituency's vacant seats, and its highest seat number."""
    ids = [unit.pk for unit in units]
    vacant: dict[int, list[Seat]] = defaultdict(list)
    filled = Mandate.objects.unended().filter(seat__constituency__in=ids)
    held = set(filled.values_list("seat_id", flat=True))
    for seat in Seat.objects.open().filter(constituency__in=ids).order_by("-number"):
        if seat.pk not in held:
            vacant[seat.constituency_id].append(seat)
    last: dict[int, int] = defaultdict(int)
    numbers = Seat.objects.filter(constituency__in=ids).values("constituency_id")
    for row in numbers.annotate(last=Max("number")):
        last[row["constituency_id"]] = row["last"]
    return vacant, last


def _take_numbers(person: Representative, values: Any) -> None:
    """Seal ID number and phone where the file brings new ones."""
    for key, index in (("id_number", "id_index"), ("phone", "phone_index")):
        given = values.get(key)
        if isinstance(given, str) and blind_index(given) != getattr(person, index):
            setattr(person, key, Sealed.of(given, key))
            setattr(person, index, blind_index(given))


def _ends_before(untils: Mapping[int, dt.date]) -> dict[int, dt.date]:
    """Return the day after the last term that a village has had before a new one."""
    terms = CommitteeTerm.objects.filter(region__in=untils).order_by("ends_on")
    return {
        village: ends + dt.timedelta(days=1)
        for village, ends in terms.values_list("region_id", "ends_on")
        if ends < untils[village]
    }


def _term_start(until: dt.date) -> dt.date:
    """Return the first day of a five-year term that ends on `until`."""
    following = until + dt.timedelta(days=1)
    year = following.year - TERM_YEARS
    if (following.month, following.day) == (2, 29):
        return dt.date(year, 3, 1)  # five years before a leap year there is no such day
    return following.replace(year=year)
