"""Honours: who was commended and was given what, whom the party brings on, 示范村."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from appraisals.models.appraisals import AppraisalResult
from attachments.models import Attachment
from regions.models import ScopedForeignKey, ScopedModel
from representatives.models import Representative


class Given(models.TextChoices):
    """What comes with the honour: 发一次奖金或纪念品 (the report)."""

    NOTHING = "", "只发荣誉奖牌"
    BONUS = "bonus", "奖金"
    GIFT = "gift", "纪念品"


class HonourQuerySet(models.QuerySet["Honour"]):
    """Reads over honours."""

    def of_year(self, year: int) -> Self:
        """Return the honours of a year, as in the roll."""
        return self.filter(year=year).order_by(
            "region_id", "representative__group__number", "representative__initials"
        )


class Honour(ScopedModel):
    """优秀代表: one person of one year, the plaque (号牌), what was given, who took it.

    Only of a result that is filed as 优秀; the database holds that. `amount` is in yuan.
    """

    result = models.OneToOneField(
        AppraisalResult,
        verbose_name="评议结果",
        on_delete=models.PROTECT,
        db_constraint=False,  # EnableScope makes it, with the region
        related_name="honour",
    )
    representative = ScopedForeignKey(
        Representative, verbose_name="代表", related_name="honours"
    )
    year = models.PositiveSmallIntegerField("年度")
    plaque = models.CharField("号牌编号", max_length=20)
    awarded_on = models.DateField("表彰日期")
    given = models.CharField(
        "发了什么", max_length=5, choices=Given.choices, blank=True
    )
    amount = models.DecimalField(
        "奖金（元）", max_digits=8, decimal_places=2, null=True, blank=True
    )
    gift = models.CharField("纪念品", max_length=40, blank=True)
    received_on = models.DateField("领取日期", null=True, blank=True)
    receiver = models.CharField("领取人", max_length=30, blank=True)
    entered_by = models.ForeignKey(
        User, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField("登记时间", default=timezone.now)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = HonourQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "优秀代表"
        indexes = [models.Index(fields=("region", "year"), name="eval_honour_region")]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "plaque"), name="eval_honour_plaque_once"
            ),
            models.CheckConstraint(
                name="eval_honour_given_is_named",
                condition=Q(given="", amount=None, gift="")
                | Q(given="bonus", amount__gt=0, gift="")
                | Q(given="gift", amount=None) & ~Q(gift=""),
            ),
            models.CheckConstraint(
                name="eval_honour_received_by_somebody",
                condition=Q(received_on=None, receiver="")
                | Q(received_on__isnull=False) & ~Q(receiver=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年优秀代表 {self.representative}"

    @property
    def given_words(self) -> str:
        """What was given, in words."""
        if self.given == Given.BONUS:
            return f"奖金 {self.amount:,.2f} 元"
        return self.gift if self.given == Given.GIFT else "荣誉奖牌"


class Commendation(ScopedModel):
    """集中表彰 of a year, by a village or a township: when, where, the group photo."""

    year = models.PositiveSmallIntegerField("年度")
    held_on = models.DateField("表彰日期")
    place = models.CharField("地点", max_length=60)
    words = models.CharField("说明", max_length=500, blank=True)
    entered_by = models.ForeignKey(
        User, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField("登记时间", default=timezone.now)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "集中表彰"
        indexes = [models.Index(fields=("region", "year"), name="eval_commend_region")]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "year"), name="eval_commend_once_a_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} 年集中表彰"


class CommendationPhoto(ScopedModel):
    """集体留影 of a commendation."""

    commendation = ScopedForeignKey(
        Commendation, verbose_name="集中表彰", related_name="photos"
    )
    attachment = ScopedForeignKey(Attachment, verbose_name="照片", related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "集体留影"
        indexes = [
            models.Index(fields=("region", "commendation"), name="eval_photo_region")
        ]
        constraints = [
            models.UniqueConstraint(fields=("attachment",), name="eval_photo_once")
        ]

    def __str__(self) -> str:
        return f"{self.commendation} {self.attachment}"


class GrowthKind(models.TextChoices):
    """How the party brings somebody on (the report: 结合双约双评加强正面引导)."""

    ACTIVIST = "activist", "入党积极分子"
    RESERVE = "reserve", "村级后备干部"


class GrowthQuerySet(models.QuerySet["Growth"]):
    """Reads over the party's list."""

    def standing(self) -> Self:
        """Return entries that have not ended."""
        return self.filter(ended_on=None)


class Growth(ScopedModel):
    """培养: a dated flag and who set it. The party's list, seen by those who keep it."""

    representative = ScopedForeignKey(
        Representative, verbose_name="代表", related_name="growth"
    )
    kind = models.CharField("培养方向", max_length=8, choices=GrowthKind.choices)
    started_on = models.DateField("确定日期")
    decided = models.CharField("依据", max_length=100)
    set_by = models.ForeignKey(
        User, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    ended_on = models.DateField("结束日期", null=True, blank=True)
    outcome = models.CharField("结束原因", max_length=100, blank=True)
    ended_by = models.ForeignKey(
        User,
        verbose_name="结束登记人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = GrowthQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "培养对象"
        indexes = [models.Index(fields=("region", "kind"), name="eval_growth_region")]
        constraints = [
            models.UniqueConstraint(
                fields=("representative", "kind"),
                condition=Q(ended_on=None),
                name="eval_growth_once_at_a_time",
            ),
            models.CheckConstraint(
                name="eval_growth_ended_whole",
                condition=Q(ended_on=None, ended_by=None, outcome="")
                | Q(
                    ended_on__gte=models.F("started_on"),
                    ended_by__isnull=False,
                )
                & ~Q(outcome=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.representative} {self.get_kind_display()}"


class Demonstration(ScopedModel):
    """示范村 of a township and year, with what others may learn from it.

    选树 1–2 个村召开观摩学习会 (the report); the most of a township is the plan's. Which
    观摩学习会 were held there is told by `appraisals.learning`.
    """

    year = models.PositiveSmallIntegerField("年度")
    chosen_on = models.DateField("确定日期")
    lessons = models.CharField("可学的做法", max_length=500)
    chosen_by = models.ForeignKey(
        User, verbose_name="确定人", on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "示范村"
        indexes = [models.Index(fields=("region", "year"), name="eval_demo_region")]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "year"), name="eval_demo_once_a_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} 年示范村"

    def get_absolute_url(self) -> str:
        """Return the list of the year."""
        return f"{reverse('appraisals:demonstrations')}?year={self.year}"
