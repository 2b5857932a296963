"""免访: asked for by the village, its effect shown first; seen by whoever is above."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.once import once
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import Refused
from households.models import Household
from regions.models import Level, Region, inside
from ui.asked import asked_ids
from ui.parts import Pair
from visits.forms.records import ReasonForm
from visits.forms.waivers import EndForm, WaiverFilter, WaiverForm
from visits.models import Waiver
from visits.services import waiving
from visits.standings import State, all_duties, wanted
from visits.waivers import in_state, matching, within

PER_PAGE = 50
REASONS = ("登记错了户", "其实在家", "重复登记")


@requires(Permission.VISIT_VIEW)
@require_safe
def waiver_list(request: PostRequest) -> HttpResponse:
    """List waivers: in force, to come, ended, taken back; by village where there are many."""
    post, today = acting(request), timezone.localdate()
    one_village = post.region.level == Level.VILLAGE
    filters = WaiverFilter(request.GET, one_village=one_village)
    given = filters.cleaned_data if filters.is_valid() else {}
    rows = Waiver.objects.none() if filters.errors else matching(given, today)
    place = given.get("place")
    context = {
        "filters": filters,
        "state": dict(WaiverFilter.STATES)[given.get("state") or "now"],
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "today": today,
        "excused": excused(place if isinstance(place, Region) else None, today),
        "excused_url": excused_url(place),
        "by_village": [] if one_village else by_village(given, today),
        "one_village": one_village,
        "may_desk": post.may(Permission.VISIT_DESK),
        "opens_homes": post.may(Permission.HOUSEHOLD_VIEW),
        "now": timezone.now(),
    }
    return render(request, "visits/waivers.html", context)


def excused(place: Region | None, today: dt.date) -> int:
    """Return how many households the dashboards count as 免访."""
    duties = all_duties()
    if place is not None:
        duties = inside(duties, place.scope)
    return wanted(duties, today, State.EXCUSED).count()


def excused_url(place: object) -> str:
    """Return the list of the households that the dashboards count as 免访."""
    where = f"&place={place.full_name}" if isinstance(place, Region) else ""
    return f"{reverse('visits:overdue')}?state={State.EXCUSED.value}{where}"


def by_village(given: dict[str, Any], today: dt.date) -> list[Pair]:
    """Return how many waivers are in force in each village that has any, by code."""
    rows = in_state(within(Waiver.objects.all(), given), "now", today).order_by()
    counted = dict(rows.values_list("region_id").annotate(n=Count("pk")))
    places = Region.objects.select_related("parent").in_bulk(list(counted))
    url = reverse("visits:waivers")
    return [
        Pair(
            places[code].full_name,
            str(counted[code]),
            url=f"{url}?place={places[code].full_name}",
        )
        for code in sorted(counted)
    ]


@requires(Permission.VISIT_DESK)
@once
def waiver_new(request: PostRequest) -> HttpResponse:
    """申请免访 for one or many households: asked, the effect shown, then saved."""
    today = timezone.localdate()
    households = households_of(request)
    if not 0 < len(households) <= waiving.MOST_AT_ONCE:
        words = f"请先勾选要免访的户，一次最多 {waiving.MOST_AT_ONCE} 户。"
        messages.error(request, words)
        return redirect("visits:overdue")
    form = WaiverForm(sent(request), months=waiving.months_on(today))
    context: dict[str, Any] = {"form": form, "households": households}
    if request.method == "POST" and form.is_valid() and "back" not in request.POST:
        asked = waiving.Asked(**form.cleaned_data)
        effects = waiving.effects_of(households, asked, today)
        possible = [one.household for one in effects if not one.refusal]
        context |= {"effects": effects, "possible": possible}
        if "confirm" in request.POST and len(possible) == len(households):
            return save(request, form, households, asked)
        if possible:
            return render(request, "visits/waiver_check.html", context)
        form.add_error(None, refusals(effects))
    status = 422 if form.errors else 200
    return render(request, "visits/waiver_new.html", context, status=status)


def households_of(request: PostRequest) -> list[Household]:
    """Return the households that were chosen; Http404 for unknown ones."""
    given = (request.POST if request.method == "POST" else request.GET).getlist("ids")
    ids = asked_ids(given)
    rows = Household.objects.living().filter(pk__in=ids).select_related("group")
    found = list(rows.order_by("group__number", "head", "pk"))
    if len(found) != len(ids):
        raise Http404
    return found


def refusals(effects: Iterable[waiving.Effect]) -> str:
    """Return why no household can be excused, in one sentence for each reason."""
    return " ".join(
        dict.fromkeys(f"{one.household.head}户：{one.refusal}" for one in effects)
    )


def save(
    request: PostRequest,
    form: WaiverForm,
    households: list[Household],
    asked: waiving.Asked,
) -> HttpResponse:
    """Save what was confirmed; somebody may have been quicker."""
    try:
        waiving.excuse(
            households=households,
            asked=asked,
            on=timezone.localdate(),
            by=acting(request),
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        context = {"form": form, "households": households}
        return render(request, "visits/waiver_new.html", context, status=422)
    names = "、".join(home.head for home in households[:5])
    more = f"等 {len(households)} 户" if len(households) > 5 else ""
    messages.success(request, f"{names}{more}免访到 {asked.last}。")
    return redirect("visits:waivers")


@requires(Permission.VISIT_DESK)
def waiver_end(request: PostRequest, pk: int) -> HttpResponse:
    """提前结束: the waiver ends on an earlier day."""
    waiver = waiver_or_404(pk)
    form = EndForm(sent(request), waiver=waiver)
    if request.method == "POST" and form.is_valid():
        try:
            waiving.end_early(waiver=waiver, last=form.cleaned_data["last"])
        except Refused as refused:
            form.add_error("last", str(refused))
        else:
            messages.success(
                request, f"{waiver.household.head}户免访改到 {waiver.last} 为止。"
            )
            return redirect("visits:waivers")
    context = {"form": form, "waiver": waiver, "title": "提前结束免访"}
    status = 422 if form.errors else 200
    return render(request, "visits/waiver_end.html", context, status=status)


@requires(Permission.VISIT_DESK)
def waiver_withdraw(request: PostRequest, pk: int) -> HttpResponse:
    """撤销: as if it had never been; kept with the reason."""
    waiver = waiver_or_404(pk)
    form = ReasonForm(sent(request))
    form.fields["reason"].label = "为什么撤销"
    form.fields["reason"].help_text = "例如：其实在家。撤销后从头照常要求走访。"
    if request.method == "POST" and form.is_valid():
        try:
            waiving.take_back(
                waiver=waiver, reason=form.cleaned_data["reason"], by=request.user
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{waiver.household.head}户的免访已撤销。")
            return redirect("visits:waivers")
    context = {"form": form, "waiver": waiver, "title": "撤销免访", "reasons": REASONS}
    status = 422 if form.errors else 200
    return render(request, "visits/waiver_end.html", context, status=status)


def waiver_or_404(pk: int) -> Waiver:
    """Return a waiver of one's range."""
    rows = Waiver.objects.select_related("household__group", "entered_by")
    return get_object_or_404(rows, pk=pk)
