"""Notices and the objections to them."""

import datetime as dt
import secrets
from typing import Self

from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse

from accounts.models import User
from accounts.sealing import SealedField
from notices.rules import Content, Kind
from regions.models import ScopedForeignKey, ScopedModel


class State(models.TextChoices):
    """How a notice stands."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "公示中"
    ENDED = "ended", "期满"
    WITHDRAWN = "withdrawn", "已撤下"


def new_token() -> str:
    """Return an address that nobody guesses: 128 random bits."""
    return secrets.token_hex(16)


class PublicNoticeQuerySet(models.QuerySet["PublicNotice"]):
    """Reads over notices."""

    def over(self, on: dt.date) -> Self:
        """Return those still called published whose last day is before `on`."""
        return self.filter(state=State.PUBLISHED, last_day__lt=on)

    def with_objections(self) -> Self:
        """Annotate `objection_count` and `open_count`."""
        return self.annotate(
            objection_count=Count("objections"),
            open_count=Count("objections", filter=Q(objections__settled_on=None)),
        )


class PublicNotice(ScopedModel):
    """公示: what everybody may read from `first_day` to `last_day`, both included.

    `least_days` is what the rule of whoever made it asks for, `basis` its source.
    `token` is the public address, `origin` the staff page it was made from. What it may say is guarded by `notices.rules`.
    """

    kind = models.CharField("类别", max_length=20)
    title = models.CharField("标题", max_length=60)
    issuer = models.CharField("公示单位", max_length=60)
    paragraphs = models.JSONField("正文", default=list)
    table = models.JSONField("表格", default=dict, blank=True)
    first_day = models.DateField("公示开始")
    last_day = models.DateField("公示截止")
    least_days = models.PositiveSmallIntegerField("至少公示天数", default=1)
    basis = models.CharField("公示天数依据", max_length=100, blank=True)
    contact_name = models.CharField("异议受理人", max_length=30)
    contact_phone = models.CharField("异议受理电话", max_length=20)
    contact_place = models.CharField("受理地点", max_length=40, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=State.choices, default=State.DRAFT
    )
    token = models.CharField(max_length=32, unique=True, default=new_token)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    published_by = models.ForeignKey(
        User,
        verbose_name="发布人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    closed_on = models.DateField("结束日期", null=True, blank=True)
    withdrawal = models.CharField("撤下原因", max_length=200, blank=True)
    follows = ScopedForeignKey(
        "self",
        verbose_name="接续",
        null=True,
        blank=True,
        related_name="followed_by",
    )
    origin = models.CharField("来自页面", max_length=100, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PublicNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公示"
        indexes = [
            models.Index(
                fields=("region", "state", "last_day"), name="notices_region_state"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="notices_ends_after_start",
                condition=Q(last_day__gte=F("first_day")),
            ),
            models.CheckConstraint(
                name="notices_published_by_somebody",
                condition=Q(state="draft", published_at=None, published_by=None)
                | ~Q(state="draft")
                & Q(published_at__isnull=False, published_by__isnull=False),
            ),
            models.CheckConstraint(
                name="notices_withdrawn_with_reason",
                condition=~Q(state="withdrawn") | ~Q(withdrawal=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the staff's page of the notice."""
        return reverse("notices:detail", args=[self.pk])

    @property
    def public_path(self) -> str:
        """The address at which everybody reads it."""
        return reverse("notices:public", args=[self.token])

    @property
    def kind_label(self) -> str:
        """The kind as lists name it."""
        return Kind(self.kind).label

    @property
    def days(self) -> int:
        """Days on view, the first and the last one included."""
        return (self.last_day - self.first_day).days + 1

    def stands(self, on: dt.date) -> bool:
        """Say whether it is published and its last day is not over on the day `on`."""
        return self.state == State.PUBLISHED and on <= self.last_day

    def is_over(self, on: dt.date) -> bool:
        """Say whether it has ended, or waits only for the night to end it."""
        waits = self.state == State.PUBLISHED and on > self.last_day
        return waits or self.state == State.ENDED

    @property
    def content(self) -> Content:
        """What the public reads."""
        return Content.of(self.title, self.issuer, self.paragraphs, self.table or {})


class Way(models.TextChoices):
    """How an objection came in."""

    PHONE = "phone", "电话"
    PAPER = "paper", "书面"
    PERSON = "person", "当面"


class Objection(ScopedModel):
    """异议: what somebody holds against a notice, entered by staff, and what came of it."""

    notice = ScopedForeignKey(
        PublicNotice, verbose_name="公示", related_name="objections"
    )
    received_on = models.DateField("收到日期")
    way = models.CharField("方式", max_length=8, choices=Way.choices)
    who = SealedField("反映人", kind="name", null=True, blank=True)
    words = models.TextField("异议内容")
    recorded_by = models.ForeignKey(
        User, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField("登记时间")
    settled_on = models.DateField("处理日期", null=True, blank=True)
    settled_by = models.ForeignKey(
        User,
        verbose_name="处理人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    outcome = models.TextField("处理结果", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公示异议"
        indexes = [
            models.Index(
                fields=("region", "settled_on"), name="notices_objection_region"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="notices_objection_settled_whole",
                condition=Q(settled_on=None, settled_by=None, outcome="")
                | Q(settled_on__isnull=False, settled_by__isnull=False)
                & ~Q(outcome=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.received_on} {self.get_way_display()}"
