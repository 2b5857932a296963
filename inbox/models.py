"""Messages: one person is told one thing once, inside the product."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from regions.models import ScopedModel


class MessageQuerySet(models.QuerySet["Message"]):
    """Reads over messages."""

    def to(self, user: User) -> Self:
        """Return what one person was told, the latest first."""
        return self.filter(recipient=user).order_by("-created_at", "-pk")

    def unread(self) -> Self:
        """Return what has not been read yet."""
        return self.filter(read_at=None)

    def sent(self) -> Self:
        """Return what people sent (催办), reminders of the system left out."""
        return self.filter(sent_by__isnull=False).order_by("-created_at", "-pk")


class Message(ScopedModel):
    """What one person was told: a reminder of the system, or a word from somebody.

    `region` is the division it is about. The recipient reads it whatever post he works
    from; others see only what people sent, in their range, and whether it was read
    (migration 0002). `unique_key` makes sending twice one row. `body` is plain text
    and names no ID number and no phone; `url` is a page of this product.
    """

    recipient = models.ForeignKey(
        User, verbose_name="收件人", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField("种类", max_length=40)
    title = models.CharField("标题", max_length=80)
    body = models.TextField("内容", max_length=2000, blank=True)
    url = models.CharField("页面", max_length=300, blank=True)
    sent_by = models.ForeignKey(
        User,
        verbose_name="发送人",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    unique_key = models.CharField(max_length=160)
    business_date = models.DateField("业务日期")
    created_at = models.DateTimeField("发送时间", default=timezone.now)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        indexes = [
            models.Index(fields=("region", "-created_at"), name="inbox_message_region"),
            models.Index(
                fields=("recipient", "-created_at"), name="inbox_message_recipient"
            ),
            models.Index(
                fields=("recipient",),
                name="inbox_message_unread",
                condition=Q(read_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("recipient", "unique_key"), name="inbox_message_once"
            ),
            models.CheckConstraint(
                name="inbox_message_leads_inside",
                condition=Q(url="") | Q(url__startswith="/") & ~Q(url__startswith="//"),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class NudgeState(models.TextChoices):
    """What became of telling somebody outside."""

    BEGUN = "begun", "正在发"
    SENT = "sent", "已发出"
    FAILED = "failed", "没有发成"


class Nudge(ScopedModel):
    """站外提醒: that a person was pointed to unread messages outside, once a day.

    `region` is the division of the first of them. Written before it is sent.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    recipient = models.ForeignKey(
        User, verbose_name="收件人", on_delete=models.PROTECT, related_name="+"
    )
    day = models.DateField("日期")
    messages = models.PositiveSmallIntegerField("没看的条数")
    state = models.CharField(
        "状态", max_length=6, choices=NudgeState.choices, default=NudgeState.BEGUN
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "站外提醒"
        indexes = [models.Index(fields=("region", "day"), name="inbox_nudge_region")]
        constraints = [
            models.UniqueConstraint(
                fields=("recipient", "day"), name="inbox_nudge_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient} {self.day}"
