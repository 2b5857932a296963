"""补贴决议: writing one down, reading it, taking back one that was mistyped."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.once import once
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import Refused
from funding import services
from funding.forms.subsidies import ReasonForm, ResolutionForm
from funding.models import Resolution
from funding.models.subsidy import LOOSE
from funding.rules.resolutions import study_warning
from funding.views.funds import files_of


@requires(Permission.FUND_KEEP)
@once
def resolution_new(request: PostRequest) -> HttpResponse:
    """登记决议."""
    post = acting(request)
    form = ResolutionForm(sent(request), files_of(request), village=post.region)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.adopt(
                village=post.region,
                content=form.content(),
                on=timezone.localdate(),
                by=post,
                files=form.cleaned_data["scans"],
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"决议已登记，{made.pays}。")
            return redirect(made)
    status = 422 if form.errors else 200
    return render(request, "funding/resolution-new.html", {"form": form}, status=status)


def resolution_or_404(request: PostRequest, pk: int) -> Resolution:
    """Return a resolution of one's range, and put its village on the path."""
    rows = Resolution.objects.select_related("region__parent__parent", "entered_by")
    found = get_object_or_404(rows, pk=pk)
    request.place = found.region  # type: ignore[attr-defined]
    return found


@requires(Permission.FUND_VIEW)
@require_safe
def resolution(request: PostRequest, pk: int) -> HttpResponse:
    """Show a resolution, its scans, and the sheets that were made by it."""
    found = resolution_or_404(request, pk)
    sheets = list(found.sheets.order_by("-month"))
    context = {
        "resolution": found,
        "warning": study_warning(found.studied_on, found.held_on),
        "left_out": [
            one.representative.name
            for one in found.left_out.select_related("representative")
        ],
        "sheets": sheets,
        "scans": list(found.scans.standing()),
        "may_withdraw": acting(request).may(Permission.FUND_KEEP)
        and all(sheet.state in LOOSE for sheet in sheets)
        and not found.withdrawn_on,
    }
    return render(request, "funding/resolution.html", context)


@requires(Permission.FUND_KEEP)
def resolution_withdraw(request: PostRequest, pk: int) -> HttpResponse:
    """作废 a resolution that nothing but drafts were made by."""
    found = resolution_or_404(request, pk)
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw(
                resolution=found,
                reason=form.cleaned_data["reason"],
                on=timezone.localdate(),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "决议已作废。")
            return redirect("funding:subsidies")
    context = {"form": form, "resolution": found}
    status = 422 if form.errors else 200
    return render(request, "funding/resolution-withdraw.html", context, status=status)
