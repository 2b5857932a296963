"""Honours for other programs: plaques, receipts, the commendation, growth, 示范村, plans."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import Problem, acting_with, answer
from accounts.asking import read
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import Refused
from appraisals.api import HonourSerializer
from appraisals.models import Commendation, Demonstration, Growth, Honour
from appraisals.models.honours import Given, GrowthKind
from appraisals.services import honours as services
from appraisals.services.honours import Award
from attachments.examining import examine
from attachments.rules import Kind
from regions.models import Level, Region
from representatives.models import Representative

YEAR: dict[str, Any] = {"min_value": 2000, "max_value": 2100}
MOST_PHOTOS = 9


class SentAward(serializers.Serializer[Any]):
    """What one person gets, by the id of the result that made him 优秀; yuan."""

    result = serializers.IntegerField()
    plaque = serializers.CharField(max_length=20)
    given = serializers.ChoiceField(
        choices=Given.choices, allow_blank=True, default=Given.NOTHING
    )
    amount = serializers.DecimalField(
        max_digits=8, decimal_places=2, min_value=0, allow_null=True, default=None
    )
    gift = serializers.CharField(max_length=40, allow_blank=True, default="")
    version = serializers.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        required=False,
        help_text="更正时写读到的版本：别人改过就不改，答 409",
    )


class SentAwards(serializers.Serializer[Any]):
    """登记表彰: one day for all."""

    year = serializers.IntegerField(**YEAR)
    awarded_on = serializers.DateField()
    awards = SentAward(many=True, allow_empty=False)


class HonourList(generics.ListAPIView[Honour]):
    """The 优秀代表 in the caller's scope, the newest year first."""

    access = Access(permission=Permission.HONOUR_VIEW)
    serializer_class = HonourSerializer
    queryset = Honour.objects.order_by("-year", "region_id", "pk")

    @extend_schema(
        request=SentAwards,
        responses={
            200: HonourSerializer(many=True), 403: Problem, 409: Problem, 422: Problem,
        },
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Honour them, all or none; sent again it corrects · 409 a version has passed."""
        given = read(SentAwards, request)
        by = acting_with(request, Permission.HONOUR_KEEP)
        if given["awarded_on"] > timezone.localdate():
            raise Refused("这一天还没有到，请填实际的日期。")
        awards = {one.pop("result"): Award(**one) for one in given["awards"]}
        made = services.award(
            awards=awards, year=given["year"], awarded_on=given["awarded_on"], by=by
        )
        return Response(HonourSerializer(made, many=True).data)


class SentReceipt(serializers.Serializer[Any]):
    """领取: who took it, when; the version that was read."""

    received_on = serializers.DateField()
    receiver = serializers.CharField(max_length=30)
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class HonourReceipt(APIView):
    """领取 of a plaque and what came with it."""

    access = Access(permission=Permission.HONOUR_KEEP)

    @extend_schema(
        request=SentReceipt,
        responses={200: HonourSerializer, 404: Problem, 409: Problem, 422: Problem},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Note it."""
        honour = get_object_or_404(Honour, pk=pk)
        sent = read(SentReceipt, request)
        services.receive(honour=honour, on=timezone.localdate(), **sent)
        return Response(HonourSerializer(honour).data)


class CommendationSerializer(serializers.ModelSerializer[Commendation]):
    """集中表彰 of a year; its photos are on the page."""

    class Meta:
        model = Commendation
        fields: ClassVar = ("id", "region", "year", "held_on", "place", "words")
        read_only_fields = fields


class SentCommendation(serializers.Serializer[Any]):
    """When and where it was held; group photos come as multipart."""

    year = serializers.IntegerField(**YEAR)
    held_on = serializers.DateField()
    place = serializers.CharField(max_length=60)
    words = serializers.CharField(max_length=500, allow_blank=True, default="")
    photos = serializers.ListField(
        child=serializers.FileField(), required=False, max_length=MOST_PHOTOS
    )


class CommendationList(generics.ListAPIView[Commendation]):
    """The commendations in the caller's scope, the newest first."""

    access = Access(permission=Permission.HONOUR_VIEW)
    parser_classes = (JSONParser, MultiPartParser)
    serializer_class = CommendationSerializer
    queryset = Commendation.objects.order_by("-year", "region_id")

    @extend_schema(
        request={
            "application/json": SentCommendation,
            "multipart/form-data": SentCommendation,
        },
        responses={200: CommendationSerializer, 403: Problem, 422: Problem},
    )
    def post(self, request: Request) -> Response:
        """Note the commendation of the caller's place, or correct it."""
        given = read(SentCommendation, request)
        by = acting_with(request, Permission.HONOUR_KEEP)
        if given["held_on"] > timezone.localdate():
            raise Refused("这一天还没有到，请填实际的日期。")
        photos = [examine(one, (Kind.PHOTO,)) for one in given.pop("photos", ())]
        made = services.commend(region=by.region, photos=photos, by=by, **given)
        return Response(CommendationSerializer(made).data)


# --- 培养 -------------------------------------------------------------------------------


class GrowthSerializer(serializers.ModelSerializer[Growth]):
    """A dated flag: 入党积极分子 or 村级后备干部."""

    class Meta:
        model = Growth
        fields: ClassVar = (
            "id", "region", "representative", "kind", "started_on", "decided",
            "ended_on", "outcome",
        )  # fmt: skip
        read_only_fields = fields


class SentGrowth(serializers.Serializer[Any]):
    """Who is brought on, since when, decided where."""

    representative = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=GrowthKind.choices)
    started_on = serializers.DateField()
    decided = serializers.CharField(max_length=100)


class SentGrowthEnd(serializers.Serializer[Any]):
    """When it ended, and what came of it."""

    ended_on = serializers.DateField()
    outcome = serializers.CharField(max_length=100)


class GrowthList(generics.ListAPIView[Growth]):
    """The party's list in the caller's scope."""

    access = Access(permission=Permission.GROWTH_KEEP)
    serializer_class = GrowthSerializer
    queryset = Growth.objects.order_by("region_id", "pk")

    @extend_schema(
        request=SentGrowth,
        responses={201: GrowthSerializer, 404: Problem, 422: Problem},
    )
    def post(self, request: Request) -> Response:
        """Put a representative of the caller's village on it."""
        given, by = read(SentGrowth, request), acting(request)
        if by.region.level != Level.VILLAGE:
            raise Refused("培养对象由村（社区）党组织书记登记。")
        people = Representative.objects.filter(region=by.region_id)
        given["representative"] = get_object_or_404(people, pk=given["representative"])
        given["kind"] = GrowthKind(given["kind"])
        made = services.bring_on(on=timezone.localdate(), by=by, **given)
        return answer(GrowthSerializer(made).data, created=True)


class GrowthEnding(APIView):
    """结束培养."""

    access = Access(permission=Permission.GROWTH_KEEP)

    @extend_schema(
        request=SentGrowthEnd,
        responses={200: GrowthSerializer, 404: Problem, 422: Problem},
    )
    def post(self, request: Request, pk: int) -> Response:
        """End it; 422 the second time."""
        row = get_object_or_404(Growth, pk=pk)
        sent = read(SentGrowthEnd, request)
        by = acting(request)
        services.end_growth(growth=row, on=timezone.localdate(), by=by, **sent)
        row.refresh_from_db()
        return Response(GrowthSerializer(row).data)


# --- 示范村 -----------------------------------------------------------------------------


class DemonstrationSerializer(serializers.ModelSerializer[Demonstration]):
    """A 示范村 of a year, with what others may learn from it."""

    class Meta:
        model = Demonstration
        fields: ClassVar = ("id", "region", "year", "chosen_on", "lessons")
        read_only_fields = fields


class SentDemonstration(serializers.Serializer[Any]):
    """Which village of the caller's township, of which year, and its lessons."""

    village = serializers.IntegerField(help_text="12 位区划代码")
    year = serializers.IntegerField(**YEAR)
    lessons = serializers.CharField(max_length=500)


class DemonstrationList(generics.ListAPIView[Demonstration]):
    """The 示范村 in the caller's scope, the newest year first."""

    access = Access(permission=Permission.HONOUR_VIEW)
    serializer_class = DemonstrationSerializer
    queryset = Demonstration.objects.order_by("-year", "region_id")

    @extend_schema(
        request=SentDemonstration,
        responses={200: DemonstrationSerializer, 403: Problem, 404: Problem, 422: Problem},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Choose one, or correct its lessons; 422 above the plan's number."""
        given, on = read(SentDemonstration, request), timezone.localdate()
        by = acting_with(request, Permission.DEMONSTRATION_KEEP)
        own = Region.objects.villages().current().filter(parent=by.region_id)
        village = get_object_or_404(own, code=given.pop("village"))
        if not on.year - 1 <= given["year"] <= on.year:
            raise Refused("只能定今年和去年的示范村。")
        made = services.choose_demonstration(village=village, on=on, by=by, **given)
        return Response(DemonstrationSerializer(made).data)


class DemonstrationDetail(APIView):
    """One 示范村."""

    access = Access(permission=Permission.DEMONSTRATION_KEEP)

    @extend_schema(request=None, responses={204: None, 404: Problem})
    def delete(self, request: Request, pk: int) -> Response:
        """Take it back; the row history keeps it."""
        row = get_object_or_404(Demonstration, pk=pk)
        services.drop_demonstration(row=row)
        return Response(status=status.HTTP_204_NO_CONTENT)
