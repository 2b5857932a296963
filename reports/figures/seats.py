"""Seats: how many there are, and how many nobody holds."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, QuerySet
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
from representatives.models import Seat
from representatives.models.seats import SeatQuerySet
from ui.figures import count_words, rate_words
from ui.parts import Kpi, Todo

SEATS, VACANT = "seats", "vacant"


class Seats(Domain):
    """席位 and 出缺. They belong to a place; in a village to no representative's line."""

    key = "seats"

    def counts(self, asked: Asked) -> Mapping[Owner, Counts]:
        """Return seats and vacant seats; two statements."""
        return tallied(
            (owner, name, number)
            for name, rows in (
                (SEATS, Seat.objects.open()),
                (VACANT, Seat.objects.vacant(asked.seen.on)),
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
            notes=(f"共 {count_words(seats)} 席，到位率 {rate_words(filled)}%",),
        )

    def columns(self, asked: Asked) -> Iterable[Column]:
        """Return the vacancies of places."""
        if asked.place.level != Level.VILLAGE:
            yield Column("出缺", _vacant_cell, "出缺")

    def piles(self, view: View) -> Iterable[Todo]:
        """Return the seats that wait for a by-election."""
        yield Todo(
            view.counts[VACANT], "出缺的席位", "要补选代表", "warn", "看席位",
            seats_url(view),
        )  # fmt: skip


def _by_owner(asked: Asked, seats: SeatQuerySet) -> Iterable[tuple[Owner, int]]:
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
