"""What reports keep of their own: the figures of periods that are over, and the settings."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from regions.models import Region, ScopedModel


class SpanChoice(models.TextChoices):
    """Which kind of period."""

    MONTH = "month", "月"
    QUARTER = "quarter", "季"
    YEAR = "year", "年"


class ClosedPeriodQuerySet(models.QuerySet["ClosedPeriod"]):
    """Reads over closed periods."""

    def inside(self, place: Region) -> Self:
        """Return those of the villages of a division."""
        return self.filter(
            region_id__gte=place.scope.lo, region_id__lt=place.scope.hi
        ).order_by("region_id")


class ClosedPeriod(ScopedModel):
    """关账: a village's visits in a period, as they were some days after its end.

    Written once by the night and never changed: what is entered later shows beside it.
    `households`, `representatives` and `outcomes` run side by side (see
    `visits.outcomes`), so that every figure still leads to the very households it
    counted. `by_day` has how many were first seen on each day of the period.
    """

    span = models.CharField("周期", max_length=8, choices=SpanChoice.choices)
    first = models.DateField("第一天")
    last = models.DateField("最后一天")
    closed_at = models.DateTimeField("关账时间")
    seen = models.PositiveIntegerField("已走访")
    unseen = models.PositiveIntegerField("没走访")
    excused = models.PositiveIntegerField("免访")
    free = models.PositiveIntegerField("不要求")
    nobody = models.PositiveIntegerField("没有联系人")
    by_day = ArrayField(models.PositiveIntegerField(), verbose_name="每天走访")
    households = ArrayField(models.BigIntegerField(), verbose_name="联系户")
    representatives = ArrayField(models.BigIntegerField(), verbose_name="联系代表")
    outcomes = models.TextField("结果", blank=True)

    objects = ClosedPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "关账数据"
        constraints = [
            models.UniqueConstraint(
                fields=("region", "span", "first"), name="reports_closed_once"
            ),
            models.CheckConstraint(
                name="reports_closed_after_its_end", condition=Q(last__gte=F("first"))
            ),
        ]
        indexes = [
            models.Index(
                fields=("span", "first", "region"), name="reports_closed_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.span} {self.first}"


class Measure(models.Model):
    """From which figures on a place is an exception, from a day until the next one's.

    Never changed in place: a new row begins. The same for the whole city. Percentages
    and 个百分点 run from 0 to 100; a number itself is included.
    """

    effective_from = models.DateField("生效日期", unique=True)
    behind_warn = models.PositiveSmallIntegerField("走访率慢多少个百分点亮黄灯")
    behind_bad = models.PositiveSmallIntegerField("走访率慢多少个百分点亮红灯")
    overdue_warn = models.PositiveSmallIntegerField("超期户占百分之几亮黄灯")
    overdue_bad = models.PositiveSmallIntegerField("超期户占百分之几亮红灯")
    person_bad = models.PositiveSmallIntegerField("代表名下超期户占百分之几亮红灯")
    few = models.PositiveSmallIntegerField("应走访不到多少户的不看走访率")
    closing_days = models.PositiveSmallIntegerField("周期结束后几天关账")
    set_by = models.ForeignKey(
        User,
        verbose_name="设定人",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    class Meta:
        verbose_name = verbose_name_plural = "灯号和关账规则"
        constraints = [
            models.CheckConstraint(
                name="reports_measure_bad_is_worse",
                condition=Q(behind_bad__gte=F("behind_warn"))
                & Q(overdue_bad__gte=F("overdue_warn")),
            )
        ]

    def __str__(self) -> str:
        return f"自 {self.effective_from} 起的灯号和关账规则"
