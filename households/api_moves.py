"""Households that leave a roll or come to it, for other programs; the city's categories."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import REFUSED, acting_with
from accounts.asking import BIGGEST, Masked, in_order, read
from accounts.permissions import Permission
from households import services
from households.api_roll import (
    EDITING,
    VIEWING,
    HouseholdDetailSerializer,
    household_or_404,
    shown,
)
from households.forms.leaving import (
    WAYS,
    AcceptForm,
    DeclineForm,
    OfferForm,
    OffRollForm,
)
from households.models import Category, Status, Transfer

# --- leaving the roll -------------------------------------------------------------------


class SentOffRoll(serializers.Serializer[Any]):
    """销户, or 并户 with the household that takes this one in."""

    way = serializers.ChoiceField(
        choices=[(way.value, words.split("|")[0]) for way, words in WAYS]
    )
    merged_into = serializers.IntegerField(
        min_value=1, max_value=BIGGEST, allow_null=True, default=None
    )
    on = serializers.DateField()


class HouseholdOffRoll(APIView):
    """Take a household off the roll; its link and categories end with it."""

    access = EDITING

    @extend_schema(
        request=SentOffRoll, responses={200: HouseholdDetailSerializer} | REFUSED
    )
    def post(self, request: Request, pk: int) -> Response:
        """200 off the roll, kept to be read · 422 it has left already."""
        household = household_or_404(pk)
        sent = read(SentOffRoll, request)
        form = in_order(OffRollForm(sent, household=household))
        services.take_off_roll(
            household=household,
            status=Status(form.cleaned_data["way"]),
            on=form.cleaned_data["on"],
            merged_into=form.cleaned_data["merged_into"],
        )
        return shown(pk)


# --- moves between villages -------------------------------------------------------------


class TransferSerializer(serializers.ModelSerializer[Transfer]):
    """One side of a move: `is_outgoing` on the side that offers the household."""

    id_number = Masked()
    phone = Masked()
    categories = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Transfer
        fields: ClassVar[tuple[str, ...]] = (
            "id", "region", "is_outgoing", "household", "other_region", "head",
            "members", "id_number", "phone", "categories", "state", "reason",
            "offered_on", "settled_on",
        )  # fmt: skip
        read_only_fields = fields


class SentOffer(serializers.Serializer[Any]):
    """To which village a household moves, by its 12-digit code."""

    to = serializers.IntegerField(min_value=1, max_value=BIGGEST)
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")


class SentGroup(serializers.Serializer[Any]):
    """Into which group a household is taken up; one not there yet is set up."""

    group_number = serializers.IntegerField(min_value=1, max_value=99, help_text="几组")


class SentDecline(serializers.Serializer[Any]):
    """Why a household is not taken up; the village that offers it reads this."""

    reason = serializers.CharField(min_length=2, max_length=200)


class TransferList(generics.ListAPIView[Transfer]):
    """The moves from and to the villages of the caller's scope, the latest first."""

    access = VIEWING
    serializer_class = TransferSerializer
    filterset_fields = ("state", "is_outgoing")
    queryset = Transfer.objects.order_by("-offered_on", "-pk")


class HouseholdOffer(APIView):
    """Offer a household to another village; it stays until that one accepts."""

    access = EDITING

    @extend_schema(request=SentOffer, responses={201: TransferSerializer} | REFUSED)
    def post(self, request: Request, pk: int) -> Response:
        """201 offered · 422 it is offered already, or not on the roll."""
        household = household_or_404(pk)
        sent = read(SentOffer, request)
        form = in_order(OfferForm(sent, household=household))
        made = services.offer_transfer(
            household=household,
            to=form.village(),
            on=timezone.localdate(),
            reason=form.cleaned_data["reason"],
        )
        return transfer(made, status.HTTP_201_CREATED)


class TransferAccept(APIView):
    """Take up an offered household; it leaves the other village's roll."""

    access = EDITING

    @extend_schema(
        request=SentGroup, responses={201: HouseholdDetailSerializer} | REFUSED
    )
    def post(self, request: Request, pk: int) -> Response:
        """201 with the household, which has nobody yet · 422 it is settled already."""
        incoming = side_or_404(pk, is_outgoing=False)
        sent = read(SentGroup, request)
        data = {"new_group": sent["group_number"]}
        form = in_order(AcceptForm(data, village=incoming.region))
        made = form.take_up(incoming, timezone.localdate())
        return shown(made.pk, status.HTTP_201_CREATED)


class TransferDecline(APIView):
    """Send an offered household back; it stays where it was."""

    access = EDITING

    @extend_schema(request=SentDecline, responses={200: TransferSerializer} | REFUSED)
    def post(self, request: Request, pk: int) -> Response:
        """200 sent back · 422 it is settled already."""
        incoming = side_or_404(pk, is_outgoing=False)
        sent = SentDecline(data=request.data)
        sent.is_valid(raise_exception=True)
        reason = in_order(DeclineForm(sent.validated_data)).cleaned_data["reason"]
        services.decline_transfer(
            incoming=incoming, on=timezone.localdate(), reason=reason
        )
        return transfer(incoming)


class TransferWithdraw(APIView):
    """Take an offer back that nobody has answered."""

    access = EDITING

    @extend_schema(request=None, responses={200: TransferSerializer} | REFUSED)
    def post(self, request: Request, pk: int) -> Response:
        """200 taken back · 422 it is settled already."""
        outgoing = side_or_404(pk, is_outgoing=True)
        services.withdraw_transfer(outgoing=outgoing, on=timezone.localdate())
        return transfer(outgoing)


def side_or_404(pk: int, *, is_outgoing: bool) -> Transfer:
    """Return one side of a move in the open scope, with its village."""
    rows = Transfer.objects.filter(is_outgoing=is_outgoing).select_related("region")
    return get_object_or_404(rows, pk=pk)


def transfer(row: Transfer, code: int = status.HTTP_200_OK) -> Response:
    """Return one side of a move as it is now."""
    return Response(TransferSerializer(row).data, status=code)


# --- the city's categories --------------------------------------------------------------


class CategorySerializer(serializers.ModelSerializer[Category]):
    """重点类别: the same for the whole city."""

    class Meta:
        model = Category
        fields: ClassVar[tuple[str, ...]] = (
            "code", "name", "is_key", "order", "retired_on",
        )  # fmt: skip
        read_only_fields = fields


class SentCategory(serializers.Serializer[Any]):
    """A new category, at the end of the list."""

    name = serializers.CharField(max_length=20)
    is_key = serializers.BooleanField(default=True)


class SentCategoryEdit(SentCategory):
    """A category as it should be; a retired one is no longer offered."""

    order = serializers.IntegerField(min_value=1, max_value=99)
    retired = serializers.BooleanField(default=False)


class CategoryList(generics.ListAPIView[Category]):
    """The city's categories in their order."""

    access = VIEWING
    serializer_class = CategorySerializer
    queryset = Category.objects.order_by("order", "code")

    @extend_schema(request=SentCategory, responses={201: CategorySerializer} | REFUSED)
    def post(self, request: Request) -> Response:
        """201 added, the villages can use it · 422 the name is taken."""
        acting_with(request, Permission.CATEGORY_MANAGE)
        sent = read(SentCategory, request)
        made = services.add_category(**sent)
        data = CategorySerializer(made).data
        return Response(data, status=status.HTTP_201_CREATED)


class CategoryDetail(APIView):
    """Change a category for the whole city."""

    access = Access(permission=Permission.CATEGORY_MANAGE)

    @extend_schema(
        request=SentCategoryEdit, responses={200: CategorySerializer} | REFUSED
    )
    def put(self, request: Request, code: str) -> Response:
        """200 changed · 422 the name is taken."""
        category = get_object_or_404(Category, pk=code)
        given = read(SentCategoryEdit, request)
        since = category.retired_on or timezone.localdate()
        retired_on = since if given.pop("retired") else None
        services.edit_category(category=category, retired_on=retired_on, **given)
        return Response(CategorySerializer(category).data)
