"""Generates a village as it should be: groups, seats, people, households, who has whom."""

import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from random import Random

from reports.demo.people import People
from reports.demo.plans import Calendar, Care, Home, Member, Seat, Unit, Village

HOUSEHOLDS_PER_GROUP = 38
HOUSEHOLDS_PER_SEAT = 10.3
BY_HOUSEHOLDS = 4
"""Every so many groups one elects by households, the others as a group."""
KEY_SHARE = 0.15
CATEGORIES = (
    "dibao", "tekun", "monitored", "illness", "disability", "elderly", "left_child",
    "hard_child", "veteran", "left_woman", "accident", "other",
)  # fmt: skip
WEIGHTS = (16, 8, 10, 14, 14, 16, 10, 3, 7, 2, 2, 2)
SITUATIONS = (
    "", "", "", "", "", "种田为主", "儿子在外务工", "夫妻在广东务工", "开小卖部",
    "养殖户", "跑货运", "退休教师", "随女儿住县城", "在家带孙子", "种植黄花菜",
)  # fmt: skip
OFFICES = ((), (), (), (), (), ("村民小组长",), ("护林员",), ("村医",))
MOODS = ((0.965, 0.998), (0.91, 0.975), (0.78, 0.92))
"""In which share of the periods a village's representatives come: well, fairly, seldom."""
MOOD_WEIGHTS = (60, 27, 13)
EDUCATION = ("primary", "junior", "junior", "senior", "senior", "college")


class VillageMaker:
    """Makes villages of one township; the same `random` makes the same ones."""

    def __init__(self, random: Random, people: People, calendar: Calendar) -> None:
        self._random = random
        self._people = people
        self._calendar = calendar

    def village(self, code: int, name: str, households: int) -> Village:
        """Return a village of about so many households, each with a representative."""
        random = self._random
        groups = max(4, round(households / HOUSEHOLDS_PER_GROUP))
        village = Village(code, name, groups, random.choice(((5, 1), (5, 2), (7, 2))))
        women = random.choice((0.28, 0.36, 0.42, 0.46))
        mood = random.choices(MOODS, MOOD_WEIGHTS)[0]
        for group in range(1, groups + 1):
            unit = Unit(group, by_households=group % BY_HOUSEHOLDS == 0)
            village.units.append(unit)
            size = max(6, round(random.gauss(households / groups, 7)))
            homes = [self._home(unit) for _ in range(size)]
            seats = list(self._seats(unit, size))
            members = [self._member(seat, women, mood) for seat in seats]
            _share_out(homes, members, self._calendar.linked_on)
            village.seats += seats
            village.members += members
            village.homes += homes
        return village

    def _seats(self, unit: Unit, size: int) -> Iterator[Seat]:
        for number in range(1, max(1, round(size / HOUSEHOLDS_PER_SEAT)) + 1):
            yield Seat(unit, number, self._calendar.term_start)

    def _member(self, seat: Seat, women: float, mood: tuple[float, float]) -> Member:
        """Return somebody elected in the first month of the term."""
        elected = self._calendar.term_start + dt.timedelta(
            self._random.randrange(4, 28)
        )
        return self.elect(seat, elected, women, mood)

    def elect(
        self,
        seat: Seat,
        on: dt.date,
        women: float = 0.4,
        mood: tuple[float, float] = MOODS[1],
    ) -> Member:
        """Return somebody who takes a seat on the day `on`."""
        random = self._random
        year = self._calendar.today.year
        return Member(
            person=self._people.person(
                oldest=year - 76, youngest=year - 26, women=women
            ),
            seat=seat,
            started_on=on,
            politics=random.choices(
                ("member", "probationary", "league", "masses"), (34, 2, 3, 61)
            )[0],
            education=random.choice(EDUCATION),
            offices=random.choice(OFFICES),
            diligence=random.uniform(*mood),
            is_by_election=on > self._calendar.linked_on,
        )

    def _home(self, unit: Unit) -> Home:
        random, year = self._random, self._calendar.today.year
        members = random.choices(range(1, 9), (12, 18, 20, 20, 15, 9, 4, 2))[0]
        home = Home(
            unit=unit,
            head=self._people.person(oldest=year - 84, youngest=year - 32, women=0.22),
            members=members,
            residents=max(1, members - random.choice((0, 0, 1, 2))),
            situation=random.choice(SITUATIONS),
            has_id=random.random() > 0.03,
            has_phone=random.random() > 0.05,
        )
        if random.random() < KEY_SHARE:
            home.tags = self._tags()
        return home

    def _tags(self) -> list[tuple[str, dt.date, dt.date | None]]:
        """Return one or two categories, some begun lately, some over."""
        random, calendar = self._random, self._calendar
        codes = set(random.choices(CATEGORIES, WEIGHTS, k=random.choice((1, 1, 1, 2))))
        tags: list[tuple[str, dt.date, dt.date | None]] = []
        for code in sorted(codes):
            chance = random.random()
            begun = calendar.ago(random.randrange(3, 50)) if chance < 0.05 else None
            ended = calendar.ago(random.randrange(3, 50)) if chance > 0.97 else None
            tags.append((code, begun or calendar.linked_on, ended))
        return tags


def _share_out(homes: list[Home], members: list[Member], on: dt.date) -> None:
    """Give neighbours to the same representative, and everybody about as many."""
    order = range(len(homes))
    for which, indexes in groupby(order, lambda i: i * len(members) // len(homes)):
        for index in indexes:
            homes[index].cares.append(Care(members[which], on))
