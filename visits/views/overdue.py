"""超期清单: who should have been seen and was not, today or as of a past day."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import Refused
from regions.models import Level
from ui.figures import spoken_day
from ui.links import params_of, with_params
from ui.parts import Segment
from visits import overdue
from visits.filters import OverdueFilter
from visits.overdue import Asked, Line
from visits.standings import WANTED, State

PER_PAGE = 50
MOST_PRINTED = 1000
ORDERS = {"days": "按超期天数", "rep": "按代表", "place": "按村（社区）"}


@dataclass(frozen=True)
class Listed:
    """One page of the list with its lines; `refusal` says why there is none."""

    page: Page[Any]
    lines: list[Line]
    refusal: str = ""


@requires(Permission.VISIT_VIEW)
@require_safe
def overdue_list(request: PostRequest) -> HttpResponse:
    """List households by how they stand; without filters those that are overdue."""
    post, today = acting(request), timezone.localdate()
    one_village = post.region.level == Level.VILLAGE
    filters = OverdueFilter(request.GET, one_village=one_village)
    given = filters.cleaned_data if filters.is_valid() else {}
    asked = Asked.of(given, today, order_of(request, one_village=one_village))
    is_whole = request.GET.get("whole") == "1"
    paging = (MOST_PRINTED if is_whole else PER_PAGE, request.GET.get("page"))
    is_past = given.get("on") is not None
    context = {
        "filters": filters,
        "asked": asked,
        "is_past": is_past,
        "listed": nothing() if filters.errors else listed(asked, paging, is_past),
        "title": dict(WANTED)[asked.state],
        "orders": orders(request, asked.by, one_village=one_village),
        "one_village": one_village,
        "opens_homes": post.may(Permission.HOUSEHOLD_VIEW),
        "may_desk": post.may(Permission.VISIT_DESK),
        "may_export": post.may(Permission.ROLL_EXPORT),
        "urges": post.may(Permission.MESSAGE_SEND)
        and not is_past
        and asked.state == State.OVERDUE,
        "is_whole": is_whole,
        "most_printed": MOST_PRINTED,
        "day": spoken_day(asked.on),
        "now": timezone.now(),
    }
    return render(request, "visits/overdue.html", context)


def listed(
    asked: Asked,
    paging: tuple[int, str | None],
    is_past: bool,  # noqa: FBT001 - whether the day is a past one
) -> Listed:
    """Return the page that was asked for; only its own rows are drawn."""
    size, number = paging
    if not is_past:
        page: Page[Any] = Paginator(overdue.ids(asked), size).get_page(number)
        return Listed(page, overdue.lines(list(page.object_list), asked.on))
    try:
        found = overdue.past(asked)
    except Refused as refused:
        return nothing(str(refused))
    page = Paginator(found, size).get_page(number)
    return Listed(page, overdue.past_lines(list(page.object_list), asked.on))


def nothing(refusal: str = "") -> Listed:
    """Return an empty page, and why it is empty."""
    return Listed(Paginator([], PER_PAGE).get_page(1), [], refusal)


def order_of(request: HttpRequest, *, one_village: bool) -> str:
    """Return the order that was asked for; in a village there is none by village."""
    asked = request.GET.get("by", "")
    if asked not in ORDERS or (one_village and asked == "place"):
        return "days"
    return asked


def orders(request: HttpRequest, by: str, *, one_village: bool) -> tuple[Segment, ...]:
    """Return the switch between the orders of the list."""
    flat = params_of(request.GET)
    return tuple(
        Segment(label, with_params(flat, {"by": key}), current=key == by)
        for key, label in ORDERS.items()
        if not (one_village and key == "place")
    )
