"""Exports for other programs: asking for one, how far it is, taking it back."""

import uuid
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import Problem, refusal
from accounts.asking import read
from accounts.models import Post
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import Refused
from jobs import services as jobs
from jobs.models import Job, JobQuerySet, State
from reports import exports
from reports.centre.choosing import Choice
from reports.centre.entries import entry_of
from reports.centre.files import Format
from reports.models import Approval

FORMS = [one.value for one in Format]


class ExportOrderSerializer(serializers.Serializer[Any]):
    """What is wanted: an entry of the centre, for a place and a period.

    `token` makes asking twice the same as asking once.
    """

    token = serializers.UUIDField()
    entry = serializers.SlugField(max_length=40)
    place = serializers.RegexField(r"^\d{12}$", required=False)
    period = serializers.CharField(max_length=12, required=False)
    form = serializers.ChoiceField(FORMS, required=False)
    full = serializers.BooleanField(default=False)
    reason = serializers.CharField(max_length=exports.LONGEST_REASON, required=False)


class ExportSerializer(serializers.Serializer[Any]):
    """An export of one's own, and where its file is once it is there."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    state = serializers.CharField()
    percent = serializers.IntegerField(allow_null=True)
    asked_at = serializers.DateTimeField()
    file = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)

    def to_representation(self, instance: Job) -> dict[str, Any]:
        """Return a job as it is sent."""
        sent: dict[str, Any] = super().to_representation(as_data(instance))
        return sent


class ExportList(generics.ListAPIView[Any]):
    """One's own exports, and asking for another."""

    access = Access(permission=Permission.ROLL_EXPORT)
    serializer_class = ExportSerializer
    queryset = Job.objects.none()
    filter_backends = ()

    def get_queryset(self) -> JobQuerySet:
        """Return one's own, the latest first."""
        return exports.own(acting(self.request).user_id)

    @extend_schema(
        request=ExportOrderSerializer,
        responses={201: ExportSerializer, 202: Problem, 409: Problem},
    )
    def post(self, request: Request) -> Response:
        """Ask for a file; 202 where a second person has to allow it first."""
        order = read(ExportOrderSerializer, request)
        try:
            asked = _ask(order, acting(request))
        except Refused as refused:
            return refusal(status.HTTP_409_CONFLICT, "refused", str(refused))
        if isinstance(asked, Approval):
            words = "人数多，要本单位或上级的另一位负责人批准，批准后自动生成。"
            return refusal(status.HTTP_202_ACCEPTED, "waits_for_approval", words)
        data = ExportSerializer(asked).data
        return Response(data, status=status.HTTP_201_CREATED)


def _ask(given: dict[str, Any], post: Post) -> Job | Approval:
    entry = entry_of(given["entry"])
    if entry is None:
        raise Http404
    if not entry.is_for(post):
        raise exceptions.PermissionDenied
    choice = Choice(
        place=given.get("place", ""),
        period=given.get("period", ""),
        form=given.get("form", ""),
        full=given["full"],
        reason=given.get("reason", ""),
    )
    today = timezone.localdate()
    token = str(given["token"])
    return exports.ask(choice.request(entry, today), by=post, on=today, token=token)


class ExportDetail(APIView):
    """An export of one's own; anybody else's is not there."""

    access = Access(permission=Permission.ROLL_EXPORT)

    @extend_schema(responses={200: ExportSerializer, 404: Problem})
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return how far it is."""
        return Response(ExportSerializer(_own(request, pk)).data)

    @extend_schema(responses={204: None, 404: Problem, 409: Problem})
    def delete(self, request: Request, pk: uuid.UUID) -> Response:
        """Take it back while it is not made yet."""
        if not jobs.cancel(job=_own(request, pk)):
            words = "已经做好了，来不及取消。"
            return refusal(status.HTTP_409_CONFLICT, "is_made", words)
        return Response(status=status.HTTP_204_NO_CONTENT)


def as_data(job: Job) -> dict[str, Any]:
    """Return an export as it is sent."""
    there = job.state == State.DONE and exports.is_there(job, timezone.now())
    return {
        "id": job.pk,
        "title": job.title,
        "state": job.state,
        "percent": job.percent,
        "asked_at": job.asked_at,
        "file": reverse("reports:export-file", args=[job.pk]) if there else "",
        "message": job.message,
    }


def _own(request: Request, pk: uuid.UUID) -> Job:
    return get_object_or_404(exports.own(acting(request).user_id), pk=pk)
