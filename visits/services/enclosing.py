"""Photos and voice notes that come with a visit, often long after it."""

import uuid
from collections.abc import Iterable

from django.db import transaction

from accounts.models import Post
from accounts.services import Refused
from attachments import services as attachments
from attachments.examining import Examined, Upload, examine
from attachments.models import Attachment
from attachments.rules import Kind
from visits.models import Enclosure, HandedVisit, Visit

MOST = 9
KINDS = (Kind.PHOTO, Kind.VOICE)
Owner = Visit | HandedVisit


class NoVisit(Exception):
    """There is no such visit, or it is not the caller's to see."""


def enclose(
    *, visit_id: uuid.UUID, attachment_id: uuid.UUID, upload: Upload, by: Post
) -> tuple[Attachment, bool]:
    """Keep a file with a visit once; return it and whether it is new.

    Raises NoVisit; Refused with a sentence for the file; attachments' OtherContent.
    """
    owner = _owner(visit_id)
    if not Attachment.objects.filter(pk=attachment_id).exists():
        _refuse_many(owner, 1)
    return enclose_examined(
        owner=owner,
        attachment_id=attachment_id,
        examined=examine(upload, KINDS),
        by=by,
    )


@transaction.atomic
def enclose_examined(
    *, owner: Owner, attachment_id: uuid.UUID, examined: Examined, by: Post
) -> tuple[Attachment, bool]:
    """Keep a file that was examined with a visit and what has replaced it since."""
    kept, created = attachments.keep(
        attachment_id=attachment_id,
        examined=examined,
        region=owner.region_id,
        by=by.user,
    )
    for one in _versions(owner):
        _tie(one, kept)
    return kept, created


@transaction.atomic
def enclose_all(*, visit: Visit, files: Iterable[Examined], by: Post) -> None:
    """Keep what a form was given with a visit that was just recorded.

    The ids follow from the visit's and the file's own, so that the form sent twice
    keeps each file once.
    """
    for examined in files:
        made = uuid.uuid5(visit.pk, examined.sent)
        enclose_examined(owner=visit, attachment_id=made, examined=examined, by=by)


@transaction.atomic
def carry_over(*, old: Owner, new: Visit) -> None:
    """Give a visit what came with the record that it replaces or takes up."""
    for attachment in enclosed(old):
        _tie(new, attachment)


def enclosed(owner: Owner) -> list[Attachment]:
    """Return what came with a record and stands, in the order it came."""
    side = "visit" if isinstance(owner, Visit) else "handed"
    ties = Enclosure.objects.filter(**{side: owner}).select_related("attachment")
    standing = ties.filter(attachment__withdrawn_at=None)
    return [one.attachment for one in standing.order_by("attachment__added_at", "pk")]


def _owner(visit_id: uuid.UUID) -> Owner:
    """Return the visit of this id, else the record that was handed to the village."""
    found = Visit.objects.filter(pk=visit_id).first()
    handed = None if found else HandedVisit.objects.filter(pk=visit_id).first()
    owner = found or handed
    if owner is None:
        raise NoVisit
    return owner


def _versions(owner: Owner) -> list[Owner]:
    """Return a record and the corrections that have replaced it since."""
    found: list[Owner] = [owner]
    while isinstance(owner, Visit):
        after = owner.corrections.first()
        if after is None:
            break
        found.append(after)
        owner = after
    return found


def _refuse_many(owner: Owner, more: int) -> None:
    if len(enclosed(owner)) + more > MOST:
        raise Refused(f"一次走访最多带 {MOST} 个照片和录音，这一个没有收。")


def _tie(owner: Owner, attachment: Attachment) -> None:
    side = "visit" if isinstance(owner, Visit) else "handed"
    Enclosure.objects.get_or_create(
        **{side: owner}, attachment=attachment, defaults={"region_id": owner.region_id}
    )
