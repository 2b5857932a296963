"""By-elections: which seats, who stands, how it was voted, when it was filed; the survey."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from accounts.sealing import SealedField
from notices.models import PublicNotice
from regions.models import ScopedForeignKey, ScopedModel, VillagerGroup
from representatives.models.people import (
    Education,
    Mandate,
    MandateEnd,
    Politics,
    Representative,
    Sex,
)
from representatives.models.seats import Constituency, Mode, Seat
from representatives.rules.by_elections import Stage

STAGES = [(stage.value, stage.label) for stage in Stage]


class VoterKind(models.TextChoices):
    """Who is counted at the meeting (村民委员会组织法 art. 28)."""

    HOUSEHOLDS = "households", "户的代表"
    ADULTS = "adults", "十八周岁以上村（居）民"


class NominatedBy(models.TextChoices):
    """How somebody came to stand."""

    SELF = "self", "自荐"
    HOUSEHOLDS = "households", "户代表联名推荐"
    GROUP = "group", "村（居）民小组推荐"
    PARTY = "party", "党组织推荐"


class ByElectionQuerySet(models.QuerySet["ByElection"]):
    """Reads over by-elections."""

    def running(self) -> Self:
        """Return those in which somebody still has to do something."""
        return self.exclude(stage__in=(Stage.DONE, Stage.VOID))


class ByElection(ScopedModel):
    """补选: the vacant seats of one constituency, from the survey to the filing.

    `stage` is the step that has to be done now (`representatives.rules.by_elections`).
    `version` counts steps, so that of two people who act at once the second is told.
    """

    constituency = ScopedForeignKey(
        Constituency, verbose_name="推选单元", related_name="by_elections"
    )
    stage = models.CharField("阶段", max_length=10, choices=STAGES, default=Stage.PLAN)
    started_on = models.DateField("启动日期")
    started_by = models.ForeignKey(
        User, verbose_name="启动人", on_delete=models.PROTECT, related_name="+"
    )
    meets_on = models.DateField("推选日期", null=True, blank=True)
    place = models.CharField("推选地点", max_length=60, blank=True)
    presider = models.CharField("主持人", max_length=30, blank=True)
    mode = models.CharField("推选方式", max_length=10, choices=Mode.choices)
    voters = models.CharField(
        "参加人员",
        max_length=10,
        choices=VoterKind.choices,
        default=VoterKind.HOUSEHOLDS,
    )
    entitled = models.PositiveIntegerField("应到人数", null=True, blank=True)
    plan_note = models.CharField("方案说明", max_length=300, blank=True)
    submitted_on = models.DateField("方案报送日期", null=True, blank=True)
    reviewed_on = models.DateField("审核日期", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        User,
        verbose_name="审核人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    review_words = models.CharField("审核意见", max_length=300, blank=True)
    notice = ScopedForeignKey(
        PublicNotice, verbose_name="公示", null=True, blank=True, related_name="+"
    )
    filed_on = models.DateField("备案日期", null=True, blank=True)
    filed_by = models.ForeignKey(
        User,
        verbose_name="备案人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    archive_number = models.CharField("纸质档案号", max_length=40, blank=True)
    cancelled_on = models.DateField("作废日期", null=True, blank=True)
    cancel_reason = models.CharField("作废原因", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ByElectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "补选"
        indexes = [
            models.Index(fields=("region", "stage"), name="reps_byel_region_stage"),
            models.Index(fields=("region", "filed_on"), name="reps_byel_region_filed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("constituency",),
                condition=~Q(stage__in=["done", "void"]),
                name="reps_byel_one_running",
            ),
            models.CheckConstraint(
                name="reps_byel_filed_when_done",
                condition=Q(stage="done", filed_on__isnull=False)
                | ~Q(stage="done") & Q(filed_on=None),
            ),
            models.CheckConstraint(
                name="reps_byel_void_with_reason",
                condition=~Q(stage="void") | ~Q(cancel_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.constituency}补选"

    def get_absolute_url(self) -> str:
        """Return the page of the by-election."""
        return reverse("representatives:by-election", args=[self.pk])

    @property
    def at(self) -> Stage:
        """The stage as the rules know it."""
        return Stage(self.stage)


class Vacancy(ScopedModel):
    """出缺登记: a vacant seat of a by-election, why and since when it is vacant (L10)."""

    by_election = ScopedForeignKey(
        ByElection, verbose_name="补选", related_name="vacancies"
    )
    seat = ScopedForeignKey(Seat, verbose_name="席位", related_name="vacancies")
    cause = models.CharField("出缺原因", max_length=12, blank=True)
    since = models.DateField("出缺日期")
    evidence = models.CharField("出缺依据", max_length=200)
    former = ScopedForeignKey(
        Representative,
        verbose_name="原代表",
        null=True,
        blank=True,
        related_name="+",
    )
    mandate = ScopedForeignKey(
        Mandate,
        verbose_name="补选产生的任职",
        null=True,
        blank=True,
        related_name="filled",
    )

    class Meta:
        verbose_name = verbose_name_plural = "出缺登记"
        indexes = [
            models.Index(
                fields=("region", "by_election"), name="reps_vacancy_region_byel"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("by_election", "seat"), name="reps_vacancy_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat}出缺"

    @property
    def cause_label(self) -> str:
        """The cause as ledger 6 names it."""
        return MandateEnd(self.cause).label if self.cause else "新设席位"


class Candidate(ScopedModel):
    """候选人: a resident who stands. On filing an elected one becomes a representative.

    `has_rights` is what the village declares (L07); `on_committee` makes it impossible
    to be counted as a representative (L09).
    """

    by_election = ScopedForeignKey(
        ByElection, verbose_name="补选", related_name="candidates"
    )
    name = models.CharField("姓名", max_length=30)
    sex = models.CharField("性别", max_length=1, choices=Sex.choices)
    nation = models.CharField("民族", max_length=20, default="汉族")
    birth_year = models.PositiveSmallIntegerField("出生年份", null=True, blank=True)
    id_number = SealedField("身份证号", kind="id_number", null=True, blank=True)
    id_index = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 - NULL is "not known" for the unique key
    phone = SealedField("联系电话", kind="phone", null=True, blank=True)
    phone_index = models.CharField(max_length=64, blank=True)
    education = models.CharField(
        "文化程度", max_length=12, choices=Education.choices, blank=True
    )
    politics = models.CharField("政治面貌", max_length=12, choices=Politics.choices)
    group = ScopedForeignKey(
        VillagerGroup,
        verbose_name="所在小组",
        null=True,
        blank=True,
        related_name="+",
    )
    offices = ArrayField(
        models.CharField(max_length=20), verbose_name="兼任", default=list, blank=True
    )
    draws_allowance = models.BooleanField("领取固定补贴", default=False)
    nominated_by = models.CharField(
        "推荐方式", max_length=12, choices=NominatedBy.choices
    )
    has_rights = models.BooleanField("确认未被剥夺政治权利", default=False)
    on_committee = models.BooleanField("是村（居）委会成员", default=False)
    former = ScopedForeignKey(
        Representative,
        verbose_name="以前任过代表",
        null=True,
        blank=True,
        related_name="+",
    )
    is_elected = models.BooleanField("当选", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "补选候选人"
        indexes = [
            models.Index(
                fields=("region", "by_election"), name="reps_candidate_region_byel"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("by_election", "id_index"), name="reps_candidate_id_once"
            ),
            models.UniqueConstraint(
                fields=("by_election", "name", "group"),
                name="reps_candidate_name_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="reps_candidate_sealed_indexed",
                condition=Q(id_number=None, id_index=None)
                | Q(id_number__isnull=False, id_index__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_party_member(self) -> bool:
        """Whether the person is a party member, probationary ones included."""
        return self.politics in (Politics.MEMBER, Politics.PROBATIONARY)


class Round(ScopedModel):
    """一轮投票: numbers of people, then of ballots. A tie makes another one.

    `quorum_reason` is why the result stands although too few were there (L11).
    """

    by_election = ScopedForeignKey(
        ByElection, verbose_name="补选", related_name="rounds"
    )
    number = models.PositiveSmallIntegerField("第几轮")
    held_on = models.DateField("投票日期")
    entitled = models.PositiveIntegerField("应到")
    present = models.PositiveIntegerField("实到")
    issued = models.PositiveIntegerField("发出票")
    returned = models.PositiveIntegerField("收回票")
    invalid = models.PositiveIntegerField("无效票")
    seats = models.PositiveSmallIntegerField("本轮名额")
    quorum_reason = models.CharField("不足法定人数的说明", max_length=200, blank=True)
    tellers = models.CharField("监票人、计票人", max_length=60, blank=True)
    recorded_by = models.ForeignKey(
        User, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField("登记时间")
    set_aside_on = models.DateField("宣布无效的日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "补选投票"
        ordering = ("number",)
        indexes = [
            models.Index(
                fields=("region", "by_election"), name="reps_round_region_byel"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("by_election", "number"), name="reps_round_number_once"
            ),
            models.CheckConstraint(
                name="reps_round_ballots_balance",
                condition=Q(present__lte=F("entitled"))
                & Q(issued__lte=F("present"))
                & Q(returned__lte=F("issued"))
                & Q(invalid__lte=F("returned")),
            ),
        ]

    def __str__(self) -> str:
        return f"第 {self.number} 轮"

    @property
    def valid(self) -> int:
        """Ballots that count."""
        return self.returned - self.invalid


class Vote(ScopedModel):
    """What the valid ballots of a round say about one candidate."""

    round = ScopedForeignKey(Round, verbose_name="投票", related_name="votes")
    candidate = ScopedForeignKey(Candidate, verbose_name="候选人", related_name="votes")
    votes_for = models.PositiveIntegerField("赞成")
    votes_against = models.PositiveIntegerField("反对")
    votes_abstaining = models.PositiveIntegerField("弃权")

    class Meta:
        verbose_name = verbose_name_plural = "得票"
        indexes = [models.Index(fields=("region", "round"), name="reps_vote_region")]
        constraints = [
            models.UniqueConstraint(
                fields=("round", "candidate"), name="reps_vote_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate} {self.votes_for}"


class SurveyConfirmation(ScopedModel):
    """摸底确认: a village's seats as the township confirmed them for a quarter."""

    year = models.PositiveSmallIntegerField("年份")
    quarter = models.PositiveSmallIntegerField("季度")
    seats = models.PositiveIntegerField("应有代表数")
    filled = models.PositiveIntegerField("现有数")
    vacant = models.PositiveIntegerField("缺额数")
    causes = models.JSONField("出缺原因", default=dict, blank=True)
    confirmed_on = models.DateField("确认日期")
    confirmed_by = models.ForeignKey(
        User, verbose_name="确认人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "摸底确认"
        constraints = [
            models.UniqueConstraint(
                fields=("region", "year", "quarter"), name="reps_survey_once"
            ),
            models.CheckConstraint(
                name="reps_survey_quarter", condition=Q(quarter__gte=1, quarter__lte=4)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年第 {self.quarter} 季度"
