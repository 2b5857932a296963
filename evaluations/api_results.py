"""Results of a round for other programs: placing, telling in private, the notice."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import Problem
from accounts.asking import read
from accounts.permissions import Permission
from accounts.places import acting
from evaluations.announcing import announcement, notice_days, village_announcement
from evaluations.api import ResultSerializer
from evaluations.models import (
    HouseholdRating,
    RatingRound,
    Scheme,
    VillageRating,
    VillageSetting,
)
from evaluations.services import entries, rounds, villages
from notices.api import NoticeSerializer, SentDays, SentTerms
from notices.services import Terms
from regions.models import Level


class SentPlacing(serializers.Serializer[Any]):
    """The grade that the panel gives, and why; the version of the round that was read."""

    tier = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    reason = serializers.CharField(max_length=200)
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class SentTelling(serializers.Serializer[Any]):
    """When a household of the last grade was told in private, and what it should mend."""

    mend = serializers.CharField(max_length=300)
    on = serializers.DateField()


class RatingPlacing(APIView):
    """评议小组调整等次."""

    access = Access(permission=Permission.RATING_KEEP)

    @extend_schema(
        request=SentPlacing,
        responses={200: ResultSerializer, 404: Problem, 409: Problem, 422: Problem},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Give it; 422 beyond the line or the quota."""
        rating = get_object_or_404(
            HouseholdRating.objects.select_related("round"), pk=pk
        )
        sent = read(SentPlacing, request)
        by = acting(request)
        rounds.place(rating=rating, by=by, **sent)
        rows = HouseholdRating.objects.select_related("household", "tier")
        return Response(ResultSerializer(rows.get(pk=pk)).data)


class RatingTelling(APIView):
    """单独告知: for households of the last grade, and only from their own village."""

    access = Access(permission=Permission.RATING_KEEP)

    @extend_schema(
        request=SentTelling, responses={204: None, 404: Problem, 422: Problem}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Note it; again it replaces the first."""
        rows = HouseholdRating.objects.select_related("round", "tier")
        rating = get_object_or_404(rows, pk=pk)
        by = acting(request)
        if rating.tier.threshold is not None or by.region.level != Level.VILLAGE:
            raise Http404
        sent = read(SentTelling, request)
        rounds.tell(rating=rating, by=by, **sent)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SentSetting(serializers.Serializer[Any]):
    """Whether a village prints its last grade, and which meeting decided so."""

    prints_last = serializers.BooleanField()
    basis = serializers.CharField(max_length=100)


class RatingSetting(APIView):
    """Whether the caller's village prints its last grade, by household numbers only."""

    access = Access(permission=Permission.RATING_KEEP)

    @extend_schema(request=None, responses={200: SentSetting})
    def get(self, request: Request) -> Response:
        """Return what was decided; while nothing was, it does not, on no basis."""
        by = acting(request)
        held = VillageSetting.objects.filter(region=by.region_id).first()
        undecided = VillageSetting(prints_last=False, basis="")
        return Response(SentSetting(held or undecided).data)

    @extend_schema(request=SentSetting, responses={200: SentSetting, 422: Problem})
    def put(self, request: Request) -> Response:
        """Decide it; 422 without a meeting that did."""
        sent = read(SentSetting, request)
        by = acting(request)
        kept = entries.set_printing(
            village=by.region, on=timezone.localdate(), by=by, **sent
        )
        return Response(SentSetting(kept).data)


# --- notices ----------------------------------------------------------------------------


def terms_of(given: dict[str, Any], scheme: Scheme) -> Terms:
    """Return the terms of a notice; the edition says how long it stands at least."""
    least, basis = notice_days(scheme)
    return Terms(**given, least=least, basis=basis)


class RoundNotice(APIView):
    """写公示: the praised households of a round, as a draft; `notices/` puts it on view."""

    access = Access(permission=Permission.RATING_KEEP)

    @extend_schema(
        request=SentTerms,
        responses={200: NoticeSerializer, 404: Problem, 409: Problem, 422: Problem},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Write it, or write it anew; 422 for fewer days than the edition asks for."""
        rows = RatingRound.objects.select_related("region__parent", "scheme__owner")
        round_ = get_object_or_404(rows, pk=pk)
        given = read(SentTerms, request)
        version = given.pop("version")
        made = rounds.draft_notice(
            round_=round_, content=announcement(round_), version=version,
            terms=terms_of(given, round_.scheme), on=timezone.localdate(),
        )  # fmt: skip
        return Response(NoticeSerializer(made).data)


class VillageRatingNotice(APIView):
    """写公示: a praised village, as a draft; `notices/` puts it on view."""

    access = Access(permission=Permission.RATING_FILE)

    @extend_schema(
        request=SentDays, responses={200: NoticeSerializer, 404: Problem, 422: Problem}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Write it, or write it anew; 422 for a village that is not praised."""
        rows = VillageRating.objects.select_related(
            "region__parent", "scheme__owner", "tier"
        )
        rating = get_object_or_404(rows, pk=pk)
        sent = read(SentDays, request)
        made = villages.draft_notice(
            rating=rating, content=village_announcement(rating),
            terms=terms_of(sent, rating.scheme), on=timezone.localdate(),
        )  # fmt: skip
        return Response(NoticeSerializer(made).data)
