"""A household moves between two townships; neither sees the other's rows."""

import pytest

from accounts.services import Refused
from households import services
from households.models import Household, Status, Transfer, TransferState
from representatives.services import sealed_identity
from tests.cast import Cast, at, everywhere
from tests.days import today
from tests.rolls import ID_NUMBERS, Rolls, changes, set_up_other


@pytest.fixture(scope="module")
def other(rolls: Rolls) -> Rolls:
    """Return the rolls of a village of the other township."""
    return set_up_other()


@pytest.fixture
def moving(cast: Cast, rolls: Rolls, other: Rolls) -> Household:
    """Return a household of ours that was offered to the other township."""
    household = rolls.held_by("李红英")[0]
    with everywhere():
        identity = sealed_identity(id_number=ID_NUMBERS[0], phone="13912345678")
        services.edit(household=household, changes=identity, version=1)
        services.set_categories(household=household, codes=["dibao"], on=today())
        household.refresh_from_db()
    with at(cast.clerk):
        services.offer_transfer(
            household=household, to=other.village, on=today(), reason="随儿子住"
        )
    return household


def incoming(cast: Cast) -> Transfer:
    """Return the other village's side of the move."""
    with at(cast.other_secretary):
        return Transfer.objects.get()


def test_an_offer_stays_with_the_giver_until_it_is_accepted(
    cast: Cast, rolls: Rolls, moving: Household
) -> None:
    with at(cast.clerk):
        [ours] = Transfer.objects.all()
        assert ours.is_outgoing
        assert Household.objects.get(pk=moving.pk).status == Status.LIVING
        with pytest.raises(Refused, match="已经提出迁移"):
            services.offer_transfer(
                household=moving, to=incoming(cast).region, on=today(), reason=""
            )
    with at(cast.other_secretary):
        [theirs] = Transfer.objects.all()
        assert (theirs.head, theirs.is_outgoing) == (moving.head, False)
        assert theirs.household is None
        assert not Household.objects.filter(pk=moving.pk).exists()


def test_an_accepted_household_leaves_here_and_begins_there(
    cast: Cast, moving: Household, other: Rolls
) -> None:
    with at(cast.other_secretary):
        arrived = services.accept_transfer(
            incoming=incoming(cast), group=other.groups[1], on=today()
        )

        assert arrived.region_id == other.village.code
        assert arrived.id_number
        assert arrived.id_number.reveal() == ID_NUMBERS[0]
        assert arrived.phone
        assert arrived.phone.reveal() == "13912345678"
        assert [tag.category_id for tag in arrived.tags.all()] == ["dibao"]
        assert changes(arrived, "insert")[0].region_id == other.village.code
        assert not Household.objects.filter(pk=moving.pk).exists()
    with at(cast.clerk):
        moving.refresh_from_db()
        assert (moving.status, moving.ended_on) == (Status.MOVED, today())
        assert not moving.links.filter(ended_on=None).exists()
        assert Transfer.objects.get().state == TransferState.ACCEPTED
        assert changes(moving)[0].region_id == moving.region_id
        assert not Household.objects.filter(pk=arrived.pk).exists()


def test_what_changed_while_the_offer_waited_is_taken_up_as_it_is(
    cast: Cast, moving: Household, other: Rolls
) -> None:
    with at(cast.clerk):
        changes_now = sealed_identity(id_number=ID_NUMBERS[0], phone="13800001111")
        services.edit(
            household=moving,
            changes={**changes_now, "members": 6},
            version=moving.version,
        )
        services.set_categories(household=moving, codes=["tekun"], on=today())
    with at(cast.other_secretary):
        arrived = services.accept_transfer(
            incoming=incoming(cast), group=other.groups[1], on=today()
        )
        assert arrived.members == 6
        assert arrived.phone
        assert arrived.phone.reveal() == "13800001111"
        assert arrived.tags.get().category_id == "tekun"
        assert Transfer.objects.get().members == 6


def test_an_offer_is_answered_once(cast: Cast, moving: Household, other: Rolls) -> None:
    with at(cast.other_secretary):
        services.decline_transfer(
            incoming=incoming(cast), on=today(), reason="没有搬来"
        )
        with pytest.raises(Refused, match="已经办结"):
            services.accept_transfer(
                incoming=incoming(cast), group=other.groups[1], on=today()
            )
        assert not Household.objects.filter(head=moving.head).exclude(
            region=other.village
        )


def test_a_declined_household_stays_and_the_reason_is_read_here(
    cast: Cast, moving: Household
) -> None:
    with at(cast.other_secretary):
        services.decline_transfer(
            incoming=incoming(cast), on=today(), reason="没有搬来"
        )
    with at(cast.clerk):
        ours = Transfer.objects.get()
        assert (ours.state, ours.reason) == (TransferState.DECLINED, "没有搬来")
        moving.refresh_from_db()
        assert moving.status == Status.LIVING
        assert moving.links.filter(ended_on=None).exists()


def test_a_withdrawn_offer_can_no_longer_be_accepted(
    cast: Cast, moving: Household, other: Rolls
) -> None:
    with at(cast.clerk):
        services.withdraw_transfer(outgoing=Transfer.objects.get(), on=today())
    with at(cast.other_secretary):
        theirs = Transfer.objects.get()
        assert theirs.state == TransferState.WITHDRAWN
        with pytest.raises(Refused, match="已经办结"):
            services.accept_transfer(incoming=theirs, group=other.groups[1], on=today())


def test_somebody_who_is_on_the_roll_there_is_not_taken_up_twice(
    cast: Cast, moving: Household, other: Rolls
) -> None:
    with at(cast.other_secretary):
        services.register(
            village=other.village,
            facts={
                "group": other.groups[1],
                "head": "早就在册",
                **sealed_identity(id_number=ID_NUMBERS[0]),
            },
            on=today(),
        )
        with pytest.raises(Refused, match="已经有了"):
            services.accept_transfer(
                incoming=incoming(cast), group=other.groups[1], on=today()
            )
        assert Transfer.objects.get().state == TransferState.OFFERED
    with at(cast.clerk):
        moving.refresh_from_db()
        assert moving.status == Status.LIVING
