"""The page behind the box in the top bar, and the picker behind the last crumb."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting
from regions.models import Level
from reports.search import finds, places
from ui.asked import asked_words
from ui.links import address_of, page_address
from ui.shell import Crumb

LONGEST = 30
PLACES = 30
"""How many places the picker lists."""


@requires(Permission.HOUSEHOLD_VIEW)
@require_safe
def search(request: PostRequest) -> HttpResponse:
    """Show who and what is called so in one's range, a few of each kind."""
    post, typed = acting(request), asked_words(request.GET.get("q", ""), LONGEST)
    context = {
        "typed": typed,
        "heaps": finds.heaps(typed, post, timezone.localdate()),
        "one_village": post.region.level == Level.VILLAGE,
        "may_see_issues": post.may(Permission.ISSUE_VIEW),
    }
    return render(request, "reports/search.html", context)


@requires(Permission.OVERVIEW_VIEW)
def picker(request: PostRequest) -> HttpResponse:
    """List the divisions of one's range that match what was typed."""
    typed = asked_words(request.GET.get("q", ""), 20)
    found = places.matching(typed)
    context = {
        "query": typed,
        "places": [
            Crumb(one.full_name, address_of("reports:region", one.code))
            for one in found[:PLACES]
        ],
        "more": max(found.count() - PLACES, 0),
        "picker_url": page_address("reports:picker"),
    }
    fragment = getattr(request, "htmx", False)
    template = "reports/_places.html" if fragment else "reports/picker.html"
    return render(request, template, context)
