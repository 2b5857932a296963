"""What a representative has to tell back, on the phone; a household's issues."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import NotYours, Refused
from households.models import Household
from sentiment import listing, services
from sentiment.forms.steps import TellForm
from sentiment.models import Issue, State
from sentiment.standings import next_of
from sentiment.views.issues import add_refusal, issue_or_404

SHOWN = 20


@dataclass(frozen=True)
class ToTell:
    """A result that waits to be told, with the form that ticks it."""

    issue: Issue
    form: TellForm


@requires(Permission.ISSUE_TELL)
@require_safe
def to_tell(request: PostRequest) -> HttpResponse:
    """List what a representative has to tell to whom, then what is still being done.

    The village has the same in its list.
    """
    if acting(request).role != "representative":
        return redirect("sentiment:issues")
    return telling_page(request)


def telling_page(
    request: PostRequest, tried: TellForm | None = None, status: int = 200
) -> HttpResponse:
    """Draw the page; the form that was tried stays as it was sent."""
    post, today = acting(request), timezone.localdate()
    rows = Issue.objects.select_related("household", "group")
    waiting = rows.to_tell().order_by("resolved_on", "pk")
    others = rows.exclude(pk__in=waiting.values("pk")).exclude(state=State.WITHDRAWN)
    context = {
        "waiting": [
            ToTell(
                row,
                tried
                if tried and tried.issue == row
                else TellForm(issue=row, by=post, auto_id=f"id_{row.pk}_%s"),
            )
            for row in waiting
        ],
        "others": [
            (row, next_of(row, today))
            for row in others.order_by("-heard_on", "-pk")[:SHOWN]
        ],
        "tried": tried,
    }
    return render(request, "sentiment/to_tell.html", context, status=status)


@requires(Permission.ISSUE_TELL)
def issue_tell(request: PostRequest, pk: int) -> HttpResponse:
    """Tick that the household knows, with its answer."""
    post = acting(request)
    row = issue_or_404(request, pk)
    if request.method != "POST":
        return redirect("sentiment:to-tell")
    form = TellForm(request.POST, issue=row, by=post, auto_id=f"id_{row.pk}_%s")
    if form.is_valid():
        try:
            form.take()
        except services.ChangedMeanwhile as other:
            form.rebased(other.issue.version)
            form.add_error(None, str(other))
            return telling_page(request, form, 409)
        except NotYours as refused:
            raise PermissionDenied(str(refused)) from refused
        except Refused as refused:
            add_refusal(form, refused)
        else:
            whom = f"{row.household.head}家" if row.household else "群众"
            messages.success(request, f"已记下：告诉了{whom}。")
            return redirect("sentiment:to-tell")
    return telling_page(request, form, 422)


@requires(Permission.ISSUE_VIEW)
@require_safe
def household_issues(request: PostRequest, pk: int) -> HttpResponse:
    """Draw a household's issues, as a part of its page or as a page of its own."""
    household = get_object_or_404(Household.objects.select_related("region"), pk=pk)
    request.place = household.region  # type: ignore[attr-defined]
    post, today = acting(request), timezone.localdate()
    rows = Issue.objects.filter(household=household)
    ids = rows.order_by("-heard_on", "-pk").values_list("pk", flat=True)[:SHOWN]
    context = {
        "household": household,
        "lines": listing.lines(list(ids), post, today),
        "part": bool(getattr(request, "htmx", False)),
    }
    template = "sentiment/_household_issues.html"
    if not context["part"]:
        template = "sentiment/household_issues.html"
    return render(request, template, context)
