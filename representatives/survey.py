"""摸底: each village's seats as the rolls have them, against what was confirmed last."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Count, DateField, F, Max, OuterRef, Prefetch, Subquery
from django.db.models.functions import Cast, Coalesce, Least

from accounts.places import children_of
from regions.models import Level, Region, inside
from representatives.assembly import ONE_DAY, Place, place_of
from representatives.models import (
    ByElection,
    Mandate,
    MandateEnd,
    Seat,
    SurveyConfirmation,
)
from representatives.models.seats import SeatQuerySet
from representatives.rules.by_elections import quarter_of


@dataclass(frozen=True)
class VillageSeats:
    """A village's seats today, and its last confirmation."""

    village: Region
    seats: int
    places: tuple[Place, ...] = ()
    last: SurveyConfirmation | None = None
    running: int = 0
    """By-elections under way."""
    quarter: tuple[int, int] = field(default=(0, 0))

    @property
    def vacant(self) -> int:
        """Seats that nobody holds."""
        return len(self.places)

    @property
    def filled(self) -> int:
        """Seats that somebody holds."""
        return self.seats - self.vacant

    @property
    def causes(self) -> dict[str, int]:
        """Vacancies by cause, as ledger 6 names them."""
        return dict(Counter(cause_of(place) for place in self.places))

    @property
    def late(self) -> int:
        """Seats that have been vacant beyond the limit (L16)."""
        return sum(place.is_late for place in self.places)

    @property
    def longest(self) -> int | None:
        """The days of the longest vacancy."""
        return max((place.days for place in self.places), default=None)

    @property
    def is_confirmed(self) -> bool:
        """Whether the township has confirmed this quarter, and nothing changed since."""
        return self.confirmed_this_quarter and not self.differences

    @property
    def confirmed_this_quarter(self) -> bool:
        """Whether the last confirmation is of this quarter."""
        last = self.last
        return last is not None and (last.year, last.quarter) == self.quarter

    @property
    def differences(self) -> tuple[str, ...]:
        """What is different from the last confirmation, in words."""
        if self.last is None:
            return ()
        pairs = (
            ("应有", self.last.seats, self.seats),
            ("现有", self.last.filled, self.filled),
            ("缺额", self.last.vacant, self.vacant),
        )
        return tuple(
            f"{word} {before} → {now}" for word, before, now in pairs if before != now
        )


def cause_of(place: Place) -> str:
    """Return why a seat is vacant, in the words of ledger 6."""
    if place.last is None:
        return "新设席位"
    return place.last.get_end_cause_display() or "任期已满未办离任"


def survey_of(place: Region, on: dt.date) -> list[VillageSeats]:
    """Return every village of a place in administrative order; five statements."""
    villages = (
        [place]
        if place.level == Level.VILLAGE
        else list(
            Region.objects.current().villages().within(place.scope).order_by("code")
        )
    )
    counted = inside(Seat.objects.open(), place.scope).order_by()
    seats = dict(counted.values_list("region_id").annotate(n=Count("pk")))
    running = inside(ByElection.objects.running(), place.scope).order_by()
    under_way = dict(running.values_list("region_id").annotate(n=Count("pk")))
    empty = vacant_places(inside(Seat.objects.vacant(on), place.scope), on)
    last = last_confirmations(place)
    return [
        VillageSeats(
            village,
            seats.get(village.code, 0),
            tuple(empty.get(village.code, ())),
            last.get(village.code),
            under_way.get(village.code, 0),
            quarter_of(on),
        )
        for village in villages
    ]


def vacant_places(vacant: SeatQuerySet, on: dt.date) -> dict[int, list[Place]]:
    """Return the seats that are vacant on `on` by village, the longest vacant first."""
    mandates = Mandate.objects.select_related("representative").order_by(
        "-started_on", "-pk"
    )
    rows = vacant.select_related("constituency__group", "region__parent")
    found: dict[int, list[Place]] = defaultdict(list)
    for seat in rows.prefetch_related(Prefetch("mandates", mandates)):
        found[seat.region_id].append(place_of(seat, on))
    for places in found.values():
        places.sort(key=lambda place: (-place.days, place.seat.pk))
    return found


class Empty(NamedTuple):
    """A vacant seat for those who only count: where it is, and since which day."""

    region_id: int
    constituency_id: int
    since: dt.date


def empty_seats(vacant: SeatQuerySet) -> list[Empty]:
    """Return vacant seats as numbers; one statement.

    The twin of `vacant_places`, which has their people and their places too.
    """
    left = Least("ended_on", Cast(F("until") + ONE_DAY, DateField()))
    held = Mandate.objects.exclude(end_cause=MandateEnd.ENTRY_ERROR)
    of_seat = held.filter(seat=OuterRef("pk")).order_by().values("seat")
    last = of_seat.annotate(left=Max(left)).values("left")
    since = Coalesce(Subquery(last), "opened_on")
    found = vacant.order_by().values_list("region_id", "constituency_id", since)
    return [Empty(*row) for row in found]


def last_confirmations(place: Region) -> dict[int, SurveyConfirmation]:
    """Return the latest confirmation by village."""
    rows = inside(SurveyConfirmation.objects.all(), place.scope).order_by(
        "region_id", "-year", "-quarter"
    )
    rows = rows.distinct("region_id").select_related("confirmed_by")
    return {row.region_id: row for row in rows}


@dataclass(frozen=True)
class Summed:
    """The villages of a division added up."""

    place: Region
    villages: tuple[VillageSeats, ...]

    def total(self, name: str) -> int:
        """Return the sum of a figure of the villages."""
        return sum(getattr(village, name) for village in self.villages)

    @property
    def seats(self) -> int:
        """应有."""
        return self.total("seats")

    @property
    def filled(self) -> int:
        """现有."""
        return self.total("filled")

    @property
    def vacant(self) -> int:
        """缺额."""
        return self.total("vacant")

    @property
    def late(self) -> int:
        """Vacant beyond the limit."""
        return self.total("late")

    @property
    def running(self) -> int:
        """By-elections under way."""
        return self.total("running")

    @property
    def longest(self) -> int | None:
        """The days of the longest vacancy."""
        return max(
            (v.longest for v in self.villages if v.longest is not None), default=None
        )

    @property
    def confirmed(self) -> int:
        """Villages confirmed this quarter."""
        return sum(v.confirmed_this_quarter for v in self.villages)

    @property
    def causes(self) -> dict[str, int]:
        """Vacancies by cause."""
        summed: Counter[str] = Counter()
        for village in self.villages:
            summed.update(village.causes)
        return dict(summed)


def summed_below(place: Region, villages: Iterable[VillageSeats]) -> list[Summed]:
    """Add the villages up to the divisions directly below a place."""
    held = list(villages)
    return [
        Summed(child, tuple(v for v in held if v.village.code in child.scope))
        for child in children_of(place)
    ]
