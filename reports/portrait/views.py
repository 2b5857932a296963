"""The sheet, ready to print."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import stand_in
from reports.portrait.facts import portrait_of


@requires(Permission.REPORT_VIEW)
@require_safe
def portrait(request: PostRequest, code: int) -> HttpResponse:
    """Show a place on one sheet of A4."""
    place, today = stand_in(request, code), timezone.localdate()
    context = {
        "portrait": portrait_of(place, today),
        "back": reverse("reports:region", args=[place.code]),
    }
    return render(request, "reports/portrait.html", context)
