"""Counts of seats are those of the seats, whatever writes them, and mended at night."""

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Sum

from representatives.models import Seat, SeatTally
from representatives.tallying import SEATS
from representatives.tasks import remind_township
from tests.cast import VILLAGE, Cast, assemble, at, everywhere
from tests.conftest import use_database
from tests.days import today
from tests.owner import as_owner
from tests.rolls import Rolls, set_up


def counted() -> int:
    """Return the open seats of our village, as they are counted."""
    rows = SeatTally.objects.filter(region=VILLAGE, is_open=True)
    return int(rows.aggregate(number=Sum("seats", default=0))["number"])


def test_each_write_is_counted_at_once(cast: Cast, rolls: Rolls) -> None:
    """One by one, many at once, closed, opened again, taken away."""
    with everywhere():
        before = Seat.objects.open().count()
        assert counted() == before
        seat = Seat.objects.open().order_by("pk")[0]
        new = [
            Seat(
                region_id=VILLAGE,
                constituency=seat.constituency,
                number=90 + n,
                opened_on=today(),
            )
            for n in range(3)
        ]
        Seat.objects.bulk_create(new)
        assert counted() == before + 3
        Seat.objects.filter(number__gte=90).update(closed_on=today())
        assert counted() == before
        Seat.objects.filter(number=90).update(closed_on=None)
        assert counted() == before + 1
        Seat.objects.filter(number__gte=90).delete()
        assert counted() == before
        assert SEATS.sum_up() == 0
        assert SeatTally.objects.filter(region=VILLAGE).count() == 1


def test_the_app_writes_no_counts(cast: Cast, rolls: Rolls) -> None:
    with (
        at(cast.township_lead),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        SeatTally.objects.update(seats=0)


def test_a_wrong_count_is_reported_and_mended_in_the_morning(
    own_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    cast = assemble()
    set_up()
    with as_owner(own_database), everywhere():
        SeatTally.objects.filter(region=VILLAGE).delete()
    use_database(own_database)
    with at(cast.township_lead):
        assert counted() == 0
        remind_township(today())
        assert counted() == Seat.objects.open().count() == 5
    assert "representatives_seattally: 1" in caplog.text
