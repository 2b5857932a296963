"""Vacant seats are looked for where the numbers leave room for one, and nowhere else."""

import datetime as dt

import pytest

from regions.models import Region, inside
from reports.figures.domain import Asked
from reports.figures.seats import empty_in, seats_in
from reports.figures.serving import Serving, serving_in
from reports.periods import Span, window
from representatives.models import Mandate, MandateEnd, Seat
from representatives.survey import empty_seats
from tests.cast import CITY, TOWNSHIP, VILLAGE, Cast, at, everywhere
from tests.days import today
from tests.rolls import Rolls

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(("mandates", "leaving", "seats", "fill"), [
    (5, 0, 5, True),
    (4, 0, 5, False),
    (5, 1, 5, False),  # one of them may sit on a seat that was closed
    (6, 0, 5, False),
    (0, 0, 0, True),
])  # fmt: skip
def test_numbers_alone_say_that_every_seat_is_held(
    mandates: int, leaving: int, seats: int, fill: bool
) -> None:
    assert Serving(VILLAGE, mandates, leaving, 0, 0, 0).fill(seats) is fill


def end_written(rolls: Rolls, name: str, on: dt.date) -> Seat:
    """Write down on which day somebody's mandate ends; return the seat."""
    mandate = rolls.mandates[name]
    mandate.ended_on, mandate.end_cause = on, MandateEnd.RESIGNED
    mandate.save()
    return mandate.seat


@pytest.mark.parametrize("code", [CITY, TOWNSHIP, VILLAGE])
def test_vacancies_of_figures_are_those_of_the_seats(
    cast: Cast, rolls: Rolls, code: int
) -> None:
    """Full, with an end to come on a closed seat, with one that has come."""
    first, second, *_ = rolls.mandates
    fill_every_seat(rolls)
    assert vacant(cast, code) == 0
    with everywhere():
        seat = end_written(rolls, first, today() + 3 * DAY)
        Seat.objects.filter(pk=seat.pk).update(closed_on=today())
        end_written(rolls, second, today())
    assert vacant(cast, code) == 1


def fill_every_seat(rolls: Rolls) -> None:
    """Leave no seat open that nobody holds."""
    with everywhere():
        held = Mandate.objects.unended().values("seat")
        Seat.objects.open().exclude(pk__in=held).update(closed_on=today())


def vacant(cast: Cast, code: int) -> int:
    """Return the vacancies of a page, compared with a look at every seat."""
    with at(cast.city_lead):
        asked = Asked(Region.objects.get(code=code), window(Span.MONTH, today()))
        found = empty_in(asked)
        seats = inside(Seat.objects.vacant(today()), asked.place.scope)
        assert sorted(found) == sorted(empty_seats(seats))
        assert sum(seats_in(asked).values()) == Seat.objects.open().count()
        assert sum(one.mandates for one in serving_in(asked)) == (
            Mandate.objects.active(today()).count()
        )
    return len(found)


def test_who_has_two_mandates_while_one_ends_is_one_person(
    cast: Cast, rolls: Rolls
) -> None:
    """He leaves one seat on a day to come and has been elected to another already."""
    first, second, *_ = rolls.mandates
    with everywhere():
        free = end_written(rolls, second, today())
        old = rolls.mandates[first]
        end_written(rolls, first, today() + 3 * DAY)
        Mandate.objects.create(
            region=old.region,
            representative=old.representative,
            seat=free,
            mode=old.mode,
            started_on=today(),
            until=old.until,
        )
    for code in (CITY, TOWNSHIP, VILLAGE):
        with at(cast.city_lead):
            asked = Asked(Region.objects.get(code=code), window(Span.MONTH, today()))
            found = serving_in(asked)
            people = Mandate.objects.active(today()).values("representative").distinct()
            assert sum(one.people for one in found) == people.count()
            assert sum(one.mandates for one in found) == people.count() + 1
            assert sum(one.never for one in found) == people.count()
