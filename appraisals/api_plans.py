"""履职评议方案 for other programs: the city's editions, and a new one."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.answers import Problem, answer
from accounts.asking import read, shown
from accounts.permissions import Permission
from accounts.places import acting
from appraisals.models import AppraisalPlan
from appraisals.rules.appraisals import Grade, Input, Part
from appraisals.services.plans import set_plan


class GradeRuleSerializer(serializers.Serializer[Any]):
    """A grade: what it is called, from which score on, what one ticket of it is worth."""

    grade = serializers.ChoiceField(choices=[(one.value, one.label) for one in Grade])
    name = serializers.CharField(max_length=8)
    least = serializers.IntegerField(min_value=0, max_value=100)
    worth = serializers.IntegerField(min_value=0, max_value=100)


@shown(
    grades=[
        {"grade": "excellent", "name": "优秀", "least": 90, "worth": 100},
        {"grade": "competent", "name": "称职", "least": 75, "worth": 80},
        {"grade": "basic", "name": "基本称职", "least": 60, "worth": 60},
        {"grade": "poor", "name": "不称职", "least": 0, "worth": 0},
    ]
)
class AppraisalPlanSerializer(serializers.ModelSerializer[AppraisalPlan]):
    """An edition: weights in percent, the grades from the best on, shares in percent."""

    grades = GradeRuleSerializer(many=True, required=False)

    class Meta:
        model = AppraisalPlan
        fields: ClassVar = (
            "id", "year", "effective_from", *(f"w_{part}" for part in Part),
            *(f"i_{one}" for one in Input), "grades", "share", "at_least",
            "township_share", "notice_days", "demonstrations", "basis", "is_used",
        )  # fmt: skip
        read_only_fields: ClassVar = ("id", "is_used")
        validators: ClassVar[
            list[Any]
        ] = []  # the service says what a second edition of a day is

    def validate_grades(self, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Ask for each grade once, the best first."""
        if [one["grade"] for one in given] != [grade.value for grade in Grade]:
            raise serializers.ValidationError("四个等次各写一次，从优到劣。")
        return given


class AppraisalPlanList(generics.ListAPIView[AppraisalPlan]):
    """The city's editions, the latest first."""

    access = Access(permission=Permission.APPRAISAL_PLAN)
    serializer_class = AppraisalPlanSerializer
    queryset = AppraisalPlan.objects.order_by("-year", "-effective_from")

    @extend_schema(
        request=AppraisalPlanSerializer,
        responses={201: AppraisalPlanSerializer, 400: Problem, 422: Problem},
    )
    def post(self, request: Request) -> Response:
        """Set an edition; appraisals under way keep theirs. 422 for a day that is past."""
        sent = read(AppraisalPlanSerializer, request)
        by = acting(request)
        made = set_plan(given=sent, on=timezone.localdate(), by=by)
        return answer(AppraisalPlanSerializer(made).data, created=True)
