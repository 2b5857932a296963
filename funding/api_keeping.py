"""What a village and the city keep around the books, for other programs.

Opening a year, carrying over, withdrawing a resolution, accounts, standards, scans.
"""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import Problem, acting_with, answer
from accounts.asking import read
from accounts.permissions import Permission
from accounts.places import acting
from attachments import views as attachments
from funding import services
from funding.api import FundSerializer, money_field
from funding.api_subsidies import ResolutionSerializer
from funding.models import (
    PayAccount,
    Resolution,
    Scan,
    Standard,
    StandardKind,
    WorkFund,
)
from representatives.models import Representative
from sentiment.api_meetings import Reason


class SentFundYear(serializers.Serializer[Any]):
    """Which year is opened."""

    year = serializers.IntegerField(min_value=2000, max_value=2100)


class FundsOpened(serializers.Serializer[Any]):
    """How many villages got a fund."""

    opened = serializers.IntegerField()


class FundList(generics.ListAPIView[WorkFund]):
    """The work funds in the caller's scope, the latest year first."""

    access = Access(permission=Permission.FUND_VIEW)
    serializer_class = FundSerializer
    queryset = WorkFund.objects.order_by("-year", "region")

    @extend_schema(
        request=SentFundYear, responses={200: FundsOpened, 403: Problem, 422: Problem}
    )
    def post(self, request: Request) -> Response:
        """Allot a year's money: a village to itself, the city to all that have none."""
        by = acting(request)
        if not (by.may(Permission.FUND_KEEP) or by.may(Permission.FUND_ALLOT)):
            raise exceptions.PermissionDenied
        sent = read(SentFundYear, request)
        year = sent["year"]
        opened = services.open_year(place=by.region, year=year, by=by)
        return Response({"opened": opened})


class SentCarryOver(serializers.Serializer[Any]):
    """Who decided that what is left is spent in the next year, and when."""

    decided_on = serializers.DateField()
    decision = serializers.CharField(max_length=200)


class FundCarryOver(APIView):
    """结转: what is left of a year that is over goes into the next."""

    access = Access(permission=Permission.FUND_CHECK)

    @extend_schema(
        request=SentCarryOver,
        responses={200: FundSerializer, 404: Problem, 422: Problem},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Carry it over; 422 before the year is over, and the second time."""
        fund = get_object_or_404(WorkFund, pk=pk)
        sent = read(SentCarryOver, request)
        by, on = acting(request), timezone.localdate()
        services.carry_over(fund=fund, on=on, by=by, **sent)
        fund.refresh_from_db()
        return Response(FundSerializer(fund).data)


class ResolutionWithdrawal(APIView):
    """作废: only while nothing but drafts were made by it."""

    access = Access(permission=Permission.FUND_KEEP)

    @extend_schema(
        request=Reason,
        responses={200: ResolutionSerializer, 404: Problem, 422: Problem},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Take it back with the reason."""
        resolution = get_object_or_404(Resolution, pk=pk)
        sent = read(Reason, request)
        services.withdraw(resolution=resolution, on=timezone.localdate(), **sent)
        resolution.refresh_from_db()
        return Response(ResolutionSerializer(resolution).data)


# --- accounts ---------------------------------------------------------------------------


class SentPayAccount(serializers.Serializer[Any]):
    """领款账号: the bank and the whole number."""

    bank = serializers.CharField(max_length=40)
    number = serializers.CharField(max_length=35)


class PayAccountSerializer(serializers.Serializer[Any]):
    """领款账号 as it is told: all but the last four digits hidden."""

    bank = serializers.CharField()
    number = serializers.CharField()


class PayAccountDetail(APIView):
    """领款账号 of a representative; a number that is kept is never told whole."""

    access = Access(permission=Permission.FUND_VIEW)

    @extend_schema(responses={200: PayAccountSerializer, 404: Problem})
    def get(self, request: Request, pk: int) -> Response:
        """Return it, hidden; 404 while there is none."""
        kept = get_object_or_404(PayAccount, representative=pk)
        return Response(PayAccountSerializer(kept).data)

    @extend_schema(
        request=SentPayAccount,
        responses={200: PayAccountSerializer, 403: Problem, 404: Problem, 422: Problem},
    )
    def put(self, request: Request, pk: int) -> Response:
        """Keep it, or put another in its place."""
        person = get_object_or_404(Representative, pk=pk)
        sent = read(SentPayAccount, request)
        by = acting_with(request, Permission.FUND_KEEP)
        kept = services.keep_account(representative=person, by=by, **sent)
        return Response(PayAccountSerializer(kept).data)


# --- the city's standards, scans --------------------------------------------------------


class StandardSerializer(serializers.ModelSerializer[Standard]):
    """A standard: what it says, since when, by which document."""

    class Meta:
        model = Standard
        fields: ClassVar = ("id", "kind", "amount", "effective_from", "basis")
        read_only_fields = fields


class SentStandard(serializers.Serializer[Any]):
    """A new standard, from today or later on."""

    kind = serializers.ChoiceField(choices=StandardKind.choices)
    amount = money_field(max_digits=10)
    effective_from = serializers.DateField()
    basis = serializers.CharField(max_length=120)


class StandardList(generics.ListAPIView[Standard]):
    """经费和补贴标准, of each kind the latest first."""

    access = Access(permission=Permission.FUND_ALLOT)
    serializer_class = StandardSerializer
    queryset = Standard.objects.order_by("kind", "-effective_from")

    @extend_schema(
        request=SentStandard, responses={201: StandardSerializer, 422: Problem}
    )
    def post(self, request: Request) -> Response:
        """Set it; 422 for a day that is past."""
        sent = read(SentStandard, request)
        by, on = acting(request), timezone.localdate()
        made = services.set_standard(on=on, by=by, **sent)
        return answer(StandardSerializer(made).data, created=True)


class MoneyScan(APIView):
    """The scan of a voucher, a resolution or a signed sheet."""

    access = Access(permission=Permission.FUND_VIEW)

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, 404: Problem}
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        """Return it."""
        found = get_object_or_404(Scan.objects.select_related("attachment"), pk=pk)
        return attachments.answer(request._request, found.attachment)
