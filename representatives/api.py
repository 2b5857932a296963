"""By-elections for other programs: reading and starting; `api_steps` has the steps."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.answers import Problem
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import Refused
from representatives import services
from representatives.by_elections import listed, vacant_of
from representatives.models import ByElection, Candidate, Constituency, Round, Vacancy
from representatives.services import VacancyFacts

BIGGEST = 2**63 - 1


class VacancySerializer(serializers.ModelSerializer[Vacancy]):
    """A vacant seat of a by-election."""

    class Meta:
        model = Vacancy
        fields: ClassVar = ("seat", "cause", "since", "evidence", "mandate")
        read_only_fields = fields


class CandidateSerializer(serializers.ModelSerializer[Candidate]):
    """Somebody who stands; ID number and phone are not told."""

    class Meta:
        model = Candidate
        fields: ClassVar = (
            "id",
            "name",
            "sex",
            "birth_year",
            "politics",
            "offices",
            "draws_allowance",
            "nominated_by",
            "is_elected",
        )
        read_only_fields = fields


class RoundSerializer(serializers.ModelSerializer[Round]):
    """A round of the vote."""

    class Meta:
        model = Round
        fields: ClassVar = (
            "number",
            "held_on",
            "entitled",
            "present",
            "issued",
            "returned",
            "invalid",
            "quorum_reason",
            "set_aside_on",
        )
        read_only_fields = fields


class ByElectionSerializer(serializers.ModelSerializer[ByElection]):
    """A by-election; `stage` is the step that has to be done today."""

    stage = serializers.CharField(source="today_stage", read_only=True)
    vacancies = VacancySerializer(many=True, read_only=True)
    candidates = CandidateSerializer(many=True, read_only=True)
    rounds = RoundSerializer(many=True, read_only=True)

    class Meta:
        model = ByElection
        fields: ClassVar = (
            "id",
            "version",
            "region",
            "constituency",
            "stage",
            "started_on",
            "meets_on",
            "place",
            "entitled",
            "reviewed_on",
            "review_words",
            "notice",
            "filed_on",
            "archive_number",
            "cancelled_on",
            "cancel_reason",
            "vacancies",
            "candidates",
            "rounds",
        )
        read_only_fields = fields


class SentSeat(serializers.Serializer[Any]):
    """A vacant seat that is to be filled, and what proves the vacancy (L10)."""

    seat = serializers.IntegerField(min_value=1, max_value=BIGGEST)
    evidence = serializers.CharField(max_length=200)


class SentStart(serializers.Serializer[Any]):
    """摸底: the vacant seats of one constituency."""

    constituency = serializers.IntegerField(min_value=1, max_value=BIGGEST)
    seats = SentSeat(many=True, allow_empty=False)

    def vacancies(self, unit: Constituency) -> list[VacancyFacts]:
        """Return the seats with cause and day of each vacancy, as the rolls have them.

        Raises Refused for one that is not vacant there.
        """
        evidence = {
            one["seat"]: one["evidence"] for one in self.validated_data["seats"]
        }
        places = vacant_of(unit, timezone.localdate())
        if set(evidence) - {place.seat.pk for place in places}:
            raise Refused("有的席位不在这个推选单元、没有空缺，或者还没有办离任。")
        return [
            VacancyFacts.of(place, evidence[place.seat.pk])
            for place in places
            if place.seat.pk in evidence
        ]


class ByElectionList(generics.ListAPIView[ByElection]):
    """The by-elections in the caller's scope, the newest first; or begin one."""

    access = Access(permission=Permission.REPRESENTATIVE_VIEW)
    serializer_class = ByElectionSerializer
    queryset = ByElection.objects.none()
    filterset_fields = ("constituency",)

    def get_queryset(self) -> Any:
        """Return what the open scope covers; the statements do not grow with it."""
        rows = listed(timezone.localdate()).prefetch_related("rounds")
        return rows.order_by("-started_on", "-pk")

    @extend_schema(
        request=SentStart,
        responses={
            201: ByElectionSerializer,
            400: Problem,
            403: Problem,
            404: Problem,
            422: Problem,
        },
    )
    def post(self, request: Request) -> Response:
        """201 begun · 422 refused, in words."""
        by = acting(request)
        if not by.may(Permission.BY_ELECTION_KEEP):
            raise exceptions.PermissionDenied
        sent = SentStart(data=request.data)
        sent.is_valid(raise_exception=True)
        units = Constituency.objects.current().select_related("region")
        unit = get_object_or_404(units, pk=sent.validated_data["constituency"])
        made = services.start(
            constituency=unit,
            vacancies=sent.vacancies(unit),
            on=timezone.localdate(),
            by=by,
        )
        return shown(made.pk, status.HTTP_201_CREATED)


class ByElectionDetail(generics.RetrieveAPIView[ByElection]):
    """One by-election."""

    access = Access(permission=Permission.REPRESENTATIVE_VIEW)
    serializer_class = ByElectionSerializer
    queryset = ByElection.objects.none()

    def get_queryset(self) -> Any:
        """Return what the open scope covers."""
        return listed(timezone.localdate()).prefetch_related("rounds")


def shown(pk: int, code: int = status.HTTP_200_OK) -> Response:
    """Return a by-election as it is now."""
    row = listed(timezone.localdate()).prefetch_related("rounds").get(pk=pk)
    return Response(ByElectionSerializer(row).data, status=code)
