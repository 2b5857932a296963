"""A village's seats as one page shows them: who sits, what is vacant, what the rules say."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from regions.models import Region
from representatives.models import (
    CommitteeTerm,
    Constituency,
    Mandate,
    MandateEnd,
    Mode,
    Seat,
    Sex,
)
from representatives.rules import (
    RULES,
    Assembly,
    ElectingMode,
    Finding,
    Rule,
    check_group_constituency,
    check_households_per_seat,
    check_representatives_share,
    check_seats,
    check_vacancy_age,
    check_women_share,
)
from representatives.rules import Constituency as RuledConstituency
from ui.parts import Tone

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Place:
    """A seat on the day of the page. `last` is the mandate before the vacancy.

    A mandate that was entered in error held nothing: it is no last one.
    """

    seat: Seat
    mandate: Mandate | None
    last: Mandate | None
    vacant_since: dt.date | None
    days: int
    is_late: bool

    @property
    def is_vacant(self) -> bool:
        """Whether nobody sits there."""
        return self.mandate is None

    @property
    def awaits_ending(self) -> bool:
        """Whether the term ran out and nobody has ended the mandate yet."""
        return bool(self.last and self.last.ended_on is None)

    @property
    def cause(self) -> str:
        """Why the seat is vacant, in words."""
        if self.last is None:
            return "新设席位，还没有推选"
        if self.awaits_ending:
            return f"{self.last.representative}任期已满，还没有办离任"
        return f"{self.last.representative}{self.last.get_end_cause_display()}"


@dataclass(frozen=True)
class Unit:
    """A constituency with its seats; `households` None means nobody has entered which."""

    row: Constituency
    places: tuple[Place, ...]
    households: int | None

    @property
    def filled(self) -> int:
        """How many of its seats are held."""
        return sum(not place.is_vacant for place in self.places)

    @property
    def per_seat(self) -> float | None:
        """Households for each seat."""
        if self.households is None or not self.places:
            return None
        return self.households / len(self.places)

    def ruled(self) -> RuledConstituency:
        """Return the constituency as the rules see it."""
        return RuledConstituency(
            name=self.row.name,
            mode=ElectingMode(self.row.mode),
            households=self.households or 0,
            groups=(str(self.row.group),) if self.row.group else (),
            seats=len(self.places),
            filled=self.filled,
            seats_decided=bool(self.row.decided_on or self.row.decision),
        )


@dataclass(frozen=True)
class Check:
    """A rule held against the village: what is asked, what is there, is it right."""

    rule: Rule
    actual: str
    tone: Tone
    word: str
    findings: tuple[Finding, ...]


def units_of(village: Region, on: dt.date) -> list[Unit]:
    """Return the village's constituencies with their open seats, by group and name."""
    mandates = Mandate.objects.select_related("representative").order_by(
        "-started_on", "-pk"
    )
    seats = Seat.objects.open().order_by("number")
    seats = seats.prefetch_related(Prefetch("mandates", mandates))
    rows = Constituency.objects.current().filter(region=village)
    rows = rows.select_related("group").prefetch_related(Prefetch("seats", seats))
    own, of_group = household_counts(village)
    return [
        Unit(
            row,
            tuple(place_of(seat, on) for seat in row.seats.all()),
            of_group.get(row.group_id or 0) if row.mode == Mode.GROUP else own[row.pk],
        )
        for row in rows.order_by("group__number", "name")
    ]


def household_counts(village: Region) -> tuple[dict[int, int | None], dict[int, int]]:
    """Return the households of each constituency, and of each group that elects.

    They are rows of an app above this one, known here by the name of the relation.
    None where no household has been put to a constituency.
    """
    living = Q(households__status="living")
    rows = Constituency.objects.current().filter(region=village)
    counted = rows.annotate(n=Count("households", filter=living))
    living_there = Q(group__households__status="living")
    grouped = rows.filter(mode=Mode.GROUP).annotate(
        n=Count("group__households", filter=living_there)
    )
    own = {pk: n or None for pk, n in counted.values_list("pk", "n")}
    return own, dict(grouped.values_list("group_id", "n"))


def place_of(seat: Seat, on: dt.date) -> Place:
    """Return how a seat stands; its mandates are there, the latest first."""
    mandates = list(seat.mandates.all())
    held = next((m for m in mandates if is_active(m, on)), None)
    if held:
        return Place(seat, held, None, None, 0, is_late=False)
    last = next((m for m in mandates if m.started_on <= on and not in_error(m)), None)
    since = vacant_since(seat, last)
    late = bool(check_vacancy_age(str(seat), since, on))
    return Place(seat, None, last, since, max(0, (on - since).days), is_late=late)


def in_error(mandate: Mandate) -> bool:
    """Return whether a mandate was ended as entered in error."""
    return mandate.end_cause == MandateEnd.ENTRY_ERROR


def is_active(mandate: Mandate, on: dt.date) -> bool:
    """Return whether a mandate is in force, as `Mandate.objects.active` has it."""
    ended = mandate.ended_on is not None and mandate.ended_on <= on
    return mandate.started_on <= on <= mandate.until and not ended


def vacant_since(seat: Seat, last: Mandate | None) -> dt.date:
    """Return the first day on which nobody held the seat."""
    if last is None:
        return seat.opened_on
    return min(last.ended_on or last.until + ONE_DAY, last.until + ONE_DAY)


def checks_of(
    units: Sequence[Unit], term: CommitteeTerm | None, on: dt.date
) -> list[Check]:
    """Hold the village against the rules on the make-up of its assembly.

    Without the number of the committee's members the shares cannot be known.
    """
    counted = bool(term and term.members)
    assembly = assembly_of(units, term)
    ruled = [unit.ruled() for unit in units]
    known = [unit.ruled() for unit in units if unit.households is not None]
    seats = sum(len(unit.places) for unit in units)
    filled = sum(unit.filled for unit in units)
    late = [p for unit in units for p in unit.places if p.is_late]
    found = [
        _check("L01", _share(assembly.representatives, assembly.total), on,
               check_representatives_share(assembly, on), known=counted),
        _check("L02", _share(assembly.women, assembly.total), on,
               check_women_share(assembly, on), known=counted),
        _check("L15", f"{filled} 人 / {seats} 席", on, check_seats(ruled, seats, on)),
        _check("L16", f"{len(late)} 席超过期限" if late else "没有超过期限的", on,
               [f for p in late for f in _lateness(p, on)]),
        _check("L04", _units_words(known, ElectingMode.HOUSEHOLDS), on,
               [f for unit in known for f in check_households_per_seat(unit, on)],
               known=any(u.mode is ElectingMode.HOUSEHOLDS for u in known)),
        _check("L05", _units_words(ruled, ElectingMode.GROUP), on,
               [f for unit in ruled for f in check_group_constituency(unit, on)],
               known=any(u.mode is ElectingMode.GROUP for u in ruled)),
    ]  # fmt: skip
    return [check for check in found if check]


def assembly_of(units: Iterable[Unit], term: CommitteeTerm | None) -> Assembly:
    """Count who is in the assembly: representatives, and the committee of the term."""
    people = [p.mandate.representative for u in units for p in u.places if p.mandate]
    return Assembly(
        representatives=len(people),
        committee_members=term.members if term else 0,
        women=sum(person.sex == Sex.FEMALE for person in people),
        minority=sum(person.nation != "汉族" for person in people),
    )


def _check(
    rule_id: str,
    actual: str,
    on: dt.date,
    findings: Iterable[Finding],
    *,
    known: bool = True,
) -> Check | None:
    """Return the line of one rule; `known=False`: there is nothing to hold against it."""
    rule, found = RULES.at(rule_id, on), tuple(findings)
    if rule is None:
        return None
    if not known:
        return Check(rule, "—", "off", "还不能算", ())
    tone: Tone = "warn" if found else "ok"
    return Check(rule, actual, tone, "不符合" if found else "符合", found)


def _share(part: int, whole: int) -> str:
    if not whole:
        return "还没有人"
    return f"{part} / {whole} 人，占 {part * 100 / whole:.1f}%"


def _units_words(units: Iterable[RuledConstituency], mode: ElectingMode) -> str:
    count = sum(unit.mode is mode for unit in units)
    return f"{count} 个推选单元"


def _lateness(place: Place, on: dt.date) -> tuple[Finding, ...]:
    since = place.vacant_since
    return check_vacancy_age(str(place.seat), since, on) if since else ()


def term_of(village: Region, on: dt.date) -> CommitteeTerm | None:
    """Return the village's term that the day `on` lies in."""
    terms = CommitteeTerm.objects.filter(region=village, started_on__lte=on)
    return terms.filter(ends_on__gte=on).first()


def vacant_seats(village: Region) -> Any:
    """Return the village's open seats that nobody holds, not even past the term's end."""
    held = Mandate.objects.unended().filter(seat=OuterRef("pk"))
    seats = Seat.objects.open().filter(~Exists(held), region=village)
    return seats.select_related("constituency").order_by("constituency__name", "number")
