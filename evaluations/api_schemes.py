"""Schemes for other programs: the editions, by the same steps as on the pages."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import Problem, acting_post, acting_with, answer
from accounts.asking import read
from accounts.permissions import Permission
from accounts.places import acting
from evaluations.models import Scheme, SchemeCategory, SchemeItem, SchemeTier
from evaluations.models.schemes import SchemeQuerySet
from evaluations.rules.schemes import LEAST_NOTICE_DAYS, ROUNDS, Scope
from evaluations.services import schemes


class SchemeItemSerializer(serializers.ModelSerializer[SchemeItem]):
    """An item: points or their range, its cap, what it asks for, how it is counted."""

    class Meta:
        model = SchemeItem
        fields: ClassVar[tuple[str, ...]] = (
            "id", "words", "least", "most", "cap", "is_veto", "needs_evidence", "measure",
        )  # fmt: skip
        read_only_fields = fields


class SchemeCategorySerializer(serializers.ModelSerializer[SchemeCategory]):
    """A category: where its score begins and ends, and its items."""

    items = SchemeItemSerializer(many=True, read_only=True)

    class Meta:
        model = SchemeCategory
        fields: ClassVar[tuple[str, ...]] = (
            "id", "name", "base", "cap", "floor", "items",
        )  # fmt: skip
        read_only_fields = fields


class SchemeTierSerializer(serializers.ModelSerializer[SchemeTier]):
    """A grade: its line, its quota in percent, whether it is put on view."""

    class Meta:
        model = SchemeTier
        fields: ClassVar[tuple[str, ...]] = (
            "id", "name", "threshold", "quota", "is_public",
        )  # fmt: skip
        read_only_fields = fields


class SchemeSerializer(serializers.ModelSerializer[Scheme]):
    """An edition: whose, for which year, what is rated, how far it is."""

    class Meta:
        model = Scheme
        fields: ClassVar[tuple[str, ...]] = (
            "id", "owner", "year", "scope", "number", "source", "rounds", "notice_days",
            "state", "in_force_on", "version",
        )  # fmt: skip
        read_only_fields = fields


class SchemeDetailSerializer(SchemeSerializer):
    """An edition with everything in it."""

    categories = SchemeCategorySerializer(many=True, read_only=True)
    tiers = SchemeTierSerializer(many=True, read_only=True)

    class Meta(SchemeSerializer.Meta):
        fields: ClassVar[tuple[str, ...]] = (
            *SchemeSerializer.Meta.fields, "categories", "tiers",
        )  # fmt: skip
        read_only_fields = fields


class SentScheme(serializers.Serializer[Any]):
    """Which year an edition is for, and what it rates."""

    year = serializers.IntegerField(min_value=2000, max_value=2100)
    scope = serializers.ChoiceField(choices=[(one.value, one.label) for one in Scope])


class SentSchemeTerms(serializers.Serializer[Any]):
    """How often is rated and how long results stand; the version that was read."""

    rounds = serializers.ChoiceField(choices=list(ROUNDS))
    notice_days = serializers.IntegerField(min_value=LEAST_NOTICE_DAYS, max_value=30)
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class SchemeVersionSent(serializers.Serializer[Any]):
    """The version of the draft that was checked."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


def readable(request: Request) -> SchemeQuerySet:
    """Return the editions that the caller may read: above his place, its own, below."""
    post = acting_post(request)
    if post is None:
        return Scheme.objects.none()
    return Scheme.objects.reaching(post.region)


class SchemeList(generics.ListAPIView[Scheme]):
    """The editions that reach the caller, the latest year first."""

    access = Access(permission=Permission.RATING_VIEW)
    serializer_class = SchemeSerializer
    queryset = Scheme.objects.none()

    def get_queryset(self) -> SchemeQuerySet:
        """Return them."""
        return readable(self.request).order_by("-year", "scope", "owner", "-number")

    @extend_schema(
        request=SentScheme,
        responses={201: SchemeDetailSerializer, 403: Problem, 422: Problem},
    )
    def post(self, request: Request) -> Response:
        """Lay the recommended edition down as the city's draft of a year."""
        sent = read(SentScheme, request)
        made = schemes.use_recommended(
            year=sent["year"],
            scope=Scope(sent["scope"]),
            on=timezone.localdate(),
            by=acting_with(request, Permission.SCHEME_MANAGE),
        )
        return answer(SchemeDetailSerializer(made).data, created=True)


class SchemeDetail(generics.RetrieveAPIView[Scheme]):
    """One edition with categories, items and grades."""

    access = Access(permission=Permission.RATING_VIEW)
    serializer_class = SchemeDetailSerializer
    queryset = Scheme.objects.none()

    def get_queryset(self) -> SchemeQuerySet:
        """Return the editions that the caller may read."""
        return readable(self.request).whole()

    @extend_schema(
        request=SentSchemeTerms,
        responses={
            200: SchemeDetailSerializer, 403: Problem, 404: Problem, 409: Problem,
            422: Problem,
        },
    )  # fmt: skip
    def patch(self, request: Request, pk: int) -> Response:
        """Change how often a draft rates and how long its results stand on view."""
        draft = self.get_object()
        changes = read(SentSchemeTerms, request)
        by = acting_with(request, Permission.SCHEME_MANAGE)
        version = changes.pop("version")
        schemes.save_terms(scheme=draft, changes=changes, version=version, by=by)
        return Response(SchemeDetailSerializer(self.get_object()).data)

    @extend_schema(
        request=None,
        responses={204: None, 403: Problem, 404: Problem, 422: Problem},
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Throw a draft of one's own away."""
        draft = self.get_object()
        by = acting_with(request, Permission.SCHEME_MANAGE)
        schemes.drop(scheme=draft, by=by)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SchemeAdaptation(APIView):
    """按本地情况调整: a draft of one's own from an edition in force above."""

    access = Access(permission=Permission.SCHEME_MANAGE)

    @extend_schema(
        request=None,
        responses={201: SchemeDetailSerializer, 404: Problem, 422: Problem},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Copy it; what the draft may change is said when it is put in force."""
        source = get_object_or_404(readable(request).whole(), pk=pk)
        by = acting(request)
        made = schemes.adapt(source=source, on=timezone.localdate(), by=by)
        return answer(SchemeDetailSerializer(made).data, created=True)


class SchemeInForce(APIView):
    """开始执行: a draft is frozen and holds from now on."""

    access = Access(permission=Permission.SCHEME_MANAGE)

    @extend_schema(
        request=SchemeVersionSent,
        responses={
            200: SchemeDetailSerializer,
            404: Problem,
            409: Problem,
            422: Problem,
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        """Put it in force; 422 with all that hinders, 409 if it changed meanwhile."""
        draft = get_object_or_404(readable(request), pk=pk)
        sent = read(SchemeVersionSent, request)
        done = schemes.put_in_force(
            scheme=draft,
            version=sent["version"],
            on=timezone.localdate(),
            by=acting(request),
        )
        return Response(SchemeDetailSerializer(done).data)
