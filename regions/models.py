"""The division tree, and the base of every row that belongs to a village."""

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Mod

from regions.codes import CITY_WIDTH, TOWNSHIP_WIDTH, township_of
from regions.scoping import Scope, span

Rows = TypeVar("Rows", bound=models.QuerySet[Any])


class Level(models.TextChoices):
    """How deep a division stands in the tree."""

    CITY = "city", "市"
    TOWNSHIP = "township", "乡镇（街道、场）"
    VILLAGE = "village", "村（社区）"


class Kind(models.TextChoices):
    """What a division is called by law and custom."""

    CITY = "county_level_city", "县级市"
    COUNTY = "county", "县"
    DISTRICT = "district", "市辖区"
    SUBDISTRICT = "subdistrict", "街道"
    TOWN = "town", "镇"
    TOWNSHIP = "township", "乡"
    FARM = "farm", "场"
    VILLAGE = "village", "村"
    COMMUNITY = "community", "社区"


COUNTY = F("code") / CITY_WIDTH * CITY_WIDTH
TOWNSHIP = F("code") / TOWNSHIP_WIDTH * TOWNSHIP_WIDTH


class RegionQuerySet(models.QuerySet["Region"]):
    """Reads over the tree; every one is a range on the primary key."""

    def within(self, scope: Scope) -> Self:
        """Return the divisions whose code lies in `scope`."""
        return self.filter(code__gte=scope.lo, code__lt=scope.hi)

    def current(self) -> Self:
        """Return the divisions that have not ended."""
        return self.filter(ended_on=None)

    def townships(self) -> Self:
        """Return 乡镇（街道、场）."""
        return self.filter(level=Level.TOWNSHIP)

    def villages(self) -> Self:
        """Return 村（社区）."""
        return self.filter(level=Level.VILLAGE)

    def full_names(self) -> list[str]:
        """Return the full names alone: a city's eight hundred in a few milliseconds."""
        named = self.values_list("level", "name", "parent__name")
        return [full_name(level, name, above) for level, name, above in named]


class Region(models.Model):
    """A division of the city, by its 12-digit statistical code (统计用区划代码).

    Public knowledge, and needed before any scope is open: outside row-level security.
    """

    code = models.BigIntegerField("区划代码", primary_key=True)
    name = models.CharField("名称", max_length=40)
    level = models.CharField("层级", max_length=10, choices=Level.choices)
    kind = models.CharField("类型", max_length=20, choices=Kind.choices)
    parent = models.ForeignKey(
        "self",
        verbose_name="上级",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    ended_on = models.DateField("撤销日期", null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        verbose_name="并入",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
    )

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "区划"
        constraints = [
            models.CheckConstraint(
                name="regions_region_code_fits_level",
                condition=Q(level="city", code=COUNTY, parent=None)
                | Q(
                    level="township", code=TOWNSHIP, parent=COUNTY, parent__isnull=False
                )
                & ~Q(code=COUNTY)
                | Q(level="village", parent=TOWNSHIP, parent__isnull=False)
                & ~Q(code=TOWNSHIP),
            ),
            models.CheckConstraint(
                name="regions_region_successor_means_ended",
                condition=Q(successor=None) | Q(ended_on__isnull=False),
            ),
            models.CheckConstraint(
                name="regions_region_not_its_own_successor",
                condition=Q(successor=None) | ~Q(successor=F("code")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> Scope:
        """The range of codes of this division and all below it."""
        return span(self.code)

    def owner_of(self, village: int) -> int:
        """Return whose line a village is in, in the table of this division.

        The city's has a line for each township, others one for each village.
        """
        return township_of(village) if self.level == Level.CITY else village

    def owner_column(self) -> Combinable:
        """Return `owner_of` as an expression over rows with a region."""
        village = F("region_id")
        if self.level == Level.CITY:
            return village - Mod(village, TOWNSHIP_WIDTH)
        return village + 0  # an expression: a column's own name may not be annotated

    def village_codes(self) -> list[int]:
        """Return the codes of the villages below it, in their order; a village's own."""
        if self.level == Level.VILLAGE:
            return [self.code]
        below = Region.objects.current().villages().within(self.scope)
        return list(below.order_by("code").values_list("code", flat=True))

    @property
    def full_name(self) -> str:
        """镇 + 村, because village names repeat across townships."""
        if self.level == Level.VILLAGE and self.parent:
            return full_name(self.level, self.name, self.parent.name)
        return self.name


def full_name(level: str, name: str, above: str | None) -> str:
    """Return a village's name behind its township's; any other's alone."""
    return f"{above} {name}" if level == Level.VILLAGE and above else name


class ScopedForeignKey(models.ForeignKey[Any, Any]):
    """A reference between scoped rows.

    The database constraint is composite, `(id, region_code)`, and is made by
    `EnableScope`: a row cannot point at another village's parent.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("on_delete", models.PROTECT)
        kwargs["db_constraint"] = False
        super().__init__(*args, **kwargs)


class ScopedModel(models.Model):
    """A row that belongs to one division and is seen only within a scope over it.

    Each subclass is enabled by `EnableScope` in the migration that creates it, and
    brings an index that begins with `region`.
    """

    region = models.ForeignKey(
        Region,
        verbose_name="所属区划",
        on_delete=models.PROTECT,
        db_column="region_code",
        db_constraint=False,  # EnableScope makes it, with ON UPDATE CASCADE
        db_index=False,
        related_name="+",
    )

    class Meta:
        abstract = True


def inside(rows: Rows, scope: Scope) -> Rows:
    """Return those of a scoped table's rows that belong to a division within `scope`.

    For a page about a place: the open scope may be wider, or show a person's own rows
    that belong elsewhere.
    """
    return rows.filter(region_id__gte=scope.lo, region_id__lt=scope.hi)


class VillagerGroup(ScopedModel):
    """村（居）民小组: the groups that a village is made of."""

    number = models.PositiveSmallIntegerField("组号")
    name = models.CharField("组名", max_length=30, blank=True)
    ended_on = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "村（居）民小组"
        constraints = [
            models.UniqueConstraint(
                fields=("region", "number"), name="regions_villagergroup_number_once"
            ),
        ]

    def __str__(self) -> str:
        return group_name(self.number, self.name)


def group_name(number: int | None, name: str | None) -> str:
    """Return what a group is called: its name, or else its number; empty without one."""
    if number is None:
        return ""
    return name or f"{number} 组"
