"""评家庭: a village's round, what was entered for each household, and what came of it."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from attachments.models import Attachment
from evaluations.models.covenants import CovenantVersion
from evaluations.models.schemes import Scheme, SchemeItem, SchemeTier
from evaluations.rules.rounds import Act, Stage, title_of
from evaluations.rules.schemes import signed
from evaluations.rules.scores import Standing
from households.models import Household
from notices.models import PublicNotice
from regions.models import ScopedForeignKey, ScopedModel

STAGES = [(stage.value, stage.label) for stage in Stage]
ACTS = [(act.value, act.label) for act in Act]
OPEN = [stage.value for stage in Stage if stage.is_open]


class RatingRoundQuerySet(models.QuerySet["RatingRound"]):
    """Reads over rounds."""

    def running(self) -> Self:
        """Return those in which somebody still has to do something."""
        return self.filter(stage__in=OPEN)

    def recording(self) -> Self:
        """Return those that take entries."""
        return self.filter(stage=Stage.RECORD)

    def filed(self) -> Self:
        """Return those that are over."""
        return self.filter(stage=Stage.DONE)


class RatingRound(ScopedModel):
    """一期评定: one village, one edition, one part of the year.

    `stage` is the step to be done now (`evaluations.rules.rounds`); filing follows from
    the calendar and is never stored. The covenants are those in use when it began.
    """

    scheme = models.ForeignKey(
        Scheme, verbose_name="方案", on_delete=models.PROTECT, related_name="+"
    )
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("第几期")
    first_day = models.DateField("从哪天")
    last_day = models.DateField("到哪天")
    stage = models.CharField(
        "阶段", max_length=10, choices=STAGES, default=Stage.RECORD
    )
    covenant_one = ScopedForeignKey(
        CovenantVersion, verbose_name="约一", null=True, blank=True, related_name="+"
    )
    covenant_two = ScopedForeignKey(
        CovenantVersion, verbose_name="约二", null=True, blank=True, related_name="+"
    )
    is_imported = models.BooleanField("由表格导入", default=False)
    began_on = models.DateField("启动日期")
    began_by = models.ForeignKey(
        User, verbose_name="启动人", on_delete=models.PROTECT, related_name="+"
    )
    confirmed_on = models.DateField("确认日期", null=True, blank=True)
    notice = ScopedForeignKey(
        PublicNotice, verbose_name="公示", null=True, blank=True, related_name="+"
    )
    filed_on = models.DateField("备案日期", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RatingRoundQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "家庭评定"
        indexes = [
            models.Index(fields=("region", "stage"), name="eval_round_stage"),
            models.Index(fields=("region", "-first_day"), name="eval_round_days"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "year", "number"),
                condition=~Q(stage="void"),
                name="eval_round_once",
            ),
            models.CheckConstraint(
                name="eval_round_days_in_order",
                condition=Q(last_day__gte=F("first_day")),
            ),
            models.CheckConstraint(
                name="eval_round_confirmed_when_frozen",
                condition=Q(stage__in=["notice", "done"], confirmed_on__isnull=False)
                | ~Q(stage__in=["notice", "done"]) & Q(confirmed_on=None),
            ),
            models.CheckConstraint(
                name="eval_round_filed_when_done",
                condition=Q(stage="done", filed_on__isnull=False)
                | ~Q(stage="done") & Q(filed_on=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}家庭评定"

    def get_absolute_url(self) -> str:
        """Return the round's page."""
        return reverse("evaluations:rating", args=[self.pk])

    @property
    def title(self) -> str:
        """Which part of the year: 2026年第3季度."""
        return title_of(self.year, self.scheme.rounds, self.number)

    @property
    def at(self) -> Stage:
        """The stage as the rules know it."""
        return Stage(self.stage)

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """First and last day, both included."""
        return self.first_day, self.last_day


class RoundStep(ScopedModel):
    """A step of a round: who, when, in which words. Append-only, its own history."""

    round = ScopedForeignKey(RatingRound, verbose_name="评定", related_name="steps")
    act = models.CharField("办理", max_length=10, choices=ACTS)
    stage = models.CharField("到哪一步", max_length=10, choices=STAGES)
    on = models.DateField("日期")
    words = models.CharField("说明", max_length=300, blank=True)
    by = models.ForeignKey(
        User, verbose_name="办理人", on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("办理时间")

    class Meta:
        verbose_name = verbose_name_plural = "评定经过"
        indexes = [models.Index(fields=("region", "round"), name="eval_step_region")]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.on}"


class EntryQuerySet(models.QuerySet["Entry"]):
    """Reads over entries."""

    def standing(self) -> Self:
        """Return entries that count: those that nobody took back."""
        return self.filter(withdrawn_at=None)


class Entry(ScopedModel):
    """加减分记录: what a household did, under which item, how many points, who wrote it.

    Never changed, never deleted (a trigger says so): taken back with a reason.
    """

    round = ScopedForeignKey(RatingRound, verbose_name="评定", related_name="entries")
    household = ScopedForeignKey(
        Household, verbose_name="联系户", related_name="rating_entries"
    )
    item = models.ForeignKey(
        SchemeItem, verbose_name="项目", on_delete=models.PROTECT, related_name="+"
    )
    points = models.SmallIntegerField("分值", default=0)
    on = models.DateField("哪天的事")
    words = models.CharField("情况、依据", max_length=200, blank=True)
    evidence = ScopedForeignKey(
        Attachment, verbose_name="附件", null=True, blank=True, related_name="+"
    )
    entered_by = models.ForeignKey(
        User, verbose_name="记录人", on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField("记录时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User,
        verbose_name="撤回人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    withdrawal = models.CharField("撤回原因", max_length=200, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "加减分记录"
        indexes = [
            models.Index(
                fields=("region", "round", "household"), name="eval_entry_household"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="eval_entry_withdrawn_with_reason",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawal="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawal=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.item}"

    @property
    def points_words(self) -> str:
        """The points as a list shows them: +3, −5, 一票否决."""
        return "一票否决" if self.item.is_veto else signed(self.points)


class SelfAssessment(ScopedModel):
    """农户自评: what a household says of itself. Nobody has to, and it brings no points."""

    round = ScopedForeignKey(
        RatingRound, verbose_name="评定", related_name="self_assessments"
    )
    household = ScopedForeignKey(Household, verbose_name="联系户", related_name="+")
    points = models.SmallIntegerField("自评得分", null=True, blank=True)
    words = models.CharField("自评情况", max_length=300)
    entered_by = models.ForeignKey(
        User, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "农户自评"
        indexes = [models.Index(fields=("region", "round"), name="eval_self_region")]
        constraints = [
            models.UniqueConstraint(
                fields=("round", "household"), name="eval_self_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.household} 自评"


class HouseholdRatingQuerySet(models.QuerySet["HouseholdRating"]):
    """Reads over graded households."""

    def public(self) -> Self:
        """Return those that may stand on a notice: the grades that are put on view."""
        return self.filter(tier__is_public=True)

    def lowest(self) -> Self:
        """Return those in the last grade, which only they themselves are told."""
        return self.filter(tier__threshold=None)

    def untold(self) -> Self:
        """Return those in the last grade who have not been told."""
        return self.lowest().filter(told_on=None)


class HouseholdRating(ScopedModel):
    """评定结果: a household's score and grade, struck when recording ended.

    Frozen from 村“两委” confirming on (a trigger says so); only telling the household
    goes on. `parts` has the score of each category by its name. `is_preferred` is that
    an 优秀代表 lives there.
    """

    round = ScopedForeignKey(RatingRound, verbose_name="评定", related_name="ratings")
    household = ScopedForeignKey(
        Household, verbose_name="联系户", related_name="ratings"
    )
    parts = models.JSONField("各项得分", default=dict)
    plus = models.PositiveSmallIntegerField("加分", default=0)
    minus = models.PositiveSmallIntegerField("减分", default=0)
    total = models.SmallIntegerField("总分")
    vetoes = models.JSONField("一票否决", default=list, blank=True)
    is_preferred = models.BooleanField("优秀代表家庭", default=False)
    tier = models.ForeignKey(
        SchemeTier, verbose_name="等次", on_delete=models.PROTECT, related_name="+"
    )
    placing = models.CharField("调整说明", max_length=200, blank=True)
    remark = models.CharField("备注", max_length=200, blank=True)
    mend = models.CharField("要改进什么", max_length=300, blank=True)
    told_on = models.DateField("告知日期", null=True, blank=True)
    told_by = models.ForeignKey(
        User,
        verbose_name="告知人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = HouseholdRatingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "家庭评定结果"
        indexes = [
            models.Index(fields=("region", "round", "tier"), name="eval_rating_tier")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("round", "household"), name="eval_rating_once"
            ),
            models.CheckConstraint(
                name="eval_rating_told_by_somebody",
                condition=Q(told_on=None, told_by=None)
                | Q(told_on__isnull=False, told_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.tier}"

    @property
    def standing(self) -> Standing:
        """The result as the rules know it."""
        return Standing(self.pk, self.total, bool(self.vetoes), self.is_preferred)


class VillageSetting(ScopedModel):
    """What a village chose for its ratings; without a row, the careful defaults hold."""

    prints_last = models.BooleanField("打印有待进步家庭", default=False)
    decided_on = models.DateField("决定日期")
    basis = models.CharField("哪次会议决定", max_length=100)
    decided_by = models.ForeignKey(
        User, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "评定设置"
        constraints = [
            models.UniqueConstraint(fields=("region",), name="eval_setting_once")
        ]

    def __str__(self) -> str:
        return "打印" if self.prints_last else "不打印"
