"""The rolls of a small village, for tests: groups, seats, people, households, links.

One stage for every test of the rolls. 长冲口村 of the cast has three groups, each with a
constituency; four of its five seats are held. 周静霞 looks after too few households,
张顺民 after too many, and two have nobody.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import RowChange
from households.models import ContactLink, Household
from regions.models import Region, VillagerGroup
from representatives.models import (
    CommitteeTerm,
    Constituency,
    Mandate,
    Representative,
    Seat,
)
from representatives.names import initials
from representatives.services import sealed_identity
from tests.cast import OTHER_TOWNSHIP, VILLAGE, everywhere, first_village, sibling_code
from tests.days import days_ago, in_days, today

# Right by birthday and check digit; nobody's: 430599 is no county.
ID_NUMBERS = (
    "430599195611059784",
    "430599195102101307",
    "430599199907148741",
    "430599199205244835",
    "430599197306069926",
    "430599198510243113",
    "430599198210278031",
)


def long_ago() -> dt.date:
    """Return the day from which the stage's terms, mandates and links run."""
    return days_ago(300)


def term_end() -> dt.date:
    """Return the day on which the stage's term ends."""
    return in_days(1500)


@dataclass(frozen=True)
class Rolls:
    """The stage. `people` and `households` go by name, `seats` by group and number."""

    village: Region
    groups: dict[int, VillagerGroup]
    units: dict[int, Constituency]
    seats: dict[tuple[int, int], Seat]
    people: dict[str, Representative]
    mandates: dict[str, Mandate]
    households: dict[str, Household]
    term_ends_on: dt.date = field(default_factory=term_end)
    """Kept: a test may run on the day after the one on which the stage was set."""

    def held_by(self, name: str) -> list[Household]:
        """Return the households of one of the people."""
        with everywhere():
            links = ContactLink.objects.filter(
                representative=self.people[name], ended_on=None
            ).select_related("household")
            return [link.household for link in links.order_by("household__initials")]


# Name, sex, group, seat number, and how many households.
PEOPLE = (
    ("张顺民", "m", 1, 1, 17),
    ("李红英", "f", 1, 2, 6),
    ("申秋云", "f", 2, 1, 8),
    ("周静霞", "f", 3, 1, 3),
)
HEADS = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"


def set_up(code: int = VILLAGE) -> Rolls:
    """Set up the rolls of our village, or of another by its code."""
    with everywhere():
        village = Region.objects.select_related("parent").get(pk=code)
        rolls = Rolls(village, {}, {}, {}, {}, {}, {})
        CommitteeTerm.objects.create(
            region=village,
            started_on=long_ago(),
            ends_on=rolls.term_ends_on,
            members=5,
            women=2,
        )
        for number in (1, 2, 3):
            _group(rolls, number, seats=2 if number == 1 else 1)
        _seat(rolls, 3, 2)
        for name, sex, group, seat, load in PEOPLE:
            _person(rolls, name, sex, group, seat)
            link(rolls, name, households(rolls, _heads(name, group, load), group))
        households(rolls, ["无联系甲", "无联系乙"], 3)
    return rolls


def set_up_sibling() -> Rolls:
    """Set up the rolls of another village of our township."""
    return set_up(sibling_code())


def set_up_other() -> Rolls:
    """Set up the rolls of a village of the other township."""
    return set_up(first_village(OTHER_TOWNSHIP))


def _group(rolls: Rolls, number: int, seats: int) -> None:
    village = rolls.village
    group = VillagerGroup.objects.create(region=village, number=number)
    unit = Constituency.objects.create(
        region=village, name=f"{number} 组片", mode="households", group=group
    )
    rolls.groups[number], rolls.units[number] = group, unit
    for seat in range(1, seats + 1):
        _seat(rolls, number, seat)


def _seat(rolls: Rolls, group: int, number: int) -> None:
    rolls.seats[group, number] = Seat.objects.create(
        region=rolls.village,
        constituency=rolls.units[group],
        number=number,
        opened_on=long_ago(),
    )


def _person(rolls: Rolls, name: str, sex: str, group: int, seat: int) -> None:
    person = Representative.objects.create(
        region=rolls.village,
        name=name,
        initials=initials(name),
        sex=sex,
        birth_year=1968,
        group=rolls.groups[group],
        **sealed_identity(phone="13800001111"),
    )
    rolls.people[name] = person
    rolls.mandates[name] = Mandate.objects.create(
        region=rolls.village,
        representative=person,
        seat=rolls.seats[group, seat],
        mode="households",
        started_on=long_ago(),
        until=rolls.term_ends_on,
    )


def _heads(name: str, group: int, load: int) -> list[str]:
    return [f"{HEADS[n]}家{name[0]}{group}" for n in range(load)]


def households(
    rolls: Rolls, heads: Iterable[str], group: int, **facts: Any
) -> list[Household]:
    """Enter households of the stage; nobody looks after them."""
    rows = Household.objects.bulk_create(
        Household(
            region=rolls.village,
            group=rolls.groups[group],
            head=head,
            initials=initials(head),
            members=4,
            registered_on=long_ago(),
            **facts,
        )
        for head in heads
    )
    rolls.households.update({row.head: row for row in rows})
    return rows


def link(rolls: Rolls, name: str, rows: Iterable[Household]) -> None:
    """Let one of the people look after households."""
    ContactLink.objects.bulk_create(
        ContactLink(
            region=rolls.village,
            household=row,
            representative=rolls.people[name],
            started_on=long_ago(),
        )
        for row in rows
    )


def holder(household: Household) -> str | None:
    """Return the name of whoever looks after a household today."""
    link = ContactLink.objects.active(today()).filter(household=household).first()
    return link.representative.name if link else None


def changes(row: Any, operation: str = "update") -> list[RowChange]:
    """Return the lines of the row history about a row, the latest first."""
    found = RowChange.objects.filter(
        table=row._meta.db_table, row=str(row.pk), operation=operation
    )
    return list(found.order_by("-at", "-id"))


def statements(browser: Client, url: str) -> int:
    """Return how many SQL statements a page takes."""
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(url).status_code == HTTPStatus.OK
    return len(seen)


def text_of(response: Any) -> str:
    """Return a page's text without its tags, spaces run together."""
    html = response.content.decode()
    body = html[html.index("<main") :] if "<main" in html else html
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())
