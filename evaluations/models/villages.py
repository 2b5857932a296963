"""评村: a village's rating of a year, computed and by hand, frozen when confirmed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from attachments.models import Attachment
from evaluations.models.schemes import Scheme, SchemeItem, SchemeTier
from notices.models import PublicNotice
from regions.models import ScopedForeignKey, ScopedModel


class VillageState(models.TextChoices):
    """Where a village's rating stands."""

    SCORING = "scoring", "镇里打分"
    CONFIRMED = "confirmed", "已确定，待公示"
    FILED = "filed", "已备案"


class VillageRating(ScopedModel):
    """A village's year: `lines` are the frozen items with counts and points.

    While it is scored nothing is stored but the township's points: what the system
    counts is counted anew each time somebody looks. A past year's result that came in from
    a workbook (`is_imported`) is as it was on paper, quota or not.
    """

    scheme = models.ForeignKey(
        Scheme, verbose_name="方案", on_delete=models.PROTECT, related_name="+"
    )
    year = models.PositiveSmallIntegerField("年度")
    state = models.CharField(
        "状态",
        max_length=10,
        choices=VillageState.choices,
        default=VillageState.SCORING,
    )
    lines = models.JSONField("各项得分", default=list, blank=True)
    total = models.DecimalField(
        "总分", max_digits=5, decimal_places=1, null=True, blank=True
    )
    tier = models.ForeignKey(
        SchemeTier,
        verbose_name="等次",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    remark = models.CharField("说明", max_length=200, blank=True)
    confirmed_on = models.DateField("确定日期", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User,
        verbose_name="确定人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    notice = ScopedForeignKey(
        PublicNotice, verbose_name="公示", null=True, blank=True, related_name="+"
    )
    filed_on = models.DateField("备案日期", null=True, blank=True)
    is_imported = models.BooleanField("由表格导入", default=False, db_default=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "村评定"
        indexes = [models.Index(fields=("region", "year"), name="eval_village_region")]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "year"), name="eval_village_once_a_year"
            ),
            models.CheckConstraint(
                name="eval_village_confirmed_whole",
                condition=Q(state="scoring", confirmed_on=None, tier=None, total=None)
                | ~Q(state="scoring")
                & Q(
                    confirmed_on__isnull=False,
                    confirmed_by__isnull=False,
                    tier__isnull=False,
                    total__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="eval_village_filed_when_filed",
                condition=Q(state="filed", filed_on__isnull=False)
                | ~Q(state="filed") & Q(filed_on=None),
            ),
            models.CheckConstraint(
                name="eval_village_imported_filed",
                condition=Q(is_imported=False) | Q(state="filed"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年村评定"

    def get_absolute_url(self) -> str:
        """Return the rating's page."""
        return reverse("evaluations:village-rating", args=[self.pk])


class ManualPoints(ScopedModel):
    """What the township gave a village by hand for one item, and why."""

    rating = ScopedForeignKey(
        VillageRating, verbose_name="村评定", related_name="manual"
    )
    item = models.ForeignKey(
        SchemeItem, verbose_name="项目", on_delete=models.PROTECT, related_name="+"
    )
    points = models.DecimalField("得分", max_digits=4, decimal_places=1)
    words = models.CharField("依据", max_length=200)
    evidence = ScopedForeignKey(
        Attachment, verbose_name="附件", null=True, blank=True, related_name="+"
    )
    given_by = models.ForeignKey(
        User, verbose_name="打分人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "镇里打的分"
        indexes = [models.Index(fields=("region", "rating"), name="eval_manual_region")]
        constraints = [
            models.UniqueConstraint(fields=("rating", "item"), name="eval_manual_once"),
            models.CheckConstraint(
                name="eval_manual_not_negative", condition=Q(points__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.points}"
