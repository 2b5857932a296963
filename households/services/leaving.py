"""How households leave a roll: dissolved, merged, or moved to another village."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

from django.db import transaction

from accounts.services import Refused
from households.models import Household, Status, Transfer, TransferState
from households.services.categories import set_categories
from households.services.links import end_links_of
from households.services.roll import register
from regions.models import Level, Region, VillagerGroup
from regions.scoping import current_scope, scope, span
from representatives.services import sealed_identity

TOLD = ("head", "members", "id_number", "phone", "categories")
"""What of a household travels in the row of its move."""


@transaction.atomic
def take_off_roll(
    *,
    household: Household,
    status: Status,
    on: dt.date,
    merged_into: Household | None = None,
) -> None:
    """End a household (moved, dissolved, merged); its link and categories end with it.

    An offer of it to another village is withdrawn. Raises Refused if it has left the
    roll, or would be merged into itself or into one that has left.
    """
    # Both locked: two that are merged into each other at once must not both go.
    ids = [one.pk for one in (household, merged_into) if one]
    locked = Household.objects.select_for_update(no_key=True).order_by("pk")
    rows = {row.pk: row for row in locked.filter(pk__in=ids)}
    now = rows[household.pk]
    if now.status != Status.LIVING:
        raise Refused("这一户已经不在册。")
    if merged_into and merged_into.pk == household.pk:
        raise Refused("不能并入自己。")
    if merged_into and rows[merged_into.pk].status != Status.LIVING:
        raise Refused(f"要并入的{merged_into.head}户已经不在册，请另选一户。")
    household.status, household.ended_on = status, max(on, household.registered_on)
    household.merged_into, household.version = merged_into, now.version + 1
    household.save(update_fields=["status", "ended_on", "merged_into", "version"])
    end_links_of(household, on)
    set_categories(household=household, codes=(), on=on)
    for offer in household.transfers.filter(
        state=TransferState.OFFERED, is_outgoing=True
    ):
        withdraw_transfer(outgoing=offer, on=on)


@transaction.atomic
def offer_transfer(
    *, household: Household, to: Region, on: dt.date, reason: str
) -> Transfer:
    """Offer a household to another village; it stays here until that one accepts."""
    now = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    if now.status != Status.LIVING or to.code == household.region_id:
        raise Refused("这一户不在册，或接收村就是本村。")
    if to.level != Level.VILLAGE or to.ended_on:
        raise Refused("接收的地方要是现有的村（社区），请另选一个。")
    if household.transfers.filter(state=TransferState.OFFERED).exists():
        raise Refused("这一户已经提出迁移，正等对方接收。")
    common = {
        "pair": uuid.uuid4(),
        **_told(household),
        "reason": reason,
        "offered_on": on,
    }
    outgoing = Transfer.objects.create(
        region_id=household.region_id,
        is_outgoing=True,
        household=household,
        other_region=to.code,
        **common,
    )
    with _other_side(to.code):
        Transfer.objects.create(
            region=to, is_outgoing=False, other_region=household.region_id, **common
        )
    return outgoing


@transaction.atomic
def accept_transfer(
    *, incoming: Transfer, group: VillagerGroup, on: dt.date
) -> Household:
    """Take up an offered household here; it leaves the roll of the other village.

    It comes as it is known there now: the offer may have waited for weeks.
    """
    _settle(incoming, TransferState.ACCEPTED, on, "")
    with _other_side(incoming.other_region):
        outgoing = _pair_of(incoming)
        _settle(outgoing, TransferState.ACCEPTED, on, "")
        if outgoing.household:
            _tell_anew(incoming, outgoing.household)
            take_off_roll(household=outgoing.household, status=Status.MOVED, on=on)
    identity = sealed_identity(
        id_number=incoming.id_number.reveal() if incoming.id_number else "",
        phone=incoming.phone.reveal() if incoming.phone else "",
    )
    village = Region.objects.get(pk=incoming.region_id)
    facts = {
        "group": group,
        "head": incoming.head,
        "members": incoming.members,
        **identity,
    }
    household = register(village=village, facts=facts, on=on)
    set_categories(
        household=household, codes=incoming.categories, on=on, source="随户迁入"
    )
    incoming.household = household
    incoming.save(update_fields=["household", *TOLD])
    return household


@transaction.atomic
def decline_transfer(*, incoming: Transfer, on: dt.date, reason: str) -> None:
    """Send an offered household back; it stays where it was."""
    _settle_both(incoming, TransferState.DECLINED, on, reason)


@transaction.atomic
def withdraw_transfer(*, outgoing: Transfer, on: dt.date) -> None:
    """Take an offer back before the other village has answered."""
    _settle_both(outgoing, TransferState.WITHDRAWN, on, "")


def _told(household: Household) -> dict[str, Any]:
    """Return what the receiving village is told of a household, as it is now."""
    codes = household.tags.filter(ended_on=None).values_list("category_id", flat=True)
    return {
        "head": household.head,
        "members": household.members,
        "id_number": household.id_number,
        "phone": household.phone,
        "categories": list(codes),
    }


def _tell_anew(side: Transfer, household: Household) -> None:
    for name, value in _told(household).items():
        setattr(side, name, value)


def _settle_both(
    side: Transfer, state: TransferState, on: dt.date, reason: str
) -> None:
    _settle(side, state, on, reason)
    with _other_side(side.other_region):
        _settle(_pair_of(side), state, on, reason)


def _pair_of(side: Transfer) -> Transfer:
    return Transfer.objects.get(pair=side.pair, is_outgoing=not side.is_outgoing)


def _settle(side: Transfer, state: TransferState, on: dt.date, reason: str) -> None:
    """Close one side, unless somebody has closed it meanwhile."""
    open_side = Transfer.objects.filter(pk=side.pk, state=TransferState.OFFERED)
    side.state, side.settled_on = state, on
    side.reason = reason or side.reason
    if not open_side.update(state=state, settled_on=on, reason=side.reason):
        raise Refused("这次迁移已经办结，请返回重新打开后查看。")


def _other_side(code: int) -> Any:
    """Open the other village's scope: its half of a move is written in one transaction.

    The only place where a person's act writes outside his range; what is written is
    the offer he makes, or his answer to one.
    """
    opened, other = current_scope(), span(code)
    if opened is None:
        return scope(other)
    return scope(replace(opened, lo=other.lo, hi=other.hi, why="households.transfer"))
