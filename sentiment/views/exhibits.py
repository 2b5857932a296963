"""Photos and voice notes of issues and talk meetings: added, served, taken back."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import Refused
from attachments import views as attachments
from sentiment import services
from sentiment.forms.exhibits import ExhibitsForm
from sentiment.models import Exhibit
from sentiment.views.issues import first_form, issue_or_404, issue_page
from sentiment.views.talks import talk_or_404

TAKEN_BACK = "已删去。"


@requires(Permission.ISSUE_COLLECT)
@require_POST
def issue_files(request: PostRequest, pk: int) -> HttpResponse:
    """Add photos and voice notes to an issue; what was refused is said on its page."""
    row, post = issue_or_404(request, pk), acting(request)
    form = ExhibitsForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.exhibit(owner=row, files=form.cleaned_data["exhibits"], by=post)
        except Refused as refused:
            form.add_error("exhibits", str(refused))
        else:
            messages.success(request, "已添加。")
            return redirect(row)
    return issue_page(request, row, first_form(row, post), 422, adding=form)


@requires(Permission.ISSUE_VIEW)
@require_safe
def issue_file(request: PostRequest, pk: int, attachment: uuid.UUID) -> HttpResponse:
    """Answer with a photo or voice note of an issue of one's range."""
    return _served(request, tie_or_404(attachment, issue=pk))


@requires(Permission.ISSUE_HANDLE)
@require_POST
def issue_file_remove(
    request: PostRequest, pk: int, attachment: uuid.UUID
) -> HttpResponse:
    """Take a file of an issue back."""
    return _taken_back(request, tie_or_404(attachment, issue=pk), issue_or_404(request, pk))  # fmt: skip


@requires(Permission.TALK_VIEW)
@require_safe
def talk_file(
    request: PostRequest, pk: uuid.UUID, attachment: uuid.UUID
) -> HttpResponse:
    """Answer with a photo or voice note of a meeting of one's range."""
    return _served(request, tie_or_404(attachment, talk=pk))


@requires(Permission.TALK_RECORD)
@require_POST
def talk_file_remove(
    request: PostRequest, pk: uuid.UUID, attachment: uuid.UUID
) -> HttpResponse:
    """Take a file of a meeting back."""
    return _taken_back(request, tie_or_404(attachment, talk=pk), talk_or_404(pk))


def tie_or_404(attachment: uuid.UUID, **owner: Any) -> Exhibit:
    """Return what ties a file to an issue or a meeting of the open scope."""
    ties = Exhibit.objects.select_related("attachment")
    return get_object_or_404(ties, attachment=attachment, **owner)


def _served(request: PostRequest, tie: Exhibit) -> HttpResponse:
    return attachments.answer(request, tie.attachment, preview="preview" in request.GET)


def _taken_back(request: PostRequest, tie: Exhibit, owner: Any) -> HttpResponse:
    try:
        services.take_back(tie=tie, by=acting(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, TAKEN_BACK)
    return redirect(owner)
