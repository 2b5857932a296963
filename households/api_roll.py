"""The roll of households for other programs: read, entered, corrected as on the page."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import REFUSED, Problem, acting_post, acting_with
from accounts.asking import BIGGEST, Masked, VillageField, filters_of, in_order, read
from accounts.permissions import Permission
from households import services
from households.forms.links import LabelForm
from households.forms.roll import (
    MOST_MEMBERS,
    CategoriesForm,
    EnterForm,
    HouseholdForm,
    RollFilter,
)
from households.listing import SORTS, matching, sorted_by, who_serves
from households.models import (
    CategoryTag,
    ContactLink,
    Household,
    HouseholdQuerySet,
)
from regions.models import Level
from representatives.api_roll import Revealed, SentReveal, revealed, with_group

VIEWING = Access(permission=Permission.HOUSEHOLD_VIEW)
EDITING = Access(permission=Permission.HOUSEHOLD_EDIT)

# --- what is answered -------------------------------------------------------------------


class LinkSerializer(serializers.ModelSerializer[ContactLink]):
    """Who looks after a household, from one day until another (not included)."""

    class Meta:
        model = ContactLink
        fields: ClassVar[tuple[str, ...]] = (
            "id", "region", "household", "representative", "started_on", "ended_on",
            "end_reason", *services.LABELS,
        )  # fmt: skip
        read_only_fields = fields


class TagSerializer(serializers.ModelSerializer[CategoryTag]):
    """A household belongs to a category, from one day until another (not included)."""

    class Meta:
        model = CategoryTag
        fields: ClassVar[tuple[str, ...]] = (
            "category", "started_on", "ended_on", "source",
        )  # fmt: skip
        read_only_fields = fields


class HouseholdSerializer(serializers.ModelSerializer[Household]):
    """A line of the roll; ID number and phone without their middle."""

    group_number = serializers.IntegerField(source="group.number", read_only=True)
    id_number = Masked()
    phone = Masked()
    categories = serializers.SerializerMethodField(help_text="现在的重点类别，用代码")
    representative = serializers.SerializerMethodField(help_text="现在由谁联系")

    class Meta:
        model = Household
        fields: ClassVar[tuple[str, ...]] = (
            "id", "version", "region", "group_number", "constituency", "head",
            "id_number", "phone", "address", "members", "residents", "is_away",
            "situation", "remark", "status", "registered_on", "ended_on", "merged_into",
            "categories", "representative",
        )  # fmt: skip
        read_only_fields = fields

    def get_categories(self, household: Household) -> list[str]:
        """Return the codes in force."""
        return [tag.category_id for tag in household.current_tags]  # type: ignore[attr-defined]

    def get_representative(self, household: Household) -> int | None:
        """Return who looks after it, whether or not he still serves."""
        links: list[ContactLink] = household.current_links  # type: ignore[attr-defined]
        return next((link.representative_id for link in links), None)


class HouseholdDetailSerializer(HouseholdSerializer):
    """A household with everybody who ever looked after it, and all its categories."""

    links = LinkSerializer(many=True, read_only=True)
    tags = TagSerializer(many=True, read_only=True)

    class Meta(HouseholdSerializer.Meta):
        fields: ClassVar[tuple[str, ...]] = (
            *HouseholdSerializer.Meta.fields, "links", "tags",
        )  # fmt: skip
        read_only_fields = fields


# --- what is sent -----------------------------------------------------------------------


class SentHousehold(serializers.Serializer[Any]):
    """What the roll keeps of a household; only its head is named, illness never."""

    group_number = serializers.IntegerField(min_value=1, max_value=99, help_text="几组")
    head = serializers.CharField(max_length=30)
    id_number = serializers.CharField(max_length=18, allow_blank=True, default="")
    phone = serializers.CharField(max_length=20, allow_blank=True, default="")
    address = serializers.CharField(max_length=60, allow_blank=True, default="")
    members = serializers.IntegerField(min_value=1, max_value=MOST_MEMBERS, default=1)
    residents = serializers.IntegerField(
        min_value=0, max_value=MOST_MEMBERS, allow_null=True, default=None
    )
    is_away = serializers.BooleanField(default=False)
    constituency = serializers.IntegerField(
        min_value=1, max_value=BIGGEST, allow_null=True, default=None
    )
    situation = serializers.CharField(max_length=200, allow_blank=True, default="")
    remark = serializers.CharField(max_length=200, allow_blank=True, default="")


class SentHouseholdEntry(SentHousehold):
    """A household new on the roll; a group that is not there yet is set up."""

    region = VillageField()
    registered_on = serializers.DateField()
    categories = serializers.ListField(
        child=serializers.CharField(max_length=20), default=list, max_length=20
    )
    source = serializers.CharField(  # type: ignore[assignment]  # DRF takes it out
        max_length=60, allow_blank=True, default=""
    )
    representative = serializers.IntegerField(
        min_value=1, max_value=BIGGEST, allow_null=True, default=None
    )


class SentHouseholdEdit(SentHousehold):
    """What is to be corrected; what is left out stays.

    `version` is that of the row as it was read; without it `If-Match` alone protects.
    """

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False)


class SentCategories(serializers.Serializer[Any]):
    """All categories of a household from a day on: what is missing ends."""

    categories = serializers.ListField(
        child=serializers.CharField(max_length=20), max_length=20
    )
    on = serializers.DateField()
    source = serializers.CharField(  # type: ignore[assignment]  # DRF takes it out
        max_length=60, allow_blank=True, default=""
    )


class SentLabels(serializers.Serializer[Any]):
    """Who shares the care of a household, and where it lies under 三长制."""

    party_member = serializers.CharField(max_length=30, allow_blank=True, default="")
    patch = serializers.CharField(max_length=30, allow_blank=True, default="")
    neighbourhood = serializers.CharField(max_length=30, allow_blank=True, default="")
    grid = serializers.CharField(max_length=30, allow_blank=True, default="")


# --- endpoints --------------------------------------------------------------------------


def told(rows: HouseholdQuerySet) -> HouseholdQuerySet:
    """Fetch along what a line of the roll tells; three statements, however many."""
    today = timezone.localdate()
    return rows.select_related("group").with_contact(today).with_categories(today)


def whole() -> HouseholdQuerySet:
    """Return the households with everything that an answer about one tells."""
    return told(Household.objects.prefetch_related("links", "tags"))


def shown(pk: int, code: int = status.HTTP_200_OK) -> Response:
    """Return a household as it stands on the roll now."""
    data = HouseholdDetailSerializer(whole().get(pk=pk)).data
    return Response(data, status=code)


@extend_schema_view(get=extend_schema(parameters=filters_of(RollFilter, SORTS)))
class HouseholdList(generics.ListAPIView[Household]):
    """The roll in the caller's scope: what is on it, unless another `status` is asked for."""

    access = VIEWING
    serializer_class = HouseholdSerializer
    queryset = Household.objects.none()

    def get_queryset(self) -> HouseholdQuerySet:
        """Return what the filters of the page describe, in the order asked for."""
        asked, post = self.request.query_params, acting_post(self.request)
        wanted = in_order(RollFilter(asked, one_village=False)).cleaned_data
        in_city = bool(post and post.region.level == Level.CITY)
        rows = sorted_by(
            matching(wanted, timezone.localdate()),
            asked.get("sort", ""),
            whole_city=in_city and not wanted.get("place"),
        )
        return told(rows)

    @extend_schema(
        request=SentHouseholdEntry, responses={201: HouseholdDetailSerializer} | REFUSED
    )
    def post(self, request: Request) -> Response:
        """201 entered · 422 its ID number is on the village's roll already."""
        by = acting_with(request, Permission.HOUSEHOLD_EDIT)
        data, today = read(SentHouseholdEntry, request), timezone.localdate()
        village, data["new_group"] = data.pop("region"), data.pop("group_number")
        people = who_serves(village, today)
        form = in_order(EnterForm(data, village=village, people=people))
        made = form.enter(by=by, since=today)
        return shown(made.pk, status.HTTP_201_CREATED)


class HouseholdDetail(generics.RetrieveAPIView[Household]):
    """One household: read it, correct what the roll says."""

    access = VIEWING
    serializer_class = HouseholdDetailSerializer
    queryset = Household.objects.none()

    def get_queryset(self) -> HouseholdQuerySet:
        """Return what the open scope covers."""
        return whole()

    @extend_schema(
        request=SentHouseholdEdit,
        responses={200: HouseholdDetailSerializer, 409: Problem} | REFUSED,
    )
    def patch(self, request: Request, pk: int) -> Response:
        """200 corrected · 409 somebody else was first · 422 refused, in words."""
        acting_with(request, Permission.HOUSEHOLD_EDIT)
        household = household_or_404(pk)
        sent = SentHouseholdEdit(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        given = with_group(sent.validated_data, household.region)
        version = given.pop("version", household.version)
        in_order(HouseholdForm.amending(household, given, version=version)).save()
        return shown(pk)


def household_or_404(pk: int) -> Household:
    """Return a household of the open scope with its village."""
    return get_object_or_404(
        Household.objects.select_related("region", "group", "constituency"), pk=pk
    )


class HouseholdCategories(APIView):
    """Which categories a household belongs to from a day on."""

    access = EDITING

    @extend_schema(
        request=SentCategories, responses={200: HouseholdDetailSerializer} | REFUSED
    )
    def post(self, request: Request, pk: int) -> Response:
        """200 those that are sent hold, others end · 422 it has left the roll."""
        household = household_or_404(pk)
        sent = SentCategories(data=request.data)
        sent.is_valid(raise_exception=True)
        open_tags = household.tags.filter(ended_on=None)
        held = set(open_tags.values_list("category", flat=True))
        form = in_order(CategoriesForm(sent.validated_data, held=held))
        services.set_categories(
            household=household,
            codes=form.cleaned_data["categories"],
            on=form.cleaned_data["on"],
            source=form.cleaned_data["source"],
        )
        return shown(pk)


class HouseholdLabels(APIView):
    """联系标注: the party member beside the representative; 片, 邻 and grid."""

    access = EDITING

    @extend_schema(
        request=SentLabels, responses={200: HouseholdDetailSerializer} | REFUSED
    )
    def post(self, request: Request, pk: int) -> Response:
        """200 written · 404 nobody looks after the household."""
        link = get_object_or_404(ContactLink, household=pk, ended_on=None)
        sent = read(SentLabels, request)
        form = in_order(LabelForm(sent))
        services.label_link(link=link, labels=form.cleaned_data)
        return shown(pk)


class HouseholdReveal(APIView):
    """Show a whole number; asks for a reason, and is logged."""

    access = Access(permission=Permission.SENSITIVE_REVEAL)

    @extend_schema(request=SentReveal, responses={200: Revealed, 404: Problem})
    def post(self, request: Request, pk: int) -> Response:
        """200 with the number · 404 where none is kept."""
        return revealed(request, get_object_or_404(Household, pk=pk))
