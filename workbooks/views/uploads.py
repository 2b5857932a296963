"""Which import a page is about, and what was sent."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.middleware import PostRequest
from accounts.places import acting
from workbooks.importing import LEDGERS, Ledger
from workbooks.models import Upload


def upload_or_404(request: PostRequest, pk: uuid.UUID) -> Upload:
    """Return an import of one's range, and put its place on the path."""
    related = ("user", "post", "job", "region__parent__parent")
    upload = get_object_or_404(Upload.objects.select_related(*related), pk=pk)
    if not acting(request).may(ledger_of(upload).permission):
        raise PermissionDenied
    request.place = upload.region  # type: ignore[attr-defined]
    return upload


def ledger_of(upload: Upload) -> Ledger:
    """Return the kind of workbook an import is of."""
    return LEDGERS[upload.kind]


def is_mine(request: PostRequest, upload: Upload) -> bool:
    """Return whether the import was uploaded from the active post."""
    return upload.post_id == acting(request).pk


def sent(request: PostRequest) -> tuple[Any, ...]:
    """Return what a form is bound to: nothing, unless something was sent."""
    return (request.POST, request.FILES) if request.method == "POST" else ()
