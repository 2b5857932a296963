"""届期: when each village's term ends, and what is due before it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting, stand_in
from regions.models import Level
from representatives.rules.terms import NEAR_DAYS
from representatives.terms import TermSum, sums_below, terms_of


@requires(Permission.REPRESENTATIVE_VIEW)
@require_safe
def terms_home(request: PostRequest) -> HttpResponse:
    """Send everybody to the terms of the place where his post stands."""
    return redirect("representatives:terms", acting(request).region_id)


@requires(Permission.REPRESENTATIVE_VIEW)
@require_safe
def terms(request: PostRequest, code: int) -> HttpResponse:
    """Show a township's villages, what ends first in front; the city by townships."""
    place, today = stand_in(request, code), timezone.localdate()
    lines = terms_of(place, today)
    context = {
        "place": place,
        "total": TermSum(place, tuple(lines)),
        "lines": lines,
        "sums": sums_below(place, lines) if place.level == Level.CITY else (),
        "near_days": NEAR_DAYS,
        "today": today,
        "may_edit": acting(request).may(Permission.REPRESENTATIVE_EDIT),
    }
    return render(request, "representatives/terms.html", context)
