"""民情分析会: the village party organisation goes through the month, item by item."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from regions.models import ScopedForeignKey, ScopedModel
from sentiment.models.issues import Issue

FROM_PAPER = {"from_paper": True}
"""What stands for the figures of a meeting that came in from a workbook: none."""


class ReviewState(models.TextChoices):
    """Where a month's review stands."""

    DRAFT = "draft", "正在准备"
    SUBMITTED = "submitted", "已提交"
    RETURNED = "returned", "镇里退回"
    REPLACED = "replaced", "已有更正"


class Decision(models.TextChoices):
    """What the meeting decides on an issue: the four keys of the review page."""

    VILLAGE = "village", "村内解决"
    TOWNSHIP = "township", "报镇里协调"
    EXPLAIN = "explain", "解释说明"
    ASSEMBLY = "assembly", "提交代表会议"


class ReviewQuerySet(models.QuerySet["Review"]):
    """Reads over reviews."""

    def current(self) -> Self:
        """Return the one version of each village and month that is valid or in work."""
        return self.exclude(state=ReviewState.REPLACED)

    def submitted(self) -> Self:
        """Return reviews that the township can read."""
        return self.filter(state=ReviewState.SUBMITTED)

    def of_month(self, month: dt.date) -> Self:
        """Return the reviews of the month that begins on `month`."""
        return self.filter(month=month)


class Review(ScopedModel):
    """One village's 民情分析会 of one month (L34).

    `figures` are those of the moment of submitting; while it is in work they are
    counted live. Submitted it is read-only: a correction is a new row, `corrects`
    names the one it replaces, and the township returns it with a reason.
    """

    month = models.DateField("月份")
    number = models.PositiveSmallIntegerField("版本", default=1)
    corrects = ScopedForeignKey(
        "self", verbose_name="更正", null=True, blank=True, related_name="corrections"
    )
    state = models.CharField(
        "状态", max_length=10, choices=ReviewState.choices, default=ReviewState.DRAFT
    )
    held_on = models.DateField("召开日期", null=True, blank=True)
    place = models.CharField("地点", max_length=60, blank=True)
    chair = models.CharField("主持人", max_length=30, blank=True)
    recorder = models.CharField("记录人", max_length=30, blank=True)
    expected = models.PositiveSmallIntegerField("应到人数", null=True, blank=True)
    present = models.PositiveSmallIntegerField("实到人数", null=True, blank=True)
    attendees = models.CharField("参会人员", max_length=500, blank=True)
    members_say = models.CharField("党员意见", max_length=1000, blank=True)
    representatives_say = models.CharField("代表意见", max_length=1000, blank=True)
    covenants_say = models.CharField(
        "群众对“双约双评”的评价", max_length=1000, blank=True
    )
    last_month = models.CharField("上次事项落实情况", max_length=1000, blank=True)
    conclusion = models.CharField("会议结论", max_length=1000, blank=True)
    figures = models.JSONField("提交时的数字", default=dict, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    submitted_by = models.ForeignKey(
        User,
        verbose_name="提交人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    returned_at = models.DateTimeField("退回时间", null=True, blank=True)
    returned_by = models.ForeignKey(
        User,
        verbose_name="退回人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    return_reason = models.CharField("退回原因", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "民情分析会"
        indexes = [models.Index(fields=("region", "-month"), name="sent_review_region")]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "month"),
                condition=~Q(state="replaced"),
                name="sent_review_once_a_month",
            ),
            models.UniqueConstraint(
                fields=("region", "month", "number"), name="sent_review_numbered"
            ),
            models.UniqueConstraint(
                fields=("corrects",), name="sent_review_corrected_once"
            ),
            models.CheckConstraint(
                name="sent_review_month_is_its_first_day", condition=Q(month__day=1)
            ),
            models.CheckConstraint(
                name="sent_review_submitted_by_somebody",
                condition=~Q(state="submitted")
                | Q(
                    submitted_at__isnull=False,
                    submitted_by__isnull=False,
                    held_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="sent_review_returned_with_a_reason",
                condition=~Q(state="returned")
                | Q(returned_at__isnull=False, returned_by__isnull=False)
                & ~Q(return_reason=""),
            ),
            models.CheckConstraint(
                name="sent_review_present_within_expected",
                condition=Q(present=None)
                | Q(expected=None)
                | Q(present__lte=models.F("expected")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} 民情分析会"

    def get_absolute_url(self) -> str:
        """Return the review's page."""
        return reverse("sentiment:review", args=[self.pk])

    @property
    def is_from_paper(self) -> bool:
        """Say whether it came in as it was written before the system: no figures, no items."""
        return "from_paper" in self.figures


class ReviewItem(ScopedModel):
    """What a review decided on one issue."""

    review = ScopedForeignKey(Review, verbose_name="民情分析会", related_name="items")
    issue = ScopedForeignKey(Issue, verbose_name="民情", related_name="review_items")
    decision = models.CharField(
        "决定", max_length=8, choices=Decision.choices, blank=True
    )
    person = models.CharField("责任人", max_length=30, blank=True)
    due_on = models.DateField("办理时限", null=True, blank=True)
    conclusion = models.CharField("研判结论", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "研判事项"
        indexes = [models.Index(fields=("region", "review"), name="sent_item_review")]
        constraints = [
            models.UniqueConstraint(
                fields=("review", "issue"), name="sent_item_once_a_review"
            )
        ]

    def __str__(self) -> str:
        return f"{self.review} {self.issue}"

    @property
    def term(self) -> dt.date | None:
        """The last day for whoever deals with it; none where the village does not."""
        is_own = self.decision in (Decision.VILLAGE, Decision.ASSEMBLY)
        return self.due_on if is_own else None
