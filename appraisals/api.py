"""Appraisals and honours for other programs: the same reads and steps as the pages."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import Problem, acting_with, answer
from accounts.asking import read
from accounts.permissions import Permission
from accounts.places import acting
from appraisals.models import Appraisal, AppraisalResult, Honour
from appraisals.models.appraisals import AppraisalQuerySet
from appraisals.services import drafts, filing


class ResultSerializer(serializers.ModelSerializer[AppraisalResult]):
    """What one representative's appraisal came to; figures once it is confirmed."""

    class Meta:
        model = AppraisalResult
        fields: ClassVar = (
            "id",
            "representative",
            "unrated",
            "self_grade",
            "inputs",
            "parts",
            "total",
            "grade",
            "words",
        )
        read_only_fields = fields


class AppraisalSerializer(serializers.ModelSerializer[Appraisal]):
    """An appraisal of a village; `rated` take part, `excellent` are 优秀."""

    rated = serializers.IntegerField(read_only=True)
    excellent = serializers.IntegerField(read_only=True)

    class Meta:
        model = Appraisal
        fields: ClassVar[tuple[str, ...]] = (
            "id",
            "version",
            "region",
            "year",
            "stage",
            "counts_until",
            "met_on",
            "chair",
            "confirmed_on",
            "notice",
            "filed_on",
            "is_imported",
            "rated",
            "excellent",
        )
        read_only_fields: ClassVar[tuple[str, ...]] = fields


class AppraisalWithResults(AppraisalSerializer):
    """An appraisal with everybody's result, in the order of the roll."""

    results = serializers.SerializerMethodField()

    class Meta(AppraisalSerializer.Meta):
        fields: ClassVar[tuple[str, ...]] = (
            *AppraisalSerializer.Meta.fields,
            "results",
        )
        read_only_fields: ClassVar[tuple[str, ...]] = fields

    @extend_schema(responses=ResultSerializer(many=True))
    def get_results(self, row: Appraisal) -> Any:
        """Return the results by group and name, never by score."""
        rows = row.results.select_related("representative").defer("rows").in_order()
        return ResultSerializer(rows, many=True).data


class SentFiling(serializers.Serializer[Any]):
    """The version that a step is taken on."""

    version = serializers.IntegerField()


class SentYear(serializers.Serializer[Any]):
    """Which year is appraised."""

    year = serializers.IntegerField(min_value=2000, max_value=2100)


class HonourSerializer(serializers.ModelSerializer[Honour]):
    """What a 优秀代表 was given, and who took it when; amounts in yuan."""

    class Meta:
        model = Honour
        fields: ClassVar = (
            "id",
            "region",
            "representative",
            "year",
            "plaque",
            "awarded_on",
            "given",
            "amount",
            "gift",
            "received_on",
            "receiver",
            "version",
        )
        read_only_fields = fields


class AppraisalList(generics.ListAPIView[Appraisal]):
    """The appraisals in the caller's scope, the newest year first."""

    access = Access(permission=Permission.APPRAISAL_VIEW)
    serializer_class = AppraisalSerializer

    def get_queryset(self) -> AppraisalQuerySet:
        """Return them in administrative order."""
        return Appraisal.objects.counted().order_by("-year", "region_id")

    @extend_schema(
        request=SentYear,
        responses={201: AppraisalSerializer, 403: Problem, 422: Problem},
    )
    def post(self, request: Request) -> Response:
        """Begin the appraisal of a year in the caller's village, with all who serve."""
        sent = read(SentYear, request)
        by = acting_with(request, Permission.APPRAISAL_KEEP)
        made = drafts.begin(
            village=by.region,
            year=sent["year"],
            on=timezone.localdate(),
            by=by,
        )
        counted = Appraisal.objects.counted().get(pk=made.pk)
        return answer(AppraisalSerializer(counted).data, created=True)


class AppraisalDetail(generics.RetrieveAPIView[Appraisal]):
    """One appraisal with everybody's result."""

    access = Access(permission=Permission.APPRAISAL_VIEW)
    serializer_class = AppraisalWithResults

    def get_queryset(self) -> AppraisalQuerySet:
        """Return the appraisals of the scope."""
        return Appraisal.objects.counted()


class AppraisalFiling(APIView):
    """镇备案."""

    access = Access(permission=Permission.APPRAISAL_FILE)

    @extend_schema(
        request=SentFiling,
        responses={200: AppraisalSerializer, 409: Problem, 422: Problem},
    )
    def post(self, request: Request, pk: int) -> Response:
        """File the appraisal as it stands."""
        row = get_object_or_404(Appraisal, pk=pk)
        sent = read(SentFiling, request)
        filing.file(
            appraisal=row,
            version=sent["version"],
            on=timezone.localdate(),
            by=acting(request),
        )
        counted = Appraisal.objects.counted().get(pk=pk)
        return Response(AppraisalSerializer(counted).data)
