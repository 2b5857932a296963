"""Preparing a 民情分析会 and merging issues for other programs: the village's desk."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import REFUSED, Problem
from accounts.asking import BIGGEST, in_order, read
from accounts.editing import Difference, EditedMeanwhile
from accounts.models import Post
from accounts.permissions import Permission
from accounts.places import acting
from sentiment import review_queue
from sentiment.api import IssueSerializer
from sentiment.api_meetings import ReviewSerializer, read_by
from sentiment.forms.reviews import MOST_PEOPLE, CovenantsForm, ItemForm, MeetingForm
from sentiment.models import Decision, Issue, Review
from sentiment.review_desk import Desk
from sentiment.services import merging
from sentiment.services import reviews as services

EDITED: dict[int, Any] = {409: Problem} | REFUSED
ATTENDANCE = ("people", "members", "guests")
"""Who was there; kept as one text."""


class Versioned(serializers.Serializer[Any]):
    """The version that was read; without it what is stored now is gone by."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False)


class SentTexts(Versioned):
    """What is written about the meeting; what is left out stays. `people` by name."""

    held_on = serializers.DateField(allow_null=True, required=False)
    place = serializers.CharField(max_length=60, allow_blank=True, required=False)
    chair = serializers.CharField(max_length=30, allow_blank=True, required=False)
    recorder = serializers.CharField(max_length=30, allow_blank=True, required=False)
    people = serializers.ListField(
        child=serializers.CharField(max_length=30), required=False, max_length=200
    )
    members = serializers.IntegerField(
        min_value=0, max_value=MOST_PEOPLE, allow_null=True, required=False
    )
    guests = serializers.CharField(max_length=400, allow_blank=True, required=False)
    expected = serializers.IntegerField(
        min_value=0, max_value=MOST_PEOPLE, allow_null=True, required=False
    )
    members_say = serializers.CharField(
        max_length=1000, allow_blank=True, required=False
    )
    representatives_say = serializers.CharField(
        max_length=1000, allow_blank=True, required=False
    )
    covenants_say = serializers.CharField(
        max_length=1000, allow_blank=True, required=False
    )
    last_month = serializers.CharField(
        max_length=1000, allow_blank=True, required=False
    )
    conclusion = serializers.CharField(
        max_length=1000, allow_blank=True, required=False
    )


class SentDecision(Versioned):
    """What the meeting decides on one issue; blanks are filled in by the decision."""

    decision = serializers.ChoiceField(
        choices=Decision.choices, allow_blank=True, default=""
    )
    person = serializers.CharField(max_length=30, allow_blank=True, default="")
    due_on = serializers.DateField(allow_null=True, default=None)
    conclusion = serializers.CharField(max_length=500, allow_blank=True, default="")


class MergedIssue(serializers.Serializer[Any]):
    """An issue that says the same, and the version of it that was read."""

    issue = serializers.IntegerField(min_value=1, max_value=BIGGEST)
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class SentMerger(serializers.Serializer[Any]):
    """Which issues are merged into one, whose version that was read is `version`."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    issues = MergedIssue(many=True, allow_empty=False)


def desk_or_404(pk: int) -> Desk:
    """Return a review of the open scope at its desk."""
    rows = Review.objects.select_related("region__parent")
    return Desk(get_object_or_404(rows, pk=pk), timezone.localdate())


def unless_edited(review: Review, given: Mapping[str, Any]) -> None:
    """Raise EditedMeanwhile if the version that was sent is not the present one."""
    if given.get("version", review.version) != review.version:
        raise EditedMeanwhile(review, [])


def settled(review: Review, clashes: list[Difference], by: Post) -> Response:
    """Return the review as it is now; raise if somebody else was at it just now."""
    if clashes:
        raise EditedMeanwhile(review, clashes)
    now = Review.objects.get(pk=review.pk)
    return Response(read_by(by, ReviewSerializer, now))


class ReviewTexts(APIView):
    """核对: when, who was there, what was said, what follows."""

    access = Access(permission=Permission.REVIEW_PREPARE)

    @extend_schema(request=SentTexts, responses={200: ReviewSerializer} | EDITED)
    def post(self, request: Request, pk: int) -> Response:
        """200 kept · 409 somebody else was first · 422 it is submitted already."""
        desk = desk_or_404(pk)
        sent = read(SentTexts, request)
        unless_edited(desk.review, sent)
        given = texts_of(desk, sent)
        was = {name: getattr(desk.review, name) for name in given}
        _, clashes = services.save_texts(review=desk.review, given=given, was=was)
        return settled(desk.review, clashes, acting(request))


def texts_of(desk: Desk, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was sent as the review keeps it, by the forms of the page."""
    held = MeetingForm.values(desk.review)
    written = {name: sent.get(name, value) for name, value in held.items()}
    meeting = in_order(MeetingForm(written, names=desk.names)).given()
    told = {name: value for name, value in meeting.items() if name in sent}
    if any(name in sent for name in ATTENDANCE):
        told["attendees"] = meeting["attendees"]
    if "covenants_say" in sent:
        told |= in_order(CovenantsForm(dict(sent))).given()
    return told


class ReviewDecision(APIView):
    """逐件研判: decide on one issue of a review."""

    access = Access(permission=Permission.REVIEW_PREPARE)

    @extend_schema(request=SentDecision, responses={200: ReviewSerializer} | EDITED)
    def post(self, request: Request, pk: int, issue: int) -> Response:
        """200 kept · 404 it is not to be decided here · 409 somebody else was first."""
        desk = desk_or_404(pk)
        matter = desk.queue.get(issue)
        if matter is None:
            raise Http404
        sent = read(SentDecision, request)
        unless_edited(desk.review, sent)
        form = in_order(ItemForm(sent, township=desk.township))
        hints = review_queue.hints_for(desk.review, desk.village, desk.on)
        _, clashes = services.decide_item(
            review=desk.review,
            issue=matter.issue,
            given=form.given(),
            was=ItemForm.values(matter.item),
            hints=hints.of(matter.issue),
        )
        return settled(desk.review, clashes, acting(request))


class IssueMerge(APIView):
    """并案: issues that say the same become one; each keeps its own words."""

    access = Access(permission=Permission.ISSUE_HANDLE)

    @extend_schema(request=SentMerger, responses={200: IssueSerializer} | EDITED)
    def post(self, request: Request, pk: int) -> Response:
        """200 with the common one · 404 one is not in range · 422 refused, in words."""
        into, by = get_object_or_404(Issue, pk=pk), acting(request)
        sent = read(SentMerger, request)
        versions = {one["issue"]: one["version"] for one in sent["issues"]}
        found = Issue.objects.in_bulk(versions)
        if len(found) != len(versions):
            raise Http404
        done = merging.merge(
            issues=[(found[one], version) for one, version in versions.items()],
            into=into,
            version=sent["version"],
            on=timezone.localdate(),
            by=by,
        )
        return Response(IssueSerializer(done, context={"post": by}).data)
