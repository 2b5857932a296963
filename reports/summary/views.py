"""The page of the summary: any period of a place, each number with its list."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting, stand_in
from papers.answers import answer
from regions.models import Level
from reports.centre.naming import reporting_unit
from reports.centre.periods import offered, resolved
from reports.figures.domain import Asked
from reports.periods import Span
from reports.summary.columns import notes_for
from reports.summary.ledger import closing_words, paper_of
from reports.summary.table import drawn, heads_of, summary_of
from reports.views import around


@requires(Permission.REPORT_VIEW)
@require_safe
def summary_home(request: PostRequest) -> HttpResponse:
    """Show the summary of one's own range."""
    return summary(request, acting(request).region_id)


@requires(Permission.REPORT_VIEW)
@require_safe
def summary(request: PostRequest, code: int) -> HttpResponse:
    """Show the summary of a division: a line for each one below."""
    post, today = acting(request), timezone.localdate()
    place = stand_in(request, code)
    asked = request.GET.get("p") or "last-month"
    seen = resolved(asked, today)
    found = summary_of(place, seen)
    total, lines = drawn(found, post)
    upper, lower = heads_of(found.figures)
    context: dict[str, Any] = {
        "summary": found,
        "total": total,
        "lines": lines,
        "upper": upper,
        "lower": lower,
        "notes": notes_for(seen),
        "closing": closing_words(found),
        "periods": offered(today, Span.MONTH, asked=asked),
        "asked": asked,
        "may_export": post.may(Permission.ROLL_EXPORT),
        "is_issued": place.level != Level.VILLAGE,
        "own_page": reverse("reports:summary", args=[place.code]),
        **around(Asked(place, seen)),
    }
    return render(request, "reports/summary.html", context)


@requires(Permission.REPORT_VIEW)
@require_safe
def summary_paper(request: PostRequest, code: int) -> HttpResponse:
    """Show the summary as it is printed, or as a .docx (`?format=docx`)."""
    place, today = stand_in(request, code), timezone.localdate()
    seen = resolved(request.GET.get("p") or "last-month", today)
    found, order = summary_of(place, seen), request.GET.get("order", "")
    paper = paper_of(found, reporting_unit(place), today, order)
    back = reverse("reports:summary", args=[place.code]) + f"?p={seen.key}"
    return answer(request, paper, back=back)
