"""What the village does with visits, for other programs; the city's lists behind them."""

import uuid
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import BARRED, REFUSED, acting_with
from accounts.asking import in_order, read
from accounts.models import Post
from accounts.permissions import Permission
from accounts.places import acting
from visits import services
from visits.api import HandedSerializer, VisitSerializer
from visits.forms import DeclineForm, NewTopicForm, TopicForm
from visits.forms.marks import MarkForm
from visits.forms.records import CorrectForm
from visits.models import HandedVisit, Mark, MarkKind, Satisfaction, Topic, Visit, Way
from visits.services import handing
from visits.topics import add_topic, edit_topic

# --- correcting -------------------------------------------------------------------------


class SentCorrection(serializers.Serializer[Any]):
    """A visit as it should have been noted, and what was wrong with it."""

    visited_on = serializers.DateField()
    way = serializers.ChoiceField(choices=Way.choices)
    topics = serializers.ListField(
        child=serializers.CharField(max_length=20), default=list, max_length=30
    )
    words = serializers.CharField(max_length=500, allow_blank=True, default="")
    answer = serializers.CharField(max_length=300, allow_blank=True, default="")
    satisfaction = serializers.ChoiceField(
        choices=Satisfaction.choices, allow_blank=True, default=""
    )
    for_village = serializers.BooleanField(default=False)
    marks = serializers.ListField(
        child=serializers.CharField(max_length=20), default=list, max_length=20
    )
    reason = serializers.CharField(max_length=200)


class VisitCorrection(APIView):
    """更正, by the representative or the village: a new version; the old one stays."""

    access = Access(permission=Permission.VISIT_RECORD)

    @extend_schema(request=SentCorrection, responses={201: VisitSerializer} | REFUSED)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """201 with the new version, under a number of its own · 422 refused, in words."""
        rows = Visit.objects.select_related("household", "representative")
        visit = get_object_or_404(rows, pk=pk)
        sent = read(SentCorrection, request)
        form = in_order(CorrectForm(sent, visit=visit))
        made = services.correct(
            visit=visit,
            content=form.content(),
            reason=form.cleaned_data["reason"],
            by=acting(request),
        )
        return Response(VisitSerializer(made).data, status=status.HTTP_201_CREATED)


# --- what phones handed over ------------------------------------------------------------


class HandedRowSerializer(HandedSerializer):
    """A record that a phone could not store, as the village reads it."""

    class Meta(HandedSerializer.Meta):
        fields: ClassVar[tuple[str, ...]] = (
            *HandedSerializer.Meta.fields, "region", "head", "household",
            "representative", "words", "refusal",
        )  # fmt: skip
        read_only_fields = fields


class SentHandedAnswer(serializers.Serializer[Any]):
    """Why a record is not taken up; the representative reads it on the phone."""

    answer = serializers.CharField(max_length=200)


class HandedList(generics.ListAPIView[HandedVisit]):
    """The records that phones handed over, the latest first."""

    access = Access(permission=Permission.VISIT_VIEW)
    serializer_class = HandedRowSerializer
    filterset_fields = ("state",)
    queryset = HandedVisit.objects.order_by("-handed_at", "pk")


class HandedTake(APIView):
    """接收: record what was handed over."""

    access = Access(permission=Permission.VISIT_RECORD)

    @extend_schema(request=None, responses={200: VisitSerializer} | REFUSED)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """200 with the visit · 422 it cannot be recorded, or is settled already."""
        row = get_object_or_404(HandedVisit, pk=pk)
        visit = handing.take_up(handed=row, by=villages_own(request))
        return Response(VisitSerializer(visit).data)


class HandedDecline(APIView):
    """不收: say why."""

    access = Access(permission=Permission.VISIT_RECORD)

    @extend_schema(
        request=SentHandedAnswer, responses={200: HandedRowSerializer} | REFUSED
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """200 sent back with the word · 422 it is settled already."""
        row, by = get_object_or_404(HandedVisit, pk=pk), villages_own(request)
        sent = SentHandedAnswer(data=request.data)
        sent.is_valid(raise_exception=True)
        answer = in_order(DeclineForm(sent.validated_data)).cleaned_data["answer"]
        handing.decline(handed=row, answer=answer, by=by.user)
        row.refresh_from_db()
        return Response(HandedRowSerializer(row).data)


def villages_own(request: Request) -> Post:
    """Return the active post; a representative does not settle what he handed over."""
    by = acting(request)
    if by.narrowed_to is not None:
        raise exceptions.PermissionDenied
    return by


# --- the city's lists -------------------------------------------------------------------


class TopicSerializer(serializers.ModelSerializer[Topic]):
    """民情类别: what a matter can be about; `words` stand on the phone's button."""

    class Meta:
        model = Topic
        fields: ClassVar[tuple[str, ...]] = ("name", "words", "order", "retired_on")
        read_only_fields = fields


class SentTopic(serializers.Serializer[Any]):
    """A new category, at the end of the list."""

    name = serializers.CharField(max_length=20)
    words = serializers.CharField(max_length=10, allow_blank=True, default="")


class SentTopicEdit(serializers.Serializer[Any]):
    """How a category is said, its place, whether it is offered."""

    words = serializers.CharField(max_length=10)
    order = serializers.IntegerField(min_value=1, max_value=99)
    retired = serializers.BooleanField(default=False)


class TopicList(generics.ListAPIView[Topic]):
    """The city's categories of matters, in the order of the phone."""

    access = Access(permission=Permission.VISIT_VIEW)
    serializer_class = TopicSerializer
    queryset = Topic.objects.order_by("order", "name")

    @extend_schema(request=SentTopic, responses={201: TopicSerializer} | REFUSED)
    def post(self, request: Request) -> Response:
        """201 added, the phones offer it · 422 the name is taken."""
        acting_with(request, Permission.TOPIC_MANAGE)
        sent = read(SentTopic, request)
        made = add_topic(**in_order(NewTopicForm(sent)).cleaned_data)
        return Response(TopicSerializer(made).data, status=status.HTTP_201_CREATED)


class TopicDetail(APIView):
    """Change a category of matters for the whole city."""

    access = Access(permission=Permission.TOPIC_MANAGE)

    @extend_schema(request=SentTopicEdit, responses={200: TopicSerializer} | BARRED)
    def put(self, request: Request, name: str) -> Response:
        """200 changed."""
        topic = get_object_or_404(Topic, pk=name)
        sent = read(SentTopicEdit, request)
        given = in_order(TopicForm(sent, topic=topic)).cleaned_data
        retired_on = topic.retired_on or timezone.localdate()
        edit_topic(
            topic=topic,
            words=given["words"],
            order=given["order"],
            retired_on=retired_on if given["retired"] else None,
        )
        topic.refresh_from_db()
        return Response(TopicSerializer(topic).data)


class MarkSerializer(serializers.ModelSerializer[Mark]):
    """An item of 五必访 or 五必记."""

    class Meta:
        model = Mark
        fields: ClassVar[tuple[str, ...]] = ("id", "kind", "name", "order", "is_on")
        read_only_fields = fields


class SentMarkItem(serializers.Serializer[Any]):
    """An item, as it should be; visits keep the words that they were given."""

    kind = serializers.ChoiceField(choices=MarkKind.choices)
    name = serializers.CharField(max_length=20)
    order = serializers.IntegerField(min_value=1, max_value=99)
    is_on = serializers.BooleanField(default=True)

    def keep(self, mark: Mark) -> Response:
        """Write the item; return it. Raises ValidationError and Refused in words."""
        self.is_valid(raise_exception=True)
        form = in_order(MarkForm(self.validated_data, mark=mark))
        created = mark.pk is None
        services.keep_mark(mark=mark, **form.cleaned_data)
        code = status.HTTP_201_CREATED if created else status.HTTP_200_OK
        return Response(MarkSerializer(mark).data, status=code)


class MarkList(generics.ListAPIView[Mark]):
    """五必访 and 五必记: both lists, what is on and what is off."""

    access = Access(permission=Permission.VISIT_VIEW)
    serializer_class = MarkSerializer
    queryset = Mark.objects.order_by("-kind", "order", "pk")

    @extend_schema(request=SentMarkItem, responses={201: MarkSerializer} | REFUSED)
    def post(self, request: Request) -> Response:
        """201 added · 422 the name is taken."""
        acting_with(request, Permission.CATEGORY_MANAGE)
        return SentMarkItem(data=request.data).keep(Mark())


class MarkDetail(APIView):
    """Change an item for the whole city."""

    access = Access(permission=Permission.CATEGORY_MANAGE)

    @extend_schema(request=SentMarkItem, responses={200: MarkSerializer} | REFUSED)
    def put(self, request: Request, pk: int) -> Response:
        """200 changed · 422 the name is taken."""
        return SentMarkItem(data=request.data).keep(get_object_or_404(Mark, pk=pk))
