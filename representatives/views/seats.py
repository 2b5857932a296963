"""Seats and vacancies: by place, of one village, and the forms that change them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.once import once
from accounts.permissions import Permission
from accounts.places import (
    Below,
    acting,
    children_of,
    sent,
    stand_in,
    village_of,
)
from accounts.services import Refused
from regions.models import Kind, Level, Region, inside
from representatives import services
from representatives.assembly import (
    Check,
    Place,
    Unit,
    checks_of,
    term_of,
    units_of,
)
from representatives.forms.seats import (
    ConstituencyForm,
    SeatsForm,
    TermForm,
    UnitForm,
    next_term,
)
from representatives.models import CommitteeTerm, Constituency, Mandate, Seat
from representatives.survey import vacant_places
from ui.asked import asked_id
from ui.parts import Kpi


@dataclass(frozen=True)
class SeatFigures:
    """Seats of a division: how many, held, vacant, and the longest vacancy in days."""

    place: Region
    seats: int
    filled: int
    vacant: int
    longest: int | None

    @property
    def url(self) -> str:
        """The page of seats of this division."""
        return reverse("representatives:seats", args=[self.place.code])


@requires(Permission.REPRESENTATIVE_VIEW)
def seats_home(request: PostRequest) -> HttpResponse:
    """Send everybody to the seats of the place where his post stands."""
    return redirect("representatives:seats", acting(request).region_id)


@requires(Permission.REPRESENTATIVE_VIEW)
def seats(request: PostRequest, code: int) -> HttpResponse:
    """Show the seats of a village, or of the divisions below a wider place."""
    place, today = stand_in(request, code), timezone.localdate()
    if place.level != Level.VILLAGE:
        return seats_below(request, place, today)
    units, term = units_of(place, today), term_of(place, today)
    checks = checks_of(units, term, today)
    vacancies = vacancies_of(units)
    context = {
        "village": place,
        "units": units,
        "vacancies": vacancies,
        "term": term,
        "checks": checks,
        "kpis": kpis_of(units, vacancies, checks),
        "is_community": place.kind == Kind.COMMUNITY,
        "may_edit": acting(request).may(Permission.REPRESENTATIVE_EDIT),
        "may_export": acting(request).may(Permission.ROLL_EXPORT),
    }
    return render(request, "representatives/seats.html", context)


def vacancies_of(units: list[Unit]) -> list[tuple[Unit, Place]]:
    """Return the vacant seats, the longest vacant first."""
    empty = [(unit, p) for unit in units for p in unit.places if p.is_vacant]
    return sorted(empty, key=lambda pair: (-pair[1].days, pair[1].seat.pk))


def kpis_of(
    units: list[Unit], vacancies: list[tuple[Unit, Place]], checks: list[Check]
) -> list[Kpi]:
    """Return the figures on top of a village's page."""
    total = sum(len(unit.places) for unit in units)
    longest = max((place.days for _, place in vacancies), default=0)
    late = any(place.is_late for _, place in vacancies)
    wrong = sum(bool(check.findings) for check in checks)
    return [
        Kpi("席位", f"{total}", "个", notes=(f"{len(units)} 个推选单元",)),
        Kpi("在任代表", f"{total - len(vacancies)}", "人"),
        Kpi(
            "出缺",
            f"{len(vacancies)}",
            "个",
            tone=("bad" if late else "warn") if vacancies else "ok",
            notes=(f"最长 {longest} 天",) if vacancies else ("没有空缺",),
        ),
        Kpi(
            "组成检查",
            f"{wrong}" if wrong else "都符合",
            "项不符合" if wrong else "",
            tone="warn" if wrong else "ok",
        ),
    ]


def seats_below(request: PostRequest, place: Region, on: dt.date) -> HttpResponse:
    """List the divisions below with their seats: vacancies first, then by code."""
    below = Below(place)
    counted = inside(Seat.objects.open(), place.scope).order_by()
    total = dict(counted.values_list("region_id").annotate(n=Count("pk")))
    vacant = vacant_places(inside(Seat.objects.vacant(on), place.scope), on)
    empty = {code: [spot.days for spot in spots] for code, spots in vacant.items()}
    rows = [figures(child, below, total, empty) for child in children_of(place)]
    rows.sort(key=lambda row: (row.vacant == 0, row.place.code))
    context = {
        "place": place,
        "rows": rows,
        "all": figures(place, below, total, empty),
        "unit": "村（社区）" if place.level == Level.TOWNSHIP else "乡镇（街道）",
        "may_export": acting(request).may(Permission.ROLL_EXPORT),
    }
    return render(request, "representatives/seats_below.html", context)


def figures(
    child: Region, below: Below, total: dict[int, int], empty: dict[int, list[int]]
) -> SeatFigures:
    """Return the figures of one division."""
    days_there = [days for code, days in empty.items() if code in child.scope]
    vacancies = [day for days in days_there for day in days]
    seats_there = below.of(child, total)
    return SeatFigures(
        child,
        seats_there,
        seats_there - len(vacancies),
        len(vacancies),
        max(vacancies, default=None),
    )


@requires(Permission.REPRESENTATIVE_EDIT)
def term(request: PostRequest, code: int) -> HttpResponse:
    """Correct the present term of the village's committee, or the one that is asked for.

    `?new=1` records another, `?term=` names one of those that are recorded.
    """
    village, today = village_of(request, code), timezone.localdate()
    present = None if request.GET.get("new") else term_of(village, today)
    if "term" in request.GET:
        terms = CommitteeTerm.objects.filter(region=village)
        present = get_object_or_404(terms, pk=asked_id(request.GET["term"]))
    form = TermForm(sent(request), initial=term_initial(village, present, today))
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.set_term(
                village=village, term=present, **form.cleaned_data
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, term_words(saved))
            return redirect("representatives:seats", village.code)
    terms = CommitteeTerm.objects.filter(region=village).order_by("-started_on")
    context = {"form": form, "village": village, "terms": terms, "present": present}
    status = 422 if form.errors else 200
    return render(request, "representatives/term.html", context, status=status)


def term_initial(
    village: Region, present: CommitteeTerm | None, on: dt.date
) -> dict[str, Any]:
    """Return the present term to correct, or a likely next one to enter."""
    if present:
        names = ("started_on", "ends_on", "members", "women")
        return {name: getattr(present, name) for name in names}
    last = CommitteeTerm.objects.filter(region=village).order_by("-ends_on").first()
    return next_term(last, on)


def term_words(saved: CommitteeTerm) -> str:
    """Say what was saved, and which mandates end on another day than the term (L06)."""
    other = Mandate.objects.unended().filter(
        region=saved.region, until__gte=saved.started_on
    )
    differing = other.exclude(until=saved.ends_on).count()
    words = f"届期已保存，到 {saved.ends_on} 到期。"
    if differing:
        words += f"有 {differing} 位代表的任期与它不一致，请在代表名册里核对。"
    return words


@requires(Permission.REPRESENTATIVE_EDIT)
@once
def constituency_new(request: PostRequest, code: int) -> HttpResponse:
    """Set up a constituency with its seats."""
    village = village_of(request, code)
    form = ConstituencyForm(sent(request), village=village)
    if request.method == "POST" and form.is_valid():
        try:
            unit = form.open(timezone.localdate())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已设立推选单元“{unit.name}”。")
            return redirect("representatives:seats", village.code)
    context = {"form": form, "village": village}
    status = 422 if form.errors else 200
    return render(
        request, "representatives/constituency_new.html", context, status=status
    )


@requires(Permission.REPRESENTATIVE_EDIT)
def constituency_edit(request: PostRequest, pk: int) -> HttpResponse:
    """Correct a constituency's name, and the decision on its seats."""
    unit = unit_or_404(request, pk)
    names = ("name", "decided_on", "decision")
    form = UnitForm(sent(request), initial={n: getattr(unit, n) for n in names})
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_constituency(constituency=unit, **form.cleaned_data)
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, f"推选单元“{unit.name}”已保存。")
            return redirect("representatives:seats", unit.region_id)
    has_seats = unit.seats.open().exists()
    context = {"form": form, "unit": unit, "has_seats": has_seats}
    status = 422 if form.errors else 200
    template = "representatives/constituency_edit.html"
    return render(request, template, context, status=status)


@requires(Permission.REPRESENTATIVE_EDIT)
@require_POST
def constituency_end(request: PostRequest, pk: int) -> HttpResponse:
    """Abolish a constituency that has no seats."""
    unit = unit_or_404(request, pk)
    try:
        services.end_constituency(constituency=unit, on=timezone.localdate())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"已撤销推选单元“{unit.name}”。")
    return redirect("representatives:seats", unit.region_id)


@requires(Permission.REPRESENTATIVE_EDIT)
@once
def seats_add(request: PostRequest, pk: int) -> HttpResponse:
    """Add seats to a constituency."""
    unit = unit_or_404(request, pk)
    form = SeatsForm(sent(request))
    if request.method == "POST" and form.is_valid():
        count = form.cleaned_data["count"]
        services.add_seats(constituency=unit, count=count, on=timezone.localdate())
        messages.success(request, f"“{unit.name}”增加了 {count} 个席位，等待推选。")
        return redirect("representatives:seats", unit.region_id)
    context = {"form": form, "unit": unit, "village": unit.region}
    status = 422 if form.errors else 200
    return render(request, "representatives/seats_add.html", context, status=status)


def unit_or_404(request: PostRequest, pk: int) -> Constituency:
    """Return a constituency of one's range, and put its village on the path."""
    units = Constituency.objects.current().select_related("region__parent__parent")
    unit = get_object_or_404(units, pk=pk)
    request.place = unit.region  # type: ignore[attr-defined]
    return unit


@requires(Permission.REPRESENTATIVE_EDIT)
def seat_close(request: PostRequest, pk: int) -> HttpResponse:
    """Abolish a vacant seat, after asking once."""
    related = Seat.objects.open().select_related(
        "region__parent__parent", "constituency"
    )
    seat = get_object_or_404(related, pk=pk)
    request.place = seat.region  # type: ignore[attr-defined]
    if request.method != "POST":
        return render(request, "representatives/seat_close.html", {"seat": seat})
    try:
        services.close_seat(seat=seat, on=timezone.localdate())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"已撤销{seat}。")
    return redirect("representatives:seats", seat.region_id)
