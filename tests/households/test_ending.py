"""A division ends when nobody is on its rolls any more."""

import datetime as dt

import pytest

from households.models import Household
from regions import services
from regions.models import Region
from regions.services import Contradiction
from tests.cast import VILLAGE, Cast, everywhere, sibling_code
from tests.rolls import Rolls

ON = dt.date(2026, 11, 1)


def test_a_village_with_people_on_its_rolls_does_not_end(
    cast: Cast, rolls: Rolls
) -> None:
    """They would be in no list and no rate any more, and nobody would be told."""
    with (
        everywhere(),
        pytest.raises(Contradiction, match="请先调出或办理离任") as refused,
    ):
        services.end_division(code=VILLAGE, on=ON, successor=sibling_code())
    with everywhere():
        homes = Household.objects.living().filter(region=VILLAGE).count()
        assert Region.objects.get(code=VILLAGE).ended_on is None
    said = f"在任的代表 {len(rolls.mandates)} 名、在册的联系户 {homes} 户"
    assert homes
    assert said in str(refused.value)
