"""Coverage of a year: city, township, village, person."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting, stand_in
from regions.models import Level, Region, inside
from representatives.rules import RULES
from trainings.coverage import (
    board_of,
    coverage_of,
    never_first,
    serving,
    with_latest,
    with_trainings,
)
from trainings.rules import counted_on
from trainings.views.people import kpis, rights, tabs
from ui.asked import asked_year
from ui.parts import Segment

YEARS = 3


@requires(Permission.TRAINING_VIEW)
@require_safe
def coverage_home(request: PostRequest) -> HttpResponse:
    """The coverage of one's own place."""
    return coverage_page(request, acting(request).region)


@requires(Permission.TRAINING_VIEW)
@require_safe
def coverage(request: PostRequest, code: int) -> HttpResponse:
    """The coverage of a place below."""
    return coverage_page(request, stand_in(request, code))


def coverage_page(request: PostRequest, place: Region) -> HttpResponse:
    """Show a place by the divisions below it; a village by its people."""
    today, post = timezone.localdate(), acting(request)
    year = kept_year(request.GET.get("year", ""), today)
    context: dict[str, Any] = {
        "tabs": tabs("trainings:coverage"),
        "years": year_tabs(request.path, year, today),
        "year": year,
        "place": place,
        "is_over": year < today.year,
        "rule": RULES.at("L36", today),
        "now": timezone.now(),
        **rights(post),
    }
    if place.level == Level.VILLAGE:
        line = coverage_of(place, year, today)
        people = with_trainings(serving(counted_on(year, today)), year)
        people = with_latest(inside(people, place.scope), year).select_related("group")
        context |= {"total": line, "people": never_first(people)}
    else:
        board = board_of(place, year, today)
        context |= {"total": board.total, "lines": board.lines}
    if year == today.year:
        context["kpis"] = kpis(context["total"], place, post)
    return render(request, "trainings/coverage.html", context)


def kept_year(typed: str, today: dt.date) -> int:
    """Return the year that is asked for, this one for anything that is none of `YEARS`."""
    year = asked_year(typed, today)
    return year if year > today.year - YEARS else today.year


def year_tabs(path: str, year: int, today: dt.date) -> list[Segment]:
    """Return the switch between years."""
    years = range(today.year, today.year - YEARS, -1)
    return [Segment(f"{one} 年", f"{path}?year={one}", one == year) for one in years]
