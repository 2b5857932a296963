"""恳谈会 and 民情分析会 for other programs, by the same services as the pages."""

import uuid
from typing import Any, ClassVar

from django.db import IntegrityError
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import Problem, acting_with, answer, refusal
from accounts.asking import read
from accounts.editing import EditedMeanwhile
from accounts.masking import mask_text
from accounts.models import Post
from accounts.permissions import Permission
from accounts.places import acting
from regions.models import Level
from sentiment.api import WithPost, Words
from sentiment.forms.talks import OTHER
from sentiment.models import (
    MeetingKind,
    Review,
    ReviewItem,
    ReviewState,
    TalkMeeting,
)
from sentiment.services import reviews, talks
from visits.models import Satisfaction, Topic

CHANGED = "您读过以后别人又改过，请重新读一遍再提交。"
SAID = {
    "attendees", "members_say", "representatives_say", "covenants_say", "last_month",
    "conclusion",
}  # fmt: skip
"""What is written in a review in people's words."""
BLANK: dict[str, Any] = {
    **dict.fromkeys((*SAID, "place", "chair", "recorder"), ""),
    **dict.fromkeys(("held_on", "expected", "present")),
    "items": [],
}
"""What of a review in work nobody reads but its village."""


def read_by(post: Post, kind: type[serializers.Serializer[Any]], row: Any) -> Any:
    """Return a row as the holder of a post reads it."""
    return kind(row, context={"post": post}).data


# --- 恳谈会 -----------------------------------------------------------------------------


class TalkSerializer(serializers.ModelSerializer[TalkMeeting]):
    """A 恳谈会 as it is kept."""

    topics = Words(read_only=True)
    replies = Words(read_only=True)
    present = serializers.SerializerMethodField(help_text="到会户的编号")
    issues: Any = serializers.PrimaryKeyRelatedField(many=True, read_only=True)

    class Meta:
        model = TalkMeeting
        fields: ClassVar = (
            "id",
            "region",
            "representative",
            "kind",
            "held_on",
            "place",
            "recorder",
            "topics",
            "replies",
            "others_present",
            "present",
            "issues",
            "on_behalf",
            "entered_at",
            "withdrawn_at",
            "withdrawal",
            "version",
        )
        read_only_fields = fields

    def get_present(self, talk: TalkMeeting) -> list[int]:
        """Return the households that were present."""
        return [seat.household_id for seat in talk.presences.all()]


class SentOpinion(serializers.Serializer[Any]):
    """One opinion: it becomes an issue of the village."""

    words = serializers.CharField(max_length=1000)
    topic = serializers.CharField(max_length=20, default=OTHER)
    household = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=2**63 - 1
    )
    satisfaction = serializers.ChoiceField(
        choices=Satisfaction.choices, allow_blank=True, default=""
    )

    def validate_topic(self, topic: str) -> str:
        """Refuse a category that the city's list does not offer."""
        if not Topic.objects.offered().filter(pk=topic).exists():
            raise serializers.ValidationError("没有这个类别，请在民情类别里选。")
        return topic


class SentTalk(serializers.Serializer[Any]):
    """A 恳谈会 as it is sent."""

    representative = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    kind = serializers.ChoiceField(
        choices=MeetingKind.choices, default=MeetingKind.TALK
    )
    held_on = serializers.DateField()
    place = serializers.CharField(max_length=60)
    topics = serializers.CharField(max_length=300)
    recorder = serializers.CharField(max_length=30, allow_blank=True, default="")
    replies = serializers.CharField(max_length=1000, allow_blank=True, default="")
    others_present = serializers.IntegerField(min_value=0, max_value=300, default=0)
    present = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        default=list,
        max_length=500,
    )
    opinions = SentOpinion(many=True, default=list)

    def content(self) -> talks.Talk:
        """Return what is noted of the meeting."""
        given = dict(self.validated_data)
        opinions = tuple(talks.Opinion(**one) for one in given.pop("opinions"))
        present = tuple(given.pop("present"))
        return talks.Talk(present=present, opinions=opinions, **given)


class Reason(serializers.Serializer[Any]):
    """Why something is taken back or returned."""

    reason = serializers.CharField(max_length=200)


TALKS = TalkMeeting.objects.prefetch_related("presences", "issues")


class TalkList(WithPost, generics.ListAPIView[TalkMeeting]):
    """The 恳谈会 in the caller's scope, the latest first."""

    access = Access(permission=Permission.TALK_VIEW)
    serializer_class = TalkSerializer
    queryset = TALKS.order_by("-held_on", "-entered_at", "pk")


class TalkDetail(WithPost, generics.RetrieveAPIView[TalkMeeting]):
    """One 恳谈会: read it, or keep it once."""

    access = Access(permission=Permission.TALK_VIEW)
    serializer_class = TalkSerializer
    queryset = TALKS

    @extend_schema(
        request=SentTalk,
        responses={
            200: TalkSerializer,
            201: TalkSerializer,
            400: Problem,
            403: Problem,
            409: Problem,
            422: Problem,
        },
    )
    def put(self, request: Request, pk: uuid.UUID) -> Response:
        """Keep a meeting under the caller's id: 201, 200 again, 409 for other content."""
        by = acting_with(request, Permission.TALK_RECORD)
        sent = SentTalk(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            talk, created = talks.hold(talk_id=pk, content=sent.content(), by=by)
        except (talks.OtherContent, IntegrityError) as other:
            return refusal(status.HTTP_409_CONFLICT, "other_content", str(other))
        return answer(read_by(by, TalkSerializer, talk), created=created)


class TalkWithdrawal(APIView):
    """Take a 恳谈会 back: it stays readable and no longer counts."""

    access = Access(permission=Permission.TALK_RECORD)

    @extend_schema(
        request=Reason, responses={200: TalkSerializer, 404: Problem, 422: Problem}
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Withdraw with a reason."""
        by = acting(request)
        sent = read(Reason, request)
        talk = get_object_or_404(TalkMeeting, pk=pk)
        talks.withdraw(talk=talk, reason=sent["reason"], by=by)
        return Response(read_by(by, TalkSerializer, talk))


# --- 民情分析会 -------------------------------------------------------------------------


class ReviewItemSerializer(serializers.ModelSerializer[ReviewItem]):
    """What was decided on one issue."""

    class Meta:
        model = ReviewItem
        fields: ClassVar = ("issue", "decision", "person", "due_on", "conclusion")
        read_only_fields = fields


class ReviewSerializer(serializers.ModelSerializer[Review]):
    """A 民情分析会 with its decisions and the figures of its submission."""

    items = ReviewItemSerializer(many=True, read_only=True)

    class Meta:
        model = Review
        fields: ClassVar = (
            "id",
            "region",
            "month",
            "number",
            "corrects",
            "state",
            "held_on",
            "place",
            "chair",
            "recorder",
            "expected",
            "present",
            "attendees",
            "members_say",
            "representatives_say",
            "covenants_say",
            "last_month",
            "conclusion",
            "figures",
            "items",
            "submitted_at",
            "returned_at",
            "return_reason",
            "version",
        )
        read_only_fields = fields

    def to_representation(self, review: Review) -> dict[str, Any]:
        """Return it as the reader may see it: of one in work its village alone all.

        Outside the village numbers in what was said and written are hidden.
        """
        shown = super().to_representation(review)
        post: Post | None = self.context.get("post")
        if post is not None and post.region.level == Level.VILLAGE:
            return shown
        if review.state == ReviewState.DRAFT:
            return shown | BLANK
        for item in (shown, *shown["items"]):
            item |= {k: mask_text(v) for k, v in item.items() if k in SAID}
        return shown


class SentMonth(serializers.Serializer[Any]):
    """Which month a review is begun for: its first day, or any other."""

    month = serializers.DateField()


class SentVersion(serializers.Serializer[Any]):
    """The version that was read before submitting."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


REVIEWS = Review.objects.prefetch_related("items")


class ReviewList(WithPost, generics.ListAPIView[Review]):
    """The 民情分析会 in the caller's scope, the latest month first."""

    access = Access(permission=Permission.REVIEW_READ)
    serializer_class = ReviewSerializer
    queryset = REVIEWS.order_by("-month", "region", "-number")

    @extend_schema(
        request=SentMonth,
        responses={201: ReviewSerializer, 403: Problem, 422: Problem},
    )
    def post(self, request: Request) -> Response:
        """Begin the month's review of the caller's village, or return it."""
        sent = read(SentMonth, request)
        by = acting_with(request, Permission.REVIEW_PREPARE)
        review = reviews.begin(village=by.region, month=sent["month"], by=by)
        return answer(read_by(by, ReviewSerializer, review), created=True)


class ReviewDetail(WithPost, generics.RetrieveAPIView[Review]):
    """One 民情分析会."""

    access = Access(permission=Permission.REVIEW_READ)
    serializer_class = ReviewSerializer
    queryset = REVIEWS


class ReviewSubmission(APIView):
    """Submit a review: its decisions are handed on in the same transaction."""

    access = Access(permission=Permission.REVIEW_HOLD)

    @extend_schema(
        request=SentVersion,
        responses={200: ReviewSerializer, 404: Problem, 409: Problem, 422: Problem},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Submit the version that was read; 409 if it has changed since."""
        by = acting(request)
        sent = read(SentVersion, request)
        review = get_object_or_404(Review, pk=pk)
        try:
            done = reviews.submit(review=review, version=sent["version"], by=by)
        except EditedMeanwhile:
            return refusal(status.HTTP_409_CONFLICT, "changed", CHANGED)
        return Response(read_by(by, ReviewSerializer, done))


class ReviewReturn(APIView):
    """退回 a submitted review with a reason."""

    access = Access(permission=Permission.REVIEW_RETURN)

    @extend_schema(
        request=Reason, responses={200: ReviewSerializer, 404: Problem, 422: Problem}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Return it; the village corrects it by a new version."""
        by = acting(request)
        sent = read(Reason, request)
        review = get_object_or_404(Review, pk=pk)
        back = reviews.give_back(review=review, reason=sent["reason"], by=by)
        return Response(read_by(by, ReviewSerializer, back))


class ReviewCorrection(APIView):
    """更正: open a new version of a submitted or returned review; the old one stays."""

    access = Access(permission=Permission.REVIEW_HOLD)

    @extend_schema(
        request=None, responses={201: ReviewSerializer, 404: Problem, 422: Problem}
    )
    def post(self, request: Request, pk: int) -> Response:
        """201 with the new version, which is to be submitted · 422 there is no need."""
        by = acting(request)
        fresh = reviews.correct(review=get_object_or_404(Review, pk=pk), by=by)
        return answer(read_by(by, ReviewSerializer, fresh), created=True)
