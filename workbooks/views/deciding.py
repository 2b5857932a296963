"""What a person decides about an import: each a page or a button, one service each."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.models import Action
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import Refused
from workbooks import services
from workbooks.forms import ColumnsForm, ConfirmForm, SheetForm
from workbooks.models import Stage, Upload
from workbooks.views.receiving import workbook_response
from workbooks.views.standing import frame, sheets_of
from workbooks.views.uploads import (
    is_mine,
    ledger_of,
    sent,
    upload_or_404,
)


def decide(
    request: PostRequest, upload: Upload, service: Callable[..., Upload], **values: Any
) -> HttpResponse:
    """Call a service for the acting post; go back to the import, with a refusal's words."""
    try:
        service(upload_id=upload.pk, by=acting(request), **values)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(upload)


@requires(Permission.WORKBOOK_IMPORT)
@require_POST
def sheet(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """Choose the sheet to be read."""
    upload = upload_or_404(request, pk)
    form = SheetForm(request.POST, sheets=sheets_of(upload))
    if form.is_valid():
        chosen = form.cleaned_data["sheet"]
        return decide(request, upload, services.choose_sheet, sheet=chosen)
    messages.error(request, "请选一张表。")
    return redirect(upload)


@requires(Permission.WORKBOOK_IMPORT)
def columns(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """Say what each column of the file is."""
    upload = upload_or_404(request, pk)
    headings = upload.facts.get("headings", [])
    asking = upload.stage in (Stage.COLUMNS, Stage.PREVIEW)
    if not headings or not asking or not is_mine(request, upload):
        return redirect(upload)
    form = ColumnsForm(
        *sent(request),
        declaration=ledger_of(upload).declaration,
        headings=headings,
    )
    if request.method == "POST" and form.is_valid():
        mapping = form.mapping()
        return decide(request, upload, services.choose_columns, mapping=mapping)
    context = {**frame(upload), "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "workbooks/columns.html", context, status=status)


@requires(Permission.WORKBOOK_IMPORT)
def confirm(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """Show what will be written once more, and let it be written."""
    upload = upload_or_404(request, pk)
    form = ConfirmForm(*sent(request), upload=upload, initial={"sha256": upload.sha256})
    if request.method == "POST" and form.is_valid():
        return decide(request, upload, services.confirm, **given(form))
    if upload.stage != Stage.PREVIEW or not is_mine(request, upload):
        if request.method == "POST":
            messages.error(request, "这份文件已经不在等待确认，请看最新的情况。")
        return redirect(upload)
    context = {
        **frame(upload, confirming=True),
        "form": form,
        "writes": upload.created + upload.updated,
        "hours": services.UNDO_HOURS,
    }
    status = 422 if form.is_bound else 200
    return render(request, "workbooks/confirm.html", context, status=status)


def given(form: ConfirmForm) -> dict[str, Any]:
    """Return the answers of a confirmation; what was not asked counts as unseen."""
    asked = ("without_refused", "seen_hidden", "seen_doubts")
    ticks = {name: bool(form.cleaned_data.get(name)) for name in asked}
    return {"sha256": form.cleaned_data["sha256"], **ticks}


@requires(Permission.WORKBOOK_IMPORT)
@require_safe
def refused_rows(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """Hand the refused rows back to whoever uploaded them, ready to be mended."""
    upload = upload_or_404(request, pk)
    if upload.user_id != request.user.pk:
        raise PermissionDenied("退回的行里有完整的号码，只有上传人可以下载。")
    path = services.refused_path(upload.pk)
    if not path.is_file():
        raise Http404
    audit.record(
        Action.EXPORTED,
        region=upload.region_id,
        by=request.user,
        subject=f"导入时退回的 {upload.refused} 行：{upload.name}",
        request=request,
    )
    stem = upload.name.rpartition(".")[0] or upload.name
    return workbook_response(path.read_bytes(), f"{stem}（退回的行）.xlsx")


@requires(Permission.WORKBOOK_IMPORT)
@require_POST
def again(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """Check the file anew, after something it refers to has changed."""
    upload, today = upload_or_404(request, pk), timezone.localdate()
    return decide(request, upload, services.check_again, on=today)


@requires(Permission.WORKBOOK_IMPORT)
@require_POST
def resume(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """Go on with work that was given up."""
    return decide(request, upload_or_404(request, pk), services.resume)


@requires(Permission.WORKBOOK_IMPORT)
@require_POST
def abandon(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """Give the import up; nothing of it was written."""
    return decide(request, upload_or_404(request, pk), services.abandon)


@requires(Permission.WORKBOOK_IMPORT)
def undo(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask whether an import is to be taken back, and take it back."""
    upload = upload_or_404(request, pk)
    if request.method == "POST":
        return decide(request, upload, services.ask_undo)
    if not services.may_undo(upload, acting(request), timezone.now()):
        return redirect(upload)
    created, updated = services.written(upload)
    context = {**frame(upload), "created": created, "updated": updated}
    return render(request, "workbooks/undo.html", context)
