"""Households, their categories, and who looks after whom."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction

from accounts.editing import save_edit
from accounts.models import Post
from accounts.services import Refused
from households.models import (
    Category,
    CategoryTag,
    ContactLink,
    Household,
    LinkEnd,
    Status,
    Transfer,
    TransferState,
)
from regions.models import Region, VillagerGroup
from regions.scoping import current_scope, scope, span
from representatives import services as representatives
from representatives.models import Mandate, MandateEnd, Representative
from representatives.names import initials

ON_THE_ROLL = "这个证件号在本村名册上已经有了，请先查一查。"


@transaction.atomic
def register(*, village: Region, facts: Mapping[str, Any], on: dt.date) -> Household:
    """Enter a household; `facts` holds the fields of `Household`."""
    row = Household(region=village, registered_on=on, **facts)
    row.initials = initials(row.head)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as taken:
        raise Refused(ON_THE_ROLL) from taken
    return row


@transaction.atomic
def edit(*, household: Household, changes: Mapping[str, Any], version: int) -> None:
    """Save an edit; raises EditedMeanwhile if somebody else was first."""
    changes = dict(changes)
    if "head" in changes:
        changes["initials"] = initials(changes["head"])
    try:
        with transaction.atomic():
            save_edit(household, changes=changes, version=version)
    except IntegrityError as taken:
        raise Refused(ON_THE_ROLL) from taken


@transaction.atomic
def set_categories(
    *, household: Household, codes: Iterable[str], on: dt.date, source: str = ""
) -> None:
    """Make the household's categories from `on` exactly `codes`: begin some, end others."""
    wanted = set(codes)
    held = {tag.category_id: tag for tag in household.tags.filter(ended_on=None)}
    for code in held.keys() - wanted:
        tag = held[code]
        tag.ended_on = max(on, tag.started_on)
        tag.save(update_fields=["ended_on"])
    CategoryTag.objects.bulk_create(
        CategoryTag(
            region_id=household.region_id,
            household=household,
            category=category,
            started_on=on,
            source=source,
        )
        for category in Category.objects.filter(code__in=wanted - held.keys())
    )


@transaction.atomic
def assign(
    *,
    households: Sequence[Household],
    representative: Representative | None,
    on: dt.date,
    by: Post,
) -> int:
    """Give households to a representative from `on`, or to nobody; return how many moved.

    A link that began the same day is corrected rather than ended: it never held.
    Raises Refused unless all belong to the representative's village and he serves.
    """
    _refuse_strangers(households, representative, on)
    wanted = representative.pk if representative else None
    held = _unended_links(households)
    moving = [
        household
        for household in households
        if (held[household.pk].representative_id if household.pk in held else None)
        != wanted
    ]
    _end_links([held[h.pk] for h in moving if h.pk in held], on, LinkEnd.REASSIGNED)
    if representative:
        _begin_links(moving, representative, on, by)
    return len(moving)


@transaction.atomic
def leave_office(
    *,
    mandate: Mandate,
    on: dt.date,
    cause: MandateEnd,
    evidence: str,
    heirs: Mapping[int, Representative],
    by: Post,
) -> list[Household]:
    """End a mandate and hand over each household, or leave it visibly without anyone.

    `heirs` maps household ids to their next representative. Returns the households
    that are left without anyone; none is orphaned silently.
    """
    links = list(
        ContactLink.objects.select_for_update()
        .filter(representative=mandate.representative, ended_on=None)
        .select_related("household")
    )
    representatives.end_mandate(mandate=mandate, on=on, cause=cause, evidence=evidence)
    _end_links(links, on, LinkEnd.MANDATE_ENDED)
    orphans = []
    for link in links:
        heir = heirs.get(link.household_id)
        if heir is None:
            orphans.append(link.household)
            continue
        _refuse_strangers([link.household], heir, on)
        _begin_links([link.household], heir, on, by)
    return orphans


@transaction.atomic
def take_off_roll(
    *,
    household: Household,
    status: Status,
    on: dt.date,
    merged_into: Household | None = None,
) -> None:
    """End a household (moved, dissolved, merged); its link and categories end with it."""
    if household.status != Status.LIVING:
        raise Refused("这一户已经不在册。")
    if merged_into and merged_into.pk == household.pk:
        raise Refused("不能并入自己。")
    household.status, household.ended_on = status, max(on, household.registered_on)
    household.merged_into = merged_into
    household.version += 1
    household.save(update_fields=["status", "ended_on", "merged_into", "version"])
    _end_links(list(household.links.filter(ended_on=None)), on, LinkEnd.HOUSEHOLD_LEFT)
    set_categories(household=household, codes=(), on=on)


@transaction.atomic
def offer_transfer(
    *, household: Household, to: Region, on: dt.date, reason: str
) -> Transfer:
    """Offer a household to another village; it stays here until that one accepts."""
    if household.status != Status.LIVING or to.code == household.region_id:
        raise Refused("这一户不在册，或接收村就是本村。")
    if household.transfers.filter(state=TransferState.OFFERED).exists():
        raise Refused("这一户已经提出迁移，正等对方接收。")
    common = {
        "pair": uuid.uuid4(),
        "head": household.head,
        "members": household.members,
        "id_number": household.id_number,
        "phone": household.phone,
        "categories": [tag.category_id for tag in household.tags.filter(ended_on=None)],
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
    """Take up an offered household here; it leaves the roll of the other village."""
    _settle(incoming, TransferState.ACCEPTED, on, "")
    identity = representatives.sealed_identity(
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
    incoming.save(update_fields=["household"])
    with _other_side(incoming.other_region):
        outgoing = _pair_of(incoming)
        _settle(outgoing, TransferState.ACCEPTED, on, "")
        if outgoing.household:
            take_off_roll(household=outgoing.household, status=Status.MOVED, on=on)
    return household


@transaction.atomic
def decline_transfer(*, incoming: Transfer, on: dt.date, reason: str) -> None:
    """Send an offered household back; it stays where it was."""
    _settle(incoming, TransferState.DECLINED, on, reason)
    with _other_side(incoming.other_region):
        _settle(_pair_of(incoming), TransferState.DECLINED, on, reason)


def _pair_of(side: Transfer) -> Transfer:
    return Transfer.objects.select_for_update().get(
        pair=side.pair, is_outgoing=not side.is_outgoing
    )


def _settle(side: Transfer, state: TransferState, on: dt.date, reason: str) -> None:
    if side.state != TransferState.OFFERED:
        raise Refused("这次迁移已经办结。")
    side.state, side.settled_on = state, on
    side.reason = reason or side.reason
    side.save(update_fields=["state", "settled_on", "reason"])


def _other_side(code: int) -> Any:
    """Open the other village's scope: its half of a move is written in one transaction.

    The only place where a person's act writes outside his range; what is written is
    the offer he makes, or his answer to one.
    """
    opened, other = current_scope(), span(code)
    if opened is None:
        return scope(other)
    return scope(replace(opened, lo=other.lo, hi=other.hi, why="households.transfer"))


def _unended_links(households: Sequence[Household]) -> dict[int, ContactLink]:
    links = ContactLink.objects.select_for_update().filter(
        household__in=households, ended_on=None
    )
    return {link.household_id: link for link in links}


def _end_links(links: Sequence[ContactLink], on: dt.date, reason: LinkEnd) -> None:
    for link in links:
        link.ended_on, link.end_reason = max(on, link.started_on), reason
    ContactLink.objects.bulk_update(links, ["ended_on", "end_reason"])


def _begin_links(
    households: Sequence[Household],
    representative: Representative,
    on: dt.date,
    by: Post,
) -> None:
    ContactLink.objects.bulk_create(
        ContactLink(
            region_id=household.region_id,
            household=household,
            representative=representative,
            started_on=on,
            entered_by=by.user,
        )
        for household in households
    )


def _refuse_strangers(
    households: Sequence[Household], representative: Representative | None, on: dt.date
) -> None:
    if any(household.status != Status.LIVING for household in households):
        raise Refused("选中的户里有已经不在册的，请刷新后再选。")
    if representative is None:
        return
    if any(h.region_id != representative.region_id for h in households):
        raise Refused("联系户和代表必须在同一个村。")
    if not Mandate.objects.active(on).filter(representative=representative).exists():
        raise Refused(f"{representative.name}不是在任代表，不能分配联系户。")
