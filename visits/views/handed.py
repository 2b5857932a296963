"""The village's page for records that phones could not store."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import Refused
from visits.forms import DeclineForm
from visits.models import HandedState, HandedVisit
from visits.services import handing
from visits.views.enclosures import files_of

PER_PAGE = 50


@requires(Permission.VISIT_VIEW)
@require_safe
def handed_list(request: PostRequest) -> HttpResponse:
    """List the records handed over: those that wait, then those that are settled."""
    post = acting(request)
    if post.role == "representative":
        return redirect("visits:outbox")
    rows = HandedVisit.objects.select_related(
        "region__parent", "household", "representative", "settled_by"
    )
    settled = rows.exclude(state=HandedState.WAITING).order_by("-settled_at", "pk")
    waiting = list(rows.filter(state=HandedState.WAITING).order_by("handed_at", "pk"))
    files = files_of(waiting)
    context = {
        "waiting": [(row, files.get(row.pk)) for row in waiting],
        "page": Paginator(settled, PER_PAGE).get_page(request.GET.get("page")),
        "may_settle": post.may(Permission.VISIT_RECORD),
        "one_village": post.region.level == "village",
    }
    return render(request, "visits/handed.html", context)


@requires(Permission.VISIT_RECORD)
@require_POST
def take(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """接收: record what was handed over."""
    row = get_object_or_404(HandedVisit, pk=pk)
    if acting(request).narrowed_to is not None:
        return redirect("visits:outbox")
    try:
        visit = handing.take_up(handed=row, by=acting(request))
    except Refused as refused:
        messages.error(request, f"{row.head}家的记录没有收下：{refused}")
    else:
        words = f"已收下，记为{visit.representative.name}{visit.visited_on}的走访。"
        messages.success(request, words)
    return redirect("visits:handed")


@requires(Permission.VISIT_RECORD)
def decline(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """不收: say why."""
    row = get_object_or_404(HandedVisit.objects.select_related("representative"), pk=pk)
    if acting(request).narrowed_to is not None:
        return redirect("visits:outbox")
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            handing.decline(
                handed=row, answer=form.cleaned_data["answer"], by=request.user
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{row.head}家的记录没有收，已告诉代表。")
            return redirect("visits:handed")
    context = {"form": form, "row": row}
    status = 422 if form.errors else 200
    return render(request, "visits/decline.html", context, status=status)
