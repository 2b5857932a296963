"""Whole numbers reach the database whole, whatever type Django takes them for."""

import pytest
from django.db import DataError, transaction
from django.db.models import F

from regions.models import VillagerGroup
from tests.cast import VILLAGE, Cast, at

BEYOND = 10**20
"""More than eight bytes hold."""


@pytest.fixture
def groups(cast: Cast) -> None:
    with at(cast.clerk):
        VillagerGroup.objects.create(region_id=VILLAGE, number=1)


@pytest.mark.parametrize(
    ("asked", "found"), [([VILLAGE], 1), ([VILLAGE, BEYOND], 1), ([BEYOND], 0)]
)
def test_a_code_is_compared_whole_with_what_django_takes_for_an_integer(
    cast: Cast, groups: None, asked: list[int], found: int
) -> None:
    with at(cast.clerk):
        owned = VillagerGroup.objects.annotate(owner=F("region_id") + 0)
        assert owned.filter(owner__in=asked).count() == found


def test_a_number_that_a_column_cannot_hold_is_refused(
    cast: Cast, groups: None
) -> None:
    with at(cast.clerk), pytest.raises(DataError), transaction.atomic():
        VillagerGroup.objects.update(number=70_000)
