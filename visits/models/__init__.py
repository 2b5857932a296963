"""Visits and what follows from them: one due date for each household."""

import datetime as dt
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now, TruncDate
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from attachments.models import Attachment
from households.models import Household
from regions.models import ScopedForeignKey, ScopedModel
from representatives.models import Representative
from visits.models.policy import CadenceChoice, DutyCheck, PlanState, Policy, PolicyPlan
from visits.models.topics import Topic
from visits.models.urging import Urging

__all__ = [
    "CadenceChoice",
    "Duty",
    "DutyCheck",
    "DutyQuerySet",
    "HandedState",
    "HandedVisit",
    "OverdueFlag",
    "PlanState",
    "Policy",
    "PolicyPlan",
    "Reason",
    "Satisfaction",
    "Topic",
    "Urging",
    "Visit",
    "VisitQuerySet",
    "Waiver",
    "Way",
    "waived",
]


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


class OverdueFlag(ScopedModel):
    """A missed period of a household: written once by the night, never undone.

    `resolved_on` is the day of the visit that made up for it (补访).
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


class HandedState(models.TextChoices):
    """Where a record that was handed to the village stands."""

    WAITING = "waiting", "等村里处理"
    TAKEN = "taken", "村里已收"
    DECLINED = "declined", "村里没有收"


class HandedVisit(ScopedModel):
    """A visit that could not be stored as its representative's, handed to the village.

    It comes from the outbox of a phone: the household went to somebody else meanwhile,
    or the day lies outside the link. Nothing that was recorded at a door is lost
    (reliability 4.2, rule 7): the village takes it up or says why not. `id` is the
    phone's id of the visit; `head` is the household as the phone knew it, for it may
    no longer be his to see.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    household = ScopedForeignKey(
        Household, verbose_name="走访对象", null=True, related_name="+"
    )
    head = models.CharField("户主", max_length=30)
    representative = ScopedForeignKey(
        Representative, verbose_name="走访代表", related_name="+"
    )
    visited_on = models.DateField("走访时间")
    has_matter = models.BooleanField("有情况", default=False)
    topics = ArrayField(
        models.CharField(max_length=20), verbose_name="反映类别", default=list
    )
    words = models.CharField("反映问题/诉求", max_length=500, blank=True)
    satisfaction = models.CharField(
        "满意吗", max_length=4, choices=Satisfaction.choices, blank=True
    )
    for_village = models.BooleanField("要村里办", default=False)
    refusal = models.CharField("没有记上的原因", max_length=200)
    captured_at = models.DateTimeField("记录时间")
    handed_at = models.DateTimeField("交来时间")
    handed_by = models.ForeignKey(
        User, verbose_name="交来人", on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        "状态", max_length=8, choices=HandedState.choices, default="waiting"
    )
    settled_at = models.DateTimeField("处理时间", null=True)
    settled_by = models.ForeignKey(
        User,
        verbose_name="处理人",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    answer = models.CharField("处理说明", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "代表交来的走访"
        indexes = [
            models.Index(
                fields=("region", "state", "-handed_at"), name="visits_handed_region"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="visits_handed_settled_by_somebody",
                condition=Q(state="waiting", settled_at=None, settled_by=None)
                | ~Q(state="waiting")
                & Q(settled_at__isnull=False, settled_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.visited_on} {self.head}"


class MarkKind(models.TextChoices):
    """The two lists of the city's slogan 五必访、五必记 (domain 3.6)."""

    MUST_VISIT = "visit", "五必访"
    MUST_RECORD = "record", "五必记"


class Mark(models.Model):
    """One item of 五必访 or 五必记, as the city words it; a visit keeps the words.

    The city's own lists, the same for all: outside row-level security. What the five
    are is not known (domain 3.6), so that all of them begin switched off.
    """

    kind = models.CharField("属于", max_length=8, choices=MarkKind.choices)
    name = models.CharField("名称", max_length=20)
    order = models.PositiveSmallIntegerField("顺序")
    is_on = models.BooleanField("启用", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "五必访、五必记"
        constraints = [
            models.UniqueConstraint(fields=("kind", "name"), name="visits_mark_once")
        ]

    def __str__(self) -> str:
        return self.name


class BurstAnswer(ScopedModel):
    """What the village says of visits that were noted all at once: 属实, and why.

    `visits` are those that the question was about. A question is open as long as one of
    its visits stands in no answer (`visits.bursts`); nothing else follows from either.
    """

    representative = ScopedForeignKey(
        Representative, verbose_name="代表", related_name="+"
    )
    visits = ArrayField(models.UUIDField(), verbose_name="走访记录")
    note = models.CharField("说明", max_length=200)
    answered_at = models.DateTimeField("核实时间")
    answered_by = models.ForeignKey(
        User, verbose_name="核实人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "走访核实"
        indexes = [
            models.Index(fields=("region", "-answered_at"), name="visits_burst_region")
        ]

    def __str__(self) -> str:
        return f"{self.representative} {self.note}"


class Enclosure(ScopedModel):
    """A photo or voice note that came with a visit, or with one that was handed over.

    A corrected visit and its correction both have it.
    """

    visit = ScopedForeignKey(
        Visit, verbose_name="走访", null=True, related_name="enclosures"
    )
    handed = ScopedForeignKey(
        HandedVisit, verbose_name="交来的走访", null=True, related_name="enclosures"
    )
    attachment = ScopedForeignKey(Attachment, verbose_name="附件", related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "走访附件"
        indexes = [
            models.Index(fields=("region", "visit"), name="visits_enclosure_region")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("visit", "attachment"), name="visits_enclosed_once"
            ),
            models.UniqueConstraint(
                fields=("handed", "attachment"), name="visits_enclosed_handed_once"
            ),
            models.CheckConstraint(
                name="visits_enclosure_belongs_to_one",
                condition=Q(visit=None, handed__isnull=False)
                | Q(visit__isnull=False, handed=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.attachment)
