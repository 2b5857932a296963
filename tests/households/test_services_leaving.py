"""Leaving the roll: dissolved or merged, and what ends with it."""

import pytest

from accounts.services import Refused
from households import services
from households.models import CategoryTag, Household, Status, TransferState
from regions.models import Region
from tests.cast import Cast, at
from tests.days import today
from tests.rolls import Rolls, changes, holder, long_ago, set_up_sibling

# --- leaving the roll -------------------------------------------------------------


def test_a_dissolved_household_ends_with_link_categories_and_offer(
    cast: Cast, rolls: Rolls
) -> None:
    sibling = set_up_sibling()
    household = rolls.held_by("李红英")[0]
    with at(cast.clerk):
        services.set_categories(household=household, codes=["dibao"], on=long_ago())
        services.offer_transfer(
            household=household, to=sibling.village, on=today(), reason=""
        )
        services.take_off_roll(household=household, status=Status.DISSOLVED, on=today())

        household.refresh_from_db()
        assert (household.status, household.ended_on) == (Status.DISSOLVED, today())
        assert holder(household) is None
        assert not CategoryTag.objects.active(today()).filter(household=household)
        assert household.transfers.get().state == TransferState.WITHDRAWN
        assert changes(household)[0].after["status"] == Status.DISSOLVED
        with pytest.raises(Refused, match="已经不在册"):
            services.take_off_roll(
                household=household, status=Status.DISSOLVED, on=today()
            )


def test_a_household_is_not_merged_into_itself_or_into_one_that_left(
    cast: Cast, rolls: Rolls
) -> None:
    household, other = rolls.households["无联系甲"], rolls.households["无联系乙"]
    with at(cast.clerk):
        with pytest.raises(Refused, match="不能并入自己"):
            merge(household, household)
        services.take_off_roll(household=other, status=Status.DISSOLVED, on=today())
        with pytest.raises(Refused, match="已经不在册"):
            merge(household, other)


def merge(household: Household, into: Household) -> None:
    """Merge one household into another."""
    services.take_off_roll(
        household=household, status=Status.MERGED, on=today(), merged_into=into
    )


def test_a_merged_household_names_the_other(cast: Cast, rolls: Rolls) -> None:
    household, other = rolls.households["无联系甲"], rolls.households["无联系乙"]
    with at(cast.clerk):
        merge(household, other)
        household.refresh_from_db()
        assert household.merged_into == other
        assert list(other.absorbed.all()) == [household]


def test_an_offer_needs_another_village_that_exists(cast: Cast, rolls: Rolls) -> None:
    household = rolls.households["无联系甲"]
    township = Region.objects.get(pk=rolls.village.parent_id)
    with at(cast.clerk):
        for place, words in ((rolls.village, "就是本村"), (township, "现有的村")):
            with pytest.raises(Refused, match=words):
                services.offer_transfer(
                    household=household, to=place, on=today(), reason=""
                )


def test_two_that_are_merged_into_each_other_at_once_do_not_both_go(
    cast: Cast, rolls: Rolls
) -> None:
    household, other = rolls.households["无联系甲"], rolls.households["无联系乙"]
    with at(cast.clerk):
        opened = Household.objects.get(pk=other.pk)
        merge(other, household)
        with pytest.raises(Refused, match="已经不在册"):
            merge(household, opened)


def test_a_household_that_left_is_put_into_no_category(
    cast: Cast, rolls: Rolls
) -> None:
    household = rolls.households["无联系甲"]
    with at(cast.clerk):
        services.take_off_roll(household=household, status=Status.DISSOLVED, on=today())
        with pytest.raises(Refused, match="已经不在册"):
            services.set_categories(household=household, codes=["dibao"], on=today())
        assert not CategoryTag.objects.active(today()).filter(household=household)
