"""The yearly appraisal of a village's representatives, and the city's plan for it."""

import datetime as dt
from decimal import Decimal
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from appraisals.rules.appraisals import (
    Grade,
    GradeRule,
    Input,
    Part,
    Scheme,
    year_before,
)
from appraisals.rules.steps import Stage
from households.models import Household
from notices.models import PublicNotice
from regions.models import ScopedForeignKey, ScopedModel
from representatives.models import Representative

STAGES = [(stage.value, stage.label) for stage in Stage]
GRADES = [(grade.value, grade.label) for grade in Grade]
FROZEN = [stage.value for stage in Stage if stage.is_frozen]
PERCENT = (MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100)))


def usual_grades() -> list[dict[str, Any]]:
    """Return the grades as they are usual; the city's plan may say otherwise."""
    least, worth = (85, 75, 60, 0), (100, 85, 70, 40)
    return [
        {"grade": g.value, "name": g.label, "least": at, "worth": points}
        for g, at, points in zip(Grade, least, worth, strict=True)
    ]


class AppraisalPlanQuerySet(models.QuerySet["AppraisalPlan"]):
    """Reads over the editions of the plan."""

    def of_year(self, year: int, on: dt.date) -> "AppraisalPlan | None":
        """Return the edition by which a year is appraised on the day `on`."""
        begun = self.filter(year__lte=year, effective_from__lte=on)
        return begun.order_by("-year", "-effective_from", "-pk").first()


class AppraisalPlan(models.Model):
    """履职评议方案: weights, grades and the ratio of 优秀, for `year` and those after it.

    An edition that an appraisal was begun under is never changed again: `is_used` is
    set, and the rest held, by the database. The same for all townships: outside
    row-level security. Weights are in percent, each row of them adds up to 100.
    """

    year = models.PositiveSmallIntegerField("从哪一年的评议开始用")
    effective_from = models.DateField("生效日期")
    w_system = models.PositiveSmallIntegerField("履职情况", default=40)
    w_self = models.PositiveSmallIntegerField("自评", default=5)
    w_peers = models.PositiveSmallIntegerField("代表互评", default=15)
    w_villagers = models.PositiveSmallIntegerField("群众评", default=25)
    w_party = models.PositiveSmallIntegerField("党员大会评", default=15)
    i_key = models.PositiveSmallIntegerField("重点户每月走访", default=30)
    i_ordinary = models.PositiveSmallIntegerField("其他户每季度走访", default=20)
    i_talks = models.PositiveSmallIntegerField("恳谈会", default=20)
    i_issues = models.PositiveSmallIntegerField("民情结果告诉群众", default=15)
    i_meetings = models.PositiveSmallIntegerField("参加民情分析会", default=5)
    i_trainings = models.PositiveSmallIntegerField("参加培训", default=10)
    grades = models.JSONField("等次", default=usual_grades)
    share = models.DecimalField(
        "每村优秀不超过", max_digits=5, decimal_places=2, validators=PERCENT, default=15
    )
    at_least = models.PositiveSmallIntegerField("人少的村至少可评", default=1)
    township_share = models.DecimalField(
        "全镇优秀不超过", max_digits=5, decimal_places=2, validators=PERCENT, default=15
    )
    notice_days = models.PositiveSmallIntegerField("公示天数", default=5)
    demonstrations = models.PositiveSmallIntegerField("每镇示范村最多", default=2)
    basis = models.CharField("依据", max_length=200)
    is_used = models.BooleanField("已有评议使用", default=False, editable=False)
    set_by = models.ForeignKey(
        User,
        verbose_name="设定人",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    objects = AppraisalPlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "履职评议方案"
        constraints = [
            models.UniqueConstraint(
                fields=("year", "effective_from"), name="eval_plan_once"
            ),
            models.CheckConstraint(
                name="eval_plan_parts_make_100",
                condition=Q(
                    w_system=100
                    - F("w_self")
                    - F("w_peers")
                    - F("w_villagers")
                    - F("w_party")
                ),
            ),
            models.CheckConstraint(
                name="eval_plan_inputs_make_100",
                condition=Q(
                    i_key=100
                    - F("i_ordinary")
                    - F("i_talks")
                    - F("i_issues")
                    - F("i_meetings")
                    - F("i_trainings")
                ),
            ),
            models.CheckConstraint(
                name="eval_plan_shares_in_percent",
                condition=Q(share__gt=0, share__lte=100)
                & Q(township_share__gt=0, township_share__lte=100),
            ),
            models.CheckConstraint(
                name="eval_plan_has_four_grades", condition=Q(grades__3__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年起的评议方案"

    @property
    def scheme(self) -> Scheme:
        """The edition as the rules want it."""
        return Scheme(
            parts={part: getattr(self, f"w_{part}") for part in Part},
            inputs={one: getattr(self, f"i_{one}") for one in Input},
            grades=tuple(
                GradeRule(Grade(g["grade"]), g["name"], g["least"], g["worth"])
                for g in self.grades
            ),
            share=Decimal(self.share),
            at_least=self.at_least,
        )


class AppraisalQuerySet(models.QuerySet["Appraisal"]):
    """Reads over appraisals."""

    def of_year(self, year: int) -> Self:
        """Return the appraisals of a year."""
        return self.filter(year=year)

    def years(self) -> list[int]:
        """Return the years of which there is an appraisal, in any order."""
        return list(self.order_by().values_list("year", flat=True).distinct())

    def confirmed(self) -> Self:
        """Return those whose figures and grades are fixed."""
        return self.filter(stage__in=FROZEN)

    def counted(self) -> Self:
        """Annotate `rated`, how many take part, and `excellent`, how many are 优秀."""
        rated = Q(results__unrated="")
        best = Q(results__grade=Grade.EXCELLENT)
        return self.annotate(
            rated=Count("results", filter=rated),
            excellent=Count("results", filter=best),
        )


class Appraisal(ScopedModel):
    """履职评议 of one village and year, chaired by its 村务监督委员会.

    `counts_until` is the day up to which the system part is counted. From the
    confirmation on, figures and grades are frozen, by the database. `is_imported` marks
    a past year's result that was brought in from paper: it has grades, no tickets.
    """

    year = models.PositiveSmallIntegerField("年度")
    plan = models.ForeignKey(
        AppraisalPlan, verbose_name="方案", on_delete=models.PROTECT, related_name="+"
    )
    stage = models.CharField("阶段", max_length=8, choices=STAGES, default=Stage.DRAFT)
    counts_until = models.DateField("履职情况算到")
    met_on = models.DateField("评议会日期", null=True, blank=True)
    place = models.CharField("地点", max_length=60, blank=True)
    chair = models.CharField("主持人（村务监督委员会）", max_length=30, blank=True)
    recorder = models.CharField("记录人", max_length=30, blank=True)
    minutes = models.TextField("会议记录", blank=True, max_length=3000)
    confirmed_on = models.DateField("村监委确认日期", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User,
        verbose_name="确认经办人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    notice = ScopedForeignKey(
        PublicNotice, verbose_name="公示", null=True, blank=True, related_name="+"
    )
    filed_on = models.DateField("备案日期", null=True, blank=True)
    filed_by = models.ForeignKey(
        User,
        verbose_name="备案人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reopened_words = models.CharField("退回原因", max_length=200, blank=True)
    is_imported = models.BooleanField("往年结果导入", default=False)
    begun_by = models.ForeignKey(
        User, verbose_name="发起人", on_delete=models.PROTECT, related_name="+"
    )
    begun_at = models.DateTimeField("发起时间", default=timezone.now)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AppraisalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "履职评议"
        indexes = [
            models.Index(fields=("region", "year", "stage"), name="eval_appraisal_year")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "year"), name="eval_appraisal_once_a_year"
            ),
            models.CheckConstraint(
                name="eval_appraisal_met_with_a_chair",
                condition=Q(stage="draft")
                | Q(is_imported=True)
                | Q(met_on__isnull=False) & ~Q(chair=""),
            ),
            models.CheckConstraint(
                name="eval_appraisal_confirmed_by_somebody",
                condition=~Q(stage__in=FROZEN)
                | Q(confirmed_on__isnull=False, confirmed_by__isnull=False)
                | Q(is_imported=True),
            ),
            models.CheckConstraint(
                name="eval_appraisal_filed_when_done",
                condition=Q(stage="done", filed_on__isnull=False)
                | ~Q(stage="done") & Q(filed_on=None),
            ),
            models.CheckConstraint(
                name="eval_appraisal_year_plausible",
                condition=Q(year__gte=2000, year__lte=2100),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年履职评议"

    def get_absolute_url(self) -> str:
        """Return the page of the appraisal."""
        return reverse("appraisals:appraisal", args=[self.pk])

    @property
    def at(self) -> Stage:
        """The stage as the rules know it."""
        return Stage(self.stage)

    @property
    def is_frozen(self) -> bool:
        """Whether figures and grades are fixed."""
        return self.at.is_frozen


class AppraisalResultQuerySet(models.QuerySet["AppraisalResult"]):
    """Reads over what became of each representative."""

    def rated(self) -> Self:
        """Return those who take part."""
        return self.filter(unrated="")

    def confirmed(self) -> Self:
        """Return those whose grade is fixed."""
        return self.filter(appraisal__stage__in=FROZEN)

    def excellent(self, year: int) -> Self:
        """Return the 优秀代表 of a year: confirmed, put on view and filed."""
        return self.filter(
            grade=Grade.EXCELLENT, appraisal__year=year, appraisal__stage=Stage.DONE
        )

    def in_order(self) -> Self:
        """Order as in the roll, by group and name: never by score."""
        return self.order_by(
            "region_id",
            F("representative__group__number").asc(nulls_last=True),
            "representative__initials",
            "representative_id",
        )

    def within_a_year(self, on: dt.date) -> Self:
        """L25: return confirmed results of the twelve months up to `on`.

        Whoever is paid 误工补贴 needs one (村民委员会组织法 2018 art. 33).
        """
        return self.confirmed().filter(
            unrated="",
            appraisal__met_on__gt=year_before(on),
            appraisal__met_on__lte=on,
        )

    def households(self) -> "models.QuerySet[Household]":
        """Return the own households of these people.

        评为优秀代表的，优先评定为文明模范家庭 (the report). Known by the head's ID number,
        without one by group and name.
        """
        same = Q(representative__id_index=OuterRef("id_index")) | Q(
            representative__name=OuterRef("head"),
            representative__group=OuterRef("group"),
        )
        theirs = self.filter(same, region=OuterRef("region"))
        return Household.objects.living().filter(Exists(theirs))


class AppraisalResult(ScopedModel):
    """What one representative's appraisal came to.

    Until the confirmation `inputs`, `rows`, `parts` and `total` are empty and counted
    live (`appraisals.board`); then they are kept. `rows` names what each
    input was counted from. `unrated` says why somebody does not take part.
    """

    appraisal = ScopedForeignKey(
        Appraisal, verbose_name="履职评议", related_name="results"
    )
    representative = ScopedForeignKey(
        Representative, verbose_name="代表", related_name="appraisal_results"
    )
    self_grade = models.CharField("自评", max_length=10, choices=GRADES, blank=True)
    unrated = models.CharField("不参评的原因", max_length=60, blank=True)
    inputs = models.JSONField("履职情况", default=dict, blank=True)
    rows = models.JSONField("依据", default=dict, blank=True)
    parts = models.JSONField("各部分得分", default=dict, blank=True)
    total = models.DecimalField(
        "总评", max_digits=5, decimal_places=2, null=True, blank=True
    )
    grade = models.CharField("等次", max_length=10, choices=GRADES, blank=True)
    words = models.CharField("说明", max_length=200, blank=True)

    objects = AppraisalResultQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评议结果"
        indexes = [
            models.Index(fields=("region", "appraisal"), name="eval_result_region"),
            models.Index(fields=("representative",), name="eval_result_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("appraisal", "representative"), name="eval_result_once"
            ),
            models.CheckConstraint(
                name="eval_result_unrated_has_no_grade",
                condition=Q(unrated="") | Q(grade=""),
            ),
            models.CheckConstraint(
                name="eval_result_total_in_points",
                condition=Q(total=None) | Q(total__gte=0, total__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.representative} {self.appraisal}"
