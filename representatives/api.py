"""By-elections for other programs: the same steps by the same services as the pages."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.permissions import Permission
from accounts.services import Refused
from notices.api import Refusal, acting, refusal
from representatives import services
from representatives.by_elections import listed
from representatives.models import ByElection, Candidate, Round, Vacancy
from representatives.services import ActedMeanwhile, Sheet


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


class SentReview(serializers.Serializer[Any]):
    """The township's word on a plan."""

    version = serializers.IntegerField()
    approve = serializers.BooleanField()
    words = serializers.CharField(max_length=300, allow_blank=True, default="")


class SentVote(serializers.Serializer[Any]):
    """What the valid ballots say about one candidate."""

    candidate = serializers.IntegerField()
    votes_for = serializers.IntegerField(min_value=0)
    votes_against = serializers.IntegerField(min_value=0)
    votes_abstaining = serializers.IntegerField(min_value=0)


class SentRound(serializers.Serializer[Any]):
    """结果报告单 of one round."""

    version = serializers.IntegerField()
    held_on = serializers.DateField()
    entitled = serializers.IntegerField(min_value=1)
    present = serializers.IntegerField(min_value=0)
    issued = serializers.IntegerField(min_value=0)
    returned = serializers.IntegerField(min_value=0)
    invalid = serializers.IntegerField(min_value=0)
    quorum_reason = serializers.CharField(max_length=200, allow_blank=True, default="")
    tellers = serializers.CharField(max_length=60, allow_blank=True, default="")
    votes = SentVote(many=True, allow_empty=False)

    def sheet(self) -> Sheet:
        """Return the sheet that was sent."""
        given = dict(self.validated_data)
        given.pop("version")
        names = ("votes_for", "votes_against", "votes_abstaining")
        votes = {
            one["candidate"]: tuple(one[name] for name in names)
            for one in given.pop("votes")
        }
        return Sheet(votes=votes, **given)


class ByElectionList(generics.ListAPIView[ByElection]):
    """The by-elections in the caller's scope, the newest first."""

    access = Access(permission=Permission.REPRESENTATIVE_VIEW)
    serializer_class = ByElectionSerializer
    queryset = ByElection.objects.none()
    filterset_fields = ("constituency",)

    def get_queryset(self) -> Any:
        """Return what the open scope covers; the statements do not grow with it."""
        rows = listed(timezone.localdate()).prefetch_related("rounds")
        return rows.order_by("-started_on", "-pk")


class ByElectionDetail(generics.RetrieveAPIView[ByElection]):
    """One by-election."""

    access = Access(permission=Permission.REPRESENTATIVE_VIEW)
    serializer_class = ByElectionSerializer
    queryset = ByElection.objects.none()

    def get_queryset(self) -> Any:
        """Return what the open scope covers."""
        return listed(timezone.localdate()).prefetch_related("rounds")


class ByElectionReview(APIView):
    """The township's word on a plan."""

    access = Access(permission=Permission.BY_ELECTION_REVIEW)

    @extend_schema(
        request=SentReview,
        responses={
            200: ByElectionSerializer,
            400: Refusal,
            404: Refusal,
            409: Refusal,
            422: Refusal,
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        """200 · 409 somebody else was first · 422 refused, in words."""
        row = get_object_or_404(ByElection, pk=pk)
        sent = SentReview(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            services.review(
                by_election=row,
                on=timezone.localdate(),
                by=acting(request),
                **sent.validated_data,
            )
        except ActedMeanwhile as meanwhile:
            return refusal(str(meanwhile), "conflict", 409)
        except Refused as refused:
            return refusal(str(refused))
        return shown(pk)


class ByElectionRound(APIView):
    """The result of a round."""

    access = Access(permission=Permission.BY_ELECTION_KEEP)

    @extend_schema(
        request=SentRound,
        responses={
            200: ByElectionSerializer,
            400: Refusal,
            404: Refusal,
            409: Refusal,
            422: Refusal,
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        """200 entered · 409 somebody else was first · 422 the rules refuse, in words."""
        row = get_object_or_404(ByElection, pk=pk)
        sent = SentRound(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            services.record_round(
                by_election=row,
                sheet=sent.sheet(),
                version=sent.validated_data["version"],
                on=timezone.localdate(),
                by=acting(request),
            )
        except ActedMeanwhile as meanwhile:
            return refusal(str(meanwhile), "conflict", 409)
        except Refused as refused:
            return refusal(str(refused))
        return shown(pk)


def shown(pk: int) -> Response:
    """Return a by-election as it is now."""
    row = listed(timezone.localdate()).prefetch_related("rounds").get(pk=pk)
    return Response(ByElectionSerializer(row).data)
