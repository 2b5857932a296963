"""Keeping files and taking them back; the owner's service calls these in its own."""

import hashlib
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services import Refused
from attachments.examining import Examined, Upload, examine
from attachments.models import Attachment, AttachmentContent
from attachments.rules import Kind


class OtherContent(Exception):
    """An attachment with this id is kept already, and is another file."""


def store(
    *, attachment_id: uuid.UUID, kind: Kind, upload: Upload, region: int, by: User
) -> tuple[Attachment, bool]:
    """Keep an upload once under the client's id; return it and whether it is new.

    Raises Refused with a sentence for a file that may not be kept, OtherContent when
    the id holds another file.
    """
    examined = examine(upload, (kind,))
    return keep(attachment_id=attachment_id, examined=examined, region=region, by=by)


@transaction.atomic
def keep(
    *, attachment_id: uuid.UUID, examined: Examined, region: int, by: User
) -> tuple[Attachment, bool]:
    """Keep a file that was examined (by a form, say); like `store` otherwise."""
    kept, created = Attachment.objects.get_or_create(
        pk=attachment_id,
        defaults={**_columns(examined), "region_id": region, "added_by": by},
    )
    if created:
        AttachmentContent.objects.create(
            region_id=region,
            attachment=kept,
            content=examined.content,
            preview=examined.preview,
        )
    elif kept.sent_sha256 != examined.sent:
        raise OtherContent
    return kept, created


def keep_all(*, files: Iterable[Examined], region: int, by: User) -> list[Attachment]:
    """Keep the files that a form was given, under new ids."""
    return [
        keep(attachment_id=uuid.uuid4(), examined=one, region=region, by=by)[0]
        for one in files
    ]


@transaction.atomic
def withdraw(*, attachment: Attachment, by: User) -> None:
    """Take a file back: it is shown to nobody any more, and its history stays."""
    if attachment.withdrawn_at:
        raise Refused("这个附件已经删去，请返回重新打开。")
    attachment.withdrawn_at, attachment.withdrawn_by = timezone.now(), by
    attachment.save(update_fields=["withdrawn_at", "withdrawn_by"])


def _columns(examined: Examined) -> dict[str, object]:
    seconds = examined.seconds
    return {
        "kind": examined.kind.value,
        "mime": examined.mime,
        "name": examined.name,
        "size": len(examined.content),
        "seconds": None if seconds is None else max(1, round(seconds)),
        "sha256": hashlib.sha256(examined.content).hexdigest(),
        "sent_sha256": examined.sent,
        "added_at": timezone.now(),
    }
