"""What each household is owed next, and the periods that were missed."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from households.models import Household
from regions.models import ScopedForeignKey, ScopedModel
from representatives.models import Representative
from visits.models.policy import CadenceChoice
from visits.models.waivers import Waiver


class DutyQuerySet(models.QuerySet["Duty"]):
    """Reads over duties; each standing is a comparison of `due_on` with a day."""

    def owed(self) -> Self:
        """Return duties of households that somebody looks after."""
        return self.filter(representative__isnull=False)

    def overdue(self, on: dt.date) -> Self:
        """Return duties whose day is past on `on`, waived ones left out."""
        return self.owed().filter(due_on__lt=on).filter(~waived(on))


def waived(on: dt.date) -> Exists:
    """Return the condition that a waiver covers the day `on` for a duty's household."""
    return Exists(
        Waiver.objects.filter(
            household=OuterRef("household"),
            withdrawn_at=None,
            first__lte=on,
            last__gte=on,
        )
    )


class Duty(ScopedModel):
    """What a household is owed next: the stored answer of `visits.rules`.

    Written by database triggers alone, in the transaction of whatever changes its
    facts: visits, waivers, links, categories. `due_on` is the last day of the earliest
    period still to be covered; NULL while nobody looks after the household or nothing
    is owed. `cadence` and `is_key` are those of the day it was computed, `judged_on`.
    """

    household = models.OneToOneField(
        Household,
        verbose_name="联系户",
        on_delete=models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="duty",
    )
    representative = ScopedForeignKey(
        Representative, verbose_name="联系代表", null=True, related_name="duties"
    )
    is_key = models.BooleanField("重点户")
    cadence = models.CharField("走访频次", max_length=8, choices=CadenceChoice.choices)
    due_on = models.DateField("应走访截止", null=True)
    last_visit_on = models.DateField("上次走访", null=True)
    judged_on = models.DateField("计算日期")

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "走访任务"
        indexes = [
            # Holds all that dashboards count by: they read the index alone.
            models.Index(
                fields=("region", "due_on"),
                include=("household", "representative", "cadence", "last_visit_on"),
                name="visits_duty_standing",
            ),
            models.Index(
                fields=("representative", "due_on"), name="visits_duty_rep_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.due_on}"


class DutyTally(ScopedModel):
    """Households of a village whose duties are alike: a sum, or what changed since.

    Written by the triggers of `visits_duty` alone (`visits.tallying`): the rows of a
    heap add up to how many households are in it. `seen_in` is the first day of the
    month of the last visit: no period begins within a month.
    """

    is_held = models.BooleanField("有人联系")
    cadence = models.CharField("走访频次", max_length=8, choices=CadenceChoice.choices)
    due_on = models.DateField("应走访截止", null=True)
    seen_in = models.DateField("上次走访的月份", null=True)
    households = models.IntegerField("户数")

    class Meta:
        verbose_name = verbose_name_plural = "走访任务计数"
        indexes = [
            models.Index(
                fields=("region",),
                include=("is_held", "cadence", "due_on", "seen_in", "households"),
                name="visits_tally_heap",
            )
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.due_on} {self.households:+}"


class OverdueFlag(ScopedModel):
    """A missed period of a household: written once, by the night or before a visit.

    Never undone. `resolved_on` is the day of the visit that made up for it (补访).
    """

    household = ScopedForeignKey(Household, verbose_name="联系户", related_name="flags")
    representative = ScopedForeignKey(
        Representative, verbose_name="当时的联系代表", null=True, related_name="+"
    )
    cadence = models.CharField("频次", max_length=8, choices=CadenceChoice.choices)
    period_start = models.DateField("周期开始")
    period_end = models.DateField("周期结束")
    flagged_on = models.DateField("标记日期")
    resolved_on = models.DateField("补访日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "超期标记"
        indexes = [
            models.Index(fields=("region", "period_end"), name="visits_flag_region"),
            models.Index(
                fields=("household",),
                condition=Q(resolved_on=None),
                name="visits_flag_open",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("household", "cadence", "period_start"),
                name="visits_flag_once_a_period",
            )
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.period_end}"
