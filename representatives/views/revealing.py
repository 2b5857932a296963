"""Showing a whole number: with a reason, by POST, and never without a line in the log."""

from typing import Any

from django.db import models
from django.http import Http404, HttpResponse
from django.shortcuts import render

from accounts import audit
from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.models import Action
from accounts.permissions import Permission
from accounts.sealing import Sealed, SealedField
from regions.models import ScopedModel
from representatives.forms.people import RevealForm
from representatives.places import acting, sent
from representatives.views.roster import representative_or_404

REASONS = ("打电话联系本人", "核对身份证件", "办理补选登记", "群众要求更正号码")


@requires(Permission.SENSITIVE_REVEAL)
def representative_reveal(request: PostRequest, pk: int, field: str) -> HttpResponse:
    """Ask for a reason, then show the ID number or the phone of a representative."""
    return reveal(request, representative_or_404(request, pk), field)


def reveal(request: PostRequest, row: ScopedModel, field: str) -> HttpResponse:
    """Answer the request for a sealed value of `row`.

    GET asks for the reason; POST writes the log and shows the value. Both are a part
    of the page for htmx and a page of their own without it.
    """
    held = sealed_value(row, field)
    form = RevealForm(sent(request))
    context: dict[str, Any] = {
        "row": row,
        "field": field,
        "label": label_of(row, field),
        "masked": held,
        "form": form,
        "reasons": REASONS,
        "back": row.get_absolute_url(),  # type: ignore[attr-defined]
    }
    if request.method == "POST" and form.is_valid():
        log_reveal(request, row, context["label"], form.cleaned_data["reason"])
        context["plain"] = held.reveal()
    part = getattr(request, "htmx", False)
    template = "representatives/_reveal.html" if part else "representatives/reveal.html"
    return render(request, template, context, status=422 if form.errors else 200)


def sealed_value(row: models.Model, field: str) -> Sealed:
    """Return the sealed value in `field`; Http404 if there is no such field or value."""
    if field not in sealed_fields(row):
        raise Http404
    held: Sealed | None = getattr(row, field)
    if held is None:
        raise Http404
    return held


def sealed_fields(row: models.Model) -> set[str]:
    """Return the names of the columns of a row that hold sealed values."""
    fields = row._meta.concrete_fields
    return {one.name for one in fields if isinstance(one, SealedField)}


def label_of(row: models.Model, field: str) -> str:
    """Return what a field of the row is called."""
    [found] = (one for one in row._meta.concrete_fields if one.name == field)
    return str(found.verbose_name)


def log_reveal(request: PostRequest, row: ScopedModel, label: str, reason: str) -> None:
    """Write who saw which number of whom, and why."""
    audit.record(
        Action.REVEALED,
        region=row.region_id,
        by=acting(request).user,
        subject=f"{row} {label}",
        reason=reason,
        request=request,
    )
