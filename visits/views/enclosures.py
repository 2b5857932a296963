"""What came with a visit: shown on its pages, served by its permission."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from attachments import views as attachments
from attachments.models import Attachment
from ui.parts import Attached
from visits.models import Enclosure

Files = dict[uuid.UUID, tuple[Attached, ...]]


@requires(Permission.VISIT_VIEW)
@require_safe
def enclosure(
    request: PostRequest, pk: uuid.UUID, attachment: uuid.UUID
) -> HttpResponse:
    """Answer with a photo or voice note of a visit that the caller may see."""
    ties = Enclosure.objects.select_related("attachment")
    tie = ties.filter(visit=pk) | ties.filter(handed=pk)
    found = get_object_or_404(tie, attachment=attachment)
    preview = "preview" in request.GET
    return attachments.answer(request, found.attachment, preview=preview)


def files_of(records: Collection[Any]) -> Files:
    """Return what came with each of some visits (or handed records), in one query.

    For `{% include "visits/_enclosures.html" with files=... %}`; records without
    anything are left out.
    """
    keys = [record.pk for record in records]
    ties = Enclosure.objects.filter(visit__in=keys) | Enclosure.objects.filter(
        handed__in=keys
    )
    standing = ties.filter(attachment__withdrawn_at=None).select_related("attachment")
    found: dict[uuid.UUID, list[Attachment]] = defaultdict(list)
    for tie in standing.order_by("attachment__added_at", "pk"):
        if owner := tie.visit_id or tie.handed_id:
            found[owner].append(tie.attachment)
    return {pk: _shown(pk, files) for pk, files in found.items()}


def _shown(pk: uuid.UUID, files: list[Attachment]) -> tuple[Attached, ...]:
    return attachments.shown(
        files, lambda one: reverse("visits:enclosure", args=[pk, one.pk])
    )
