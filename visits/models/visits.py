"""Visits, each a row that is never changed into another one."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import TruncDate
from django.urls import reverse

from accounts.models import User
from households.models import Household
from regions.models import ScopedForeignKey, ScopedModel
from representatives.models import Representative


class Way(models.TextChoices):
    """走访方式. Which of them count is the city's policy; by default at the door only."""

    DOOR = "door", "上门"
    PHONE = "phone", "电话"
    FIELD = "field", "田间地头"
    MEETING = "meeting", "院落会"
    TALK = "talk", "恳谈会"
    OTHER = "other", "其他"


class Satisfaction(models.TextChoices):
    """What the household felt."""

    SATISFIED = "good", "满意"
    NEUTRAL = "fair", "一般"
    DISSATISFIED = "bad", "不满"


class VisitQuerySet(models.QuerySet["Visit"]):
    """Reads over visits."""

    def standing(self) -> Self:
        """Return visits that are neither withdrawn nor replaced by a correction."""
        return self.filter(withdrawn_at=None)


class Visit(ScopedModel):
    """One contact with a household. Append-only: a correction is a new row.

    `id` is made by the phone, so that sending twice stores once; `fingerprint` tells a
    second sending from other content under the same id. `counts` says whether the way
    counted under the policy of its day. A row stops standing when it is withdrawn, or
    replaced by the row whose `corrects` names it.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    household = ScopedForeignKey(
        Household, verbose_name="走访对象", related_name="visits"
    )
    representative = ScopedForeignKey(
        Representative, verbose_name="走访代表", related_name="visits"
    )
    visited_on = models.DateField("走访时间")
    way = models.CharField(
        "走访方式", max_length=8, choices=Way.choices, default="door"
    )
    counts = models.BooleanField("算数")
    has_matter = models.BooleanField("有情况", default=False)
    topics = ArrayField(
        models.CharField(max_length=20),
        verbose_name="反映类别",
        default=list,
        blank=True,
    )
    words = models.CharField("反映问题/诉求", max_length=500, blank=True)
    answer = models.CharField("现场答复或处理", max_length=300, blank=True)
    satisfaction = models.CharField(
        "满意吗", max_length=4, choices=Satisfaction.choices, blank=True
    )
    for_village = models.BooleanField("要村里办", default=False)
    marks = ArrayField(
        models.CharField(max_length=20),
        verbose_name="五必访、五必记",
        default=list,
        db_default=[],
        blank=True,
    )
    entered_by = models.ForeignKey(
        User, verbose_name="录入人", on_delete=models.PROTECT, related_name="+"
    )
    on_behalf = models.BooleanField("代录", default=False)
    captured_at = models.DateTimeField("记录时间")
    received_at = models.DateTimeField("收到时间")
    fingerprint = models.CharField(max_length=64)
    corrects = ScopedForeignKey(
        "self", verbose_name="更正", null=True, blank=True, related_name="corrections"
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawal = models.CharField("撤回原因", max_length=200, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "走访记录"
        indexes = [
            models.Index(fields=("region", "-visited_on"), name="visits_region_day"),
            # With the region: by the household alone the planner reads a township's
            # whole index beside it, which grows with the visits ever made. It holds
            # all that the due rule asks, so that the rows themselves are not read.
            models.Index(
                fields=("household", "region", "-visited_on"),
                include=("representative", "counts", "withdrawn_at"),
                name="visits_household_days",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="visits_not_in_the_future",
                condition=Q(visited_on__lte=TruncDate("received_at")),
            ),
            models.CheckConstraint(
                name="visits_withdrawal_says_who_and_why",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawal="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawal=""),
            ),
            models.UniqueConstraint(fields=("corrects",), name="visits_corrected_once"),
        ]

    def __str__(self) -> str:
        return f"{self.visited_on} {self.household}"

    def get_absolute_url(self) -> str:
        """Return the visit's page at the desk."""
        return reverse("visits:record", args=[self.pk])
