"""Home and places: where everybody begins, each in his own range."""

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import requires, signed_in
from accounts.middleware import PostRequest
from accounts.models import AuditSeal, Post
from accounts.permissions import Permission
from jobs.models import Pulse
from regions.models import Level, Region, RegionQuerySet
from regions.scoping import current_scope

SHOWN = 30


@signed_in
def home(request: PostRequest) -> HttpResponse:
    """Send each person to where his post stands."""
    if request.post is None:
        return render(request, "reports/no_post.html")
    if request.post.role == "representative":
        return render(request, "reports/phone_home.html", {"post": request.post})
    if request.post.may(Permission.OVERVIEW_VIEW):
        return region(request, request.post.region_id)
    if request.post.may(Permission.SYSTEM_VIEW):
        return redirect("reports:system")
    return redirect("accounts:audit")


@requires(Permission.OVERVIEW_VIEW)
def region(request: PostRequest, code: int) -> HttpResponse:
    """Show a division of one's range and the divisions below it."""
    place = Region.objects.select_related("parent__parent").filter(code=code).first()
    opened = current_scope()
    if place is None or opened is None or not opened.covers(place.scope):
        raise Http404
    request.place = place  # type: ignore[attr-defined]
    return render(
        request,
        "reports/region.html",
        {
            "place": place,
            "children": place.children.filter(ended_on=None).order_by("code"),
            "counts": counts(place),
        },
    )


def counts(place: Region) -> dict[str, int]:
    """Return how many townships and villages the division has, and who serves there."""
    below = Region.objects.current().within(place.scope)
    today = timezone.localdate()
    serving = Post.objects.active(today).filter(
        region_id__gte=place.scope.lo, region_id__lt=place.scope.hi
    )
    return {
        "townships": below.filter(level=Level.TOWNSHIP).count(),
        "villages": below.filter(level=Level.VILLAGE).count(),
        "people": serving.values("user").distinct().count(),
    }


@requires(Permission.OVERVIEW_VIEW)
def picker(request: HttpRequest) -> HttpResponse:
    """List the divisions of one's range that match what was typed."""
    typed = request.GET.get("q", "").strip()[:20]
    found = matching(typed)
    context = {"typed": typed, "places": found[:SHOWN], "more": found.count() > SHOWN}
    fragment = getattr(request, "htmx", False)
    template = "reports/_places.html" if fragment else "reports/picker.html"
    return render(request, template, context)


def matching(typed: str) -> RegionQuerySet:
    """Return the divisions in scope whose name or code has what was typed."""
    opened = current_scope()
    if opened is None:
        return Region.objects.none()
    found = Region.objects.current().within(opened).select_related("parent")
    if not typed:
        return found.exclude(level=Level.VILLAGE).order_by("code")
    wanted = Q(name__contains=typed)
    if typed.isascii() and typed.isdigit():
        wanted |= Q(code__contains=typed)
    return found.filter(wanted).order_by("code")


@requires(Permission.SYSTEM_VIEW)
def system(request: HttpRequest) -> HttpResponse:
    """Show whether worker and audit chain are alive; no one's data."""
    return render(
        request,
        "reports/system.html",
        {
            "pulses": Pulse.objects.order_by("name"),
            "seal": AuditSeal.objects.order_by("-day").first(),
        },
    )
