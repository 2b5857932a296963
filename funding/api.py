"""Work funds for other programs, by the same services and rights as the pages."""

import uuid
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils import timezone
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
from attachments.examining import examine
from attachments.rules import Kind
from funding import services
from funding.forms.books import MOST_FILES
from funding.models import EntryKind, FundEntry, Scan, WorkFund
from funding.services import Spending
from sentiment.api_meetings import Reason

STANDING_SCANS = Prefetch("scans", queryset=Scan.objects.standing())


def money_field(max_digits: int = 12, **more: Any) -> serializers.DecimalField:
    """Return a field of yuan above nought, with at most two places."""
    return serializers.DecimalField(
        max_digits=max_digits, decimal_places=2, min_value=Decimal("0.01"), **more
    )


# --- work funds -------------------------------------------------------------------------


class EntrySerializer(serializers.ModelSerializer[FundEntry]):
    """A line of a book; what comes in is above nought. Scans: see `money-scans/`."""

    scans: Any = serializers.PrimaryKeyRelatedField(many=True, read_only=True)

    class Meta:
        model = FundEntry
        fields: ClassVar[tuple[str, ...]] = (
            "id", "kind", "booked_on", "amount", "purpose", "voucher", "handled_by",
            "approved_by", "reverses", "entered_at", "scans",
        )  # fmt: skip
        read_only_fields = fields


class FundSerializer(serializers.ModelSerializer[WorkFund]):
    """A village's work fund of a year."""

    class Meta:
        model = WorkFund
        fields: ClassVar[tuple[str, ...]] = (
            "id", "region", "year", "allotted", "basis", "received", "carried", "spent",
            "balance",
        )  # fmt: skip
        read_only_fields = fields


class FundDetailSerializer(FundSerializer):
    """A work fund with its book."""

    entries = EntrySerializer(many=True, read_only=True)

    class Meta(FundSerializer.Meta):
        fields: ClassVar[tuple[str, ...]] = (*FundSerializer.Meta.fields, "entries")
        read_only_fields = fields


class SentEntry(serializers.Serializer[Any]):
    """A payment or money that came, as it is sent."""

    kind = serializers.ChoiceField(
        choices=[EntryKind.SPENT, EntryKind.RECEIVED], default=EntryKind.SPENT
    )
    booked_on = serializers.DateField()
    amount = money_field()
    purpose = serializers.CharField(max_length=100)
    voucher = serializers.CharField(max_length=30, allow_blank=True, default="")
    handled_by = serializers.CharField(max_length=30, allow_blank=True, default="")
    approved_by = serializers.CharField(max_length=30, allow_blank=True, default="")
    scans = serializers.ListField(
        child=serializers.FileField(), required=False, max_length=MOST_FILES,
        help_text="凭证的照片或 PDF，用 multipart 送",
    )  # fmt: skip

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Ask of a payment what the book asks of it."""
        if sent["kind"] == EntryKind.SPENT:
            for name in ("voucher", "handled_by", "approved_by"):
                if not sent[name]:
                    raise serializers.ValidationError({name: "请填写。"})
        return sent


class FundDetail(generics.RetrieveAPIView[WorkFund]):
    """One work fund with its book."""

    access = Access(permission=Permission.FUND_VIEW)
    serializer_class = FundDetailSerializer
    queryset = WorkFund.objects.prefetch_related(
        Prefetch("entries", FundEntry.objects.prefetch_related(STANDING_SCANS))
    )


class FundEntryDetail(APIView):
    """One line of a fund's book: read it, or book it once."""

    access = Access(permission=Permission.FUND_VIEW)
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(responses={200: EntrySerializer, 404: Problem})
    def get(self, request: Request, pk: int, entry: uuid.UUID) -> Response:
        """Return the line."""
        lines = FundEntry.objects.prefetch_related(STANDING_SCANS)
        found = get_object_or_404(lines, pk=entry, fund=pk)
        return Response(EntrySerializer(found).data)

    @extend_schema(
        request={"application/json": SentEntry, "multipart/form-data": SentEntry},
        responses={
            200: EntrySerializer,
            201: EntrySerializer,
            403: Problem,
            422: Problem,
        },
    )
    def put(self, request: Request, pk: int, entry: uuid.UUID) -> Response:
        """Book it under the caller's id: 201, then 200; 422 beyond the balance."""
        by = acting_with(request, Permission.FUND_KEEP)
        fund = get_object_or_404(WorkFund, pk=pk)
        sent = read(SentEntry, request)
        is_known = FundEntry.objects.filter(pk=entry).exists()
        made = _book(fund, entry, sent, by)
        return answer(EntrySerializer(made).data, created=not is_known)


def _book(
    fund: WorkFund, entry: uuid.UUID, given: dict[str, Any], by: Any
) -> FundEntry:
    """Book what was sent by the service of its kind."""
    kind, scans = given.pop("kind"), given.pop("scans", ())
    files = [examine(one, (Kind.PHOTO, Kind.SCAN)) for one in scans]
    if kind == EntryKind.SPENT:
        return services.spend(
            fund=fund, entry_id=entry, spending=Spending(**given), by=by, files=files
        )
    names = ("booked_on", "amount", "purpose", "voucher")
    columns = {name: given[name] for name in names}
    return services.receive(fund=fund, entry_id=entry, by=by, files=files, **columns)


class FundEntryReversal(APIView):
    """冲销 a line by a counter-entry with the reason."""

    access = Access(permission=Permission.FUND_KEEP)

    @extend_schema(
        request=Reason, responses={201: EntrySerializer, 404: Problem, 422: Problem}
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Take the line back."""
        by = acting(request)
        entry = get_object_or_404(FundEntry.objects.select_related("fund"), pk=pk)
        sent = read(Reason, request)
        made = services.take_back(
            entry=entry, entry_id=uuid.uuid4(), on=timezone.localdate(), by=by,
            reason=sent["reason"],
        )  # fmt: skip
        return answer(EntrySerializer(made).data, created=True)
