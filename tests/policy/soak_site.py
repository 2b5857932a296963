"""A site of five views over scoped rows, for the soak alone.

Each view says what it saw: how many groups, and the lowest and highest region code.
"""

import sys
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from accounts.access import public, requires
from accounts.held import account_with_posts
from accounts.permissions import Permission
from regions.models import VillagerGroup
from regions.scoping import narrowed

see = requires(Permission.OVERVIEW_VIEW)


class Mishap(Exception):
    """What goes wrong in a view."""


KNOWN: dict[str, int] = {}
"""The account behind each cookie."""
NO_SCOPE = "no scope is open"
LOOK = "SELECT count(*), min(region_code), max(region_code) FROM regions_villagergroup"


class Known:
    """Takes who asks from a cookie's value, without a session: for the long run.

    What follows is the real thing: the account and its posts, scope, transactions.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the user whom the cookie names."""
        bare: Any = request
        known = KNOWN[request.META["HTTP_COOKIE"]]
        bare.user = account_with_posts(known, timezone.localdate())
        bare.user.is_verified = lambda: True
        bare.session = {"seen": timezone.now().timestamp()}
        return self.get_response(request)


def seen() -> str:
    """Return what the open scope shows of the groups."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK)
        return " ".join(map(str, cursor.fetchone()))


@see
def plain(request: HttpRequest) -> HttpResponse:
    """Look."""
    return HttpResponse(seen())


@see
def nested(request: HttpRequest) -> HttpResponse:
    """Look at one village, fail there in a savepoint, and look at all again."""
    lowest = int(seen().split()[1])
    try:
        with transaction.atomic(), narrowed(lowest), connection.cursor() as cursor:
            seen()
            cursor.execute("SELECT nothing_of_that_name()")
    except DatabaseError:
        return HttpResponse(seen())
    raise Mishap


@see
def write(request: HttpRequest) -> HttpResponse:
    """Sign every row in sight, and look."""
    VillagerGroup.objects.update(name=str(request.post.region_id))  # type: ignore[attr-defined]
    return HttpResponse(seen())


@see
def fail(request: HttpRequest) -> HttpResponse:
    """Spoil every row in sight, and fail."""
    VillagerGroup.objects.update(name="spoilt")
    raise Mishap


@public
def closed(request: HttpRequest) -> HttpResponse:
    """Look without a scope."""
    try:
        with transaction.atomic():
            return HttpResponse(seen())
    except DatabaseError as refused:
        return HttpResponse(str(refused)[: len(NO_SCOPE)])


def sorry(request: HttpRequest) -> HttpResponse:
    """Answer for a view that failed; what none of them does on purpose is named."""
    error = sys.exc_info()[1]
    words = "sorry" if isinstance(error, Mishap) else repr(error)
    return HttpResponse(words, status=500)


urlpatterns = [
    path(view.__name__, view) for view in (plain, nested, write, fail, closed)
]
handler500 = sorry
