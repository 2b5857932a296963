"""Ratings for other programs: rounds, results as the reader may see them, entries.

Nothing here says more than the pages: outside the village only the grades that are put
on view.
"""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.permissions import Permission
from accounts.services import Refused
from evaluations.ledgers import is_inside
from evaluations.models import HouseholdRating, RatingRound, SchemeItem
from evaluations.services import entries as services
from evaluations.services.entries import Deed
from households.models import Household
from sentiment.api_meetings import acting_with, refused
from visits.api import Problem


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


class SentDeed(serializers.Serializer[Any]):
    """An entry as a program sends it: the same for one household or for many."""

    households = serializers.ListField(
        child=serializers.IntegerField(), min_length=1, max_length=1000
    )
    item = serializers.IntegerField()
    points = serializers.IntegerField(required=False)
    on = serializers.DateField()
    words = serializers.CharField(max_length=200, allow_blank=True, required=False)


class RoundList(generics.ListAPIView[RatingRound]):
    """Rounds of one's range, the latest first."""

    access = Access(permission=Permission.RATING_VIEW)
    serializer_class = RatingRoundSerializer
    queryset = RatingRound.objects.order_by("-first_day", "-pk")


class RoundDetail(generics.RetrieveAPIView[RatingRound]):
    """One round with its results."""

    access = Access(permission=Permission.RATING_VIEW)
    serializer_class = RatingRoundDetailSerializer
    queryset = RatingRound.objects.all()


class RoundEntries(APIView):
    """Write an entry for households of a round."""

    access = Access(permission=Permission.RATING_RECORD)

    @extend_schema(request=SentDeed, responses={201: None, 404: Problem, 422: Problem})
    def post(self, request: Request, pk: int) -> Response:
        """Write it; 422 in the words of the page where it is refused."""
        round_ = get_object_or_404(RatingRound, pk=pk)
        sent = SentDeed(data=request.data)
        sent.is_valid(raise_exception=True)
        given = sent.validated_data
        try:
            made = services.enter(
                round_=round_,
                households=households_of(round_, given["households"]),
                deed=deed_of(given),
                today=timezone.localdate(),
                by=acting_with(request, Permission.RATING_RECORD),
            )
        except Refused as refusal_words:
            return refused(refusal_words)
        return Response(
            {"entries": [entry.pk for entry in made]}, status=status.HTTP_201_CREATED
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
