"""摸底: each village's seats, and the township's word on them once a quarter."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting, stand_in
from regions.models import Level
from representatives import services
from representatives.by_elections import limit_days
from representatives.rules.by_elections import quarter_of
from representatives.survey import Summed, summed_below, survey_of


@requires(Permission.REPRESENTATIVE_VIEW)
@require_safe
def survey_home(request: PostRequest) -> HttpResponse:
    """Send everybody to the survey of the place where his post stands."""
    return redirect("representatives:survey", acting(request).region_id)


@requires(Permission.REPRESENTATIVE_VIEW)
@require_safe
def survey(request: PostRequest, code: int) -> HttpResponse:
    """Show the villages of a place: exceptions first, then in administrative order."""
    place, today = stand_in(request, code), timezone.localdate()
    villages = survey_of(place, today)
    total = Summed(place, tuple(villages))
    year, quarter = quarter_of(today)
    context = {
        "place": place,
        "total": total,
        "quarter": f"{year} 年第 {quarter} 季度",
        "limit": limit_days(today),
        "may_export": acting(request).may(Permission.ROLL_EXPORT),
        "may_confirm": acting(request).may(Permission.BY_ELECTION_REVIEW)
        and place.level != Level.CITY,
    }
    if place.level == Level.CITY:
        rows = summed_below(place, villages)
        rows.sort(key=lambda row: (row.late == 0, row.vacant == 0, row.place.code))
        return render(request, "representatives/survey_city.html", context | {"rows": rows})  # fmt: skip
    villages.sort(key=lambda row: (row.late == 0, row.vacant == 0, row.village.code))
    return render(request, "representatives/survey.html", context | {"rows": villages})


@requires(Permission.BY_ELECTION_REVIEW)
@require_POST
def survey_confirm(request: PostRequest, code: int) -> HttpResponse:
    """Confirm all villages of a place as they stand, for this quarter."""
    place, today = stand_in(request, code), timezone.localdate()
    villages = survey_of(place, today)
    count = services.confirm_survey(villages=villages, on=today, by=acting(request))
    year, quarter = quarter_of(today)
    words = f"已确认 {count} 个村（社区）{year} 年第 {quarter} 季度的摸底情况。"
    messages.success(request, words)
    return redirect("representatives:survey", place.code)
