"""Home and places: where everybody begins, each in his own range."""

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import requires, signed_in
from accounts.middleware import PostRequest
from accounts.models import AuditSeal
from accounts.permissions import Permission
from jobs.models import Job, Pulse
from regions.models import Level, Region, RegionQuerySet, VillagerGroup
from regions.scoping import current_scope
from reports import figures
from reports.overview import RULES, overview, serving_in
from reports.state import audit_light, job_light, worker_light
from ui.shell import Crumb

SHOWN = 30


@signed_in
def home(request: PostRequest) -> HttpResponse:
    """Send each person to where his post stands."""
    if request.post is None:
        return render(request, "reports/no_post.html")
    if request.post.role == "representative":
        return redirect("visits:phone")
    if request.post.may(Permission.OVERVIEW_VIEW):
        return region(request, request.post.region_id)
    if request.post.may(Permission.SYSTEM_VIEW):
        return redirect("reports:system")
    return redirect("accounts:audit")


@requires(Permission.OVERVIEW_VIEW)
def region(request: PostRequest, code: int) -> HttpResponse:
    """Show a division of one's range and the divisions below it."""
    places = Region.objects.select_related("parent__parent", "successor__parent")
    place = places.filter(code=code).first()
    opened = current_scope()
    if place is None or opened is None or not opened.covers(place.scope):
        raise Http404
    request.place = place  # type: ignore[attr-defined]
    if place.level == Level.VILLAGE:
        return village(request, place)
    seen = overview(place, timezone.localdate())
    context = {
        "place": place,
        "seen": seen,
        "kpis": figures.kpis(seen, request.post),
        "todos": figures.todos(seen, request.post),
        "rule": RULES[Level(place.level)],
        "now": timezone.now(),
    }
    return render(request, "reports/region.html", context)


def village(request: PostRequest, place: Region) -> HttpResponse:
    """Show a village and who serves there."""
    today = timezone.localdate()
    seen = overview(place, today)
    groups = VillagerGroup.objects.filter(region=place, ended_on=None).count()
    post = request.post
    context = {
        "place": place,
        "kpis": figures.village_kpis(seen, groups, post),
        "todos": figures.todos(seen, post),
        "serving": serving_in(place, today),
        "sees_accounts": bool(post and post.may(Permission.ACCOUNT_VIEW)),
        "may_open": bool(post and post.may(Permission.ACCOUNT_MANAGE)),
        "now": timezone.now(),
    }
    return render(request, "reports/village.html", context)


@requires(Permission.OVERVIEW_VIEW)
def picker(request: PostRequest) -> HttpResponse:
    """List the divisions of one's range that match what was typed."""
    typed = request.GET.get("q", "").strip()[:20]
    found = matching(typed)
    context = {
        "query": typed,
        "places": [Crumb(place.full_name, place_url(place)) for place in found[:SHOWN]],
        "more": max(found.count() - SHOWN, 0),
        "picker_url": reverse("reports:picker"),
    }
    fragment = getattr(request, "htmx", False)
    template = "reports/_places.html" if fragment else "reports/picker.html"
    return render(request, template, context)


def place_url(place: Region) -> str:
    """Return the page of a division."""
    return reverse("reports:region", args=[place.code])


def matching(typed: str) -> RegionQuerySet:
    """Return the divisions in scope whose name or code has what was typed.

    Of “魏家桥镇 长冲” the first word names the township. Nothing typed gives the
    divisions next below one's own.
    """
    opened = current_scope()
    if opened is None:
        return Region.objects.none()
    found = Region.objects.current().within(opened).select_related("parent")
    words = typed.split()
    if not words:
        widest = found.order_by("code")[:1].values("code")
        return found.filter(Q(parent__in=widest) | Q(code__in=widest)).order_by("code")
    wanted = Q(name__contains=words[-1])
    if len(words) > 1:
        wanted &= Q(parent__name__contains=words[0])
    if typed.isascii() and typed.isdigit():
        wanted |= Q(code__contains=typed)
    return found.filter(wanted).order_by("code")


@requires(Permission.SYSTEM_VIEW)
def system(request: PostRequest) -> HttpResponse:
    """Show whether worker, jobs and audit chain are well; no one's data."""
    now = timezone.now()
    seal = AuditSeal.objects.order_by("-day").first()
    lights = [
        worker_light(Pulse.objects.filter(name="worker").first(), now),
        job_light(Job.objects.waiting(now), now),
        audit_light(seal, timezone.localdate()),
    ]
    return render(request, "reports/system.html", {"lights": lights, "now": now})
