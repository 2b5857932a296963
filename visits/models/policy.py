"""The city's settings of the visiting duty, plans of new ones, and the night's checks."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from accounts.models import User
from regions.models import ScopedModel
from visits.rules import Cadence


class CadenceChoice(models.TextChoices):
    """How often a household is owed a visit."""

    MONTH = Cadence.MONTH.value, "每月"
    QUARTER = Cadence.QUARTER.value, "每季度"


class Content(models.Model):
    """What the settings say. `categories` maps a category's code to its cadence.

    A category that is not in it does not make a household 重点. `ways` are those whose
    visits count, from the first day on; earlier visits keep what they were worth.
    """

    effective_from = models.DateField("生效日期")
    cadence = models.CharField(
        "普通户走访频次", max_length=8, choices=CadenceChoice.choices, default="quarter"
    )
    categories = models.JSONField("重点类别与频次", default=dict)
    ways = ArrayField(
        models.CharField(max_length=8), verbose_name="算数的走访方式", default=list
    )
    phone_when_away = models.BooleanField("外出户电话联系算数", default=False)
    soon_days_month = models.PositiveSmallIntegerField("月末提前提醒天数", default=7)
    soon_days_quarter = models.PositiveSmallIntegerField("季末提前提醒天数", default=15)
    waiver_months = models.PositiveSmallIntegerField(
        "免访最长月数", default=6, db_default=6
    )

    class Meta:
        abstract = True

    @property
    def content(self) -> dict[str, Any]:
        """What is said, as keyword arguments of another row that says the same."""
        names = [field.name for field in Content._meta.local_fields]
        return {name: getattr(self, name) for name in names}


class Policy(Content):
    """The settings in force from a day until the next row's day.

    Never changed in place: a new row begins; one that has not begun may be withdrawn.
    The same for all townships: outside row-level security.
    """

    effective_from = models.DateField("生效日期", unique=True)
    set_by = models.ForeignKey(
        User,
        verbose_name="设定人",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    class Meta:
        verbose_name = verbose_name_plural = "走访规则"

    def __str__(self) -> str:
        return f"自 {self.effective_from} 起的走访规则"


class PlanState(models.TextChoices):
    """Where a plan of new settings stands."""

    OPEN = "open", "还没生效"
    ADOPTED = "adopted", "已定下"


class PolicyPlan(Content, ScopedModel):
    """Settings that somebody of the city considers, and what they would change.

    `effects` is filled in by a job, township by township: see `visits.effects`.
    """

    state = models.CharField(
        "状态", max_length=8, choices=PlanState.choices, default=PlanState.OPEN
    )
    effects = models.JSONField("影响", default=dict)
    planned_by = models.ForeignKey(
        User, verbose_name="拟定人", on_delete=models.PROTECT, related_name="+"
    )
    planned_at = models.DateTimeField("拟定时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "走访规则拟定稿"
        indexes = [
            models.Index(fields=("region", "-planned_at"), name="visits_plan_region")
        ]

    def __str__(self) -> str:
        return f"拟自 {self.effective_from} 起的走访规则"


class DutyCheck(ScopedModel):
    """One night's comparison of a township's stored due dates with the rule."""

    on = models.DateField("日期")
    households = models.PositiveIntegerField("户数")
    drifted = models.PositiveIntegerField("与规则不一致")
    turned = models.PositiveIntegerField("随日期变化")
    checked_at = models.DateTimeField("核对时间")

    class Meta:
        verbose_name = verbose_name_plural = "走访期限核对"
        constraints = [
            models.UniqueConstraint(
                fields=("region", "on"), name="visits_dutycheck_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.region}"
