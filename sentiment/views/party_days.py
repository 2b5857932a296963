"""主题党日: the record, and the visits of its afternoon."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.editing import EditedMeanwhile
from accounts.middleware import PostRequest
from accounts.once import once
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import Refused
from households.models import Household
from regions.models import Level
from sentiment.forms.party_days import Matters, PartyDayForm, TogetherForm
from sentiment.forms.talks import one_more
from sentiment.models import PartyDay
from sentiment.services import party_days as services

PER_PAGE = 30


@requires(Permission.REVIEW_READ)
@require_safe
def party_days(request: PostRequest) -> HttpResponse:
    """List the party days in scope, the latest first."""
    post = acting(request)
    days = PartyDay.objects.select_related("region").annotate(
        visits=Count("group_visits")
    )
    page = Paginator(days.order_by("-held_on", "region"), PER_PAGE)
    context = {
        "page": page.get_page(request.GET.get("page")),
        "one_village": post.region.level == Level.VILLAGE,
        "records": post.may(Permission.REVIEW_PREPARE),
    }
    return render(request, "sentiment/party-days.html", context)


@requires(Permission.REVIEW_READ)
@require_safe
def party_day(request: PostRequest, pk: int) -> HttpResponse:
    """Show one day and whom it visited."""
    day = day_or_404(request, pk)
    visits = day.group_visits.select_related(
        "visit__household__group", "visit__representative"
    )
    context = {
        "day": day,
        "visits": visits.order_by("visit__household__group__number", "pk"),
        "records": acting(request).may(Permission.REVIEW_PREPARE),
    }
    return render(request, "sentiment/party-day.html", context)


@requires(Permission.REVIEW_PREPARE)
@once
def party_day_new(request: PostRequest) -> HttpResponse:
    """Note a party day."""
    form = PartyDayForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            day = services.hold(facts=form.facts(), by=acting(request))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "主题党日已记好，接着记当天走访的户。")
            return redirect("sentiment:party-day-visits", day.pk)
    status = 422 if form.errors else 200
    return render(
        request, "sentiment/party-day-new.html", {"form": form}, status=status
    )


@requires(Permission.REVIEW_PREPARE)
def party_day_edit(request: PostRequest, pk: int) -> HttpResponse:
    """更正 a party day."""
    day = day_or_404(request, pk)
    form, clash = PartyDayForm(sent(request), day=day), None
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            services.amend(day=day, facts=form.facts(), version=version)
        except EditedMeanwhile as other:
            clash, form.data = other, request.POST.copy()
            form.data["version"] = str(getattr(other.current, "version", 1))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已更正。")
            return redirect(day)
    status = 409 if clash else 422 if form.errors else 200
    context = {"form": form, "day": day, "clash": clash}
    return render(request, "sentiment/party-day-new.html", context, status=status)


@requires(Permission.REVIEW_PREPARE)
def party_day_visits(request: PostRequest, pk: int) -> HttpResponse:
    """集中走访: tap the households that were seen, and say which had a matter."""
    day = day_or_404(request, pk)
    wants_more = "more" in request.POST
    data = one_more(request.POST) if wants_more else sent(request)
    form = TogetherForm(
        data, village=day.region_id, on=day.held_on, is_checked=not wants_more
    )
    homes = Household.objects.filter(region=day.region_id).living()
    kwargs = {"homes": homes, "is_checked": not wants_more}
    matters = Matters(data, prefix="o", form_kwargs=kwargs)
    if is_sent := request.method == "POST" and not wants_more:
        new = entered(request, day, form, matters)
        if new is not None:
            messages.success(request, f"集中走访已记 {new} 户，和平时上门一样算数。")
            return redirect(day)
    context = {"form": form, "matters": matters, "day": day, "known": known_homes(day)}
    status = 422 if is_sent else 200
    return render(request, "sentiment/party-day-visits.html", context, status=status)


def entered(
    request: PostRequest, day: PartyDay, form: TogetherForm, matters: Any
) -> int | None:
    """Record the visits of forms that are in order; None when something is to mend."""
    if not all([form.is_valid(), matters.is_valid()]):
        return None
    try:
        return services.visit_together(
            day=day, seen=seen_of(form, matters), by=acting(request)
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return None


def seen_of(form: TogetherForm, matters: Any) -> list[services.Seen]:
    """Return the households that were tapped, with what some of them said."""
    said = {one.household: one for one in matters.opinions() if one.household}
    homes = dict.fromkeys([*(home.pk for home in form.homes()), *said])
    return [
        services.Seen(pk, said[pk].words, said[pk].topic, said[pk].satisfaction)
        if pk in said
        else services.Seen(pk)
        for pk in homes
    ]


def known_homes(day: PartyDay) -> list[str]:
    """Return the heads of the households that are recorded for the day already."""
    heads = day.group_visits.values_list("visit__household__head", flat=True)
    return list(heads.order_by("pk"))


def day_or_404(request: PostRequest, pk: int) -> PartyDay:
    """Return a party day of the open scope, and put its village on the path."""
    days = PartyDay.objects.select_related("region__parent", "entered_by")
    day = get_object_or_404(days, pk=pk)
    request.place = day.region  # type: ignore[attr-defined]
    return day
