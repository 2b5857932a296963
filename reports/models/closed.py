"""Periods that are over, as they were closed, and the pace of those that run."""

import datetime as dt
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, QuerySet

from regions.models import Level, Region, ScopedModel, inside


class SpanChoice(models.TextChoices):
    """Which kind of period."""

    MONTH = "month", "月"
    QUARTER = "quarter", "季"
    YEAR = "year", "年"


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


class ClosedSum(ScopedModel):
    """A township's closed period: the sum of its villages' (`ClosedPeriod`).

    Written by the triggers of closed periods alone (`reports.summing`), for places above
    the village.
    """

    span = models.CharField("周期", max_length=8, choices=SpanChoice.choices)
    first = models.DateField("第一天")
    seen = models.PositiveIntegerField("已走访")
    unseen = models.PositiveIntegerField("没走访")
    by_day = ArrayField(models.PositiveIntegerField(), verbose_name="每天走访")

    class Meta:
        verbose_name = verbose_name_plural = "关账合计"
        constraints = [
            models.UniqueConstraint(
                fields=("region", "span", "first"), name="reports_closed_sum_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.span} {self.first}"


def closed_in(place: Region) -> QuerySet[Any]:
    """Return the closed periods that add up to those of a place: its own, or townships'."""
    kept = ClosedPeriod if place.level == Level.VILLAGE else ClosedSum
    return inside(kept.objects.all(), place.scope)


class RunningPace(ScopedModel):
    """A township's first visits in a period that runs, day by day until last night.

    Counted anew each night for the pace line of places above the village, who would
    read every visit of the period for it. `by_day` begins with `first` and ends with
    `through`.
    """

    span = models.CharField("周期", max_length=8, choices=SpanChoice.choices)
    first = models.DateField("第一天")
    through = models.DateField("截至")
    by_day = ArrayField(models.PositiveIntegerField(), verbose_name="每天走访")

    class Meta:
        verbose_name = verbose_name_plural = "走访进度"
        constraints = [
            models.UniqueConstraint(
                fields=("region", "span"), name="reports_pace_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.span} {self.through}"


class ClosedSummaryQuerySet(models.QuerySet["ClosedSummary"]):
    """Reads over closed summaries."""

    def of(self, span: str, first: dt.date) -> Self:
        """Return those of one period."""
        return self.filter(span=span, first=first)


class ClosedSummary(ScopedModel):
    """A village's figures of the summary besides visits, as they were at closing.

    `figures` holds every name that was counted then (`reports.summary.parts`). Written
    once by the night and never changed, beside `ClosedPeriod`.
    """

    span = models.CharField("周期", max_length=8, choices=SpanChoice.choices)
    first = models.DateField("第一天")
    last = models.DateField("最后一天")
    closed_at = models.DateTimeField("关账时间")
    figures = models.JSONField("数字")

    objects = ClosedSummaryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "关账汇总"
        constraints = [
            models.UniqueConstraint(
                fields=("region", "span", "first"), name="reports_summary_once"
            ),
            models.CheckConstraint(
                name="reports_summary_after_its_end", condition=Q(last__gte=F("first"))
            ),
        ]
        indexes = [
            models.Index(
                fields=("span", "first", "region"), name="reports_summary_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.span} {self.first}"
