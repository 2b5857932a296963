"""Issues for other programs: list, detail, every step by the services of the pages."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters.rest_framework import (  # type: ignore[import-untyped]
    DateFilter,
    FilterSet,
    NumberFilter,
)
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import Problem, acting_post, refusal
from accounts.asking import read
from accounts.masking import mask_text
from accounts.models import Post
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import NotYours, Refused
from regions.models import Level
from sentiment.forms.entering import NewIssueForm
from sentiment.forms.steps import FORMS
from sentiment.models import Answer, Issue, IssueStep, Way
from sentiment.services import ChangedMeanwhile, Lacking

STEPS = {action.value.replace("_", "-"): form for action, form in FORMS.items()}


class Words(serializers.CharField):
    """A text whose numbers are masked outside the village."""

    def to_representation(self, value: Any) -> str:
        """Return the text as the reader may see it."""
        post: Post | None = self.context.get("post")
        inside = post is not None and post.region.level == Level.VILLAGE
        return str(value) if inside else mask_text(str(value))


class StepSerializer(serializers.ModelSerializer[IssueStep]):
    """One step of an issue."""

    words = Words()
    original = Words()

    class Meta:
        model = IssueStep
        fields: ClassVar[tuple[str, ...]] = (
            "version",
            "action",
            "state",
            "holder",
            "way",
            "due_on",
            "words",
            "was_topic",
            "original",
            "on",
            "at",
            "by_words",
        )
        read_only_fields = fields


class IssueSerializer(serializers.ModelSerializer[Issue]):
    """An issue as it stands."""

    words = Words()
    result = Words()

    class Meta:
        model = Issue
        fields: ClassVar[tuple[str, ...]] = (
            "id",
            "region",
            "source",
            "visit",
            "household",
            "group",
            "representative",
            "heard_on",
            "topic",
            "words",
            "satisfaction",
            "state",
            "holder",
            "way",
            "unit",
            "person",
            "due_on",
            "accepted_on",
            "resolved_on",
            "result",
            "told_on",
            "answer",
            "closed_on",
            "returns",
            "merged_into",
            "version",
        )
        read_only_fields = fields


class IssueDetailSerializer(IssueSerializer):
    """An issue with every step."""

    steps = StepSerializer(many=True)

    class Meta(IssueSerializer.Meta):
        fields: ClassVar[tuple[str, ...]] = (*IssueSerializer.Meta.fields, "steps")
        read_only_fields = fields


class SentStep(serializers.Serializer[Any]):
    """A step as a program sends it; which of these it needs, the refusal says."""

    version = serializers.IntegerField(min_value=1)
    on = serializers.DateField(required=False)
    words = serializers.CharField(max_length=500, allow_blank=True, required=False)
    way = serializers.ChoiceField(choices=Way.choices, required=False)
    person = serializers.CharField(max_length=30, allow_blank=True, required=False)
    unit = serializers.CharField(max_length=40, allow_blank=True, required=False)
    due_on = serializers.DateField(required=False)
    answer = serializers.ChoiceField(choices=Answer.choices, required=False)
    topic = serializers.CharField(max_length=20, required=False)
    said = serializers.CharField(max_length=1000, required=False)


class SentIssue(serializers.Serializer[Any]):
    """A new issue as a program sends it: somebody came or called."""

    # What Django REST framework calls something else on every field.
    source = serializers.ChoiceField(choices=("caller", "phone"))  # type: ignore[assignment]
    heard_on = serializers.DateField()
    topic = serializers.CharField(max_length=20)
    words = serializers.CharField(max_length=1000)
    head = serializers.CharField(max_length=30, allow_blank=True, required=False)
    group = serializers.IntegerField(required=False)
    satisfaction = serializers.CharField(max_length=4, required=False)


class IssueFilters(FilterSet):  # type: ignore[misc]
    """Issues by state, holder, household, category and days (both included)."""

    household = NumberFilter()
    to = DateFilter("heard_on", "lte", help_text="到这一天为止（含）")

    class Meta:
        model = Issue
        fields: ClassVar[list[str]] = ["state", "holder", "topic", "source"]


# `from` is a word of Python's own and cannot stand in the class.
IssueFilters.base_filters["from"] = DateFilter(
    "heard_on", "gte", help_text="从这一天起（含）"
)


class WithPost:
    """Tells the serializers who reads."""

    def get_serializer_context(self) -> dict[str, Any]:
        """Add the active post."""
        context: dict[str, Any] = super().get_serializer_context()  # type: ignore[misc]
        return context | {"post": acting_post(self.request)}  # type: ignore[attr-defined]


class IssueList(WithPost, generics.ListAPIView[Issue]):
    """The issues in the caller's scope, the newest first."""

    access = Access(permission=Permission.ISSUE_VIEW)
    serializer_class = IssueSerializer
    filterset_class = IssueFilters
    queryset = Issue.objects.order_by("-heard_on", "-pk")


class IssueEntry(APIView):
    """A new issue of the caller's village."""

    access = Access(permission=Permission.ISSUE_COLLECT)

    @extend_schema(
        request=SentIssue, responses={201: IssueSerializer, 403: Problem, 422: Problem}
    )
    def post(self, request: Request) -> Response:
        """Enter what somebody said who came or called."""
        by = acting(request)
        form = NewIssueForm(read(SentIssue, request), village=by.region)
        if not form.is_valid():
            return unclear(form.errors)
        issue = form.collect(by)
        data = IssueSerializer(issue, context={"post": by}).data
        return Response(data, status=status.HTTP_201_CREATED)


class IssueDetail(WithPost, generics.RetrieveAPIView[Issue]):
    """One issue with its steps."""

    access = Access(permission=Permission.ISSUE_VIEW)
    serializer_class = IssueDetailSerializer
    queryset = Issue.objects.prefetch_related("steps")


class IssueStepTaken(APIView):
    """Take a step: 403 another's · 404 no such step · 409 somebody was faster · 422."""

    access = Access(permission=Permission.ISSUE_VIEW)

    @extend_schema(
        operation_id="issues_step",
        request=SentStep,
        responses={
            200: IssueSerializer,
            403: Problem,
            404: Problem,
            409: Problem,
            422: Problem,
        },
    )
    def post(self, request: Request, pk: int, step: str) -> Response:
        """Take the step by the same service as the page."""
        by = acting(request)
        issue = get_object_or_404(Issue, pk=pk)
        if step not in STEPS:
            raise exceptions.NotFound
        sent = {"on": timezone.localdate(), **read(SentStep, request)}
        form = STEPS[step](sent, issue=issue, by=by)
        if not form.is_valid():
            return unclear(form.errors)
        try:
            issue = form.take()
        except ChangedMeanwhile as faster:
            return refusal(status.HTTP_409_CONFLICT, "changed", str(faster))
        except NotYours as refused:
            raise exceptions.PermissionDenied(str(refused)) from refused
        except Lacking as refused:
            return unclear({refused.field or "step": [str(refused)]})
        except Refused as refused:
            return unclear({"step": [str(refused)]})
        return Response(IssueSerializer(issue, context={"post": by}).data)


def unclear(errors: Any) -> Response:
    """Return what is missing or wrong, by field."""
    fields = {name: [str(one) for one in found] for name, found in errors.items()}
    body = {"code": "refused", "message": "没有办成，请看各项说明。", "fields": fields}
    return Response(body, status=status.HTTP_422_UNPROCESSABLE_ENTITY)
