"""Seats, mandates and the people in them. Every write names the post that acts."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.db.models.functions import Greatest

from accounts import audit
from accounts.editing import save_edit
from accounts.models import Action, Post, User
from accounts.sealing import Sealed, blind_index
from accounts.services import Refused, grant_post, open_account
from regions.models import Region, VillagerGroup
from representatives.models import (
    CommitteeTerm,
    Constituency,
    Mandate,
    MandateEnd,
    Mode,
    Representative,
    Seat,
)
from representatives.names import initials

# The same words wherever the other person serves: they tell nothing about him.
SERVES_ALREADY = "这个人（或这个证件号）已登记为在任代表，请核对，或联系镇里核实。"


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
    """Abolish a vacant seat. Raises Refused while somebody holds it."""
    if seat.mandates.unended().exists():
        raise Refused("这个席位上还有在任代表，请先办理离任。")
    seat.closed_on = max(on, seat.opened_on)
    seat.save(update_fields=["closed_on"])


@transaction.atomic
def enrol(
    *,
    seat: Seat,
    person: Mapping[str, Any],
    mode: Mode,
    started_on: dt.date,
    until: dt.date,
    is_by_election: bool = False,
) -> Mandate:
    """Enter a person and give him the seat.

    `person` holds the fields of `Representative`; someone the village already knows by
    ID number is taken up again instead of entered twice. Raises Refused if the seat is
    filled, or the person serves already, here or elsewhere.
    """
    if seat.closed_on or seat.mandates.unended().exists():
        raise Refused("这个席位已有在任代表或已撤销。")
    known = known_person(seat.region_id, person)
    row = known or Representative(region_id=seat.region_id, version=0)
    for name, value in person.items():
        setattr(row, name, value)
    row.initials = initials(row.name)
    row.version += 1
    row.save()
    return give_seat(
        seat=seat,
        representative=row,
        mode=mode,
        started_on=started_on,
        until=until,
        is_by_election=is_by_election,
    )


@transaction.atomic
def give_seat(
    *,
    seat: Seat,
    representative: Representative,
    mode: Mode,
    started_on: dt.date,
    until: dt.date,
    is_by_election: bool = False,
) -> Mandate:
    """Begin a mandate. Raises Refused if seat or person are taken (L08)."""
    try:
        with transaction.atomic():
            return Mandate.objects.create(
                region_id=seat.region_id,
                representative=representative,
                seat=seat,
                mode=mode,
                is_by_election=is_by_election,
                started_on=started_on,
                until=until,
                person_index=representative.id_index,
            )
    except IntegrityError as taken:
        raise Refused(SERVES_ALREADY) from taken


@transaction.atomic
def edit_representative(
    *, representative: Representative, changes: Mapping[str, Any], version: int
) -> None:
    """Save an edit; raises EditedMeanwhile if somebody else was first."""
    changes = dict(changes)
    if "name" in changes:
        changes["initials"] = initials(changes["name"])
    try:
        with transaction.atomic():
            save_edit(representative, changes=changes, version=version)
            if "id_index" in changes:
                representative.mandates.unended().update(
                    person_index=changes["id_index"]
                )
    except IntegrityError as taken:
        raise Refused(SERVES_ALREADY) from taken


@transaction.atomic
def end_mandate(
    *, mandate: Mandate, on: dt.date, cause: MandateEnd, evidence: str, by: Post
) -> None:
    """End a mandate from the day `on`: the seat is vacant from then.

    What becomes of the households is `households.services.leave_office`, which calls
    this. Raises Refused if it has ended, or `on` lies before its beginning.
    """
    # Locked: whoever is giving this person households at this moment must wait.
    mandate = Mandate.objects.select_for_update(no_key=True).get(pk=mandate.pk)
    if mandate.ended_on:
        raise Refused("这次任职已经办理过离任。")
    if on < mandate.started_on:
        raise Refused(f"离任日期不能早于当选时间 {mandate.started_on}。")
    mandate.ended_on, mandate.end_cause, mandate.end_evidence = on, cause, evidence
    mandate.save(update_fields=["ended_on", "end_cause", "end_evidence"])
    close_account_post(representative=mandate.representative, on=on, by=by)


@transaction.atomic
def open_sign_in(
    *, representative: Representative, username: str, phone: str, by: Post, on: dt.date
) -> str:
    """Open an account for a serving representative; return its initial password.

    Raises Refused where `by` may not, name or phone are taken, or he has one.
    """
    user, password = open_account(
        username=username,
        name=representative.name,
        phone=phone,
        role="representative",
        region=Region.objects.get(pk=representative.region_id),
        by=by,
        on=on,
    )
    post = Post.objects.get(user=user)
    give_account(representative=representative, user=user, post=post, by=by)
    return password


@transaction.atomic
def renew_sign_in(*, representative: Representative, by: Post, on: dt.date) -> None:
    """Let somebody sign in again who came back to office; account and password stay.

    Raises Refused where there is no account, or its post has not ended.
    """
    user = representative.user
    if user is None:
        raise Refused("这位代表还没有登录账号，请先开通。")
    village = Region.objects.get(pk=representative.region_id)
    post = grant_post(user=user, role="representative", region=village, by=by, on=on)
    post.narrowed_to = representative.pk
    post.save(update_fields=["narrowed_to"])


@transaction.atomic
def give_account(
    *, representative: Representative, user: User, post: Post, by: Post
) -> None:
    """Tie an account and its representative's post to the person on the roll."""
    tied = Representative.objects.filter(pk=representative.pk, user=None)
    if not tied.update(user=user):
        raise Refused("这位代表已经有登录账号。")
    representative.user = user
    post.narrowed_to = representative.pk
    post.save(update_fields=["narrowed_to"])
    audit.record(
        Action.POST_GRANTED,
        region=representative.region_id,
        by=by.user,
        subject=f"{representative.name}：登录账号 {user.username}",
    )


def close_account_post(
    *, representative: Representative, on: dt.date, by: Post
) -> None:
    """End the sign-in post of somebody who left office, and write it to the log."""
    posts = Post.objects.filter(narrowed_to=representative.pk, ended_on=None)
    # An account may be younger than the day from which the mandate is over.
    if posts.update(ended_on=Greatest("started_on", on), ended_by=by.user):
        audit.record(
            Action.POST_ENDED,
            region=representative.region_id,
            by=by.user,
            subject=f"{representative.name}：离任，登录账号停用",
        )


@transaction.atomic
def village_group(*, village: Region, number: int) -> VillagerGroup:
    """Return the village's group of that number; set it up if there is none."""
    group, _ = VillagerGroup.objects.get_or_create(region=village, number=number)
    return group


def known_person(village: int, person: Mapping[str, Any]) -> Representative | None:
    """Return the village's person with this ID number, or None."""
    if not person.get("id_index"):
        return None
    return Representative.objects.filter(
        region_id=village, id_index=person["id_index"]
    ).first()


def sealed_identity(*, id_number: str = "", phone: str = "") -> dict[str, Any]:
    """Return the columns for an ID number and a phone; empty ones are None."""
    return {
        "id_number": Sealed.of(id_number, "id_number") if id_number else None,
        "id_index": blind_index(id_number) if id_number else None,
        "phone": Sealed.of(phone, "phone") if phone else None,
        "phone_index": blind_index(phone) if phone else "",
    }
