"""Seats: how many there are, and how many nobody holds."""

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse

from accounts.permissions import Permission
from regions.models import Level
from regions.postgresql.compiled import ValuesList
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
from reports.figures.serving import serving_in
from representatives.models import Seat, SeatTally
from representatives.rules import RULES
from representatives.survey import Empty, empty_seats
from ui.figures import count_words, rate_words
from ui.parts import Kpi, Todo

SEATS, VACANT, LONG = "seats", "vacant", "vacant.long"


class Seats(Domain):
    """席位 and 出缺. They belong to a place; in a village to no representative's line."""

    key = "seats"
    knows_past = True
    is_roll = True

    def counts(self, asked: Asked) -> Mapping[Owner, Counts]:
        """Return seats, vacant ones and those vacant for too long; three statements.

        Of today alone: the page of seats knows no other day.
        """
        if asked.seen.is_over:
            return {}
        late = asked.seen.on - longest(asked)
        seats = seats_in(asked)
        vacant = [] if asked.person else empty_in(asked)
        return tallied(
            chain(
                ((asked.owner_of(code), SEATS, n) for code, n in seats.items()),
                ((asked.owner_of(seat.region_id), VACANT, 1) for seat in vacant),
                (
                    (asked.owner_of(seat.region_id), LONG, 1)
                    for seat in vacant
                    if seat.since < late
                ),
            )
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


def seats_in(asked: Asked) -> dict[int, int]:
    """Return how many seats the villages of a place have; read once for a page."""
    return asked.once("seats", lambda: dict(asked.read(_open_seats)))


def _open_seats(asked: Asked) -> ValuesList:
    rows: QuerySet[Any] = asked.by_village(SeatTally.objects.filter(is_open=True))
    return rows.values_list("owner").annotate(number=Sum("seats"))


def empty_in(asked: Asked) -> list[Empty]:
    """Return the vacant seats of the place that was asked for; read once for a page.

    Looked for in the villages alone whose numbers leave room for one: through all seats
    of a city it is the dearest question of its page.
    """
    return asked.once("empty seats", lambda: _empty_in(asked))


def _empty_in(asked: Asked) -> list[Empty]:
    villages = set(seats_in(asked))
    if asked.place.level != Level.VILLAGE:
        held = {one.owner: one for one in serving_in(asked)}
        villages = {
            code
            for code, seats in seats_in(asked).items()
            if code not in held or not held[code].fill(seats)
        }
    if not villages:
        return []
    vacant = Seat.objects.vacant(asked.seen.on)
    return empty_seats(vacant.filter(region_id__any_of=sorted(villages)))


def longest(asked: Asked) -> dt.timedelta:
    """Return for how long a seat may be vacant (L16)."""
    rule = RULES.at("L16", asked.seen.on)
    return dt.timedelta(days=rule.numbers["days"] if rule else 0)


def _how_long(view: View) -> Iterable[str]:
    if not view.counts[VACANT]:
        return
    asked = view.asked
    since = min(seat.since for seat in empty_in(asked))
    days = longest(asked).days
    yield f"最长 {(asked.seen.on - since).days} 天，超过 {days} 天的 {view.counts[LONG]} 席"


def seats_url(view: View) -> str:
    """Return the page of seats and vacancies; empty without the right."""
    if view.person is not None or not view.may(Permission.REPRESENTATIVE_VIEW):
        return ""
    place = view.place or view.asked.place
    return reverse("representatives:seats", args=[place.code])


def _vacant_cell(view: View) -> Cell:
    return Cell(count_words(view.counts[VACANT]), seats_url(view))
