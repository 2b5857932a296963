"""Jobs: rows written with the change that asks for them; Celery is only told of them."""

import datetime as dt
import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.models import Post, User
from regions.models import ScopedModel

MAX_ATTEMPTS = 5


class State(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "没有完成"
    CANCELLED = "cancelled", "已取消"


class JobQuerySet(models.QuerySet["Job"]):
    """Reads over jobs."""

    def unfinished(self) -> Self:
        """Return jobs that are still to be done."""
        return self.filter(state__in=(State.QUEUED, State.RUNNING))

    def waiting(self, now: dt.datetime) -> Self:
        """Return jobs that should be published: queued, or left by a dead worker."""
        return self.filter(
            Q(state=State.QUEUED, not_before__lte=now)
            | Q(state=State.RUNNING, lease_until__lt=now)
        )


class Job(ScopedModel):
    """One piece of work, done once whatever happens to worker or broker.

    `unique_key` makes asking twice the same as asking once. `business_date` is the
    date the work is about, fixed when it was asked for. A job asked for by a person
    runs in the scope of the post he asked from, if he still holds it; without a post,
    it was somebody of an office above, and it runs in its own division.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("种类", max_length=40)
    title = models.CharField("名称", max_length=80)
    unique_key = models.CharField(max_length=160)
    arguments = models.JSONField("参数", default=dict)
    business_date = models.DateField("业务日期")
    post = models.ForeignKey(
        Post,
        verbose_name="以何职务",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    user = models.ForeignKey(
        User,
        verbose_name="提出人",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    state = models.CharField(
        "状态", max_length=10, choices=State.choices, default=State.QUEUED
    )
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    done = models.PositiveIntegerField("已处理", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    message = models.CharField("说明", max_length=300, blank=True)
    asked_at = models.DateTimeField("提出时间")
    not_before = models.DateTimeField("最早开始")
    lease_until = models.DateTimeField("占用到", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        indexes = [
            models.Index(fields=("region", "-asked_at"), name="jobs_job_region_asked"),
            models.Index(
                fields=("not_before",),
                name="jobs_job_unfinished",
                condition=Q(state__in=("queued", "running")),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "unique_key"), name="jobs_job_asked_once"
            ),
            models.CheckConstraint(
                name="jobs_job_running_has_lease",
                condition=~Q(state="running") | Q(lease_until__isnull=False),
            ),
            models.CheckConstraint(
                name="jobs_job_progress_within_total",
                condition=Q(total=0) | Q(done__lte=F("total")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def percent(self) -> int | None:
        """How much is done, in whole percent; None while the total is unknown."""
        return self.done * 100 // self.total if self.total else None


class Pulse(models.Model):
    """When something last showed that it is alive (the worker, by way of the broker).

    Technical, belongs to no division: outside row-level security.
    """

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "心跳"

    def __str__(self) -> str:
        return self.name
