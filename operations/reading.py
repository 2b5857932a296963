"""Which pages are read from the replica, and how a reader sees what he just wrote."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from regions import replica

PAGES = {
    f"reports:{name}"
    for name in (
        *("home", "region", "person", "past", "summary", "summary-paper", "portrait"),
        *("bulletin", "bulletin-paper"),
    )
}
SAFE = {"GET", "HEAD", "OPTIONS"}
COOKIE = "written"
SECONDS = 60  # a replica further behind than this is an alarm, not a state


class ReplicaMiddleware:
    """Reads reports and dashboards from the replica; stands inside the scope."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not replica.is_there():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; note in a cookie how far the log goes after a write."""
        with ExitStack() as stack:
            request.replica = stack  # type: ignore[attr-defined]
            response = self.get_response(request)
        if request.method not in SAFE and request.user.is_authenticated:
            response.set_cookie(
                COOKIE,
                replica.position(),
                max_age=SECONDS,
                httponly=True,
                samesite="Lax",
            )
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> None:
        """Turn to the replica for a page that may come from there."""
        match = request.resolver_match
        if request.method not in SAFE or match is None or match.view_name not in PAGES:
            return
        if replica.has_reached(request.COOKIES.get(COOKIE, "")):
            request.replica.enter_context(replica.reading())  # type: ignore[attr-defined]
