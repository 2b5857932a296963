"""Ratings for other programs: rounds, results as the reader may see them, entries.

Nothing here says more than the pages: outside the village only the grades that are put
on view.
"""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import Problem, acting_with, answer
from accounts.asking import read
from accounts.models import Post
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import Refused
from attachments import views as attachments
from attachments.examining import examine
from attachments.rules import Kind
from evaluations.ledgers import is_inside
from evaluations.models import Entry, HouseholdRating, RatingRound, SchemeItem
from evaluations.models.schemes import scheme_for
from evaluations.rules.rounds import Act
from evaluations.rules.schemes import Scope
from evaluations.services import entries as services
from evaluations.services import rounds
from evaluations.services.entries import Deed
from households.models import Household
from sentiment.api_meetings import Reason


class RatingRoundSerializer(serializers.ModelSerializer[RatingRound]):
    """A round as it stands."""

    class Meta:
        model = RatingRound
        fields: ClassVar[tuple[str, ...]] = (
            "id",
            "region",
            "scheme",
            "year",
            "number",
            "first_day",
            "last_day",
            "stage",
            "is_imported",
            "confirmed_on",
            "notice",
            "filed_on",
            "version",
        )
        read_only_fields = fields


class ResultSerializer(serializers.ModelSerializer[HouseholdRating]):
    """A household's result."""

    head = serializers.CharField(source="household.head")
    tier = serializers.CharField(source="tier.name")

    class Meta:
        model = HouseholdRating
        fields: ClassVar[tuple[str, ...]] = (
            "id",
            "household",
            "head",
            "parts",
            "plus",
            "minus",
            "total",
            "tier",
        )
        read_only_fields = fields


class RatingRoundDetailSerializer(RatingRoundSerializer):
    """A round with the results that the reader may see."""

    results = serializers.SerializerMethodField()

    class Meta(RatingRoundSerializer.Meta):
        fields: ClassVar[tuple[str, ...]] = (
            *RatingRoundSerializer.Meta.fields,
            "results",
        )
        read_only_fields = fields

    @extend_schema(responses=ResultSerializer(many=True))
    def get_results(self, round_: RatingRound) -> Any:
        """Return everybody inside the village, outside those that are put on view."""
        rows = round_.ratings.select_related("household", "tier").order_by("household")
        if not is_inside():
            rows = rows.public()
        return ResultSerializer(rows, many=True).data


class RatingEntrySerializer(serializers.ModelSerializer[Entry]):
    """An entry: what a household was given points for; `evidence` is its file's name."""

    evidence = serializers.CharField(
        source="evidence.name", default=None, read_only=True, allow_null=True
    )

    class Meta:
        model = Entry
        fields: ClassVar[tuple[str, ...]] = (
            "id", "household", "item", "points", "on", "words", "evidence",
            "entered_at", "withdrawn_at", "withdrawal",
        )  # fmt: skip
        read_only_fields = fields


class SentDeed(serializers.Serializer[Any]):
    """An entry as a program sends it: the same for one household or for many.

    A photo or a PDF comes with it, as multipart: an entry does not change afterwards.
    """

    households = serializers.ListField(
        child=serializers.IntegerField(), min_length=1, max_length=1000
    )
    item = serializers.IntegerField()
    points = serializers.IntegerField(required=False)
    on = serializers.DateField()
    words = serializers.CharField(max_length=200, allow_blank=True, required=False)
    evidence = serializers.FileField(required=False)


class SentRatingRound(serializers.Serializer[Any]):
    """Which part of which year is rated."""

    year = serializers.IntegerField(min_value=2000, max_value=2100)
    number = serializers.IntegerField(min_value=1, max_value=12)


class SentRatingStep(serializers.Serializer[Any]):
    """A step: the version that was read, and the words that it asks for."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    words = serializers.CharField(max_length=300, allow_blank=True, default="")


class SentSelf(serializers.Serializer[Any]):
    """What a household says of itself, and the points it would give itself."""

    words = serializers.CharField(max_length=300)
    points = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=300
    )


class RoundList(generics.ListAPIView[RatingRound]):
    """Rounds of one's range, the latest first."""

    access = Access(permission=Permission.RATING_VIEW)
    serializer_class = RatingRoundSerializer
    queryset = RatingRound.objects.order_by("-first_day", "-pk")

    @extend_schema(
        request=SentRatingRound,
        responses={201: RatingRoundSerializer, 403: Problem, 422: Problem},
    )
    def post(self, request: Request) -> Response:
        """Begin a round of the caller's village under the edition in force."""
        sent = read(SentRatingRound, request)
        by = acting_with(request, Permission.RATING_KEEP)
        made = begun(sent, by)
        return answer(RatingRoundSerializer(made).data, created=True)


class RoundDetail(generics.RetrieveAPIView[RatingRound]):
    """One round with its results."""

    access = Access(permission=Permission.RATING_VIEW)
    serializer_class = RatingRoundDetailSerializer
    queryset = RatingRound.objects.all()


class RoundStepTaken(APIView):
    """Take a step on a round: who may take which, the table says."""

    access = Access(permission=Permission.RATING_VIEW)

    @extend_schema(
        request=SentRatingStep,
        responses={
            200: RatingRoundSerializer, 403: Problem, 404: Problem, 409: Problem,
            422: Problem,
        },
    )  # fmt: skip
    def post(self, request: Request, pk: int, act: str) -> Response:
        """Take it; 409 if somebody else took one since the version was read."""
        if act not in list(Act):
            raise Http404
        round_ = get_object_or_404(RatingRound, pk=pk)
        sent = read(SentRatingStep, request)
        done = rounds.step(
            round_=round_,
            act=Act(act),
            on=timezone.localdate(),
            by=acting(request),
            **sent,
        )
        return Response(RatingRoundSerializer(done).data)


class RoundEntries(generics.ListAPIView[Entry]):
    """The entries of a round that the caller may see, the latest day first."""

    access = Access(permission=Permission.RATING_RECORD)
    parser_classes = (JSONParser, MultiPartParser)
    serializer_class = RatingEntrySerializer
    queryset = Entry.objects.none()

    def get_queryset(self) -> QuerySet[Entry]:
        """Return the entries of the round; those taken back say so."""
        round_ = get_object_or_404(RatingRound, pk=self.kwargs["pk"])
        rows = Entry.objects.filter(round=round_).select_related("evidence")
        return rows.order_by("-on", "-pk")

    @extend_schema(
        request={"application/json": SentDeed, "multipart/form-data": SentDeed},
        responses={201: None, 404: Problem, 422: Problem},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Write an entry; 422 in the words of the page where it is refused."""
        round_ = get_object_or_404(RatingRound, pk=pk)
        given = read(SentDeed, request)
        file = given.get("evidence")
        made = services.enter(
            round_=round_,
            households=households_of(round_, given["households"]),
            deed=deed_of(given),
            evidence=[examine(file, (Kind.PHOTO, Kind.SCAN))] if file else (),
            today=timezone.localdate(),
            by=acting(request),
        )
        return Response(
            {"entries": [entry.pk for entry in made]}, status=status.HTTP_201_CREATED
        )


class EntryEvidence(APIView):
    """The file of an entry."""

    access = Access(permission=Permission.RATING_RECORD)

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, 404: Problem}
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        """Return it; 404 for an entry without one."""
        rows = Entry.objects.select_related("evidence")
        entry = get_object_or_404(rows, pk=pk, evidence__isnull=False)
        return attachments.answer(request._request, entry.evidence)


class EntryWithdrawal(APIView):
    """Take an entry back: it counts no more, and stays to be seen."""

    access = Access(permission=Permission.RATING_RECORD)

    @extend_schema(request=Reason, responses={204: None, 404: Problem, 422: Problem})
    def post(self, request: Request, pk: int) -> Response:
        """Take it back with the reason."""
        entry = get_object_or_404(Entry.objects.select_related("round"), pk=pk)
        sent = read(Reason, request)
        by = acting(request)
        services.withdraw(entry=entry, by=by, **sent)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SelfAssessmentDetail(APIView):
    """农户自评: what a household says of itself; it brings no points."""

    access = Access(permission=Permission.RATING_RECORD)

    @extend_schema(request=SentSelf, responses={204: None, 404: Problem, 422: Problem})
    def put(self, request: Request, pk: int, household: int) -> Response:
        """Keep it; said again it replaces the first."""
        round_ = get_object_or_404(RatingRound, pk=pk)
        home = get_object_or_404(Household, pk=household, region=round_.region_id)
        sent = read(SentSelf, request)
        by = acting(request)
        services.assess(round_=round_, household=home, by=by, **sent)
        return Response(status=status.HTTP_204_NO_CONTENT)


def begun(given: dict[str, int], by: Post) -> RatingRound:
    """Begin a round of a post's village; raise Refused without an edition or a period."""
    scheme = scheme_for(by.region, given["year"], Scope.HOUSEHOLD)
    if scheme is None or given["number"] > scheme.rounds:
        raise Refused("没有这一期：请核对年度和第几期，方案要在执行中。")
    return rounds.begin(
        village=by.region,
        scheme=scheme,
        number=given["number"],
        on=timezone.localdate(),
        by=by,
    )


def deed_of(given: dict[str, Any]) -> Deed:
    """Return what was sent; points may be left out where they are fixed."""
    rows = SchemeItem.objects.select_related("category")
    item = get_object_or_404(rows, pk=given["item"])
    points = given.get("points", item.least)
    return Deed(item, points, given["on"], given.get("words", ""))


def households_of(round_: RatingRound, wanted: list[int]) -> list[Household]:
    """Return the households that were sent; Refused if the village has not all of them."""
    found = list(Household.objects.filter(pk__in=wanted, region=round_.region_id))
    if len(found) != len(set(wanted)):
        raise Refused("有的户不在这个村的名册里，请核对户的编号。")
    return found
