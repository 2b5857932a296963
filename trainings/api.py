"""Trainings for other programs: the same steps by the same services as the pages."""

import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import Problem, acting_with
from accounts.asking import read
from accounts.permissions import Permission
from accounts.places import acting
from trainings import services
from trainings.forms import TAPS
from trainings.models import Attendance, Kind, Sign, Training
from trainings.services import Mark, Plan

BIGGEST = 2**63 - 1


class TrainingSerializer(serializers.ModelSerializer[Training]):
    """A training; `region` is who holds it."""

    class Meta:
        model = Training
        fields: ClassVar = (
            "id",
            "version",
            "region",
            "topic",
            "level",
            "kind",
            "held_on",
            "place",
            "speakers",
            "hours",
            "sent_by",
            "host_village",
            "lessons",
            "state",
            "cancelled_on",
            "cancellation",
        )
        read_only_fields = fields


class AttendanceSerializer(serializers.ModelSerializer[Attendance]):
    """Somebody on a roster, with what his village may know of the training."""

    class Meta:
        model = Attendance
        fields: ClassVar = (
            "training",
            "region",
            "representative",
            "sign",
            "reason",
            "topic",
            "level",
            "kind",
            "held_on",
            "hours",
            "state",
        )
        read_only_fields = fields


class Facts(serializers.Serializer[Any]):
    """What is noted of a training; divisions by their codes."""

    topic = serializers.CharField(max_length=80)
    held_on = serializers.DateField()
    place = serializers.CharField(max_length=60)
    hours = serializers.IntegerField(min_value=1, max_value=80)
    speakers = serializers.CharField(max_length=120, allow_blank=True, default="")
    kind = serializers.ChoiceField(choices=Kind.choices, default=Kind.LESSON)
    sent_by = serializers.IntegerField(
        min_value=1, max_value=BIGGEST, allow_null=True, default=None
    )
    host_village = serializers.IntegerField(
        min_value=1, max_value=BIGGEST, allow_null=True, default=None
    )
    lessons = serializers.CharField(max_length=2000, allow_blank=True, default="")

    def plan(self) -> Plan:
        """Return what is noted of the training."""
        beside = {"host", "version"}
        given = self.validated_data
        return Plan(**{name: given[name] for name in given if name not in beside})


class SentTraining(Facts):
    """A training as it is sent, by whom it is held."""

    host = serializers.IntegerField(min_value=1, max_value=BIGGEST)


class SentAmendment(Facts):
    """A correction: all of a training again, and the version it was read at."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class SentCancellation(serializers.Serializer[Any]):
    """Why a training is called off, and the version it was read at."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    reason = serializers.CharField(max_length=200)


class SentPeople(serializers.Serializer[Any]):
    """Whom to put on a roster, by the ids of representatives."""

    people = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=BIGGEST),
        allow_empty=False,
        max_length=services.MOST,
    )


class SentMark(serializers.Serializer[Any]):
    """Whether one of the roster came."""

    representative = serializers.IntegerField(min_value=1, max_value=BIGGEST)
    sign = serializers.ChoiceField(choices=[(tap.value, tap.label) for tap in TAPS])
    reason = serializers.CharField(max_length=60, allow_blank=True, default="")


class SentSigns(serializers.Serializer[Any]):
    """The sign-in: who is not marked was there. `version` is that of the training."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    marks = SentMark(many=True, default=list)

    def by_person(self) -> dict[int, Mark]:
        """Return the marks by representative."""
        return {
            one["representative"]: Mark(Sign(one["sign"]), one["reason"])
            for one in self.validated_data["marks"]
        }


CHANGES: dict[int, Any] = {
    200: TrainingSerializer,
    400: Problem,
    403: Problem,
    404: Problem,
    409: Problem,
    422: Problem,
}


class TrainingList(generics.ListAPIView[Training]):
    """The trainings held in the caller's scope, the latest first."""

    access = Access(permission=Permission.TRAINING_VIEW)
    serializer_class = TrainingSerializer
    filterset_fields = ("level", "state", "kind")
    queryset = Training.objects.order_by("-held_on", "-entered_at", "pk")


class TrainingDetail(generics.RetrieveAPIView[Training]):
    """One training: read it, keep it once, correct it."""

    access = Access(permission=Permission.TRAINING_VIEW)
    serializer_class = TrainingSerializer
    queryset = Training.objects.all()

    @extend_schema(
        request=SentTraining,
        responses={
            200: TrainingSerializer,
            201: TrainingSerializer,
            400: Problem,
            403: Problem,
            409: Problem,
            422: Problem,
        },
    )
    def put(self, request: Request, pk: uuid.UUID) -> Response:
        """Keep a training under the caller's id: 201, 200 again, 409 for other content."""
        by = acting_with(request, Permission.TRAINING_KEEP)
        sent = SentTraining(data=request.data)
        sent.is_valid(raise_exception=True)
        host = sent.validated_data["host"]
        made, is_new = services.plan(
            training_id=pk, host=host, content=sent.plan(), by=by
        )
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(TrainingSerializer(made).data, status=code)

    @extend_schema(request=SentAmendment, responses=CHANGES)
    def patch(self, request: Request, pk: uuid.UUID) -> Response:
        """Correct a training: 200 · 409 somebody else was first · 422 refused, in words."""
        by, training = (
            acting_with(request, Permission.TRAINING_KEEP),
            get_object_or_404(Training, pk=pk),
        )
        sent = SentAmendment(data=request.data)
        sent.is_valid(raise_exception=True)
        return changed(
            training,
            lambda: services.amend(
                training=training,
                content=sent.plan(),
                version=sent.validated_data["version"],
                by=by,
            ),
        )


class TrainingCancellation(APIView):
    """Call a training off: it stays readable, and nobody counts as trained by it."""

    access = Access(permission=Permission.TRAINING_KEEP)

    @extend_schema(request=SentCancellation, responses=CHANGES)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """200 called off · 409 somebody else was first · 422 refused, in words."""
        training = get_object_or_404(Training, pk=pk)
        sent = read(SentCancellation, request)
        return changed(
            training,
            lambda: services.cancel(training=training, by=acting(request), **sent),
        )


class AttendanceList(generics.ListAPIView[Attendance]):
    """The attendances of the caller's people, at trainings of any level."""

    access = Access(permission=Permission.TRAINING_VIEW)
    serializer_class = AttendanceSerializer
    filterset_fields = ("representative", "sign", "level", "state")
    queryset = Attendance.objects.order_by("-held_on", "pk")


class TrainingRoster(generics.ListAPIView[Attendance]):
    """The roster of a training: read it, or put people on it."""

    access = Access(permission=Permission.TRAINING_VIEW)
    serializer_class = AttendanceSerializer
    queryset = Attendance.objects.none()

    def get_queryset(self) -> Any:
        """Return the roster; 404 for a training out of the scope."""
        training = get_object_or_404(Training, pk=self.kwargs["pk"])
        return Attendance.objects.of(training.pk).order_by("region_id", "pk")

    @extend_schema(
        request=SentPeople,
        responses={200: AttendanceSerializer(many=True), 404: Problem, 422: Problem},
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Put people on the roster; those who are on it already stay as they are."""
        by, training = (
            acting_with(request, Permission.TRAINING_KEEP),
            get_object_or_404(Training, pk=pk),
        )
        sent = read(SentPeople, request)
        services.enrol(training=training, people=sent["people"], by=by)
        return Response(AttendanceSerializer(self.get_queryset(), many=True).data)

    @extend_schema(
        request=SentPeople,
        responses={200: AttendanceSerializer(many=True), 404: Problem, 422: Problem},
    )
    def delete(self, request: Request, pk: uuid.UUID) -> Response:
        """Take people off the roster; who is not on it stays off."""
        acting_with(request, Permission.TRAINING_KEEP)
        training = get_object_or_404(Training, pk=pk)
        sent = read(SentPeople, request)
        services.take_off(training=training, people=sent["people"])
        return Response(AttendanceSerializer(self.get_queryset(), many=True).data)


class TrainingSignIn(APIView):
    """Note who came to a training."""

    access = Access(permission=Permission.TRAINING_KEEP)

    @extend_schema(request=SentSigns, responses=CHANGES)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """200 noted · 409 somebody else was first · 422 refused, in words."""
        training = get_object_or_404(Training, pk=pk)
        sent = SentSigns(data=request.data)
        sent.is_valid(raise_exception=True)
        return changed(
            training,
            lambda: services.sign_in(
                training=training,
                marks=sent.by_person(),
                version=sent.validated_data["version"],
                by=acting(request),
            ),
        )


def changed(training: Training, act: Callable[[], object]) -> Response:
    """Change a training and return it as it is then."""
    act()
    training.refresh_from_db()
    return Response(TrainingSerializer(training).data)
