"""Schemes: what households and villages are rated by, edition by edition.

Outside row-level security: an edition is posted on the wall, and a village must read
those of its township and of the city, which lie outside its range. Who may write is held
by a trigger (`evaluations.triggers`): only the owner's range, only drafts.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from evaluations.rules import schemes as rules
from evaluations.rules.rounds import title_of
from evaluations.rules.schemes import LEAST_NOTICE_DAYS, ROUNDS, Measure, Scope
from regions.codes import lineage
from regions.models import Region

SCOPES = [(scope.value, scope.label) for scope in Scope]
MEASURES = [("", "镇里打分"), *((m.value, m.label) for m in Measure)]


class SchemeState(models.TextChoices):
    """Where an edition stands."""

    DRAFT = "draft", "草稿"
    IN_FORCE = "in_force", "执行中"
    REPLACED = "replaced", "已被新版代替"


class SchemeQuerySet(models.QuerySet["Scheme"]):
    """Reads over editions."""

    def reaching(self, place: Region) -> Self:
        """Return editions that somebody of a place may read: its own and those below.

        Of those above no drafts: they hold for nobody yet.
        """
        within = Q(owner__gte=place.scope.lo, owner__lt=place.scope.hi)
        above = Q(owner__in=lineage(place.pk)) & ~Q(state=SchemeState.DRAFT)
        return self.filter(within | above)

    def holding(self, place: Region) -> Self:
        """Return editions that may hold for a place: its own and those above."""
        return self.filter(owner__in=lineage(place.pk))

    def in_force(self) -> Self:
        """Return editions that are in force."""
        return self.filter(state=SchemeState.IN_FORCE)

    def whole(self) -> Self:
        """Fetch categories, items and tiers along."""
        return self.prefetch_related("categories__items", "tiers")


class Scheme(models.Model):
    """方案的一版: whose, for which year, what is rated, how often, how long on view."""

    owner = models.ForeignKey(
        Region,
        verbose_name="制定单位",
        on_delete=models.PROTECT,
        db_column="owner_code",
        related_name="+",
    )
    year = models.PositiveSmallIntegerField("年度")
    scope = models.CharField("评什么", max_length=10, choices=SCOPES)
    number = models.PositiveSmallIntegerField("第几版", default=1)
    source = models.ForeignKey(
        "self",
        verbose_name="上级方案",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="adapted",
    )
    rounds = models.PositiveSmallIntegerField("一年评几次", default=4)
    notice_days = models.PositiveSmallIntegerField("公示天数", default=7)
    state = models.CharField(
        "状态", max_length=10, choices=SchemeState.choices, default=SchemeState.DRAFT
    )
    in_force_on = models.DateField("执行日期", null=True, blank=True)
    in_force_by = models.ForeignKey(
        User,
        verbose_name="发布人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    made_by = models.ForeignKey(
        User, verbose_name="拟稿人", on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "双约双评方案"
        indexes = [
            models.Index(fields=("owner", "year", "scope"), name="eval_scheme_owner")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("owner", "year", "scope", "number"), name="eval_scheme_numbered"
            ),
            models.UniqueConstraint(
                fields=("owner", "year", "scope"),
                condition=Q(state="in_force"),
                name="eval_scheme_one_in_force",
            ),
            models.UniqueConstraint(
                fields=("owner", "year", "scope"),
                condition=Q(state="draft"),
                name="eval_scheme_one_draft",
            ),
            models.CheckConstraint(
                name="eval_scheme_notice_long_enough",
                condition=Q(notice_days__gte=LEAST_NOTICE_DAYS),
            ),
            models.CheckConstraint(
                name="eval_scheme_rounds", condition=Q(rounds__in=list(ROUNDS))
            ),
            models.CheckConstraint(
                name="eval_scheme_in_force_by_somebody",
                condition=Q(state="draft")
                | Q(in_force_on__isnull=False, in_force_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.get_scope_display()}方案"

    def get_absolute_url(self) -> str:
        """Return the edition's page."""
        return reverse("evaluations:scheme", args=[self.pk])

    @property
    def full_name(self) -> str:
        """Whose, what, which edition."""
        return f"{self.owner.name}{self}（第 {self.number} 版）"

    @property
    def round_words(self) -> str:
        """How often it is rated."""
        return f"每{ROUNDS[self.rounds]}评一次"

    def title_of(self, number: int) -> str:
        """Return what a round is called: 2026年第3季度."""
        return title_of(self.year, self.rounds, number)

    def edition(self) -> rules.Edition:
        """Return the edition as the rules know it; keys are those of the rows."""
        return rules.Edition(
            scope=Scope(self.scope),
            categories=tuple(row.value() for row in self.categories.all()),
            tiers=tuple(row.value() for row in self.tiers.all()),
            rounds=self.rounds,
            notice_days=self.notice_days,
        )


class SchemeCategory(models.Model):
    """A category (类别) of an edition: where its score begins and ends."""

    scheme = models.ForeignKey(
        Scheme, verbose_name="方案", on_delete=models.CASCADE, related_name="categories"
    )
    order = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("类别", max_length=30)
    base = models.SmallIntegerField("基础分")
    cap = models.SmallIntegerField("最高分")
    floor = models.SmallIntegerField("最低分", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "评分类别"
        ordering = ("order",)
        constraints = [
            models.UniqueConstraint(
                fields=("scheme", "name"), name="eval_category_once"
            ),
            models.CheckConstraint(
                name="eval_category_base_within",
                condition=Q(base__gte=F("floor"), base__lte=F("cap")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def value(self) -> rules.Category:
        """Return the category as the rules know it."""
        items = tuple(row.value() for row in self.items.all())
        return rules.Category(
            self.pk, self.name, self.base, self.cap, self.floor, items
        )


class SchemeItem(models.Model):
    """An item (项目) of a category: words, points or a range, what it asks for."""

    category = models.ForeignKey(
        SchemeCategory,
        verbose_name="类别",
        on_delete=models.CASCADE,
        related_name="items",
    )
    order = models.PositiveSmallIntegerField("顺序")
    words = models.CharField("项目", max_length=60)
    least = models.SmallIntegerField("最少分", default=0)
    most = models.SmallIntegerField("最多分", default=0)
    cap = models.PositiveSmallIntegerField("一期最多", null=True, blank=True)
    is_veto = models.BooleanField("一票否决", default=False)
    needs_evidence = models.BooleanField("要写依据", default=False)
    measure = models.CharField(
        "怎么来的", max_length=12, choices=MEASURES, blank=True, default=""
    )

    class Meta:
        verbose_name = verbose_name_plural = "评分项目"
        ordering = ("order",)
        constraints = [
            models.UniqueConstraint(
                fields=("category", "words"), name="eval_item_once"
            ),
            models.CheckConstraint(
                name="eval_item_range", condition=Q(least__lte=F("most"))
            ),
        ]

    def __str__(self) -> str:
        return self.words

    def value(self) -> rules.Item:
        """Return the item as the rules know it."""
        return rules.Item(
            self.pk,
            self.words,
            self.least,
            self.most,
            self.cap,
            self.is_veto,
            self.needs_evidence,
            self.measure,
        )


class SchemeTier(models.Model):
    """A grade (等次) of an edition, from the best to the last."""

    scheme = models.ForeignKey(
        Scheme, verbose_name="方案", on_delete=models.CASCADE, related_name="tiers"
    )
    order = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("等次", max_length=20)
    threshold = models.SmallIntegerField("分数线", null=True, blank=True)
    quota = models.PositiveSmallIntegerField("名额（%）", null=True, blank=True)
    is_public = models.BooleanField("公示", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "等次"
        ordering = ("order",)
        constraints = [
            models.UniqueConstraint(fields=("scheme", "name"), name="eval_tier_once"),
            models.CheckConstraint(
                name="eval_tier_quota_is_a_share",
                condition=Q(quota=None) | Q(quota__gte=1, quota__lte=100),
            ),
            models.CheckConstraint(
                name="eval_tier_last_is_private",
                condition=Q(threshold__isnull=False) | Q(is_public=False, quota=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def value(self) -> rules.Tier:
        """Return the grade as the rules know it."""
        return rules.Tier(
            self.pk, self.name, self.threshold, self.quota, self.is_public
        )


def scheme_for(place: Region, year: int, scope: Scope) -> Scheme | None:
    """Return the edition that holds for a place: its own, its township's or the city's."""
    rows = Scheme.objects.holding(place).in_force().filter(year=year, scope=scope)
    found = {row.owner_id: row for row in rows.select_related("owner").whole()}
    return next((found[code] for code in lineage(place.pk) if code in found), None)
