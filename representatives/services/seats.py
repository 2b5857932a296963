"""Terms, constituencies and seats: what a village decided to elect."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.services import Refused
from regions.models import Region, VillagerGroup
from representatives.models import (
    ByElection,
    CommitteeTerm,
    Constituency,
    Mode,
    Seat,
)


@transaction.atomic
def set_term(
    *,
    village: Region,
    started_on: dt.date,
    ends_on: dt.date,
    members: int,
    women: int,
    term: CommitteeTerm | None = None,
) -> CommitteeTerm:
    """Record a committee's term, or correct `term`, or the one that begins on that day.

    Raises Refused if it would overlap with another term of the village.
    """
    same_start = CommitteeTerm.objects.filter(region=village, started_on=started_on)
    row = term or same_start.first() or CommitteeTerm(region=village)
    row.started_on, row.ends_on = started_on, ends_on
    row.members, row.women = members, women
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as overlap:
        raise Refused(
            "届期与本村已有的另一届重叠，或到期早于开始。请核对两个日期。"
        ) from overlap
    return row


@transaction.atomic
def open_constituency(
    *,
    village: Region,
    name: str,
    mode: Mode,
    seats: int,
    on: dt.date,
    group: VillagerGroup | None = None,
    decided_on: dt.date | None = None,
    decision: str = "",
) -> Constituency:
    """Set up a constituency with its seats, all of them vacant."""
    try:
        with transaction.atomic():
            unit = Constituency.objects.create(
                region=village,
                name=name,
                mode=mode,
                group=group,
                decided_on=decided_on,
                decision=decision,
            )
    except IntegrityError as taken:
        raise Refused(f"本村已有推选单元“{name}”，或按组推选没有选小组。") from taken
    add_seats(constituency=unit, count=seats, on=on)
    return unit


@transaction.atomic
def edit_constituency(
    *,
    constituency: Constituency,
    name: str,
    decided_on: dt.date | None,
    decision: str,
) -> None:
    """Correct a constituency's name, and the decision on its seats (L05).

    Raises Refused if the village has another one of that name.
    """
    constituency.name = name
    constituency.decided_on, constituency.decision = decided_on, decision
    try:
        with transaction.atomic():
            constituency.save(update_fields=["name", "decided_on", "decision"])
    except IntegrityError as taken:
        raise Refused(f"本村已有推选单元“{name}”，请换一个名称。") from taken


@transaction.atomic
def end_constituency(*, constituency: Constituency, on: dt.date) -> None:
    """Abolish a constituency. Raises Refused while it has a seat."""
    if constituency.seats.open().exists():
        raise Refused("这个推选单元还有席位，请先撤销空着的席位。")
    constituency.ended_on = on
    constituency.save(update_fields=["ended_on"])


@transaction.atomic
def add_seats(*, constituency: Constituency, count: int, on: dt.date) -> list[Seat]:
    """Add `count` vacant seats to a constituency, numbered on from the last."""
    # Two who add at once must not both number on from the same seat.
    Constituency.objects.select_for_update(no_key=True).get(pk=constituency.pk)
    last = constituency.seats.aggregate(last=Max("number"))["last"] or 0
    return Seat.objects.bulk_create(
        Seat(
            region_id=constituency.region_id,
            constituency=constituency,
            number=last + step,
            opened_on=on,
        )
        for step in range(1, count + 1)
    )


@transaction.atomic
def close_seat(*, seat: Seat, on: dt.date) -> None:
    """Abolish a vacant seat.

    Raises Refused while somebody holds it, or a by-election is to fill it.
    """
    # Locked: whoever starts a by-election for it at this moment comes before or after.
    Seat.objects.select_for_update(no_key=True).get(pk=seat.pk)
    if seat.mandates.unended().exists():
        raise Refused("这个席位上还有在任代表，请先办理离任。")
    running = ByElection.objects.running().filter(vacancies__seat=seat)
    if running.exists():
        raise Refused("这个席位正在补选。不再设这一席的，请先到“补选”里作废那次补选。")
    seat.closed_on = max(on, seat.opened_on)
    seat.save(update_fields=["closed_on"])


@transaction.atomic
def village_group(*, village: Region, number: int) -> VillagerGroup:
    """Return the village's group of that number; set it up if there is none."""
    group, _ = VillagerGroup.objects.get_or_create(region=village, number=number)
    return group
