"""One date answers everything: on random histories all who are asked say the same.

The pure rule, fed with the history as it was drawn and not with what is stored, against
the stored column, the set-based recomputation, the list, the phone's card, the export,
the API and the command. `HISTORIES=10000` makes it ten thousand households.
"""

import datetime as dt
import os
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from households.models import Category, CategoryTag, ContactLink, Household
from regions.models import Region, VillagerGroup
from representatives.models import Representative
from tests.cast import VILLAGE, Cast, at, signed_in
from tests.days import days_ago, today
from visits import rules
from visits.facts import policies
from visits.ledgers import OverdueRoll
from visits.management.commands.standings import count
from visits.models import Duty, Visit, Waiver
from visits.rounds import round_of
from visits.standings import EVERY, State, all_duties, state_of, wanted

HISTORIES = int(os.environ.get("HISTORIES", "100"))
LOT = 500
"""Households that live side by side; a lot is written by a handful of statements."""


@dataclass
class Life:
    """What happened to one household, as drawn."""

    links: list[tuple[dt.date, dt.date | None, int]]
    tags: list[tuple[str, dt.date, dt.date | None]]
    waivers: list[tuple[dt.date, dt.date, bool]]
    visits: list[tuple[dt.date, bool, bool]]
    """Day, whether its way counts, whether it was withdrawn."""

    def facts(self, settings: tuple[rules.Policy, ...]) -> rules.Facts:
        """Return the life as the pure rule is told of it."""
        return rules.Facts(
            links=tuple(days(first, end) for first, end, _ in self.links),
            policies=settings,
            visits=tuple(
                day for day, counts, gone in self.visits if counts and not gone
            ),
            categories=tuple(
                rules.Category(code, code, days(first, end))
                for code, first, end in self.tags
            ),
            waivers=tuple(
                rules.Waiver(first, last, "住院")
                for first, last, gone in self.waivers
                if not gone
            ),
        )


def days(first: dt.date, end: dt.date | None) -> rules.Span:
    """Return the days from `first` to the day before `end`."""
    return rules.Span(first, end - dt.timedelta(days=1) if end else None)


class Fate:
    """Draws lives: changes of representative, gaps, period ends, leap days, same days."""

    def __init__(self, dice: Random, codes: list[str]) -> None:
        self.dice, self.codes = dice, codes

    def day(self) -> dt.date:
        """Draw a day of the last 500, often the first or the last of a period."""
        if self.dice.random() < 0.3:
            before = self.dice.choice([0, 1, 31, 32, 92])
            return today().replace(day=1) - dt.timedelta(days=before)
        return days_ago(self.dice.randrange(500))

    def later(self, day: dt.date, most: int = 200) -> dt.date:
        """Draw a day after another."""
        return day + dt.timedelta(days=1 + self.dice.randrange(most))

    def life(self, people: int) -> Life:
        """Draw everything that happens to one household."""
        return Life(
            links=self._links(people),
            tags=[
                (code, day := self.day(), self.dice.choice([None, self.later(day)]))
                for code in self.dice.sample(self.codes, self.dice.choice([0, 0, 1, 2]))
            ],
            waivers=[
                (day := self.day(), self.later(day, 90), self.dice.random() < 0.3)
                for _ in range(self.dice.choice([0, 0, 0, 1]))
            ],
            visits=[
                (self.day(), self.dice.random() < 0.8, self.dice.random() < 0.2)
                for _ in range(self.dice.randrange(5))
            ],
        )

    def _links(self, people: int) -> list[tuple[dt.date, dt.date | None, int]]:
        found: list[tuple[dt.date, dt.date | None, int]] = []
        day = self.day()
        while day <= today() and len(found) < 3:
            end = None if self.dice.random() < 0.4 else self.later(day)
            found.append((day, end, self.dice.randrange(people)))
            if end is None:
                break
            day = end + dt.timedelta(days=self.dice.choice([0, 0, 1, 20]))
        return found


@pytest.fixture
def people(cast: Cast) -> Iterator[list[Representative]]:
    """Open the village's scope; return those who look after its households."""
    with at(cast.clerk):
        yield Representative.objects.bulk_create(
            Representative(region_id=VILLAGE, name=f"代表{n}") for n in range(12)
        )


def write(lives: list[Life], people: list[Representative], user: Any) -> list[int]:
    """Write a lot of lives as the services write them, and return the households."""
    group, _ = VillagerGroup.objects.get_or_create(region_id=VILLAGE, number=1)
    village = {"region_id": VILLAGE}
    homes = Household.objects.bulk_create(
        Household(
            **village, group=group, head=f"户{n}", registered_on=dt.date(2022, 1, 1)
        )
        for n in range(len(lives))
    )
    lived = list(zip(homes, lives, strict=True))
    ContactLink.objects.bulk_create(
        ContactLink(
            **village,
            household=home,
            representative=people[who],
            started_on=first,
            ended_on=end,
            end_reason="reassigned" if end else "",
        )
        for home, life in lived
        for first, end, who in life.links
    )
    CategoryTag.objects.bulk_create(
        CategoryTag(
            **village, household=home, category_id=code, started_on=first, ended_on=end
        )
        for home, life in lived
        for code, first, end in life.tags
    )
    now = timezone.now()
    Waiver.objects.bulk_create(
        Waiver(
            **village,
            household=home,
            first=first,
            last=last,
            reason="hospital",
            entered_by=user,
            withdrawn_at=now if gone else None,
            withdrawn_by=user if gone else None,
            withdrawal="记错了" if gone else "",
        )
        for home, life in lived
        for first, last, gone in life.waivers
    )
    Visit.objects.bulk_create(
        Visit(
            **village,
            id=uuid.uuid4(),
            household=home,
            representative=people[0],
            visited_on=day,
            counts=counts,
            entered_by=user,
            captured_at=now,
            received_at=now,
            fingerprint="",
            withdrawn_at=now if gone else None,
            withdrawn_by=user if gone else None,
            withdrawal="记错了" if gone else "",
        )
        for home, life in lived
        for day, counts, gone in life.visits
    )
    return [home.pk for home in homes]


@dataclass(frozen=True)
class Answer:
    """What the pure rule says of one life."""

    state: State
    due_on: dt.date | None
    standing: str
    kind: str


def answer_of(life: Life, settings: tuple[rules.Policy, ...]) -> Answer:
    """Ask the pure rule."""
    facts = life.facts(settings)
    judged, last = rules.assess(facts, today()), rules.last_visit_on(facts, today())
    return Answer(
        state_of(judged, rules.cadence_on(facts, today()), last),
        rules.due_on(facts, today()),
        judged.standing.value if judged else "",
        "key" if rules.key_categories(facts, today()) else "ordinary",
    )


@pytest.mark.parametrize("lot", range(-(-HISTORIES // LOT)))
def test_all_who_are_asked_say_the_same(
    cast: Cast, people: list[Representative], lot: int
) -> None:
    codes = list(Category.objects.order_by("order").values_list("code", flat=True))
    fate = Fate(Random(lot), codes)  # noqa: S311 - dice of a test
    lives = [fate.life(len(people)) for _ in range(min(LOT, HISTORIES))]
    ids = write(lives, people, cast.clerk.user)
    settings = policies()
    expected = {
        pk: answer_of(life, settings) for pk, life in zip(ids, lives, strict=True)
    }
    states = {pk: answer.state for pk, answer in expected.items()}
    assert len(set(states.values())) == len(State), "every state occurs"

    stored = dict(Duty.objects.values_list("pk", "due_on"))
    assert stored == {pk: answer.due_on for pk, answer in expected.items()}
    assert refreshed(ids) == 0, "the set-based answer differs"
    assert listed() == states
    assert on_the_phone(people) == {
        pk: answer.standing for pk, answer in expected.items() if answer.standing
    }
    assert exported() == [
        (states[pk], expected[pk].due_on) for pk in in_the_lists_order()
    ]
    assert count(today()) == Counter(
        (VILLAGE, one.kind, one.standing) for one in expected.values() if one.standing
    )
    assert by_api(cast, len(ids)) == {
        pk: (answer.state.value, str(answer.due_on) if answer.due_on else None)
        for pk, answer in expected.items()
    }


def refreshed(ids: list[int]) -> int:
    """Recompute set-based; return how many stored answers it changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT visits_refresh(%s)", [ids])
        return int(cursor.fetchone()[0])


def listed() -> dict[int, State]:
    """Return the list in which each household is; in no other."""
    found: dict[int, State] = {}
    for state in State:
        for pk in wanted(all_duties(), today(), state).values_list("pk", flat=True):
            assert pk not in found, "on two lists"
            found[pk] = state
    return found


def on_the_phone(people: list[Representative]) -> dict[int, str]:
    """Return what the cards of all representatives say."""
    rounds = [round_of(person.pk, today()) for person in people]
    return {
        door.duty.household_id: door.judged.standing.value
        for one in rounds
        for door in (*one.to_see, *one.seen, *one.excused)
    }


def roll() -> OverdueRoll:
    """Return the village's 走访情况清单."""
    return OverdueRoll(Region.objects.get(code=VILLAGE))


def in_the_lists_order() -> list[int]:
    """Return the households as the export lists them."""
    return roll().keys({"state": EVERY}, "", today())


def exported() -> list[tuple[State, dt.date | None]]:
    """Return state and day of each row of the export, told from its words."""
    keys = in_the_lists_order()
    rows = roll().rows(keys, today(), Counter(), full=False)
    titles = [column.key for column in roll().columns]
    state, due = titles.index("state"), titles.index("due_on")
    return [(state_in(str(row[state])), row[due]) for row in rows]  # type: ignore[misc]


def state_in(words: str) -> State:
    """Return the state that a cell's words mean."""
    if words.startswith("超期"):
        return State.OVERDUE
    if words.startswith(("还剩", "今天")):
        return State.DUE
    return State({label: value for value, label in State.choices}[words])


def by_api(cast: Cast, number: int) -> dict[int, tuple[str, str | None]]:
    """Return what the API says, page by page."""
    client, found = signed_in(cast.clerk), {}
    url: str | None = "/api/v1/standings/?state=all"
    while url:
        page = client.get(url).json()
        assert page["count"] == number
        for row in page["results"]:
            found[row["household"]] = (row["state"], row["due_on"])
        url = page["next"]
    return found
