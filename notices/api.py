"""Notices for other programs: what stands, and the objections to it."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import REFUSED, Problem, acting_with
from accounts.asking import in_order, read
from accounts.permissions import Permission
from accounts.places import acting
from notices import services
from notices.forms import NoticeForm
from notices.models import Objection, PublicNotice, Way
from notices.rules import LONGEST_TEXT


class SentDays(serializers.Serializer[Any]):
    """When a notice is on view, and who takes objections."""

    first_day = serializers.DateField()
    last_day = serializers.DateField()
    contact_name = serializers.CharField(max_length=30)
    contact_phone = serializers.CharField(max_length=20)
    contact_place = serializers.CharField(max_length=40, allow_blank=True, default="")


class SentTerms(SentDays):
    """The same with the version that was decided on."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class SentNotice(SentTerms):
    """A draft as it should be; its table comes from what it is about."""

    title = serializers.CharField(max_length=60)
    paragraphs = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_TEXT),
        allow_empty=False,
        max_length=50,
    )


class NoticeSerializer(serializers.ModelSerializer[PublicNotice]):
    """A notice as the public reads it, and how it stands. Its address is for staff."""

    class Meta:
        model = PublicNotice
        fields: ClassVar = (
            "id",
            "version",
            "region",
            "kind",
            "title",
            "issuer",
            "paragraphs",
            "table",
            "first_day",
            "last_day",
            "state",
            "public_path",
            "published_at",
            "closed_on",
            "withdrawal",
        )
        read_only_fields = fields

    public_path = serializers.CharField(read_only=True)


class ObjectionSerializer(serializers.ModelSerializer[Objection]):
    """An objection and what came of it; who objects is not told."""

    class Meta:
        model = Objection
        fields: ClassVar = (
            "id",
            "notice",
            "received_on",
            "way",
            "words",
            "settled_on",
            "outcome",
        )
        read_only_fields = fields


class SentObjection(serializers.Serializer[Any]):
    """An objection as it came in."""

    received_on = serializers.DateField()
    way = serializers.ChoiceField(choices=Way.choices)
    who = serializers.CharField(max_length=30, allow_blank=True, default="")
    words = serializers.CharField(max_length=1000)


class SentOutcome(serializers.Serializer[Any]):
    """What came of an objection."""

    outcome = serializers.CharField(max_length=1000)


class SentWithdrawal(serializers.Serializer[Any]):
    """Why a notice is taken down."""

    reason = serializers.CharField(max_length=200)


class NoticeList(generics.ListAPIView[PublicNotice]):
    """The notices in the caller's scope, the newest first."""

    access = Access(permission=Permission.NOTICE_VIEW)
    serializer_class = NoticeSerializer
    filterset_fields = ("state", "kind")
    queryset = PublicNotice.objects.order_by("-first_day", "-pk")


class NoticeDetail(generics.RetrieveAPIView[PublicNotice]):
    """One notice: read it; change it while it is a draft."""

    access = Access(permission=Permission.NOTICE_VIEW)
    serializer_class = NoticeSerializer
    queryset = PublicNotice.objects.all()

    @extend_schema(
        request=SentNotice, responses={200: NoticeSerializer, 409: Problem} | REFUSED
    )
    def put(self, request: Request, pk: int) -> Response:
        """200 changed · 409 somebody else was first · 422 it is on view already."""
        acting_with(request, Permission.NOTICE_KEEP)
        notice = get_object_or_404(PublicNotice, pk=pk)
        given = read(SentNotice, request)
        given["words"] = "\n".join(given.pop("paragraphs"))
        form = in_order(NoticeForm(given, least=notice.least_days, basis=notice.basis))
        form.save(notice, timezone.localdate())
        return Response(NoticeSerializer(notice).data)


class NoticePublication(APIView):
    """Put a draft on view."""

    access = Access(permission=Permission.NOTICE_KEEP)

    @extend_schema(
        request=None, responses={200: NoticeSerializer, 404: Problem, 422: Problem}
    )
    def post(self, request: Request, pk: int) -> Response:
        """200 on view from its first day · 422 refused, in words."""
        notice = get_object_or_404(PublicNotice, pk=pk)
        services.publish(notice=notice, by=acting(request), on=timezone.localdate())
        notice.refresh_from_db()
        return Response(NoticeSerializer(notice).data)


class NoticeWithdrawal(APIView):
    """Take a notice off view before its time."""

    access = Access(permission=Permission.NOTICE_KEEP)

    @extend_schema(
        request=SentWithdrawal,
        responses={200: NoticeSerializer, 400: Problem, 404: Problem, 422: Problem},
    )
    def post(self, request: Request, pk: int) -> Response:
        """200 taken down · 422 refused, in words."""
        notice = get_object_or_404(PublicNotice, pk=pk)
        sent = read(SentWithdrawal, request)
        services.withdraw(
            notice=notice,
            by=acting(request),
            reason=sent["reason"],
            on=timezone.localdate(),
        )
        return Response(NoticeSerializer(notice).data)


class NoticeObjections(APIView):
    """Enter an objection to a notice."""

    access = Access(permission=Permission.NOTICE_KEEP)

    @extend_schema(
        request=SentObjection,
        responses={201: ObjectionSerializer, 400: Problem, 404: Problem, 422: Problem},
    )
    def post(self, request: Request, pk: int) -> Response:
        """201 entered · 422 it did not come while the notice was on view, in words."""
        notice = get_object_or_404(PublicNotice, pk=pk)
        given = read(SentObjection, request)
        made = services.record_objection(
            notice=notice,
            by=acting(request),
            on=timezone.localdate(),
            **given | {"way": Way(given["way"])},
        )
        return Response(ObjectionSerializer(made).data, status=status.HTTP_201_CREATED)


class ObjectionSettlement(APIView):
    """Settle an objection."""

    access = Access(permission=Permission.NOTICE_KEEP)

    @extend_schema(
        request=SentOutcome,
        responses={200: ObjectionSerializer, 400: Problem, 404: Problem, 422: Problem},
    )
    def post(self, request: Request, pk: int) -> Response:
        """200 settled · 422 it was settled before."""
        objection = get_object_or_404(Objection, pk=pk)
        sent = read(SentOutcome, request)
        services.settle_objection(
            objection=objection,
            outcome=sent["outcome"],
            by=acting(request),
            on=timezone.localdate(),
        )
        return Response(ObjectionSerializer(objection).data)
