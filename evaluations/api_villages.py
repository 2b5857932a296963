"""评村 for other programs: points with what they rest on, marks by hand, the two steps."""

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import Problem, acting_with
from accounts.asking import read
from accounts.permissions import Permission
from accounts.places import acting
from attachments import views as attachments
from attachments.examining import examine
from attachments.rules import Kind
from evaluations.models import ManualPoints, SchemeItem, VillageRating
from evaluations.models.villages import VillageState
from evaluations.services import villages as services
from evaluations.village_lines import counted
from regions.models import Region


class VillageRatingSerializer(serializers.ModelSerializer[VillageRating]):
    """A village's rating of a year; points and grade once it is confirmed."""

    tier = serializers.CharField(
        source="tier.name", default=None, read_only=True, allow_null=True
    )

    class Meta:
        model = VillageRating
        fields: ClassVar[tuple[str, ...]] = (
            "id", "region", "scheme", "year", "state", "total", "tier", "remark",
            "confirmed_on", "notice", "filed_on", "is_imported", "version",
        )  # fmt: skip
        read_only_fields = fields


class VillageLineSerializer(serializers.Serializer[Any]):
    """One item: its points, how they were counted or why they were given, the evidence."""

    words = serializers.CharField()
    most = serializers.DecimalField(max_digits=4, decimal_places=1)
    points = serializers.DecimalField(max_digits=4, decimal_places=1)
    counted = serializers.CharField(default="", help_text="系统数出来的：部分 / 全部")
    url = serializers.CharField(default="", help_text="数出来的名单在哪一页")
    said = serializers.CharField(default="", help_text="镇里打分的依据")
    by = serializers.CharField(default="", help_text="打分人")
    file = serializers.CharField(default="", help_text="附件的地址")


class VillageRatingDetailSerializer(VillageRatingSerializer):
    """A village's rating with its lines: counted now while it is scored, then frozen."""

    lines = serializers.SerializerMethodField()
    points = serializers.SerializerMethodField(help_text="各项得分之和")

    class Meta(VillageRatingSerializer.Meta):
        fields: ClassVar[tuple[str, ...]] = (
            *VillageRatingSerializer.Meta.fields, "points", "lines",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema(responses=VillageLineSerializer(many=True))
    def get_lines(self, rating: VillageRating) -> Any:
        """Return every item."""
        return VillageLineSerializer(
            shown(rating, timezone.localdate()), many=True
        ).data

    def get_points(self, rating: VillageRating) -> Decimal:
        """Return the sum as it stands; of a confirmed one its total, all items known or not."""
        if rating.total is not None:
            return rating.total
        lines = shown(rating, timezone.localdate())
        return sum((Decimal(line["points"]) for line in lines), Decimal(0))


def shown(rating: VillageRating, on: dt.date) -> list[dict[str, str]]:
    """Return the lines of a rating: what was frozen, or what is counted on a day."""
    if rating.state != VillageState.SCORING:
        return list(rating.lines)
    return counted(rating, rating.scheme.edition(), on)[1]


class SentVillageMark(serializers.Serializer[Any]):
    """Points by hand for one item, and what they are based on."""

    item = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    points = serializers.DecimalField(max_digits=4, decimal_places=1, min_value=0)
    words = serializers.CharField(max_length=200, allow_blank=True, default="")
    evidence = serializers.FileField(required=False)


class SentVillageYear(serializers.Serializer[Any]):
    """Which year the caller's villages are rated for."""

    year = serializers.IntegerField(min_value=2000, max_value=2100)


class VillagesBegun(serializers.Serializer[Any]):
    """How many villages' ratings are new."""

    begun = serializers.IntegerField()


class SentRemark(serializers.Serializer[Any]):
    """What was decided where."""

    remark = serializers.CharField(max_length=200, allow_blank=True, default="")


WHOLE = VillageRating.objects.select_related(
    "region__parent", "scheme__owner", "tier", "notice"
).prefetch_related("scheme__categories__items", "scheme__tiers")


class VillageRatingList(generics.ListAPIView[VillageRating]):
    """The villages' ratings in the caller's scope, the latest year first."""

    access = Access(permission=Permission.RATING_VIEW)
    serializer_class = VillageRatingSerializer
    queryset = VillageRating.objects.select_related("tier").order_by("-year", "region")
    filterset_fields: ClassVar = {"year": ["exact"], "state": ["exact"]}

    @extend_schema(
        request=SentVillageYear,
        responses={200: VillagesBegun, 403: Problem, 422: Problem},
    )
    def post(self, request: Request) -> Response:
        """Begin a year's rating of all villages of the caller's township."""
        sent = read(SentVillageYear, request)
        by = acting_with(request, Permission.RATING_FILE)
        villages = Region.objects.villages().current().filter(parent=by.region_id)
        begun = services.begin(
            year=sent["year"], villages=list(villages),
            on=timezone.localdate(), by=by,
        )  # fmt: skip
        return Response({"begun": begun})


class VillageRatingDetail(generics.RetrieveAPIView[VillageRating]):
    """One village's rating with every point and its evidence."""

    access = Access(permission=Permission.RATING_VIEW)
    serializer_class = VillageRatingDetailSerializer
    queryset = WHOLE


class VillageRatingMark(APIView):
    """Give points by hand for one item; what they are based on may come as a file."""

    access = Access(permission=Permission.RATING_FILE)
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(
        request={
            "application/json": SentVillageMark,
            "multipart/form-data": SentVillageMark,
        },
        responses={200: VillageRatingDetailSerializer, 404: Problem, 422: Problem},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Keep them; the same item again replaces what was given before."""
        rating = get_object_or_404(WHOLE, pk=pk)
        given = read(SentVillageMark, request)
        rows = SchemeItem.objects.select_related("category")
        item = get_object_or_404(rows, pk=given.pop("item"))
        file = given.pop("evidence", None)
        services.mark(
            rating=rating, item=item, by=acting(request),
            evidence=[examine(file, (Kind.PHOTO, Kind.SCAN))] if file else (), **given,
        )  # fmt: skip
        return Response(VillageRatingDetailSerializer(rating).data)


class VillageRatingEvidence(APIView):
    """The file behind points that were given by hand."""

    access = Access(permission=Permission.RATING_VIEW)

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, 404: Problem}
    )
    def get(self, request: Request, pk: int, item: int) -> HttpResponse:
        """Return it; 404 for points without one."""
        rows = ManualPoints.objects.select_related("evidence")
        mark = get_object_or_404(rows, rating=pk, item=item, evidence__isnull=False)
        return attachments.answer(request._request, mark.evidence)


class VillageRatingConfirmation(APIView):
    """确定等次: what was counted and marked is frozen."""

    access = Access(permission=Permission.RATING_FILE)

    @extend_schema(
        request=SentRemark,
        responses={200: VillageRatingDetailSerializer, 404: Problem, 422: Problem},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Confirm it; a grade whose quota is used up gives way to the next."""
        rating = get_object_or_404(WHOLE, pk=pk)
        sent = read(SentRemark, request)
        done = services.confirm(
            rating=rating,
            on=timezone.localdate(),
            by=acting(request),
            **sent,
        )
        return Response(VillageRatingDetailSerializer(done).data)


class SentVillageReopening(serializers.Serializer[Any]):
    """Why a village is scored anew."""

    reason = serializers.CharField(min_length=2, max_length=180)


class VillageRatingReopening(APIView):
    """重新打分: back to the points before it is filed; an objection was right."""

    access = Access(permission=Permission.RATING_FILE)

    @extend_schema(
        request=SentVillageReopening,
        responses={200: VillageRatingDetailSerializer, 404: Problem, 422: Problem},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Take it back; 422 while its notice is on view."""
        rating = get_object_or_404(WHOLE, pk=pk)
        sent, by = read(SentVillageReopening, request), acting(request)
        services.reopen(rating=rating, on=timezone.localdate(), by=by, **sent)
        return Response(VillageRatingDetailSerializer(WHOLE.get(pk=pk)).data)


class VillageRatingFiling(APIView):
    """备案 of a village's rating."""

    access = Access(permission=Permission.RATING_FILE)

    @extend_schema(
        request=None,
        responses={200: VillageRatingSerializer, 404: Problem, 422: Problem},
    )
    def post(self, request: Request, pk: int) -> Response:
        """File it; 422 while its notice or an objection is open."""
        rating = get_object_or_404(WHOLE, pk=pk)
        by = acting(request)
        services.file(rating=rating, on=timezone.localdate(), by=by)
        return Response(VillageRatingSerializer(WHOLE.get(pk=pk)).data)
