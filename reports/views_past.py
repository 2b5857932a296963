"""The lists behind the figures of periods that are over, and the city's measures."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting, stand_in
from accounts.services import Refused
from reports.closing import unclosed
from reports.forms import MeasureForm
from reports.measures import set_measure
from reports.models import Measure
from reports.past import ON_TIME, TITLES, PastList, drawn, windows_of
from representatives.models import Representative
from ui.asked import asked_id
from visits.outcomes import NONE

PER_PAGE = 50


@requires(Permission.VISIT_VIEW)
def past(request: PostRequest, code: int) -> HttpResponse:
    """List the households that a figure of a closed period counted."""
    place, today = stand_in(request, code), timezone.localdate()
    asked, outcome = request.GET.get("p", ""), request.GET.get("outcome", "")
    outcome = outcome if outcome in TITLES else "all"
    person = _person(request.GET.get("representative", ""), place.code)
    windows = windows_of(asked, today)
    found = PastList(place, windows, outcome, person, only_closed=asked == ON_TIME)
    page = Paginator(found.rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "place": place,
        "title": TITLES[outcome],
        "period": "近一年" if asked == ON_TIME else windows[0].words,
        "is_year": asked == ON_TIME,
        "is_closed": not unclosed(place, windows[0]),
        "person": Representative.objects.filter(pk=person).first() if person else None,
        "is_nobodys": person == NONE,
        "listed": page,
        "lines": drawn(list(page.object_list)),
        "back": windows[0].query if asked != ON_TIME else "",
        "opens_homes": acting(request).may(Permission.HOUSEHOLD_VIEW),
        "now": timezone.now(),
    }
    return render(request, "reports/past.html", context)


def _person(asked: str, village: int) -> int | None:
    """Return whose households are asked for: an id, NONE for nobody's, None for all."""
    person = asked_id(asked)
    if person is None or person == NONE:
        return person
    return get_object_or_404(Representative, pk=person, region_id=village).pk


@requires(Permission.CATEGORY_MANAGE)
def measures(request: PostRequest) -> HttpResponse:
    """Show the rules of lights and closing, and put new ones in force."""
    today = timezone.localdate()
    held = list(Measure.objects.select_related("set_by").order_by("-effective_from"))
    form = MeasureForm(request.POST or None, today=today, held=held[0])
    if request.method == "POST" and form.is_valid():
        try:
            set_measure(**form.wanted(), by=acting(request).user, on=today)
            return redirect("reports:measures")
        except Refused as refused:
            form.add_error("effective_from", str(refused))
    context = {"form": form, "held": held, "today": today}
    status = 422 if form.errors else 200
    return render(request, "reports/measures.html", context, status=status)
