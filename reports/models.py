"""What reports keep of their own: the figures of periods that are over, and the settings."""

import datetime as dt
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models import Post, User
from accounts.permissions import Permission
from jobs.models import Job
from regions.models import Level, Region, ScopedForeignKey, ScopedModel


class SpanChoice(models.TextChoices):
    """Which kind of period."""

    MONTH = "month", "月"
    QUARTER = "quarter", "季"
    YEAR = "year", "年"


class ClosedPeriodQuerySet(models.QuerySet[Any]):
    """Reads over closed periods, and over their sums."""

    def inside(self, place: Region) -> Self:
        """Return those of the villages, or of the townships, of a division."""
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

    objects = ClosedPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "关账合计"
        constraints = [
            models.UniqueConstraint(
                fields=("region", "span", "first"), name="reports_closed_sum_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.span} {self.first}"


def closed_in(place: Region) -> ClosedPeriodQuerySet:
    """Return the closed periods that add up to those of a place: its own, or townships'."""
    kept = ClosedPeriod if place.level == Level.VILLAGE else ClosedSum
    return kept.objects.inside(place).order_by()


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

    def inside(self, place: Region) -> Self:
        """Return those of the villages of a division."""
        return self.filter(
            region_id__gte=place.scope.lo, region_id__lt=place.scope.hi
        ).order_by("region_id")

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

    It runs as the post that set it up, and with what that post may do then. `days` is
    how many days after the period's end; by default after closing.
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
        return f"{self.entry} {self.span}"


class ApprovalState(models.TextChoices):
    """What a second person has said."""

    WAITING = "waiting", "等待批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "没有批准"


class ApprovalQuerySet(models.QuerySet["Approval"]):
    """Reads over approvals."""

    def waiting(self) -> Self:
        """Return those that nobody has decided."""
        return self.filter(state=ApprovalState.WAITING)


class Approval(ScopedModel):
    """导出审批: whole numbers of many people leave with a second person's word only.

    `arguments` is the request as a job keeps it, `token` what makes pressing twice one
    row. Who asked cannot decide, which the database holds too; `job` is the export that
    an approval began.
    """

    title = models.CharField("名称", max_length=120)
    rows = models.PositiveIntegerField("行数")
    words = models.CharField("条件", max_length=300, blank=True)
    reason = models.CharField("理由", max_length=100)
    arguments = models.JSONField("参数")
    token = models.CharField(max_length=64)
    post = ScopedForeignKey(Post, verbose_name="以何职务", related_name="+")
    asked_by = models.ForeignKey(
        User, verbose_name="申请人", on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField("申请时间")
    state = models.CharField(
        "状态",
        max_length=8,
        choices=ApprovalState.choices,
        default=ApprovalState.WAITING,
    )
    decided_by = models.ForeignKey(
        User,
        verbose_name="批准人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField("批准时间", null=True, blank=True)
    answer = models.CharField("意见", max_length=200, blank=True)
    job = ScopedForeignKey(
        Job, verbose_name="导出", null=True, blank=True, related_name="+"
    )

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导出审批"
        indexes = [
            models.Index(fields=("region", "-asked_at"), name="reports_approval_asked")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "asked_by", "token"), name="reports_approval_once"
            ),
            models.CheckConstraint(
                name="reports_approval_by_somebody_else",
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="reports_approval_decided_whole",
                condition=Q(state="waiting", decided_by=None, decided_at=None, job=None)
                | Q(
                    state="approved",
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    job__isnull=False,
                )
                | Q(
                    state="refused",
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    job=None,
                )
                & ~Q(answer=""),
            ),
            models.CheckConstraint(
                name="reports_approval_gives_a_reason", condition=~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has decided yet."""
        return self.state == ApprovalState.WAITING

    @property
    def right(self) -> Permission:
        """What it takes to decide: the right to have what is asked for."""
        is_tenant = "township" in self.arguments
        return Permission.TENANT_EXPORT if is_tenant else Permission.ROLL_EXPORT_FULL


class RecordKind(models.TextChoices):
    """Which log a line comes from."""

    ACCESS = "access", "访问日志"
    CHANGE = "change", "数据变更"


class InheritedRecord(ScopedModel):
    """带来的操作日志: a line of another system's log, which came with an archive.

    Data to read, and nothing that this system vouches for: its own log begins with the
    import. Written by the import alone, which runs as the owner of the tables.
    """

    kind = models.CharField("哪种日志", max_length=6, choices=RecordKind.choices)
    at = models.DateTimeField("时间")
    content = models.JSONField("内容")

    class Meta:
        verbose_name = verbose_name_plural = "带来的操作日志"
        indexes = [
            models.Index(fields=("region", "-at"), name="reports_inherited_region_at")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at}"
