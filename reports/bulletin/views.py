"""The page of a 通报: its text as drafted, with charts, and ways to take it away."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting, stand_in
from papers.answers import answer
from regions.models import Level
from reports.bulletin.draft import draft_of
from reports.bulletin.drafting import blocks_of, paper_of
from reports.centre.naming import reporting_unit
from reports.centre.periods import offered, resolved
from reports.figures.domain import Asked
from reports.periods import Span, window
from reports.summary.trend import issues_of, months_to, rates_of
from reports.views import around


@requires(Permission.REPORT_VIEW)
@require_safe
def bulletin(request: PostRequest, code: int) -> HttpResponse:
    """Show the 通报 of the city or of a township."""
    post, today = acting(request), timezone.localdate()
    place = stand_in(request, code)
    if place.level == Level.VILLAGE:  # it is only written about
        return redirect("reports:summary", code=place.code)
    asked = request.GET.get("p") or "last-month"
    seen = resolved(asked, today)
    draft = draft_of(place, seen)
    last = seen.last if seen.is_over else window(Span.MONTH, today).before.last
    months = months_to(place, last)
    context = {
        "draft": draft,
        "blocks": list(blocks_of(draft)),
        "rates": rates_of(months),
        "issues": issues_of(months),
        "periods": offered(today, Span.MONTH, asked=asked),
        "asked": asked,
        "may_export": post.may(Permission.ROLL_EXPORT),
        **around(Asked(place, seen)),
    }
    return render(request, "reports/bulletin.html", context)


@requires(Permission.REPORT_VIEW)
@require_safe
def bulletin_paper(request: PostRequest, code: int) -> HttpResponse:
    """Show the 通报 as it is printed, or as a .docx (`?format=docx`)."""
    place, today = stand_in(request, code), timezone.localdate()
    if place.level == Level.VILLAGE:
        return redirect("reports:summary", code=place.code)
    seen = resolved(request.GET.get("p") or "last-month", today)
    paper = paper_of(draft_of(place, seen), reporting_unit(place), today)
    back = reverse("reports:bulletin", args=[place.code]) + f"?p={seen.key}"
    return answer(request, paper, back=back)
