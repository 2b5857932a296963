"""免访 and 催办 for other programs, and the settings that the due rule goes by."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import REFUSED, acting_with
from accounts.asking import BIGGEST, filters_of, in_order, read
from accounts.permissions import Permission
from accounts.places import acting
from households.models import Household
from regions.forms import PlaceFilter
from visits.forms.records import ReasonForm
from visits.forms.urging import UrgeForm
from visits.forms.waivers import EndForm, WaiverFilter, WaiverForm
from visits.models import Policy, Reason, Urging, Waiver, WaiverQuerySet
from visits.services import urging, waiving
from visits.waivers import matching

NOBODY_LATE = "没有选中超期的村或户，请换一批再催办。"
# --- waivers ----------------------------------------------------------------------------


class WaiverSerializer(serializers.ModelSerializer[Waiver]):
    """Days on which a household is owed no visit, both ends included."""

    class Meta:
        model = Waiver
        fields: ClassVar[tuple[str, ...]] = (
            "id", "region", "household", "first", "last", "reason", "note",
            "entered_at", "withdrawn_at", "withdrawal",
        )  # fmt: skip
        read_only_fields = fields


class SentWaiver(serializers.Serializer[Any]):
    """申请免访: for which households, why, from when until when. No illness by name."""

    households = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=BIGGEST),
        allow_empty=False,
        max_length=waiving.MOST_AT_ONCE,
    )
    reason = serializers.ChoiceField(choices=Reason.choices)
    note = serializers.CharField(max_length=100, allow_blank=True, default="")
    first = serializers.DateField()
    last = serializers.DateField()


class SentWaiverEnd(serializers.Serializer[Any]):
    """The last day of a waiver that ends sooner than was said."""

    last = serializers.DateField()


class SentWaiverWithdrawal(serializers.Serializer[Any]):
    """Why a waiver is taken back."""

    reason = serializers.CharField(max_length=100)


@extend_schema_view(get=extend_schema(parameters=filters_of(WaiverFilter)))
class WaiverList(generics.ListAPIView[Waiver]):
    """The waivers in the caller's scope; those in force, unless another `state` is asked."""

    access = Access(permission=Permission.VISIT_VIEW)
    serializer_class = WaiverSerializer
    queryset = Waiver.objects.none()

    def get_queryset(self) -> WaiverQuerySet:
        """Return what the filters of the page describe; who is due first comes first."""
        form = in_order(WaiverFilter(self.request.query_params, one_village=False))
        return matching(form.cleaned_data, timezone.localdate())

    @extend_schema(
        request=SentWaiver, responses={201: WaiverSerializer(many=True)} | REFUSED
    )
    def post(self, request: Request) -> Response:
        """201 all of them · 404 one is not in range · 422 one cannot be, and none is."""
        by = acting_with(request, Permission.VISIT_DESK)
        data, today = read(SentWaiver, request), timezone.localdate()
        households = households_or_404(data.pop("households"))
        form = in_order(WaiverForm(data, months=waiving.months_on(today)))
        asked = waiving.Asked(**form.cleaned_data)
        made = waiving.excuse(households=households, asked=asked, on=today, by=by)
        told = WaiverSerializer(made, many=True).data
        return Response(told, status=status.HTTP_201_CREATED)


def households_or_404(ids: list[int]) -> list[Household]:
    """Return households on the roll of the open scope; Http404 if one is not."""
    wanted = set(ids)
    found = list(Household.objects.living().filter(pk__in=wanted).order_by("pk"))
    if len(found) != len(wanted):
        raise Http404
    return found


class WaiverEnd(APIView):
    """提前结束: a waiver ends on an earlier day."""

    access = Access(permission=Permission.VISIT_DESK)

    @extend_schema(request=SentWaiverEnd, responses={200: WaiverSerializer} | REFUSED)
    def post(self, request: Request, pk: int) -> Response:
        """200 ended · 422 the day cannot be, in words."""
        waiver = get_object_or_404(Waiver, pk=pk)
        sent = read(SentWaiverEnd, request)
        form = in_order(EndForm(sent, waiver=waiver))
        waiving.end_early(waiver=waiver, last=form.cleaned_data["last"])
        return Response(WaiverSerializer(waiver).data)


class WaiverWithdrawal(APIView):
    """撤销: as if the waiver had never been; it stays readable."""

    access = Access(permission=Permission.VISIT_DESK)

    @extend_schema(
        request=SentWaiverWithdrawal, responses={200: WaiverSerializer} | REFUSED
    )
    def post(self, request: Request, pk: int) -> Response:
        """200 taken back · 422 it was before."""
        waiver = get_object_or_404(Waiver, pk=pk)
        sent = read(SentWaiverWithdrawal, request)
        reason = in_order(ReasonForm(sent)).cleaned_data["reason"]
        waiving.take_back(waiver=waiver, reason=reason, by=acting(request).user)
        waiver.refresh_from_db()
        return Response(WaiverSerializer(waiver).data)


# --- urging -----------------------------------------------------------------------------


class UrgingSerializer(serializers.ModelSerializer[Urging]):
    """A village was asked to see to overdue households; who read it is in the inbox."""

    class Meta:
        model = Urging
        fields: ClassVar[tuple[str, ...]] = (
            "id", "region", "on", "households", "longest", "text", "urged_at",
        )  # fmt: skip
        read_only_fields = fields


class SentUrging(serializers.Serializer[Any]):
    """Villages, or households, that are overdue; one text whose marks are filled in."""

    villages = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=BIGGEST),
        default=list,
        max_length=urging.MOST_CHOSEN,
    )
    households = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=BIGGEST),
        default=list,
        max_length=urging.MOST_CHOSEN,
    )
    text = serializers.CharField(max_length=600, default=urging.TEMPLATE)


class Urged(serializers.Serializer[Any]):
    """How many villages were told."""

    villages = serializers.IntegerField()


@extend_schema_view(get=extend_schema(parameters=filters_of(PlaceFilter)))
class UrgingList(generics.ListAPIView[Urging]):
    """What villages of the caller's scope were asked to see to, the latest first."""

    access = Access(permission=Permission.MESSAGE_SEND)
    serializer_class = UrgingSerializer
    queryset = Urging.objects.none()

    def get_queryset(self) -> "QuerySet[Urging]":
        """Return those of the place that is asked for."""
        rows = Urging.objects.order_by("-on", "region")
        return in_order(PlaceFilter(self.request.query_params)).narrow(rows)

    @extend_schema(request=SentUrging, responses={201: Urged} | REFUSED)
    def post(self, request: Request) -> Response:
        """201 told, once a day for each village · 422 nobody is left to tell."""
        given, today = read(SentUrging, request), timezone.localdate()
        asked = urging.asks(
            today, households=given["households"], villages=given["villages"]
        )
        if not asked:
            raise serializers.ValidationError({"villages": [NOBODY_LATE]})
        text = in_order(UrgeForm({"text": given["text"]})).cleaned_data["text"]
        told = urging.urge(asked=asked, template=text, by=acting(request), on=today)
        return Response({"villages": told}, status=status.HTTP_201_CREATED)


# --- settings ---------------------------------------------------------------------------


class PolicySerializer(serializers.ModelSerializer[Policy]):
    """走访规则: in force from its day until that of the next. Codes of categories."""

    categories = serializers.DictField(
        child=serializers.CharField(), read_only=True, help_text="重点类别：多久一次"
    )
    ways = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Policy
        fields: ClassVar[tuple[str, ...]] = (
            "id", "effective_from", "cadence", "categories", "ways", "phone_when_away",
            "soon_days_month", "soon_days_quarter", "waiver_months",
        )  # fmt: skip
        read_only_fields = fields


class PolicyList(generics.ListAPIView[Policy]):
    """The settings of the visiting duty, the same for the whole city, the latest first."""

    access = Access(permission=Permission.VISIT_VIEW)
    serializer_class = PolicySerializer
    queryset = Policy.objects.order_by("-effective_from")
