"""Showing a whole number: with a reason, by POST, and never without a line in the log."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting, sent
from regions.models import ScopedModel
from representatives import services
from representatives.forms.people import RevealForm
from representatives.services.revealing import label_of, sealed_value
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
    if held is None:
        raise Http404
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
        context["plain"] = services.reveal(
            row=row,
            held=held,
            field=field,
            reason=form.cleaned_data["reason"],
            by=acting(request),
        )
    part = getattr(request, "htmx", False)
    template = "representatives/_reveal.html" if part else "representatives/reveal.html"
    return render(request, template, context, status=422 if form.errors else 200)
