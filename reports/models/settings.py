"""What users set: from when a figure is an exception, short cuts to reports, schedules."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.models import Post, User
from regions.models import ScopedForeignKey, ScopedModel
from reports.models.closed import SpanChoice


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
    approval_rows = models.PositiveIntegerField(
        "完整号码超过多少人要别人批准", default=1_000
    )
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


class PresetQuerySet(models.QuerySet["Preset"]):
    """Reads over presets."""

    def offered_to(self, post: Post) -> Self:
        """Return a person's own of this office, and those that colleagues share."""
        mine = Q(owner=post.user_id) | Q(is_shared=True)
        return self.filter(mine, region=post.region_id).order_by("name", "pk")


class Preset(ScopedModel):
    """常用报表: what somebody asks for again and again; shared, his office has it too.

    `entry` is a key of `reports.centre.entries`. `data` are the answers of its form; a
    period in it may be a relative one (上月), which is worked out each time.
    """

    name = models.CharField("名称", max_length=30)
    entry = models.CharField("报表", max_length=40)
    data = models.JSONField("选项", default=dict)
    owner = models.ForeignKey(
        User, verbose_name="谁存的", on_delete=models.PROTECT, related_name="+"
    )
    is_shared = models.BooleanField("本单位共用", default=False)

    objects = PresetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "常用报表"
        constraints = [
            models.UniqueConstraint(
                fields=("region", "owner", "name"), name="reports_preset_named_once"
            ),
            models.CheckConstraint(name="reports_preset_named", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    """Reads over schedules."""

    def running(self) -> Self:
        """Return those that have not been stopped."""
        return self.filter(ended_on=None)

    def of(self, post: Post) -> Self:
        """Return a person's running ones of this office."""
        return self.running().filter(owner=post.user_id, region=post.region_id)


class Schedule(ScopedModel):
    """定时报表: made by itself after each period, and announced in the inbox.

    It runs as the post that set it up, and with what that post may do then; since it has
    ended, as another that its owner has in the office. `days` is how many days after the
    period's end; never before closing.
    """

    entry = models.CharField("报表", max_length=40)
    data = models.JSONField("选项", default=dict)
    span = models.CharField("每期", max_length=8, choices=SpanChoice.choices)
    days = models.PositiveSmallIntegerField("期末后几天", default=6)
    post = ScopedForeignKey(Post, verbose_name="以何职务", related_name="+")
    owner = models.ForeignKey(
        User, verbose_name="谁要的", on_delete=models.PROTECT, related_name="+"
    )
    started_on = models.DateField("从哪天起")
    ended_on = models.DateField("停用日期", null=True, blank=True)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "定时报表"
        indexes = [
            models.Index(fields=("region", "owner"), name="reports_schedule_region")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "owner", "entry", "span"),
                condition=Q(ended_on=None),
                name="reports_schedule_once",
            ),
            models.CheckConstraint(
                name="reports_schedule_within_a_month", condition=Q(days__range=(1, 28))
            ),
        ]

    def __str__(self) -> str:
        return f"每{self.get_span_display()}一次"
