"""本周走访: the village's list of whom to see now, to hand out on paper."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting
from ui.figures import day_words
from ui.parts import Segment
from visits.week import groups_of, week_of


@requires(Permission.VISIT_DESK)
@require_safe
def week(request: PostRequest) -> HttpResponse:
    """Show whom to see this week, group by group, then by representative."""
    today = timezone.localdate()
    is_whole = request.GET.get("whole") == "1"
    groups = groups_of(acting(request).region, today, whole=is_whole)
    monday, sunday = week_of(today)
    context = {
        "groups": groups,
        "span": f"{day_words(monday)} 至 {day_words(sunday)}",
        "choices": [
            Segment("这周先看", "?", current=not is_whole),
            Segment("本期都列出", "?whole=1", current=is_whole),
        ],
        "opens_homes": acting(request).may(Permission.HOUSEHOLD_VIEW),
        "now": timezone.now(),
    }
    return render(request, "visits/week.html", context)
