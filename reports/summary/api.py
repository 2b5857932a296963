"""The summary for other programs: the numbers of the page, by division."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import acting_post
from accounts.permissions import Permission
from regions.models import Region
from regions.scoping import current_scope
from reports.centre.periods import resolved
from reports.figures.domain import Counts
from reports.summary.columns import Figure
from reports.summary.table import Summary, summary_of
from ui.asked import asked_id

PLACE = OpenApiParameter(
    "place", OpenApiTypes.INT64, description="12 位区划代码；不写就是本级。"
)
PERIOD = OpenApiParameter(
    "p",
    OpenApiTypes.STR,
    description="2026-10、2026-Q3、2026，或 month、quarter、year、last-month；默认上月。",
)


class SummaryLineSerializer(serializers.Serializer[Any]):
    """A line of the summary; `figures` by name, rates in percent or null."""

    place = serializers.IntegerField()
    name = serializers.CharField()
    figures = serializers.DictField(child=serializers.FloatField(allow_null=True))


class SummarySerializer(serializers.Serializer[Any]):
    """The summary of a place and a period."""

    place = serializers.IntegerField()
    name = serializers.CharField()
    period = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()
    as_of = serializers.DateField()
    is_over = serializers.BooleanField()
    is_closed = serializers.BooleanField()
    titles = serializers.DictField(child=serializers.CharField())
    total = serializers.DictField(child=serializers.FloatField(allow_null=True))
    lines = SummaryLineSerializer(many=True)


class SummaryDetail(APIView):
    """汇总表: the same numbers as the page and the workbook, in administrative order."""

    access = Access(permission=Permission.REPORT_VIEW)

    @extend_schema(parameters=[PLACE, PERIOD], responses=SummarySerializer)
    def get(self, request: Request) -> Response:
        """Return the summary of a place of one's range."""
        place = place_asked(request)
        asked = request.query_params.get("p") or "last-month"
        found = summary_of(place, resolved(asked, timezone.localdate()))
        return Response(SummarySerializer(as_data(found)).data)


def place_asked(request: Request) -> Region:
    """Return the place of the address, or one's own; Http404 outside one's range."""
    post, opened = acting_post(request), current_scope()
    code = request.query_params.get("place") or str(post.region_id if post else "")
    places = Region.objects.select_related("parent__parent")
    place = places.filter(pk=asked_id(code) or 0).first()
    if place is None or opened is None or not opened.covers(place.scope):
        raise Http404
    return place


def as_data(found: Summary) -> dict[str, Any]:
    """Return a summary as it is sent."""
    seen = found.seen
    return {
        "place": found.place.pk,
        "name": found.place.full_name,
        "period": seen.key,
        "first": seen.first,
        "last": seen.last,
        "as_of": seen.on,
        "is_over": seen.is_over,
        "is_closed": found.is_closed,
        "titles": {figure.key: figure.spoken for figure in found.figures},
        "total": _figures(found.figures, found.total),
        "lines": [
            {
                "place": row.place.pk,
                "name": row.place.name,
                "figures": _figures(found.figures, row.counts),
            }
            for row in found.rows
        ],
    }


def _figures(figures: tuple[Figure, ...], counts: Counts) -> dict[str, float | None]:
    return {figure.key: figure.value(counts) for figure in figures}
