"""People and mandates: entering somebody, giving a seat, ending a mandate."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.editing import save_edit
from accounts.models import Post
from accounts.sealing import Sealed, blind_index
from accounts.services import Refused
from attachments import services as attachments
from attachments.examining import Examined
from representatives.candidacy import SERVES_ALREADY
from representatives.models import Mandate, MandateEnd, Mode, Representative, Seat
from representatives.names import initials
from representatives.services.signing_in import close_account_post
from ui.words import full_day


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
    ID number is taken up again instead of entered twice, and keeps what is not said
    anew. Raises Refused if the seat is filled, or the person serves already, here or
    elsewhere.
    """
    if seat.closed_on or seat.mandates.unended().exists():
        raise Refused("这个席位已有在任代表或已撤销。")
    known = known_person(seat.region_id, person)
    row = known or Representative(region_id=seat.region_id, version=0)
    for name, value in (said(person) if known else person).items():
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
    """Begin a mandate.

    Raises Refused if seat or person are taken (L08), or are until a day still ahead of
    `started_on`.
    """
    _refuse_overlap(seat, representative, started_on)
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


def _refuse_overlap(seat: Seat, person: Representative, started_on: dt.date) -> None:
    """One seat has one holder on any day; what was entered in error held nothing."""
    held = Mandate.objects.filter(Q(seat=seat) | Q(representative=person))
    later = held.filter(ended_on__gt=started_on).exclude(
        end_cause=MandateEnd.ENTRY_ERROR
    )
    last = later.select_related("representative").order_by("-ended_on").first()
    if last and last.ended_on:
        day = full_day(last.ended_on)
        raise Refused(
            f"{last.representative.name}到{day}才离任。当选时间请填这一天或者以后。"
        )


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
def change_photo(
    *, representative: Representative, photo: Examined | None, by: Post
) -> None:
    """Put a photo in the place of the one before, or None: that one is withdrawn.

    No edit of the roll: whoever has its form open need not hear of it.
    """
    people = Representative.objects.select_for_update(of=("self",), no_key=True)
    row = people.select_related("photo").get(pk=representative.pk)
    before, region = row.photo, row.region_id
    files = [photo] if photo else []
    kept = attachments.keep_all(files=files, region=region, by=by.user)
    row.photo = next(iter(kept), None)
    row.save(update_fields=["photo"])
    if before:
        attachments.withdraw(attachment=before, by=by.user)


@transaction.atomic
def end_mandate(
    *, mandate: Mandate, on: dt.date, cause: MandateEnd, evidence: str, by: Post
) -> None:
    """End a mandate from the day `on`: the seat is vacant from then.

    What was entered in error held nothing: it ends on the day on which it began.
    What becomes of the households is `households.services.leave_office`, which calls
    this. Raises Refused if it has ended, or `on` lies before its beginning.
    """
    # Locked: whoever is giving this person households at this moment must wait.
    mandate = Mandate.objects.select_for_update(no_key=True).get(pk=mandate.pk)
    if mandate.ended_on:
        raise Refused("这次任职已经办理过离任。")
    if on < mandate.started_on:
        raise Refused(f"离任日期不能早于当选时间 {mandate.started_on}。")
    in_error = cause == MandateEnd.ENTRY_ERROR
    mandate.ended_on = mandate.started_on if in_error else on
    mandate.end_cause, mandate.end_evidence = cause, evidence
    mandate.save(update_fields=["ended_on", "end_cause", "end_evidence"])
    close_account_post(representative=mandate.representative, on=on, by=by)


def known_person(village: int, person: Mapping[str, Any]) -> Representative | None:
    """Return the village's person with this ID number, or None."""
    if not person.get("id_index"):
        return None
    return Representative.objects.filter(
        region_id=village, id_index=person["id_index"]
    ).first()


def said(person: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said of a person: a field left empty unsays nothing."""
    return {name: value for name, value in person.items() if value not in (None, "")}


def sealed_identity(*, id_number: str = "", phone: str = "") -> dict[str, Any]:
    """Return the columns for an ID number and a phone; empty ones are None."""
    return {
        "id_number": Sealed.of(id_number, "id_number") if id_number else None,
        "id_index": blind_index(id_number) if id_number else None,
        "phone": Sealed.of(phone, "phone") if phone else None,
        "phone_index": blind_index(phone) if phone else "",
    }
