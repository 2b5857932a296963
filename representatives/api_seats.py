"""Terms, constituencies and seats for other programs: what a village decided to elect."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import BARRED, REFUSED, Problem, acting_with
from accounts.asking import VillageField, filters_of, in_order, read
from accounts.permissions import Permission
from accounts.places import place_in_range
from regions.forms import PlaceFilter
from representatives import services
from representatives.forms.seats import (
    MOST_SEATS,
    ConstituencyForm,
    SeatsForm,
    TermForm,
    UnitForm,
)
from representatives.models import (
    CommitteeTerm,
    Constituency,
    Mandate,
    Mode,
    Seat,
)
from representatives.models.seats import ConstituencyQuerySet, SeatQuerySet
from representatives.survey import survey_of

EDITING = Access(permission=Permission.REPRESENTATIVE_EDIT)
VIEWING = Access(permission=Permission.REPRESENTATIVE_VIEW)

# --- terms ------------------------------------------------------------------------------


class TermSerializer(serializers.ModelSerializer[CommitteeTerm]):
    """One term of a village's committee; `members` and `women` are the committee's own."""

    class Meta:
        model = CommitteeTerm
        fields: ClassVar[tuple[str, ...]] = (
            "id", "region", "started_on", "ends_on", "members", "women",
        )  # fmt: skip
        read_only_fields = fields


class SentTermEdit(serializers.Serializer[Any]):
    """A term, as it should be."""

    started_on = serializers.DateField()
    ends_on = serializers.DateField()
    members = serializers.IntegerField(min_value=0, max_value=30)
    women = serializers.IntegerField(min_value=0, max_value=30)

    def facts(self) -> dict[str, Any]:
        """Return the term; raise ValidationError in the words of the page."""
        self.is_valid(raise_exception=True)
        facts: dict[str, Any] = in_order(TermForm(self.validated_data)).cleaned_data
        return facts


class SentTerm(SentTermEdit):
    """A term of a village. One that begins on the same day is corrected."""

    region = VillageField()


@extend_schema_view(get=extend_schema(parameters=filters_of(PlaceFilter)))
class TermList(generics.ListAPIView[CommitteeTerm]):
    """The terms of the committees in the caller's scope, the latest first."""

    access = VIEWING
    serializer_class = TermSerializer
    queryset = CommitteeTerm.objects.none()

    def get_queryset(self) -> "QuerySet[CommitteeTerm]":
        """Return those of the place that is asked for."""
        rows = CommitteeTerm.objects.order_by("region", "-started_on")
        return in_order(PlaceFilter(self.request.query_params)).narrow(rows)

    @extend_schema(request=SentTerm, responses={201: TermSerializer} | REFUSED)
    def post(self, request: Request) -> Response:
        """Record a term; 422 if it overlaps with another one of the village."""
        acting_with(request, Permission.REPRESENTATIVE_EDIT)
        sent = SentTerm(data=request.data)
        facts = sent.facts()
        made = services.set_term(village=sent.validated_data["region"], **facts)
        return Response(TermSerializer(made).data, status=status.HTTP_201_CREATED)


class TermDetail(generics.RetrieveAPIView[CommitteeTerm]):
    """One term: read it, correct it."""

    access = VIEWING
    serializer_class = TermSerializer
    queryset = CommitteeTerm.objects.all()

    @extend_schema(request=SentTermEdit, responses={200: TermSerializer} | REFUSED)
    def put(self, request: Request, pk: int) -> Response:
        """200 corrected · 422 it would overlap with another term."""
        acting_with(request, Permission.REPRESENTATIVE_EDIT)
        term = get_object_or_404(CommitteeTerm.objects.select_related("region"), pk=pk)
        facts = SentTermEdit(data=request.data).facts()
        saved = services.set_term(village=term.region, term=term, **facts)
        return Response(TermSerializer(saved).data)


# --- constituencies ---------------------------------------------------------------------


class ConstituencySerializer(serializers.ModelSerializer[Constituency]):
    """推选单元: how it elects, how many seats it has, how many are held."""

    group_number = serializers.IntegerField(
        source="group.number", read_only=True, allow_null=True, default=None
    )
    seat_count = serializers.IntegerField(read_only=True)
    filled_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Constituency
        fields: ClassVar[tuple[str, ...]] = (
            "id", "region", "name", "mode", "group_number", "decided_on", "decision",
            "ended_on", "seat_count", "filled_count",
        )  # fmt: skip
        read_only_fields = fields


class SentUnit(serializers.Serializer[Any]):
    """A constituency's name, and the decision on its seats (L05)."""

    name = serializers.CharField(max_length=40)
    decided_on = serializers.DateField(allow_null=True, default=None)
    decision = serializers.CharField(max_length=100, allow_blank=True, default="")


class SentConstituency(SentUnit):
    """A new constituency with its seats; a group that is not there yet is set up."""

    region = VillageField()
    mode = serializers.ChoiceField(choices=Mode.choices)
    group_number = serializers.IntegerField(
        min_value=1, max_value=99, allow_null=True, default=None, help_text="几组"
    )
    seats = serializers.IntegerField(min_value=1, max_value=MOST_SEATS)


class SentCount(serializers.Serializer[Any]):
    """How many seats are added."""

    count = serializers.IntegerField(min_value=1, max_value=MOST_SEATS)


def units() -> ConstituencyQuerySet:
    """Return the constituencies that still elect, with their seats counted."""
    rows = Constituency.objects.current().with_seats(timezone.localdate())
    return rows.select_related("region", "group")


def shown_unit(pk: int, code: int = status.HTTP_200_OK) -> Response:
    """Return a constituency as it is now."""
    rows = Constituency.objects.with_seats(timezone.localdate())
    unit = rows.select_related("group").get(pk=pk)
    return Response(ConstituencySerializer(unit).data, status=code)


@extend_schema_view(get=extend_schema(parameters=filters_of(PlaceFilter)))
class ConstituencyList(generics.ListAPIView[Constituency]):
    """The constituencies in the caller's scope that still elect."""

    access = VIEWING
    serializer_class = ConstituencySerializer
    queryset = Constituency.objects.none()

    def get_queryset(self) -> ConstituencyQuerySet:
        """Return those of the place that is asked for."""
        asked = in_order(PlaceFilter(self.request.query_params))
        return asked.narrow(units()).order_by("region", "name", "pk")

    @extend_schema(
        request=SentConstituency, responses={201: ConstituencySerializer} | REFUSED
    )
    def post(self, request: Request) -> Response:
        """201 set up, its seats vacant · 422 the village has one of that name."""
        acting_with(request, Permission.REPRESENTATIVE_EDIT)
        data = read(SentConstituency, request)
        village, data["new_group"] = data.pop("region"), data.pop("group_number")
        form = in_order(ConstituencyForm(data, village=village))
        made = form.open(timezone.localdate())
        return shown_unit(made.pk, status.HTTP_201_CREATED)


class ConstituencyDetail(generics.RetrieveAPIView[Constituency]):
    """One constituency: read it, correct its name and the decision on its seats."""

    access = VIEWING
    serializer_class = ConstituencySerializer
    queryset = Constituency.objects.none()

    def get_queryset(self) -> ConstituencyQuerySet:
        """Return what the open scope covers."""
        return units()

    @extend_schema(request=SentUnit, responses={200: ConstituencySerializer} | REFUSED)
    def put(self, request: Request, pk: int) -> Response:
        """200 corrected · 422 the village has another one of that name."""
        acting_with(request, Permission.REPRESENTATIVE_EDIT)
        unit = get_object_or_404(Constituency.objects.current(), pk=pk)
        sent = read(SentUnit, request)
        form = in_order(UnitForm(sent))
        services.edit_constituency(constituency=unit, **form.cleaned_data)
        return shown_unit(pk)


class ConstituencyEnd(APIView):
    """Abolish a constituency that has no seat left."""

    access = EDITING

    @extend_schema(request=None, responses={200: ConstituencySerializer} | REFUSED)
    def post(self, request: Request, pk: int) -> Response:
        """200 abolished · 422 it has seats."""
        unit = get_object_or_404(Constituency.objects.current(), pk=pk)
        services.end_constituency(constituency=unit, on=timezone.localdate())
        return shown_unit(pk)


class ConstituencySeats(APIView):
    """Add seats to a constituency."""

    access = EDITING

    @extend_schema(request=SentCount, responses={201: ConstituencySerializer} | BARRED)
    def post(self, request: Request, pk: int) -> Response:
        """201 added, vacant, numbered on from the last."""
        unit = get_object_or_404(Constituency.objects.current(), pk=pk)
        sent = read(SentCount, request)
        count = in_order(SeatsForm(sent)).cleaned_data["count"]
        services.add_seats(constituency=unit, count=count, on=timezone.localdate())
        return shown_unit(pk, status.HTTP_201_CREATED)


# --- seats ------------------------------------------------------------------------------


class SeatSerializer(serializers.ModelSerializer[Seat]):
    """A seat, and who holds it today; null: it is vacant."""

    representative = serializers.SerializerMethodField()

    class Meta:
        model = Seat
        fields: ClassVar[tuple[str, ...]] = (
            "id", "region", "constituency", "number", "opened_on", "closed_on",
            "representative",
        )  # fmt: skip
        read_only_fields = fields

    def get_representative(self, seat: Seat) -> int | None:
        """Return who holds it."""
        return next((held.representative_id for held in seat.held), None)  # type: ignore[attr-defined]


class SeatFilter(PlaceFilter):
    """Seats of a constituency, or only the vacant ones."""

    constituency = forms.IntegerField(
        label="推选单元的编号", required=False, min_value=1, max_value=2**63 - 1
    )
    vacant = forms.ChoiceField(
        label="空缺", required=False, choices=[("yes", "空着"), ("no", "有人")]
    )


def seats() -> SeatQuerySet:
    """Return the seats with who holds each today."""
    held = Mandate.objects.active(timezone.localdate())
    return Seat.objects.prefetch_related(Prefetch("mandates", held, to_attr="held"))


@extend_schema_view(get=extend_schema(parameters=filters_of(SeatFilter)))
class SeatList(generics.ListAPIView[Seat]):
    """The seats in the caller's scope that have not been abolished."""

    access = VIEWING
    serializer_class = SeatSerializer
    queryset = Seat.objects.none()

    def get_queryset(self) -> SeatQuerySet:
        """Return those that are asked for."""
        asked = in_order(SeatFilter(self.request.query_params))
        rows = asked.narrow(seats().open())
        if unit := asked.cleaned_data["constituency"]:
            rows = rows.filter(constituency=unit)
        if wanted := asked.cleaned_data["vacant"]:
            empty = Seat.objects.vacant(timezone.localdate()).values("pk")
            kept = rows.filter(pk__in=empty)
            rows = kept if wanted == "yes" else rows.exclude(pk__in=empty)
        return rows.order_by("region", "constituency", "number")


class SeatClose(APIView):
    """Abolish a vacant seat."""

    access = EDITING

    @extend_schema(request=None, responses={200: SeatSerializer} | REFUSED)
    def post(self, request: Request, pk: int) -> Response:
        """200 abolished · 422 somebody holds it."""
        seat = get_object_or_404(Seat.objects.open(), pk=pk)
        services.close_seat(seat=seat, on=timezone.localdate())
        return Response(SeatSerializer(seats().get(pk=pk)).data)


# --- the survey of vacancies ------------------------------------------------------------


class SurveySerializer(serializers.Serializer[Any]):
    """A village's seats today, held against the township's last word on them."""

    region = serializers.IntegerField(source="village.code")
    seats = serializers.IntegerField(help_text="应有")
    filled = serializers.IntegerField(help_text="现有")
    vacant = serializers.IntegerField(help_text="缺额")
    late = serializers.IntegerField(help_text="空缺超过时限的席位")
    longest = serializers.IntegerField(allow_null=True, help_text="最长空了几天")
    running = serializers.IntegerField(help_text="正在补选")
    confirmed = serializers.BooleanField(
        source="is_confirmed", help_text="本季度确认过，而且没有变动"
    )
    differences = serializers.ListField(child=serializers.CharField())


class SurveyDetail(APIView):
    """摸底: the seats of a place village by village; the township confirms them."""

    access = VIEWING

    @extend_schema(responses={200: SurveySerializer(many=True), 404: Problem})
    def get(self, request: Request, code: int) -> Response:
        """Return the villages of a place in administrative order."""
        return self._shown(code)

    @extend_schema(request=None, responses={200: SurveySerializer(many=True)} | BARRED)
    def post(self, request: Request, code: int) -> Response:
        """Confirm them as they stand, for this quarter; again corrects it."""
        place, today = place_in_range(code), timezone.localdate()
        by = acting_with(request, Permission.BY_ELECTION_REVIEW)
        villages = survey_of(place, today)
        services.confirm_survey(villages=villages, on=today, by=by)
        return self._shown(code)

    def _shown(self, code: int) -> Response:
        found = survey_of(place_in_range(code), timezone.localdate())
        return Response(SurveySerializer(found, many=True).data)
