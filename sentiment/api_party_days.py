"""主题党日 for other programs: the record of the day, and the visits of its afternoon."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import REFUSED, Problem, acting_with, answer
from accounts.asking import BIGGEST, filters_of, in_order
from accounts.permissions import Permission
from accounts.places import acting
from regions.forms import PlaceFilter
from sentiment.forms.party_days import MOST_PEOPLE, PartyDayForm
from sentiment.models import PartyDay
from sentiment.services import party_days as services


class PartyDaySerializer(serializers.ModelSerializer[PartyDay]):
    """一课一片一实践, with the visits of the afternoon by their numbers."""

    visits = serializers.SerializerMethodField()

    class Meta:
        model = PartyDay
        fields: ClassVar[tuple[str, ...]] = (
            "id", "version", "region", "held_on", "place", "lesson", "film", "practice",
            "present", "representatives", "words", "visits",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema(responses=serializers.ListField(child=serializers.UUIDField()))
    def get_visits(self, day: PartyDay) -> list[str]:
        """Return the visits that were entered together."""
        return [str(one.visit_id) for one in day.group_visits.all()]


class SentPartyDay(serializers.Serializer[Any]):
    """A party day: at least one of the three has to be told."""

    held_on = serializers.DateField()
    place = serializers.CharField(max_length=60, allow_blank=True, default="")
    lesson = serializers.CharField(max_length=200, allow_blank=True, default="")
    film = serializers.CharField(max_length=200, allow_blank=True, default="")
    practice = serializers.CharField(max_length=200, allow_blank=True, default="")
    present = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE, default=0)
    representatives = serializers.IntegerField(
        min_value=0, max_value=MOST_PEOPLE, default=0
    )
    words = serializers.CharField(max_length=1000, allow_blank=True, default="")

    def facts(self) -> dict[str, Any]:
        """Return the facts; raise ValidationError in the words of the page."""
        self.is_valid(raise_exception=True)
        return in_order(PartyDayForm(self.validated_data)).facts()


class SentPartyDayEdit(SentPartyDay):
    """A party day as it should be, and the version that was read."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class SentSeen(serializers.Serializer[Any]):
    """A household that was visited, and what it said if it said something."""

    household = serializers.IntegerField(min_value=1, max_value=BIGGEST)
    words = serializers.CharField(max_length=500, allow_blank=True, default="")
    topic = serializers.CharField(max_length=20, allow_blank=True, default="")


class SentTogether(serializers.Serializer[Any]):
    """The households of a 集中走访; what is recorded already stays as it is."""

    seen = SentSeen(many=True, allow_empty=False)


DAYS = PartyDay.objects.prefetch_related("group_visits")


@extend_schema_view(get=extend_schema(parameters=filters_of(PlaceFilter)))
class PartyDayList(generics.ListAPIView[PartyDay]):
    """The party days in the caller's scope, the latest first."""

    access = Access(permission=Permission.REVIEW_READ)
    serializer_class = PartyDaySerializer
    queryset = PartyDay.objects.none()

    def get_queryset(self) -> Any:
        """Return those of the place that is asked for."""
        rows = DAYS.order_by("-held_on", "region", "pk")
        return in_order(PlaceFilter(self.request.query_params)).narrow(rows)

    @extend_schema(request=SentPartyDay, responses={201: PartyDaySerializer} | REFUSED)
    def post(self, request: Request) -> Response:
        """201 kept for the caller's village · 422 that day has another one."""
        by = acting_with(request, Permission.REVIEW_PREPARE)
        day = services.hold(facts=SentPartyDay(data=request.data).facts(), by=by)
        return answer(PartyDaySerializer(day).data, created=True)


class PartyDayDetail(generics.RetrieveAPIView[PartyDay]):
    """One party day: read it, correct it."""

    access = Access(permission=Permission.REVIEW_READ)
    serializer_class = PartyDaySerializer
    queryset = DAYS

    @extend_schema(
        request=SentPartyDayEdit,
        responses={200: PartyDaySerializer, 409: Problem} | REFUSED,
    )
    def put(self, request: Request, pk: int) -> Response:
        """200 corrected · 409 somebody else was first · 422 refused, in words."""
        acting_with(request, Permission.REVIEW_PREPARE)
        day = get_object_or_404(PartyDay, pk=pk)
        sent = SentPartyDayEdit(data=request.data)
        facts, version = sent.facts(), sent.validated_data["version"]
        saved = services.amend(day=day, facts=facts, version=version)
        return Response(PartyDaySerializer(saved).data)


class PartyDayVisits(APIView):
    """集中走访: the visits of the afternoon, which count like any other."""

    access = Access(permission=Permission.REVIEW_PREPARE)

    @extend_schema(request=SentTogether, responses={200: PartyDaySerializer} | REFUSED)
    def post(self, request: Request, pk: int) -> Response:
        """200 recorded, each once however often it is sent · 422 one cannot be."""
        by = acting(request)
        day = get_object_or_404(PartyDay, pk=pk)
        sent = SentTogether(data=request.data)
        sent.is_valid(raise_exception=True)
        seen = [services.Seen(**one) for one in sent.validated_data["seen"]]
        services.visit_together(day=day, seen=seen, by=by)
        return Response(PartyDaySerializer(DAYS.get(pk=pk)).data)
