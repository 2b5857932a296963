"""走访记录: every visit of one's range, its versions, corrections and withdrawals."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.models import Post
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import Refused
from households.models import Household
from regions.models import Level, Region, inside
from ui.parts import Pair
from visits import rules, services
from visits.facts import facts_of
from visits.forms.records import (
    MISTAKEN,
    MISTAKES,
    CorrectForm,
    ReasonForm,
    RecordFilter,
)
from visits.history import facts, happened_to, history, versions_of
from visits.models import Visit, VisitQuerySet
from visits.visit_rows import rows_of

PER_PAGE = 50


@requires(Permission.VISIT_VIEW)
@require_safe
def record_list(request: PostRequest) -> HttpResponse:
    """List visits; without a day in the address those of this month and the last."""
    post = acting(request)
    one_village = post.region.level == Level.VILLAGE
    filters = RecordFilter(request.GET, one_village=one_village)
    given = filters.cleaned_data if filters.is_valid() else {}
    too_wide = post.region.level == Level.CITY and not is_narrow(given)
    rows = Visit.objects.none()
    if not filters.errors and not too_wide:
        rows = matching(given, timezone.localdate())
    context = {
        "filters": filters,
        "page": page_of(rows, request.GET.get("page")),
        "too_wide": too_wide,
        "since": since_of(given, timezone.localdate()),
        "one_village": one_village,
        "opens_homes": post.may(Permission.HOUSEHOLD_VIEW),
        "may_desk": post.may(Permission.VISIT_DESK),
        "may_export": post.may(Permission.ROLL_EXPORT),
        "now": timezone.now(),
    }
    return render(request, "visits/records.html", context)


def page_of(visits: VisitQuerySet, number: str | None) -> Page[Any]:
    """Return a page of the list; only its own rows are read in full."""
    ids = visits.values_list("pk", flat=True)
    page: Page[Any] = Paginator(ids, PER_PAGE).get_page(number)
    page.object_list = rows_of(list(page.object_list))
    return page


def is_narrow(given: dict[str, Any]) -> bool:
    """Whether the filters name a township, a village, a person or a household.

    The whole city's visits are millions; who reads them reads the dashboard.
    """
    place = given.get("place")
    is_below = isinstance(place, Region) and place.level != Level.CITY
    return bool(is_below or given.get("representative") or given.get("household"))


def since_of(given: dict[str, Any], today: dt.date) -> dt.date | None:
    """Return the first day listed: the one asked for, else of the month before this.

    A household's visits are few and listed whole.
    """
    if given.get("since") or given.get("household"):
        day: dt.date | None = given.get("since")
        return day
    month = rules.Cadence.MONTH.period(given.get("until") or today)
    return rules.Cadence.MONTH.period(month.start - rules.ONE_DAY).start


def matching(given: dict[str, Any], today: dt.date) -> VisitQuerySet:
    """Return the visits that the filters describe, the newest first."""
    rows = Visit.objects.all()
    if since := since_of(given, today):
        rows = rows.filter(visited_on__gte=since)
    if until := given.get("until"):
        rows = rows.filter(visited_on__lte=until)
    if isinstance(place := given.get("place"), Region):
        rows = inside(rows, place.scope)
    for name in ("representative", "household"):
        if given.get(name):
            rows = rows.filter(**{name: given[name]})
    if typed := (given.get("q") or "").strip():
        named = Household.objects.search(typed).filter(pk=OuterRef("household"))
        rows = rows.filter(Exists(named))
    return told(rows, given).order_by("-visited_on", "-received_at", "pk")


def told(rows: VisitQuerySet, given: dict[str, Any]) -> VisitQuerySet:
    """Narrow to what is said, who entered it, and whether it stands."""
    kinds = {
        "matter": {"has_matter": True},
        "quiet": {"has_matter": False},
        "village": {"for_village": True},
    }
    rows = rows.filter(**kinds.get(given.get("about") or "", {}))
    if by := given.get("by"):
        rows = rows.filter(on_behalf=by == "desk")
    state = given.get("state") or ""
    if state == "all":
        return rows
    return rows.filter(withdrawn_at__isnull=state != "gone")


@requires(Permission.VISIT_VIEW)
@require_safe
def record(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a visit, who entered it, and every version before and after."""
    visit = visit_or_404(request, pk)
    versions = versions_of(visit)
    latest = versions[-1]
    context = {
        "visit": visit,
        "latest": latest if latest.pk != visit.pk else None,
        "facts": [Pair(label, value or None) for label, value in facts(visit).items()],
        "events": history(versions),
        "opens_homes": acting(request).may(Permission.HOUSEHOLD_VIEW),
        "may_correct": visit.withdrawn_at is None
        and acting(request).may(Permission.VISIT_DESK),
    }
    return render(request, "visits/record.html", context)


def visit_or_404(request: PostRequest, pk: uuid.UUID) -> Visit:
    """Return a visit of one's range, and put its village on the path."""
    rows = Visit.objects.select_related(
        "region__parent__parent",
        "household__group",
        "representative",
        "entered_by",
        "withdrawn_by",
    )
    visit = get_object_or_404(rows, pk=pk)
    request.place = visit.region  # type: ignore[attr-defined]
    return visit


@requires(Permission.VISIT_DESK)
def record_correct(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """更正: a new version with a reason; the old one stays readable."""
    visit = visit_or_404(request, pk)
    form = CorrectForm(sent(request), visit=visit)
    if request.method == "POST" and form.is_valid():
        try:
            made = correct(visit, form, acting(request))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{visit.household.head}户的走访已更正。")
            return redirect(made)
    context = {"form": form, "visit": visit, "reasons": MISTAKES}
    status = 422 if form.errors else 200
    return render(request, "visits/record_correct.html", context, status=status)


def correct(visit: Visit, form: CorrectForm, post: Post) -> Visit:
    """Correct a visit by what a form in order says."""
    return services.correct(
        visit=visit,
        content=form.content(),
        reason=form.cleaned_data["reason"],
        by=post,
    )


@requires(Permission.VISIT_DESK)
def record_withdraw(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """撤回: the visit stays readable and no longer counts."""
    visit = visit_or_404(request, pk)
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw(
                visit=visit, reason=form.cleaned_data["reason"], by=request.user
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{visit.household.head}户的走访已撤回。")
            return redirect(visit)
    context = {"form": form, "visit": visit, "reasons": MISTAKEN}
    status = 422 if form.errors else 200
    return render(request, "visits/record_withdraw.html", context, status=status)


@requires(Permission.VISIT_VIEW)
@require_safe
def home(request: PostRequest, pk: int) -> HttpResponse:
    """Show how a household stands, its waivers and visits; a part of other pages too."""
    rows = Household.objects.select_related("region__parent__parent", "group")
    household, post = get_object_or_404(rows, pk=pk), acting(request)
    request.place = household.region  # type: ignore[attr-defined]
    today = timezone.localdate()
    context = {
        "household": household,
        "why": rules.explain(facts_of([household.pk])[household.pk], today),
        "waivers": household.waivers.filter(withdrawn_at=None, last__gte=today),
        "events": happened_to(household),
        "may_desk": post.may(Permission.VISIT_DESK),
        "opens_homes": post.may(Permission.HOUSEHOLD_VIEW),
    }
    part = (
        "visits/_home.html" if getattr(request, "htmx", False) else "visits/home.html"
    )
    return render(request, part, context)
