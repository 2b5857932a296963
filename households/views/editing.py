"""Entering a household, correcting it, and saying which categories it belongs to."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.once import once
from accounts.permissions import Permission
from accounts.places import Below, acting, children_of, sent, stand_in
from accounts.services import Refused
from households import services
from households.forms.links import LabelForm
from households.forms.roll import CategoriesForm, EnterForm, HouseholdForm
from households.listing import who_serves
from households.models import Household
from households.views.roll import household_or_404
from regions.models import Level, Region, inside
from representatives.views.editing import edit_page


@requires(Permission.HOUSEHOLD_EDIT)
def household_edit(request: PostRequest, pk: int) -> HttpResponse:
    """Correct what the roll says of a household."""
    household = household_or_404(request, pk)
    form = HouseholdForm(sent(request), row=household)
    return edit_page(
        request, form, "households/edit.html", name="household", whose="{head}户"
    )


@requires(Permission.HOUSEHOLD_EDIT)
def new_home(request: PostRequest) -> HttpResponse:
    """Send everybody to the place where his post stands, to enter a household."""
    return redirect("households:new", acting(request).region_id)


@requires(Permission.HOUSEHOLD_EDIT)
@once
def new(request: PostRequest, code: int) -> HttpResponse:
    """Enter a household in a village; above a village, choose one first."""
    place, by = stand_in(request, code), acting(request)
    if place.level != Level.VILLAGE:
        return choose_village(request, place)
    people = who_serves(place, timezone.localdate())
    start = {"registered_on": timezone.localdate()}
    form = EnterForm(sent(request), village=place, people=people, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            household = form.enter(by=by, since=timezone.localdate())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{household.head}户已入册。")
            again = "again" in request.POST
            return redirect("households:new", code) if again else redirect(household)
    context = {"form": form, "village": place}
    status = 422 if form.errors else 200
    return render(request, "households/new.html", context, status=status)


def choose_village(request: PostRequest, place: Region) -> HttpResponse:
    """List the villages below, with what they have on the roll."""
    living = inside(Household.objects.living(), place.scope).order_by()
    counted = dict(living.values_list("region_id").annotate(n=Count("pk")))
    below = Below(place)
    rows = [(child, below.of(child, counted)) for child in children_of(place)]
    return render(
        request, "households/choose_village.html", {"place": place, "rows": rows}
    )


@requires(Permission.HOUSEHOLD_EDIT)
def household_labels(request: PostRequest, pk: int) -> HttpResponse:
    """Say which party member shares the care, and the names of 片, 邻 and grid."""
    household = household_or_404(request, pk)
    links = household.links.select_related("representative")
    link = get_object_or_404(links, ended_on=None)
    held = {name: getattr(link, name) for name in services.LABELS}
    form = LabelForm(sent(request), initial=held)
    if request.method == "POST" and form.is_valid():
        try:
            services.label_link(link=link, labels=form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{household.head}户的联系标注已保存。")
            return redirect(household)
    context = {"form": form, "household": household, "link": link}
    status = 422 if form.errors else 200
    return render(request, "households/labels.html", context, status=status)


@requires(Permission.HOUSEHOLD_EDIT)
def household_categories(request: PostRequest, pk: int) -> HttpResponse:
    """Say which categories a household belongs to."""
    household = household_or_404(request, pk)
    held = set(household.tags.filter(ended_on=None).values_list("category", flat=True))
    form = CategoriesForm(sent(request), held=held)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.set_categories(
                household=household,
                codes=given["categories"],
                on=given["on"],
                source=given["source"],
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{household.head}户的重点类别已保存。")
            return redirect(household)
    tags = household.tags.select_related("category").order_by("-started_on", "-pk")
    context = {"form": form, "household": household, "tags": tags}
    status = 422 if form.errors else 200
    return render(request, "households/categories.html", context, status=status)
