"""Which place a page is about, and from which post it is seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict

from accounts.middleware import PostRequest
from accounts.models import Post
from regions.models import Level, Region, RegionQuerySet
from regions.scoping import current_scope

if TYPE_CHECKING:
    from rest_framework.request import Request


def acting(request: "PostRequest | Request") -> Post:
    """Return the active post of whoever asks; raise PermissionDenied without one.

    Behind a declared permission there always is one.
    """
    post: Post | None = getattr(request, "post", None)
    if post is None:
        raise PermissionDenied
    return post


def sent(request: PostRequest) -> QueryDict | None:
    """Return what a form sent, None for a form that is only shown."""
    return request.POST if request.method == "POST" else None


def place_in_range(code: int) -> Region:
    """Return the division `code`; raise Http404 outside the open scope."""
    place = Region.objects.select_related("parent__parent").filter(code=code).first()
    opened = current_scope()
    if place is None or opened is None or not opened.covers(place.scope):
        raise Http404
    return place


def stand_in(request: PostRequest, code: int) -> Region:
    """Return the division `code` and put it on the path; Http404 outside one's range."""
    place = place_in_range(code)
    request.place = place  # type: ignore[attr-defined]
    return place


def village_of(request: PostRequest, code: int) -> Region:
    """Return the village `code` and put it on the path; Http404 for anything else."""
    place = stand_in(request, code)
    if place.level != Level.VILLAGE:
        raise Http404
    return place


def children_of(place: Region) -> RegionQuerySet:
    """Return the divisions directly below, in administrative order."""
    return place.children.current().order_by("code")


@dataclass(frozen=True)
class Below:
    """Sums a figure that is known by village up to the divisions below a place."""

    place: Region

    def total(self, by_village: Mapping[int, int]) -> int:
        """Return the sum over the place itself."""
        return sum(by_village.values())

    def of(self, child: Region, by_village: Mapping[int, int]) -> int:
        """Return the sum over one division below."""
        inside = child.scope
        return sum(n for code, n in by_village.items() if code in inside)
