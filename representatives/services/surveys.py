"""The township's word on its seats, once a quarter (摸底)."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from accounts.models import Post
from representatives.models import SurveyConfirmation
from representatives.rules.by_elections import quarter_of
from representatives.survey import VillageSeats


@transaction.atomic
def confirm_survey(*, villages: Iterable[VillageSeats], on: dt.date, by: Post) -> int:
    """Confirm villages as they stand, for the quarter of `on`; return how many.

    Confirming again within the quarter corrects what was confirmed.
    """
    year, quarter = quarter_of(on)
    rows = [
        SurveyConfirmation(
            region_id=seats.village.code,
            year=year,
            quarter=quarter,
            seats=seats.seats,
            filled=seats.filled,
            vacant=seats.vacant,
            causes=seats.causes,
            confirmed_on=on,
            confirmed_by=by.user,
        )
        for seats in villages
    ]
    SurveyConfirmation.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["region", "year", "quarter"],
        update_fields=[
            "seats", "filled", "vacant", "causes", "confirmed_on", "confirmed_by",
        ],
    )  # fmt: skip
    return len(rows)
