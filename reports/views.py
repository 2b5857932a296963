"""Home and places: where everybody begins, each in his own range."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.access import requires, signed_in
from accounts.middleware import PostRequest
from accounts.models import AuditSeal
from accounts.permissions import Permission
from accounts.places import stand_in
from jobs.models import Job, Pulse
from regions.models import Level
from reports.dashboard import board_of, head_of
from reports.figures.domain import Asked
from reports.measures import rule_on
from reports.periods import ONE_DAY, Span, Window, around_day, asked_window
from reports.setup import keepers_of
from reports.state import audit_light, duty_light, job_light, worker_light
from representatives.models import Representative
from ui.parts import Segment
from visits import overdue
from visits.standings import EVERY

MOST_HOUSEHOLDS = 200  # a representative has 5 to 15; more is a mistake to be seen


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
    """Show the dashboard of a division of one's range."""
    place, today = stand_in(request, code), timezone.localdate()
    asked = Asked(place, asked_window(request.GET.get("p", ""), today))
    board = board_of(asked, request.post, rule_on(asked.seen.on))
    context = {
        "board": board,
        "keepers": keepers_of(place, today) if place.level == Level.VILLAGE else [],
        **around(asked),
    }
    return render(request, "reports/region.html", context)


@requires(Permission.VISIT_VIEW)
def person(request: PostRequest, code: int, pk: int) -> HttpResponse:
    """Show the dashboard of a representative: his households, one line each."""
    place, today = stand_in(request, code), timezone.localdate()
    found = get_object_or_404(Representative, pk=pk, region_id=place.code)
    asked = Asked(place, asked_window(request.GET.get("p", ""), today), found)
    his = overdue.Asked(today, state=EVERY, representative=found)
    ids = list(overdue.duties(his).values_list("pk", flat=True)[:MOST_HOUSEHOLDS])
    post = request.post
    context = {
        "head": head_of(asked, post, rule_on(asked.seen.on)),
        "person": found,
        "lines": overdue.lines(ids, today),
        "opens_homes": bool(post and post.may(Permission.HOUSEHOLD_VIEW)),
        **around(asked),
    }
    return render(request, "reports/person.html", context)


def around(asked: Asked) -> dict[str, Any]:
    """Return what the head of every dashboard shows."""
    return {
        "place": asked.place,
        "seen": asked.seen,
        "spans": spans_of(asked.seen),
        "steps": steps_of(asked.seen),
        "now": timezone.now(),
    }


def spans_of(seen: Window) -> list[Segment]:
    """Return the switch between the running month, quarter and year."""
    return [
        Segment(
            span.label,
            f"?p={span.value}",
            current=span is seen.span and not seen.is_over,
        )
        for span in Span
    ]


def steps_of(seen: Window) -> list[Segment]:
    """Return the way to the period before, and from a past one to the next."""
    steps = [Segment(seen.before.words, seen.before.query)]
    if seen.is_over:
        steps.append(Segment(seen.words, "", current=True))
        after = around_day(seen.span, seen.last + ONE_DAY, timezone.localdate())
        steps.append(Segment(after.words, after.query or "?p=month"))
    return steps


@requires(Permission.SYSTEM_VIEW)
def system(request: PostRequest) -> HttpResponse:
    """Show whether worker, jobs and audit chain are well; no one's data."""
    now = timezone.now()
    seal = AuditSeal.objects.order_by("-day").first()
    lights = [
        worker_light(Pulse.objects.filter(name="worker").first(), now),
        job_light(Job.objects.waiting(now), now),
        duty_light(timezone.localdate()),
        audit_light(seal, timezone.localdate()),
    ]
    return render(request, "reports/system.html", {"lights": lights, "now": now})
