"""误工补贴 for other programs: resolutions, sheets with their steps, statements."""

from typing import Any, ClassVar

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
from accounts.services import Refused
from attachments.examining import Examined, examine
from attachments.rules import Kind
from funding import services
from funding.api import STANDING_SCANS, money_field
from funding.forms import books
from funding.models import (
    MeetingKind,
    Resolution,
    SubsidyLine,
    SubsidySheet,
    standards,
)
from funding.rules import NOUGHT, StandardKind
from funding.rules.sheets import WAYS
from funding.services import Adopted
from funding.statements import Statement
from notices.api import SentTerms
from notices.services import Terms
from representatives.models import Representative

MOST_PEOPLE, MOST_FILES = 20_000, 9

# --- resolutions ------------------------------------------------------------------------


class ResolutionSerializer(serializers.ModelSerializer[Resolution]):
    """A resolution on 误工补贴; its scans are read at `money-scans/`."""

    scans: Any = serializers.PrimaryKeyRelatedField(many=True, read_only=True)

    class Meta:
        model = Resolution
        fields: ClassVar[tuple[str, ...]] = (
            "id", "region", "meeting", "held_on", "studied_on", "entitled", "present",
            "votes_for", "rate", "per_visit", "most", "starts_on", "reason",
            "withdrawn_on", "withdrawal", "scans",
        )  # fmt: skip
        read_only_fields = fields


class SentResolution(serializers.Serializer[Any]):
    """A resolution as it is sent."""

    meeting = serializers.ChoiceField(choices=MeetingKind.choices)
    held_on = serializers.DateField()
    studied_on = serializers.DateField(required=False, allow_null=True, default=None)
    entitled = serializers.IntegerField(min_value=1, max_value=MOST_PEOPLE)
    present = serializers.IntegerField(min_value=1, max_value=MOST_PEOPLE)
    votes_for = serializers.IntegerField(min_value=1, max_value=MOST_PEOPLE)
    rate = money_field()
    per_visit = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=NOUGHT, default=NOUGHT
    )
    most = money_field(required=False, allow_null=True, default=None)
    starts_on = serializers.DateField()
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")
    left_out = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        default=list,
        max_length=200,
    )
    scans = serializers.ListField(
        child=serializers.FileField(), required=False, max_length=books.MOST_FILES,
        help_text="决议的照片或 PDF，用 multipart 送",
    )  # fmt: skip

    def content(self) -> Adopted:
        """Return what was decided."""
        given = dict(self.validated_data)
        given.pop("scans", None)
        return Adopted(**given | {"left_out": tuple(given["left_out"])})

    def files(self) -> list[Examined]:
        """Return the scans that came with it. Raises Refused for what is none."""
        sent = self.validated_data.get("scans", ())
        return [examine(one, (Kind.PHOTO, Kind.SCAN)) for one in sent]


class ResolutionList(generics.ListAPIView[Resolution]):
    """The resolutions in the caller's scope, the latest first."""

    access = Access(permission=Permission.FUND_VIEW)
    parser_classes = (JSONParser, MultiPartParser)
    serializer_class = ResolutionSerializer
    queryset = Resolution.objects.order_by(
        "-starts_on", "region", "-pk"
    ).prefetch_related(STANDING_SCANS)

    @extend_schema(
        request={
            "application/json": SentResolution,
            "multipart/form-data": SentResolution,
        },
        responses={201: ResolutionSerializer, 403: Problem, 422: Problem},
    )
    def post(self, request: Request) -> Response:
        """Write down what a meeting of the caller's village decided."""
        sent = SentResolution(data=request.data)
        sent.is_valid(raise_exception=True)
        by = acting_with(request, Permission.FUND_KEEP)
        made = services.adopt(
            village=by.region,
            content=sent.content(),
            on=timezone.localdate(),
            by=by,
            files=sent.files(),
        )
        return answer(ResolutionSerializer(made).data, created=True)


class ResolutionDetail(generics.RetrieveAPIView[Resolution]):
    """One resolution."""

    access = Access(permission=Permission.FUND_VIEW)
    serializer_class = ResolutionSerializer
    queryset = Resolution.objects.prefetch_related(STANDING_SCANS)


# --- sheets -----------------------------------------------------------------------------


class LineSerializer(serializers.ModelSerializer[SubsidyLine]):
    """What one representative is paid for one month, and why."""

    class Meta:
        model = SubsidyLine
        fields: ClassVar[tuple[str, ...]] = (
            "representative", "kind", "of_month", "due", "paid_before", "amount",
            "facts", "words",
        )  # fmt: skip
        read_only_fields = fields


class SheetSerializer(serializers.ModelSerializer[SubsidySheet]):
    """A month's sheet."""

    class Meta:
        model = SubsidySheet
        fields: ClassVar[tuple[str, ...]] = (
            "id", "region", "month", "resolution", "state", "total", "notice", "paid_on",
            "paid_how", "signed_on", "version",
        )  # fmt: skip
        read_only_fields = fields


class SheetDetailSerializer(SheetSerializer):
    """A month's sheet with its lines."""

    lines = LineSerializer(many=True, read_only=True)

    class Meta(SheetSerializer.Meta):
        fields: ClassVar[tuple[str, ...]] = (*SheetSerializer.Meta.fields, "lines")
        read_only_fields = fields


class SubsidyMonth(serializers.Serializer[Any]):
    """Which month is reckoned: its first day, or any other."""

    month = serializers.DateField()


class SheetStepSent(serializers.Serializer[Any]):
    """A step: the version that was read, and what the step needs."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    words = serializers.CharField(
        max_length=200,
        allow_blank=True,
        default="",
        help_text=f"退回、作废写原因；登记发放写{'或'.join(WAYS)}",
    )
    paid_on = serializers.DateField(required=False)


class SheetList(generics.ListAPIView[SubsidySheet]):
    """The sheets in the caller's scope, the latest month first."""

    access = Access(permission=Permission.FUND_VIEW)
    serializer_class = SheetSerializer
    queryset = SubsidySheet.objects.order_by("-month", "region")

    @extend_schema(
        request=SubsidyMonth,
        responses={201: SheetDetailSerializer, 403: Problem, 422: Problem},
    )
    def post(self, request: Request) -> Response:
        """Reckon a month of the caller's village."""
        sent = read(SubsidyMonth, request)
        by = acting_with(request, Permission.FUND_KEEP)
        made = services.make(
            village=by.region, month=sent["month"],
            on=timezone.localdate(), by=by,
        )  # fmt: skip
        return answer(SheetDetailSerializer(made).data, created=True)


class SheetDetail(generics.RetrieveAPIView[SubsidySheet]):
    """One sheet with its lines."""

    access = Access(permission=Permission.FUND_VIEW)
    serializer_class = SheetDetailSerializer
    queryset = SubsidySheet.objects.prefetch_related("lines")


PLAIN = {
    "refresh": services.refresh,
    "check": services.check,
    "lock": services.lock,
}
REASONED = {"back": services.back, "void": services.void}


class SheetStepTaken(APIView):
    """Take a step on a sheet: refresh, check, back, void, lock, pay.

    Posting it up takes a notice's terms, signing it a file: each has its own address.
    """

    access = Access(permission=Permission.FUND_KEEP)

    @extend_schema(
        request=SheetStepSent,
        responses={
            200: SheetDetailSerializer,
            403: Problem,
            404: Problem,
            409: Problem,
            422: Problem,
        },
    )
    def post(self, request: Request, pk: int, step: str) -> Response:
        """Take the step; 422 with the sentence of the rules if it cannot be taken.

        409 if somebody took one since `version` was read.
        """
        by = acting(request)
        sheet = get_object_or_404(SubsidySheet, pk=pk)
        sent = read(SheetStepSent, request)
        done = _step(sheet, step, sent, by)
        return Response(SheetDetailSerializer(done).data)


def _step(
    sheet: SubsidySheet, step: str, given: dict[str, Any], by: Any
) -> SubsidySheet:
    """Take a step by its service; raise Refused for one that is not offered here."""
    facts = {
        "sheet": sheet, "version": given["version"], "on": timezone.localdate(), "by": by,
    }  # fmt: skip
    if step in PLAIN:
        return PLAIN[step](**facts)
    if step in REASONED:
        return REASONED[step](words=given["words"], **facts)
    if step == "pay":
        paid_on = given.get("paid_on") or timezone.localdate()
        return services.pay(words=given["words"], paid_on=paid_on, **facts)
    raise Refused("没有这一步；公示在 notice/，签收在 signatures/。")


class SheetNotice(APIView):
    """提交公示: names and amounts for everybody to read."""

    access = Access(permission=Permission.FUND_KEEP)

    @extend_schema(
        request=SentTerms,
        responses={
            200: SheetDetailSerializer, 403: Problem, 404: Problem,
            409: Problem, 422: Problem,
        },
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Put it on view; 422 for fewer days than the city's standard."""
        sheet = get_object_or_404(SubsidySheet, pk=pk)
        given, on = read(SentTerms, request), timezone.localdate()
        version = given.pop("version")
        standard = standards().at(StandardKind.NOTICE_DAYS, on)
        terms = Terms(**given, least=int(standard.amount), basis=standard.basis)
        done = services.post_up(
            sheet=sheet, terms=terms, version=version, on=on,
            by=acting(request),
        )  # fmt: skip
        return Response(SheetDetailSerializer(done).data)


class SentSignatures(serializers.Serializer[Any]):
    """The sheet with everybody's signature, photographed or scanned."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    signed_on = serializers.DateField(required=False)
    scans = serializers.ListField(
        child=serializers.FileField(), min_length=1, max_length=MOST_FILES
    )


class SheetSignatures(APIView):
    """登记签收: the signed sheet is attached, and the month is over."""

    access = Access(permission=Permission.FUND_KEEP)
    parser_classes = (MultiPartParser, JSONParser)

    @extend_schema(
        request={"multipart/form-data": SentSignatures},
        responses={
            200: SheetDetailSerializer, 403: Problem, 404: Problem,
            409: Problem, 422: Problem,
        },
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Keep the files and note the signatures; 422 for a file of another kind."""
        sheet = get_object_or_404(SubsidySheet, pk=pk)
        given, on = read(SentSignatures, request), timezone.localdate()
        done = services.sign(
            sheet=sheet,
            files=[examine(one, (Kind.PHOTO, Kind.SCAN)) for one in given["scans"]],
            signed_on=given.get("signed_on") or on, version=given["version"],
            on=on, by=acting(request),
        )  # fmt: skip
        return Response(SheetDetailSerializer(done).data)


# --- statements -------------------------------------------------------------------------


class StatementSerializer(serializers.Serializer[Any]):
    """What somebody was paid: the sums, and every line."""

    paid = serializers.DecimalField(max_digits=12, decimal_places=2)
    coming = serializers.DecimalField(max_digits=12, decimal_places=2)
    lines = LineSerializer(many=True)


def statement_of(person: Representative) -> Response:
    """Return a person's statement."""
    found = Statement(person)
    rows = [line.row for line in found.lines]
    shown = {"paid": found.paid, "coming": found.coming, "lines": rows}
    return Response(StatementSerializer(shown).data)


class StatementOf(APIView):
    """What a representative was paid."""

    access = Access(permission=Permission.FUND_VIEW)

    @extend_schema(responses={200: StatementSerializer, 404: Problem})
    def get(self, request: Request, pk: int) -> Response:
        """Return the statement."""
        return statement_of(get_object_or_404(Representative, pk=pk))


class StatementMine(APIView):
    """What the caller himself was paid."""

    access = Access(permission=Permission.SUBSIDY_OWN)

    @extend_schema(responses={200: StatementSerializer, 404: Problem})
    def get(self, request: Request) -> Response:
        """Return the statement of the representative who asks."""
        by = acting(request)
        return statement_of(get_object_or_404(Representative, pk=by.narrowed_to or 0))
