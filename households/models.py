"""Households, what makes some of them 重点, and who looks after whom."""

import datetime as dt
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.urls import reverse

from accounts.models import User
from accounts.sealing import SealedField, blind_index
from regions.models import ScopedForeignKey, ScopedModel, VillagerGroup
from representatives.models import Constituency, Representative


class Category(models.Model):
    """A kind of household that the city names (重点类别). Illness as a kind, never a diagnosis.

    The city's own list, the same for all: outside row-level security.
    """

    code = models.CharField("代码", max_length=20, primary_key=True)
    name = models.CharField("名称", max_length=20, unique=True)
    aliases = ArrayField(
        models.CharField(max_length=20), verbose_name="也叫", default=list, blank=True
    )
    is_key = models.BooleanField("属于重点户", default=True)
    order = models.PositiveSmallIntegerField("顺序")
    retired_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "重点类别"

    def __str__(self) -> str:
        return self.name


class Status(models.TextChoices):
    """Whether a household is still there."""

    LIVING = "living", "在册"
    MOVED = "moved", "已迁出"
    DISSOLVED = "dissolved", "已销户"
    MERGED = "merged", "已并户"


class HouseholdQuerySet(models.QuerySet["Household"]):
    """Reads over households."""

    def living(self) -> Self:
        """Return households that are on the roll."""
        return self.filter(status=Status.LIVING)

    def key(self, on: dt.date) -> Self:
        """Return 重点户: those with an active key category on the day `on`."""
        return self.filter(
            Exists(CategoryTag.objects.key(on).filter(household=OuterRef("pk")))
        )

    def without_anyone(self, on: dt.date) -> Self:
        """Return households that nobody looks after on the day `on`.

        A list of ids and no NOT EXISTS: under the policies the planner expects next to
        no rows and joins in nested loops, which a city's 300,000 never finish.
        """
        held = ContactLink.objects.active(on).values("household")
        return self.living().exclude(pk__in=held)

    def search(self, typed: str) -> Self:
        """Return those found by head's name, initials, or exact phone or ID number."""
        typed = typed.strip()
        wanted = Q(head__contains=typed)
        if typed.isascii() and typed.isalpha():
            wanted |= Q(initials__startswith=typed.lower())
        elif typed.isascii() and len(typed) >= 7:
            found = blind_index(typed.upper())
            wanted |= Q(phone_index=found) | Q(id_index=found)
        return self.filter(wanted)

    def with_contact(self, on: dt.date) -> Self:
        """Prefetch the link in force on the day `on` as `current_links`."""
        held = ContactLink.objects.active(on).select_related("representative")
        return self.prefetch_related(Prefetch("links", held, to_attr="current_links"))

    def with_categories(self, on: dt.date) -> Self:
        """Prefetch the tags in force on the day `on` as `current_tags`."""
        held = CategoryTag.objects.active(on).select_related("category")
        return self.prefetch_related(Prefetch("tags", held, to_attr="current_tags"))


class Household(ScopedModel):
    """A household as the village's roll has it; only its head is named.

    Known by village and the head's ID number; without one by village, group and
    head's name (and phone). `version` counts edits.
    """

    group = ScopedForeignKey(
        VillagerGroup, verbose_name="组别", related_name="households"
    )
    constituency = ScopedForeignKey(
        Constituency,
        verbose_name="推选单元",
        null=True,
        blank=True,
        related_name="households",
    )
    head = models.CharField("户主姓名", max_length=30)
    initials = models.CharField("拼音首字母", max_length=30, blank=True)
    id_number = SealedField("户主身份证号", kind="id_number", null=True, blank=True)
    id_index = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 - NULL is "not known" for the unique key
    phone = SealedField("联系电话", kind="phone", null=True, blank=True)
    phone_index = models.CharField(max_length=64, blank=True)
    address = models.CharField("住址", max_length=60, blank=True)
    members = models.PositiveSmallIntegerField("人口", default=1)
    residents = models.PositiveSmallIntegerField("常住人口", null=True, blank=True)
    is_away = models.BooleanField("外出或空户", default=False)
    situation = models.CharField("家庭基本情况", max_length=200, blank=True)
    remark = models.CharField("备注", max_length=200, blank=True)
    status = models.CharField(
        "状态", max_length=10, choices=Status.choices, default=Status.LIVING
    )
    registered_on = models.DateField("入册日期")
    ended_on = models.DateField("出册日期", null=True, blank=True)
    merged_into = ScopedForeignKey(
        "self", verbose_name="并入", null=True, blank=True, related_name="absorbed"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "联系户"
        indexes = [
            models.Index(
                fields=("region", "group", "head"), name="hh_region_group_head"
            ),
            models.Index(fields=("region", "initials"), name="hh_region_initials"),
            models.Index(fields=("phone_index",), name="hh_phone"),
            # Who was on a city's roll on a day is counted from this alone.
            models.Index(
                fields=("region",),
                include=("id", "registered_on", "ended_on"),
                name="hh_region_days",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "id_index"),
                condition=Q(status="living"),
                name="hh_id_once_in_village",
            ),
            models.CheckConstraint(
                name="hh_id_sealed_and_indexed",
                condition=Q(id_number=None, id_index=None)
                | Q(id_number__isnull=False, id_index__isnull=False),
            ),
            models.CheckConstraint(
                name="hh_ended_unless_living",
                condition=Q(status="living", ended_on=None)
                | ~Q(status="living") & Q(ended_on__isnull=False),
            ),
            models.CheckConstraint(
                name="hh_merged_names_the_other",
                condition=~Q(status="merged") | Q(merged_into__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.head

    def get_absolute_url(self) -> str:
        """Return the household's page."""
        return reverse("households:detail", args=[self.pk])


class CategoryTagQuerySet(models.QuerySet["CategoryTag"]):
    """Reads over category tags."""

    def active(self, on: dt.date) -> Self:
        """Return tags in force on the day `on`."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=on), started_on__lte=on)

    def key(self, on: dt.date) -> Self:
        """Return tags in force that make their household 重点."""
        return self.active(on).filter(category__is_key=True)


class CategoryTag(ScopedModel):
    """A household belongs to a category from one day until another (not included)."""

    household = ScopedForeignKey(Household, verbose_name="联系户", related_name="tags")
    category = models.ForeignKey(
        Category, verbose_name="类别", on_delete=models.PROTECT, related_name="+"
    )
    started_on = models.DateField("起始日期")
    ended_on = models.DateField("终止日期", null=True, blank=True)
    source = models.CharField("依据", max_length=60, blank=True)

    objects = CategoryTagQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "重点类别登记"
        indexes = [
            models.Index(fields=("region", "category"), name="hh_tag_region_category"),
            models.Index(fields=("household",), name="hh_tag_household"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("household", "category"),
                condition=Q(ended_on=None),
                name="hh_tag_once",
            ),
            models.CheckConstraint(
                name="hh_tag_ends_after_start",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.category}"


class LinkEnd(models.TextChoices):
    """Why a contact link ended."""

    REASSIGNED = "reassigned", "调整联系人"
    MANDATE_ENDED = "mandate_ended", "代表离任"
    HOUSEHOLD_LEFT = "household_left", "联系户迁出或销户"
    ENTRY_ERROR = "entry_error", "录入有误"


class ContactLinkQuerySet(models.QuerySet["ContactLink"]):
    """Reads over links."""

    def active(self, on: dt.date) -> Self:
        """Return links in force on the day `on`."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=on), started_on__lte=on)


class ContactLink(ScopedModel):
    """A representative looks after a household, from one day until another.

    At most one unended link per household. Villages that use 三长制 name the levels
    片 / 组 / 邻 and the grid here; they are labels, nothing depends on them.
    """

    household = ScopedForeignKey(Household, verbose_name="联系户", related_name="links")
    representative = ScopedForeignKey(
        Representative, verbose_name="联系代表", related_name="links"
    )
    started_on = models.DateField("联系起始日期")
    ended_on = models.DateField("联系终止日期", null=True, blank=True)
    end_reason = models.CharField(
        "终止原因", max_length=16, choices=LinkEnd.choices, blank=True
    )
    party_member = models.CharField("联系党员", max_length=30, blank=True)
    patch = models.CharField("片", max_length=30, blank=True)
    neighbourhood = models.CharField("邻", max_length=30, blank=True)
    grid = models.CharField("网格", max_length=30, blank=True)
    entered_by = models.ForeignKey(
        User,
        verbose_name="录入人",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    objects = ContactLinkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "联系关系"
        indexes = [
            models.Index(
                fields=("region", "representative"), name="hh_link_region_rep"
            ),
            models.Index(fields=("household", "started_on"), name="hh_link_household"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("household",),
                condition=Q(ended_on=None),
                name="hh_link_one_at_a_time",
            ),
            models.CheckConstraint(
                name="hh_link_ends_after_start",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
            ),
            models.CheckConstraint(
                name="hh_link_end_has_reason",
                condition=Q(ended_on=None, end_reason="")
                | Q(ended_on__isnull=False) & ~Q(end_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} — {self.representative}"


class TransferState(models.TextChoices):
    """Where a household's move to another village stands."""

    OFFERED = "offered", "等待接收"
    ACCEPTED = "accepted", "已接收"
    DECLINED = "declined", "已退回"
    WITHDRAWN = "withdrawn", "已撤回"


class Transfer(ScopedModel):
    """One side of a household's move to another village: offered there, accepted here.

    Each village has its own row and sees only that; `pair` ties the two. What the
    receiving village needs to know travels in the row, sealed where it is sensitive.
    """

    pair = models.UUIDField("编号")
    is_outgoing = models.BooleanField("迁出")
    household = ScopedForeignKey(
        Household,
        verbose_name="联系户",
        null=True,
        blank=True,
        related_name="transfers",
    )
    other_region = models.BigIntegerField("对方村（社区）")
    head = models.CharField("户主姓名", max_length=30)
    members = models.PositiveSmallIntegerField("人口", default=1)
    id_number = SealedField("户主身份证号", kind="id_number", null=True, blank=True)
    phone = SealedField("联系电话", kind="phone", null=True, blank=True)
    categories = models.JSONField("重点类别", default=list)
    state = models.CharField(
        "状态", max_length=10, choices=TransferState.choices, default="offered"
    )
    reason = models.CharField("说明", max_length=200, blank=True)
    offered_on = models.DateField("提出日期")
    settled_on = models.DateField("办结日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "联系户迁移"
        indexes = [models.Index(fields=("region", "state"), name="hh_transfer_state")]
        constraints = [
            models.UniqueConstraint(
                fields=("pair", "is_outgoing"), name="hh_transfer_one_row_a_side"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.head} {self.get_state_display()}"
