"""Seats: how many there are, and how many nobody holds."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import (
    Count,
    DateField,
    F,
    Max,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Cast, Coalesce, Least
from django.urls import reverse

from accounts.permissions import Permission
from regions.models import Level
from reports.figures.domain import (
    Asked,
    Cell,
    Column,
    Counts,
    Domain,
    Owner,
    View,
    tallied,
)
from representatives.models import Mandate, Seat
from representatives.models.seats import SeatQuerySet
from representatives.rules import RULES
from ui.figures import count_words, rate_words
from ui.parts import Kpi, Todo

SEATS, VACANT, LONG = "seats", "vacant", "vacant.long"
ONE_DAY = dt.timedelta(days=1)


class Seats(Domain):
    """席位 and 出缺. They belong to a place; in a village to no representative's line."""

    key = "seats"
    knows_past = True

    def counts(self, asked: Asked) -> Mapping[Owner, Counts]:
        """Return seats, vacant ones and those vacant for too long; three statements.

        Of today alone: the page of seats knows no other day.
        """
        if asked.seen.is_over:
            return {}
        vacant: QuerySet[Any] = since_when(Seat.objects.vacant(asked.seen.on))
        return tallied(
            (owner, name, number)
            for name, rows in (
                (SEATS, Seat.objects.open()),
                (VACANT, vacant),
                (LONG, vacant.filter(since__lt=asked.seen.on - longest(asked))),
            )
            for owner, number in _by_owner(asked, rows)
        )

    def kpis(self, view: View) -> Iterable[Kpi]:
        """Return the vacancies, where there are seats."""
        seats, vacant = view.counts[SEATS], view.counts[VACANT]
        if not seats:
            return
        filled = (seats - vacant) * 100 / seats
        yield Kpi(
            "代表出缺",
            count_words(vacant),
            "席",
            seats_url(view),
            "warn" if view.counts[LONG] else "",
            notes=(
                f"共 {count_words(seats)} 席，到位率 {rate_words(filled)}%",
                *_how_long(view),
            ),
        )

    def columns(self, asked: Asked) -> Iterable[Column]:
        """Return the vacancies of places."""
        if asked.place.level != Level.VILLAGE and not asked.seen.is_over:
            yield Column("出缺", _vacant_cell, "出缺")

    def piles(self, view: View) -> Iterable[Todo]:
        """Return the seats that wait for a by-election."""
        yield Todo(
            view.counts[VACANT], "出缺的席位", "要补选代表", "warn", "看席位",
            seats_url(view),
        )  # fmt: skip


def since_when(vacant: SeatQuerySet) -> QuerySet[Any]:
    """Annotate vacant seats with `since`, the first day on which nobody held them."""
    left = Least("ended_on", Cast(F("until") + ONE_DAY, DateField()))
    held = Mandate.objects.filter(seat=OuterRef("pk")).order_by().values("seat")
    last = held.annotate(left=Max(left)).values("left")
    return vacant.annotate(since=Coalesce(Subquery(last), "opened_on"))


def longest(asked: Asked) -> dt.timedelta:
    """Return for how long a seat may be vacant (L16)."""
    rule = RULES.at("L16", asked.seen.on)
    return dt.timedelta(days=rule.numbers["days"] if rule else 0)


def _how_long(view: View) -> Iterable[str]:
    if not view.counts[VACANT]:
        return
    asked = view.asked
    vacant = since_when(asked.rows(Seat.objects.vacant(asked.seen.on)))
    since = vacant.aggregate(first=Min("since"))["first"]
    days = longest(asked).days
    yield f"最长 {(asked.seen.on - since).days} 天，超过 {days} 天的 {view.counts[LONG]} 席"


def _by_owner(asked: Asked, seats: QuerySet[Any]) -> Iterable[tuple[Owner, int]]:
    by_owner: QuerySet[Any] = asked.rows(seats)
    yield from by_owner.values_list("owner").annotate(number=Count("pk"))


def seats_url(view: View) -> str:
    """Return the page of seats and vacancies; empty without the right."""
    if view.person is not None or not view.may(Permission.REPRESENTATIVE_VIEW):
        return ""
    place = view.place or view.asked.place
    return reverse("representatives:seats", args=[place.code])


def _vacant_cell(view: View) -> Cell:
    return Cell(count_words(view.counts[VACANT]), seats_url(view))
