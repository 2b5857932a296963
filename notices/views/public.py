"""The page that everybody may read: no sign-in, no script, gone when its time is over."""

import datetime as dt

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from accounts.access import public
from accounts.audit import client_address
from notices.public import OnView, on_view
from papers.codes import qr_uri

KEPT_SECONDS = 300
"""How long a copy may be kept: a notice that is withdrawn is gone after this."""
PER_MINUTE = 120
"""Requests of one address and minute, in each web process; a village shares one."""
NO_INDEX = "noindex, nofollow, noarchive"


@public
@require_safe
def notice(request: HttpRequest, token: str) -> HttpResponse:
    """Show a notice that is on view: 404 if there never was one, 410 if it is over."""
    if is_too_much(client_address(request)):
        return refused(request)
    now = timezone.localtime()
    found = on_view(token, now.date())
    if found is None:
        raise Http404
    response = gone(request) if found.content is None else shown(request, found, now)
    response.headers["X-Robots-Tag"] = NO_INDEX
    return response


def shown(request: HttpRequest, found: OnView, now: dt.datetime) -> HttpResponse:
    """Return the page, or 304 to a browser that has it."""
    url = request.build_absolute_uri(request.path)
    context = {
        # Everybody reads the same page, whoever is signed in.
        "shell": None,
        "notice": found,
        "qr": qr_uri(url),
        "url": url,
    }
    response = render(request, "notices/public.html", context)
    kept = min(KEPT_SECONDS, seconds_left(found, now))
    response.headers["Cache-Control"] = f"public, max-age={kept}"
    tag = f'W/"{found.version}-{found.first_day}-{found.last_day}"'
    response.headers["ETag"] = tag
    return get_conditional_response(request, etag=tag, response=response) or response


def gone(request: HttpRequest) -> HttpResponse:
    """Return the page of a notice that is over; it says nothing of what it was about."""
    response = render(request, "notices/gone.html", {"shell": None}, status=410)
    response.headers["Cache-Control"] = "no-store"
    return response


def refused(request: HttpRequest) -> HttpResponse:
    """Return the answer to an address that asks too often."""
    response = render(request, "notices/too_often.html", {"shell": None}, status=429)
    response.headers["Retry-After"] = "60"
    response.headers["Cache-Control"] = "no-store"
    return response


def is_too_much(address: str | None) -> bool:
    """Count a request, and return whether its address has had its share of the minute."""
    key = f"notices:{address}:{timezone.now():%H%M}"
    cache.add(key, 0, timeout=70)
    try:
        return cache.incr(key) > PER_MINUTE
    except ValueError:  # fell out of the cache between the two
        return False


def seconds_left(found: OnView, now: dt.datetime) -> int:
    """Return how long the notice is still on view."""
    last = found.last_day or now.date()
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), now.tzinfo)
    return max(0, int((end - now).total_seconds()))
