"""整个乡镇的资料: asked for with a reason; and the log that came with one, to read."""

import uuid
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import Refused
from reports.archive import asking
from reports.archive.forms import ArchiveForm, InheritedFilter
from reports.archive.inherited import lines, matching
from reports.centre.deciders import second_for
from reports.centre.files import KEPT_DAYS
from reports.models import InheritedRecord
from ui.asked import asked_id

PER_PAGE = 50


@requires(Permission.TENANT_EXPORT)
def archive(request: PostRequest) -> HttpResponse:
    """Say what is in an archive, and take the request for one."""
    post = acting(request)
    form = ArchiveForm(sent(request), post=post, initial={"token": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        token, reason = str(form.cleaned_data["token"]), form.cleaned_data["reason"]
        try:
            asked = asking.ask(form.place(), reason=reason, by=post, token=token)
            return redirect("reports:approval", pk=asked.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    second = second_for(post, Permission.TENANT_EXPORT)
    context = {"form": form, "post": post, "second": second, "days": KEPT_DAYS}
    status = 422 if form.is_bound else 200
    return render(request, "reports/archive.html", context, status=status)


@requires(Permission.INHERITED_VIEW)
@require_safe
def inherited(request: PostRequest) -> HttpResponse:
    """Show the log of the system that an archive came from, page by page, uncounted."""
    filters = InheritedFilter(request.GET)
    found: list[InheritedRecord] = []
    if filters.is_valid():
        found = page_after(request.GET.get("after", ""), filters.cleaned_data)
    shown, more = found[:PER_PAGE], len(found) > PER_PAGE
    context = {
        "filters": filters,
        "filtered": any(filters.cleaned_data.values()) if filters.is_valid() else True,
        "lines": lines(shown),
        "after": shown[-1].pk if more else "",
        "is_first": "after" not in request.GET,
    }
    return render(request, "reports/inherited.html", context)


def page_after(after: str, wanted: dict[str, Any]) -> list[InheritedRecord]:
    """Return one page and one record more, from the one after `after` (an id) on."""
    rows = matching(wanted)
    known = asked_id(after)
    last = InheritedRecord.objects.filter(pk=known).first() if known else None
    if last:
        rows = rows.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    return list(rows[: PER_PAGE + 1])
