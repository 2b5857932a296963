"""免访: days on which a household is owed no visit."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from households.models import Household
from regions.models import ScopedForeignKey, ScopedModel


class Reason(models.TextChoices):
    """Why a household need not be visited for a while."""

    AWAY = "away", "外出"
    HOSPITAL = "hospital", "住院"
    REFUSES = "refuses", "拒访"
    OTHER = "other", "其他"


class WaiverQuerySet(models.QuerySet["Waiver"]):
    """Reads over waivers."""

    def standing(self) -> Self:
        """Return waivers that were not withdrawn."""
        return self.filter(withdrawn_at=None)

    def covering(self, on: dt.date) -> Self:
        """Return waivers under which no visit is owed on the day `on`."""
        return self.standing().filter(first__lte=on, last__gte=on)


class Waiver(ScopedModel):
    """免访: no visit is owed from `first` to `last`, both included.

    Ended early, `last` moves; withdrawn, it is as if it had never been, with the reason
    beside it.
    """

    household = ScopedForeignKey(
        Household, verbose_name="联系户", related_name="waivers"
    )
    first = models.DateField("开始日期")
    last = models.DateField("截止日期")
    reason = models.CharField("原因", max_length=10, choices=Reason.choices)
    note = models.CharField("说明", max_length=100, blank=True)
    entered_by = models.ForeignKey(
        User, verbose_name="录入人", on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField(
        "登记时间", default=timezone.now, db_default=Now()
    )
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User,
        verbose_name="撤销人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    withdrawal = models.CharField("撤销原因", max_length=100, blank=True, db_default="")

    objects = WaiverQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "免访"
        indexes = [
            models.Index(fields=("region", "last"), name="visits_waiver_region"),
            models.Index(fields=("household",), name="visits_waiver_household"),
        ]
        constraints = [
            models.CheckConstraint(
                name="visits_waiver_ends_after_start", condition=Q(last__gte=F("first"))
            ),
            models.CheckConstraint(
                name="visits_waiver_withdrawal_says_who_and_why",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawal="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawal=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.get_reason_display()}"
