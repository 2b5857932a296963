"""The generated townships: one at the size it really has, the others light."""

import datetime as dt
import zlib
from dataclasses import dataclass, replace
from random import Random

from django.db import connection, transaction

from accounts.models import User
from households.models import Household
from households.services import offer_transfer
from regions.models import Region
from regions.scoping import narrowed
from reports.demo import workbooks
from reports.demo.faults import FaultMaker
from reports.demo.people import People
from reports.demo.plans import Calendar, Village
from reports.demo.villages import VillageMaker
from reports.demo.visiting import Visiting
from reports.demo.writing import VillageWriter


@dataclass(frozen=True)
class Size:
    """A township and its households: residents of the 2020 census / 2.73 (domain 5)."""

    name: str
    code: int
    households: int
    area: str
    """Six digits with which its invented ID numbers begin."""
    sound: int = 1
    """One village in so many has faults; they are made for whole villages."""

    def tenth(self) -> "Size":
        """Return the township with a tenth of its households."""
        return replace(self, households=self.households // 10)


FULL = Size("界岭镇", 430582102000, 9_900, "430598")
LIGHT = 33
"""Households of a village elsewhere: a twentieth of the usual number (domain 5)."""
SOUND = 5
NEIGHBOUR = 430582105000
"""火厂坪镇: the light one that a small demo has, for households that move."""
FIRST_AREA = 430531
"""Begins the ID numbers of the light townships; no county has it or those that follow."""

MOVES = (
    (430582102201, 430582102202, "建房搬到邻村"),
    (430582105202, 430582102201, "随子女迁往界岭镇"),
    (430582105201, 430582113219, "婚迁到长冲口村"),
)
"""Villages of which one offers a household to another, which has not answered yet."""


def wanted(*, small: bool) -> list[Size]:
    """Return what is generated; `small` is a tenth of 界岭镇, and one of the others.

    A year of a whole township takes half a minute; the light ones are there for the
    city, which compares all of its own.
    """
    others = light()
    if small:
        return [FULL.tenth(), *(size for size in others if size.code == NEIGHBOUR)]
    return [FULL, *others]


def light() -> list[Size]:
    """Return the townships that neither workbooks nor `FULL` describe, by their code."""
    others = Region.objects.townships().current()
    others = others.exclude(code__in=(workbooks.TOWNSHIP, FULL.code)).order_by("code")
    return [
        Size(
            place.name, place.code, LIGHT * len(place.village_codes()), str(area), SOUND
        )
        for area, place in enumerate(others, start=FIRST_AREA)
    ]


def offer_moves(today: dt.date) -> None:
    """Let some households wait between two villages; must run over the whole city."""
    for origin, target, reason in MOVES:
        with transaction.atomic():
            homes = Household.objects.living().filter(region_id=origin)
            offer_transfer(
                household=homes.order_by("pk")[7],
                to=Region.objects.get(code=target),
                on=today - dt.timedelta(days=9),
                reason=reason,
            )


def generate(size: Size, keeper: User, today: dt.date) -> int:
    """Write a township with people, faults and visits; return its households.

    One that has households already is left alone.
    """
    with narrowed(size.code), transaction.atomic():
        if Household.objects.exists():
            return 0
        with connection.cursor() as cursor:
            # The limit of a request; on a busy machine a whole township takes longer.
            cursor.execute("SET LOCAL statement_timeout = 0")
        villages = planned(size, today)
        VillageWriter(villages, keeper, Calendar(today)).write()
        return sum(len(village.homes) for village in villages)


def planned(size: Size, today: dt.date) -> list[Village]:
    """Return the township's villages; the same on every machine on the same day."""
    random = Random(zlib.crc32(str(size.code).encode()))  # noqa: S311 - a demo's dice
    calendar = Calendar(today)
    maker = VillageMaker(random, People(random, size.area), calendar)
    faults, visiting = FaultMaker(random, maker, calendar), Visiting(random, calendar)
    regions = Region.objects.current().villages().filter(parent_id=size.code)
    places = list(regions.order_by("code"))
    weights = [random.uniform(0.6, 1.4) for _ in places]
    villages = []
    for index, place in enumerate(places):
        share = round(size.households * weights[index] / sum(weights))
        village = maker.village(place.code, place.name, share)
        if index % size.sound == 0:
            faults.spoil(village, index // size.sound)
        for home in village.homes:
            visiting.visit(home)
        villages.append(village)
    return villages
