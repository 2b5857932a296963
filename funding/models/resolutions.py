"""补贴决议: the meeting that decided who is paid for lost time, and how much."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from funding import rules
from funding.models.fund import money
from regions.models import ScopedForeignKey, ScopedModel
from representatives.models import Representative


class MeetingKind(models.TextChoices):
    """Who decided."""

    ASSEMBLY = "assembly", "村（居）民代表会议"
    ADULTS = "adults", "村（居）民会议（十八周岁以上）"
    HOUSEHOLDS = "households", "村（居）民会议（户的代表）"


class ResolutionQuerySet(models.QuerySet["Resolution"]):
    """Reads over resolutions."""

    def standing(self) -> Self:
        """Return those that were not taken back."""
        return self.filter(withdrawn_on=None)

    def in_force(self, month: dt.date) -> Self:
        """Return those that had begun in a month, the one in force first."""
        return self.standing().filter(starts_on__lte=month).order_by("-starts_on")


class Resolution(ScopedModel):
    """One resolution of a village (村民委员会组织法 art. 24(1); L23, L24, L39).

    In force from the month `starts_on` until a later one begins. `per_visit` nought:
    workload does not count. `reason` is why the amounts lie outside the city's band.
    Once a sheet is made by it, the database lets nobody change it.
    """

    meeting = models.CharField("会议", max_length=10, choices=MeetingKind.choices)
    held_on = models.DateField("开会日期")
    studied_on = models.DateField("党组织研究日期", null=True, blank=True)
    entitled = models.PositiveIntegerField("应到")
    present = models.PositiveIntegerField("实到")
    votes_for = models.PositiveIntegerField("同意")
    rate = money("每月标准")
    per_visit = money("每走访一户次", default=0)
    most = money("每月最高")
    starts_on = models.DateField("从哪个月起")
    reason = models.CharField("超出标准的原因", max_length=200, blank=True)
    entered_by = models.ForeignKey(
        User, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField("登记时间")
    withdrawn_on = models.DateField("作废日期", null=True, blank=True)
    withdrawal = models.CharField("作废原因", max_length=200, blank=True)

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "补贴决议"
        indexes = [
            models.Index(fields=("region", "-starts_on"), name="funding_resol_region")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "starts_on"),
                condition=Q(withdrawn_on=None),
                name="funding_resol_one_a_month",
            ),
            models.CheckConstraint(
                name="funding_resol_votes_balance",
                condition=Q(present__lte=F("entitled"), votes_for__lte=F("present")),
            ),
            models.CheckConstraint(
                name="funding_resol_amounts_fit",
                condition=Q(rate__gt=0, per_visit__gte=0, most__gte=F("rate")),
            ),
            models.CheckConstraint(
                name="funding_resol_month_is_its_first_day",
                condition=Q(starts_on__day=1),
            ),
            models.CheckConstraint(
                name="funding_resol_withdrawn_with_reason",
                condition=Q(withdrawn_on=None, withdrawal="")
                | Q(withdrawn_on__isnull=False) & ~Q(withdrawal=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held_on} {self.get_meeting_display()}决议"

    def get_absolute_url(self) -> str:
        """Return the resolution's page."""
        return reverse("funding:resolution", args=[self.pk])

    @property
    def terms(self) -> rules.Terms:
        """What it pays, for the rules."""
        return rules.Terms(self.rate, self.per_visit, self.most)

    @property
    def pays(self) -> str:
        """What it pays, in words."""
        if not self.per_visit:
            return f"每月 {rules.said(self.rate)}"
        return (
            f"每月 {rules.said(self.rate)}，每走访一户次加 {rules.said(self.per_visit)}，"
            f"最高 {rules.said(self.most)}"
        )


class LeftOut(ScopedModel):
    """A representative whom a resolution does not pay, for he draws a fixed allowance."""

    resolution = ScopedForeignKey(
        Resolution, verbose_name="决议", related_name="left_out"
    )
    representative = ScopedForeignKey(
        Representative, verbose_name="代表", related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "不发补贴的代表"
        indexes = [
            models.Index(fields=("region", "resolution"), name="funding_leftout_region")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("resolution", "representative"), name="funding_leftout_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.representative}"
