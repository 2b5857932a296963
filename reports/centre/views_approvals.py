"""Exports of many whole numbers, and the second person's word on them."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.models import Post
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import NotYours, Refused
from reports.centre import approvals
from reports.centre.deciders import deciders, names_of, remedy_for
from reports.centre.forms import AnswerForm
from reports.models import Approval

PER_PAGE = 20


@requires(Permission.ROLL_EXPORT_FULL)
@require_safe
def approval_list(request: PostRequest) -> HttpResponse:
    """List the requests of one's range, those that wait first."""
    rows = Approval.objects.select_related("region__parent", "asked_by", "decided_by")
    page = Paginator(rows.order_by("-state", "-asked_at"), PER_PAGE)
    context = {"page": page.get_page(request.GET.get("page"))}
    return render(request, "reports/approval_list.html", context)


@requires(Permission.ROLL_EXPORT_FULL)
def approval(request: PostRequest, pk: int) -> HttpResponse:
    """Show a request, and take the word of whoever may give it."""
    post = acting(request)
    found = get_object_or_404(
        Approval.objects.select_related("region__parent", "asked_by", "decided_by"),
        pk=pk,
    )
    form = AnswerForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            return _decide(request, found, form)
        except NotYours as refused:
            raise PermissionDenied(str(refused)) from refused
        except Refused as refused:
            form.add_error("answer", str(refused))
    context = {
        "approval": found,
        "form": form,
        "may_decide": approvals.may_decide(found, post),
        "is_own": found.asked_by_id == post.user_id,
        "able": names_of(able_to(found)) if found.is_waiting else "",
        "remedy": remedy_for(found.region, found.right),
    }
    status = 422 if form.errors else 200
    return render(request, "reports/approval.html", context, status=status)


def able_to(found: Approval) -> list[Post]:
    """Return who may decide on a request today, nearest first."""
    return deciders(found.region_id, but=found.asked_by_id, right=found.right)


def _decide(request: PostRequest, found: Approval, form: AnswerForm) -> HttpResponse:
    by = acting(request)
    if request.POST.get("do") == "approve":
        approvals.approve(approval=found, by=by)
    else:
        answer = form.cleaned_data["answer"]
        approvals.refuse(approval=found, by=by, answer=answer)
    return redirect("reports:approvals")
