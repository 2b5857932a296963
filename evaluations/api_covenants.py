"""Covenants for other programs: their texts, version by version, with dates and scans."""

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
from accounts.answers import Problem, acting_with, answer
from accounts.asking import read
from accounts.permissions import Permission
from accounts.places import acting
from attachments import views as attachments
from attachments.examining import Examined, examine
from attachments.rules import Kind
from evaluations.models import AdoptedBy, Covenant, CovenantVersion
from evaluations.rules.covenants import SLOTS
from evaluations.services import covenants


class CovenantTextSerializer(serializers.ModelSerializer[CovenantVersion]):
    """One text of a covenant; `risky` are words that announce what the law may forbid."""

    has_scan = serializers.SerializerMethodField()
    risky = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = CovenantVersion
        fields: ClassVar[tuple[str, ...]] = (
            "id", "number", "text", "studied_on", "adopted_on", "adopted_by", "meeting",
            "filed_on", "has_scan", "risky", "version",
        )  # fmt: skip
        read_only_fields = fields

    def get_has_scan(self, text: CovenantVersion) -> bool:
        """Say whether the stamped paper was kept with the text."""
        return text.scan_id is not None


class CovenantSerializer(serializers.ModelSerializer[Covenant]):
    """A covenant of a village with its texts, the latest last."""

    versions = CovenantTextSerializer(many=True, read_only=True)

    class Meta:
        model = Covenant
        fields: ClassVar[tuple[str, ...]] = (
            "id", "region", "slot", "title", "ended_on", "versions",
        )  # fmt: skip
        read_only_fields = fields


class SentText(serializers.Serializer[Any]):
    """A text with the dates that the law asks for; those may come later.

    The stamped paper comes with it, as multipart: it belongs to this very text.
    """

    text = serializers.CharField(max_length=20_000)
    studied_on = serializers.DateField(required=False, allow_null=True, default=None)
    adopted_on = serializers.DateField(required=False, allow_null=True, default=None)
    adopted_by = serializers.ChoiceField(
        choices=AdoptedBy.choices, allow_blank=True, default=""
    )
    meeting = serializers.CharField(max_length=100, allow_blank=True, default="")
    filed_on = serializers.DateField(required=False, allow_null=True, default=None)
    scan = serializers.FileField(
        required=False, help_text="盖章的扫描件，照片或 PDF，用 multipart 送"
    )


class SentCovenant(SentText):
    """A covenant with its first text."""

    slot = serializers.ChoiceField(choices=list(SLOTS.items()))
    title = serializers.CharField(max_length=30)


def scans_of(given: dict[str, Any]) -> list[Examined]:
    """Take the scan out of what was sent; raise Refused for a file that is none."""
    file = given.pop("scan", None)
    return [examine(file, (Kind.SCAN, Kind.PHOTO))] if file else []


class CovenantList(generics.ListAPIView[Covenant]):
    """The covenants in the caller's scope."""

    access = Access(permission=Permission.RATING_VIEW)
    parser_classes = (JSONParser, MultiPartParser)
    serializer_class = CovenantSerializer
    queryset = Covenant.objects.prefetch_related("versions").order_by("region", "slot")

    @extend_schema(
        request={"application/json": SentCovenant, "multipart/form-data": SentCovenant},
        responses={201: CovenantTextSerializer, 403: Problem, 422: Problem},
    )
    def post(self, request: Request) -> Response:
        """Enter a covenant of the caller's village; 422 while its slot is taken."""
        given = read(SentCovenant, request)
        by = acting_with(request, Permission.RATING_KEEP)
        made = covenants.enter(
            village=by.region, slot=given.pop("slot"), title=given.pop("title"),
            scans=scans_of(given), given=given, on=timezone.localdate(), by=by,
        )  # fmt: skip
        return answer(CovenantTextSerializer(made).data, created=True)


class CovenantDetail(generics.RetrieveAPIView[Covenant]):
    """One covenant with its texts."""

    access = Access(permission=Permission.RATING_VIEW)
    serializer_class = CovenantSerializer
    queryset = Covenant.objects.prefetch_related("versions")


class CovenantRevision(APIView):
    """Enter the next text of a covenant; the older ones stay."""

    access = Access(permission=Permission.RATING_KEEP)
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(
        request={"application/json": SentText, "multipart/form-data": SentText},
        responses={201: CovenantTextSerializer, 404: Problem, 422: Problem},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Enter it as the next version; 422 for a scan that cannot be kept."""
        covenant = get_object_or_404(Covenant, pk=pk)
        given = read(SentText, request)
        made = covenants.revise(
            covenant=covenant,
            scans=scans_of(given),
            given=given,
            on=timezone.localdate(),
            by=acting(request),
        )
        return answer(CovenantTextSerializer(made).data, created=True)


class CovenantScan(APIView):
    """The stamped paper of a text."""

    access = Access(permission=Permission.RATING_VIEW)

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, 404: Problem}
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        """Return it; 404 for a text without one."""
        rows = CovenantVersion.objects.select_related("scan")
        text = get_object_or_404(rows, pk=pk, scan__isnull=False)
        return attachments.answer(request._request, text.scan)


class SentDates(serializers.Serializer[Any]):
    """When a text was studied, adopted by which meeting, and filed."""

    studied_on = serializers.DateField(allow_null=True, default=None)
    adopted_on = serializers.DateField(allow_null=True, default=None)
    adopted_by = serializers.ChoiceField(
        choices=AdoptedBy.choices, allow_blank=True, default=""
    )
    meeting = serializers.CharField(max_length=100, allow_blank=True, default="")
    filed_on = serializers.DateField(allow_null=True, default=None)
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class CovenantDates(APIView):
    """Fill in the dates of a text; an adopted text itself stays."""

    access = Access(permission=Permission.RATING_KEEP)

    @extend_schema(
        request=SentDates,
        responses={
            200: CovenantTextSerializer, 404: Problem, 409: Problem, 422: Problem,
        },
    )  # fmt: skip
    def put(self, request: Request, pk: int) -> Response:
        """Keep them; 422 where one cannot come before another."""
        rows = CovenantVersion.objects.select_related("covenant")
        text = get_object_or_404(rows, pk=pk)
        changes = read(SentDates, request)
        version, on = changes.pop("version"), timezone.localdate()
        covenants.save_dates(text=text, changes=changes, version=version, on=on)
        return Response(CovenantTextSerializer(rows.get(pk=pk)).data)


class CovenantEnding(APIView):
    """停用: another covenant may take its slot."""

    access = Access(permission=Permission.RATING_KEEP)

    @extend_schema(
        request=None, responses={200: CovenantSerializer, 404: Problem, 422: Problem}
    )
    def post(self, request: Request, pk: int) -> Response:
        """End it today; 422 the second time."""
        covenant = get_object_or_404(Covenant, pk=pk)
        covenants.end(covenant=covenant, on=timezone.localdate())
        rows = Covenant.objects.prefetch_related("versions")
        return Response(CovenantSerializer(rows.get(pk=pk)).data)
