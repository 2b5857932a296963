"""A site of five views over scoped rows, for the soak alone.

Each view says what it saw: how many groups, and the lowest and highest region code.
"""

from django.db import DatabaseError, connection, transaction
from django.db.models import Count, Max, Min
from django.http import HttpRequest, HttpResponse
from django.urls import path

from accounts.access import public, requires
from accounts.permissions import Permission
from regions.models import VillagerGroup
from regions.scoping import narrowed

see = requires(Permission.OVERVIEW_VIEW)


class Mishap(Exception):
    """What goes wrong in a view."""


def seen() -> str:
    """Return what the open scope shows of the groups."""
    found = VillagerGroup.objects.aggregate(
        n=Count("pk"), lowest=Min("region_id"), highest=Max("region_id")
    )
    return f"{found['n']} {found['lowest']} {found['highest']}"


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
        return HttpResponse(str(refused).splitlines()[0])


def sorry(request: HttpRequest) -> HttpResponse:
    """Answer for a view that failed."""
    return HttpResponse("sorry", status=500)


urlpatterns = [
    path(view.__name__, view) for view in (plain, nested, write, fail, closed)
]
handler500 = sorry
