"""Visits for other programs, and for the outbox of the phone.

`PUT` stores a visit once, however often it is sent; every refusal carries a `code` that
a program can act on and a `message` that a person can.
"""

import dataclasses
import uuid
from typing import Any, ClassVar

from django.db import IntegrityError
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters.rest_framework import (  # type: ignore[import-untyped]
    DateFilter,
    FilterSet,
    NumberFilter,
)
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import Problem, acting_post, acting_with, answer, refusal
from accounts.asking import read
from accounts.models import Post
from accounts.permissions import Permission
from accounts.services import Refused
from households.models import Household
from visits import services
from visits.models import (
    HandedState,
    HandedVisit,
    Satisfaction,
    Topic,
    Visit,
    Way,
)
from visits.rounds import phone_key
from visits.services import handing

NOT_HIS = "这一户现在不归您联系，没有记上。可以交给村里处理。"
OTHER = "同一个编号的走访已经有了，内容不一样，没有记上。可以交给村里处理。"


class VisitSerializer(serializers.ModelSerializer[Visit]):
    """A visit as it is stored."""

    class Meta:
        model = Visit
        fields: ClassVar = (
            "id",
            "region",
            "household",
            "representative",
            "visited_on",
            "way",
            "counts",
            "has_matter",
            "topics",
            "words",
            "answer",
            "satisfaction",
            "for_village",
            "marks",
            "on_behalf",
            "captured_at",
            "received_at",
            "withdrawn_at",
            "withdrawal",
        )
        read_only_fields = fields


class SentVisit(serializers.Serializer[Any]):
    """A visit as a phone sends it. Without `visited_on` it was on the day it was noted."""

    household = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    captured_at = serializers.DateTimeField()
    visited_on = serializers.DateField(required=False)
    way = serializers.ChoiceField(choices=Way.choices, default=Way.DOOR)
    has_matter = serializers.BooleanField(default=False)
    topics = serializers.ListField(
        child=serializers.CharField(max_length=20),
        default=list,
        max_length=30,
        help_text="民情类别的名称；停用的也收，手机可能离线很久",
    )
    words = serializers.CharField(max_length=500, allow_blank=True, default="")
    answer = serializers.CharField(max_length=300, allow_blank=True, default="")
    satisfaction = serializers.ChoiceField(
        choices=Satisfaction.choices, allow_blank=True, default=""
    )
    for_village = serializers.BooleanField(default=False)
    # The city's words as the phone had them: it may have renamed one meanwhile.
    marks = serializers.ListField(
        child=serializers.CharField(max_length=20), default=list, max_length=20
    )

    def validate_topics(self, given: list[str]) -> list[str]:
        """Refuse what is no category of the city."""
        known = set(Topic.objects.filter(pk__in=given).values_list("pk", flat=True))
        if unknown := [name for name in given if name not in known]:
            raise serializers.ValidationError(f"没有“{unknown[0]}”这个类别。")
        return given

    def content(self) -> services.Content:
        """Return what the visit says; the day is the local one of the tap by default.

        What was said makes it 有情况, also where the program did not say so itself:
        the village hears of nothing else.
        """
        sent = dict(self.validated_data)
        told = sent["topics"] or sent["words"] or sent["for_village"]
        sent["has_matter"] = sent["has_matter"] or bool(told)
        sent.setdefault("visited_on", timezone.localdate(sent["captured_at"]))
        sent["topics"], sent["marks"] = tuple(sent["topics"]), tuple(sent["marks"])
        known = {field.name for field in dataclasses.fields(services.Content)}
        return services.Content(**{k: v for k, v in sent.items() if k in known})


class SentHanded(SentVisit):
    """A refused visit: besides itself, the name on the card and the reason it was told."""

    head = serializers.CharField(max_length=30)
    refusal = serializers.CharField(max_length=200)


class HandedSerializer(serializers.ModelSerializer[HandedVisit]):
    """A handed record and what the village made of it."""

    state = serializers.ChoiceField(choices=HandedState.choices, read_only=True)

    class Meta:
        model = HandedVisit
        fields: ClassVar[tuple[str, ...]] = (
            "id",
            "visited_on",
            "handed_at",
            "state",
            "answer",
        )
        read_only_fields = fields


class Withdrawal(serializers.Serializer[Any]):
    """Why a visit is withdrawn."""

    reason = serializers.CharField(max_length=200)


class Pong(serializers.Serializer[Any]):
    """Who is signed in, in a form that names nobody, and the token that writes need."""

    who = serializers.CharField()
    csrf = serializers.CharField()
    now = serializers.DateTimeField()


class VisitFilter(FilterSet):  # type: ignore[misc]
    """Visits of one household, or of some days, both included."""

    household = NumberFilter()
    to = DateFilter("visited_on", "lte", help_text="到这一天为止（含）")

    class Meta:
        model = Visit
        fields: ClassVar[list[str]] = []


# `from` is a word of Python's own and cannot stand in the class.
VisitFilter.base_filters["from"] = DateFilter(
    "visited_on", "gte", help_text="从这一天起（含）"
)


class VisitList(generics.ListAPIView[Visit]):
    """The visits in the caller's scope, the newest first."""

    access = Access(permission=Permission.VISIT_VIEW)
    serializer_class = VisitSerializer
    filterset_class = VisitFilter
    queryset = Visit.objects.order_by("-visited_on", "-received_at", "pk")


class VisitDetail(generics.RetrieveAPIView[Visit]):
    """One visit: read it, or store it once."""

    access = Access(permission=Permission.VISIT_VIEW)
    serializer_class = VisitSerializer
    queryset = Visit.objects.all()

    @extend_schema(
        request=SentVisit,
        responses={
            200: VisitSerializer,
            201: VisitSerializer,
            400: Problem,
            403: Problem,
            404: Problem,
            409: Problem,
            422: Problem,
        },
    )
    def put(self, request: Request, pk: uuid.UUID) -> Response:
        """Store a visit under the id that the phone made.

        201 stored · 200 it was stored already · 400 not understood · 404 `not_his`: the
        household is not the caller's · 409 `other_content`: the id is taken · 422
        `refused`: the day cannot be, in words.
        """
        by = recorder(request)
        sent = SentVisit(data=request.data)
        sent.is_valid(raise_exception=True)
        content = sent.content()
        try:
            visit, created = services.record(
                visit_id=pk,
                content=content,
                captured_at=sent.validated_data["captured_at"],
                by=by,
            )
        except (services.OtherContent, IntegrityError):
            return refusal(status.HTTP_409_CONFLICT, "other_content", OTHER)
        except Refused:
            if not Household.objects.filter(pk=content.household).exists():
                return refusal(status.HTTP_404_NOT_FOUND, "not_his", NOT_HIS)
            raise
        return answer(VisitSerializer(visit).data, created=created)


class VisitWithdrawal(APIView):
    """Withdraw a visit: it stays readable and no longer counts."""

    access = Access(permission=Permission.VISIT_RECORD)

    @extend_schema(
        request=Withdrawal,
        responses={200: VisitSerializer, 404: Problem, 409: Problem},
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Withdraw with a reason; 409 if that was done before."""
        by = recorder(request)
        sent = read(Withdrawal, request)
        visit = get_object_or_404(Visit, pk=pk)
        try:
            services.withdraw(visit=visit, reason=sent["reason"], by=by.user)
        except Refused as refused:
            return refusal(status.HTTP_409_CONFLICT, "settled", str(refused))
        return Response(VisitSerializer(visit).data)


class VisitHandOver(APIView):
    """Hand a refused visit to the village, which takes it up or says why not."""

    access = Access(permission=Permission.VISIT_RECORD)

    @extend_schema(
        request=SentHanded,
        responses={
            200: HandedSerializer,
            201: HandedSerializer,
            400: Problem,
            409: Problem,
            422: Problem,
        },
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Keep the record for the village: 201, and 200 when it is kept already."""
        sent = SentHanded(data=request.data)
        sent.is_valid(raise_exception=True)
        handed = handing.Handed(
            content=sent.content(),
            head=sent.validated_data["head"],
            refusal=sent.validated_data["refusal"],
            captured_at=sent.validated_data["captured_at"],
        )
        try:
            kept, created = handing.hand_over(
                visit_id=pk, handed=handed, by=recorder(request)
            )
        except IntegrityError:
            return refusal(status.HTTP_409_CONFLICT, "other_content", OTHER)
        return answer(HandedSerializer(kept).data, created=created)

    @extend_schema(responses={200: HandedSerializer, 404: Problem})
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Tell what the village made of a handed record."""
        return Response(HandedSerializer(get_object_or_404(HandedVisit, pk=pk)).data)


class Ping(APIView):
    """Whether somebody is signed in: a phone asks before it sends."""

    access = Access()

    @extend_schema(responses={200: Pong, 401: Problem})
    def get(self, request: Request) -> Response:
        """Answer with a fresh token; 401 to whoever is not signed in."""
        pong = {
            "who": phone_key(acting_post(request)),
            "csrf": get_token(request._request),
            "now": timezone.now(),
        }
        return Response(Pong(pong).data)


def recorder(request: Request) -> Post:
    """Return the active post if it may record; raise PermissionDenied if not."""
    return acting_with(request, Permission.VISIT_RECORD)
