"""A representative's month on paper: his households, numbered, and what is noted already.

The numbers must mean the same households when the sheet comes back as when it was
printed. So the order follows nothing that changes in between: group and head, and whoever
was given to him in the course of the month comes behind. Quick entry reads it too.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from households.models import (
    CategoryTag,
    ContactLink,
    ContactLinkQuerySet,
    Household,
)
from regions.models import Region
from representatives.models import Representative
from ui.asked import named_month
from ui.figures import day_words
from visits.models import Duty, Visit
from visits.rules import Cadence, Period


@dataclass(frozen=True)
class Line:
    """One household of a sheet under its number."""

    number: int
    household: Household
    duty: Duty | None
    tags: tuple[str, ...]
    seen: tuple[dt.date, ...]
    """Days in the month on which a visit is noted already."""

    @property
    def kind(self) -> str:
        """Its categories, or that it has none."""
        return "、".join(self.tags) or "普通户"

    @property
    def due(self) -> str:
        """Until when it is to be seen."""
        return day_words(self.duty.due_on if self.duty else None)

    @property
    def last(self) -> dt.date | None:
        """When it was seen last."""
        return self.duty.last_visit_on if self.duty else None

    @property
    def noted(self) -> str:
        """The days noted already, as the form says them: 5 日、12 日."""
        return "、".join(f"{day.day} 日" for day in self.seen)


@dataclass(frozen=True)
class Sheet:
    """The month of one representative."""

    person: Representative
    month: Period
    lines: tuple[Line, ...]

    @property
    def to_see(self) -> int:
        """How many are owed a visit by the end of the month and have none noted."""
        return sum(
            not line.seen
            and line.duty is not None
            and line.duty.due_on is not None
            and line.duty.due_on <= self.month.end
            for line in self.lines
        )


def month_of(asked: str, today: dt.date) -> Period:
    """Return the month that an address asks for (2026-11); the running one if none."""
    return Cadence.MONTH.period(named_month(asked) or today)


def sheet_of(person: Representative, month: Period) -> Sheet:
    """Return the sheet of one representative."""
    links = _links(month).filter(representative=person)
    found = _sheets(list(links), [person], month)
    return found[0] if found else Sheet(person, month, ())


def sheets_of(village: Region, month: Period) -> list[Sheet]:
    """Return the sheets of a village in the order of the groups; five statements."""
    links = list(_links(month).filter(region=village))
    people = Representative.objects.select_related("group").in_bulk(
        {link.representative_id for link in links}
    )
    return _sheets(links, sorted(people.values(), key=_by_group), month)


def _by_group(person: Representative) -> tuple[int, str, int]:
    return (person.group.number if person.group else 0, person.initials, person.pk)


def _links(month: Period) -> ContactLinkQuerySet:
    """Return the links that held on some day of the month, in the order of the lines."""
    rows = ContactLink.objects.filter(started_on__lte=month.end)
    rows = rows.filter(Q(ended_on=None) | Q(ended_on__gt=month.start))
    return rows.select_related("household__group").order_by("pk")


def _sheets(
    links: Sequence[ContactLink], people: Iterable[Representative], month: Period
) -> list[Sheet]:
    ids = [link.household_id for link in links]
    known = (Duty.objects.in_bulk(ids), _tags(ids, month), _seen(ids, month))
    by_person: dict[int, list[ContactLink]] = defaultdict(list)
    for link in sorted(links, key=lambda link: _place(link, month)):
        if link.ended_on is None or link.ended_on > link.started_on:
            by_person[link.representative_id].append(link)
    return [
        Sheet(person, month, tuple(_lines(by_person[person.pk], *known)))
        for person in people
    ]


def _place(link: ContactLink, month: Period) -> tuple[dt.date, int, str, int]:
    home = link.household
    since = max(link.started_on, month.start)
    return (since, home.group.number, home.initials, home.pk)


def _lines(
    links: Iterable[ContactLink],
    duties: Mapping[int, Duty],
    tags: Mapping[int, list[str]],
    seen: Mapping[int, list[dt.date]],
) -> Iterable[Line]:
    homes = dict.fromkeys(link.household for link in links)
    for number, home in enumerate(homes, 1):
        days = tuple(sorted(set(seen.get(home.pk, ()))))
        own = tuple(tags.get(home.pk, ()))
        yield Line(number, home, duties.get(home.pk), own, days)


def _tags(households: Sequence[int], month: Period) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    held = CategoryTag.objects.filter(household__in=households)
    held = held.filter(Q(ended_on=None) | Q(ended_on__gt=month.end))
    held = held.filter(started_on__lte=month.end).select_related("category")
    for tag in held.order_by("category__order"):
        found[tag.household_id].append(tag.category.name)
    return found


def _seen(households: Sequence[int], month: Period) -> dict[int, list[dt.date]]:
    found: dict[int, list[dt.date]] = defaultdict(list)
    rows = Visit.objects.standing().filter(
        household__in=households, visited_on__range=(month.start, month.end)
    )
    for home, day in rows.values_list("household_id", "visited_on"):
        found[home].append(day)
    return found


def numbers_of(typed: str, most: int) -> tuple[list[int], list[str]]:
    """Return the line numbers that were typed, and the words that are none.

    1 3 5-8, with spaces or commas of any kind between them.
    """
    found: list[int] = []
    wrong: list[str] = []
    for char in ",，、;；.。":
        typed = typed.replace(char, " ")
    for word in typed.split():
        numbers = _span(word, most)
        found += numbers
        wrong += [] if numbers else [word]
    return list(dict.fromkeys(found)), wrong


def _span(word: str, most: int) -> range:
    """Return the numbers that a word like 7 or 5-8 means; none if it means none."""
    first, dash, last = word.replace("－", "-").replace("—", "-").partition("-")
    ends = (first, last if dash else first)
    if not all(end.isdecimal() and len(end) <= 3 for end in ends):
        return range(0)
    low, high = int(ends[0]), int(ends[1])
    return range(low, high + 1) if 1 <= low <= high <= most else range(0)
