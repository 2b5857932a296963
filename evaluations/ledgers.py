"""“双约双评”家庭评定表 and 村评定表 (ledger 10) on their way out.

Outside the village only those who are put on view; inside everybody. The columns of the
categories are those of the scheme that holds for the place.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from accounts.permissions import Permission
from evaluations.models import HouseholdRating, VillageRating
from evaluations.models.schemes import scheme_for
from evaluations.rules.recommended import HOUSEHOLDS, VILLAGES
from evaluations.rules.schemes import Scope
from regions.forms import PlaceField
from regions.models import Region, inside
from regions.scoping import current_scope
from ui.forms import PlainWords
from workbooks.declaration import Column, Kind
from workbooks.writing import Sectioned

BEFORE = (
    Column("township", ("乡镇(街道)",), width=10),
    Column("village", ("村(社区)",), width=11),
    Column("year", ("年度",), Kind.YEAR, width=7),
    Column("number", ("期次",), Kind.INTEGER, width=6),
    Column("group", ("组别",), Kind.CODE, width=7),
    Column("head", ("户主",), Kind.NAME, width=9),
)
AFTER = (
    Column("plus", ("加分",), Kind.INTEGER, width=7),
    Column("minus", ("减分",), Kind.INTEGER, width=7),
    Column("total", ("总分",), Kind.INTEGER, width=7),
    Column("tier", ("评定等次",), width=14),
    Column("remark", ("备注",), width=16),
)


def part_columns(names: Sequence[str]) -> tuple[Column, ...]:
    """Return a column of points for each category."""
    return tuple(
        Column(f"part_{n}", (name,), Kind.INTEGER, width=9)
        for n, name in enumerate(names, 1)
    )


def item_columns(names: Sequence[str]) -> tuple[Column, ...]:
    """Return a column of points for each item of a village's rating."""
    return tuple(
        Column(f"item_{n}", (words,), Kind.TEXT, width=9)
        for n, words in enumerate(names, 1)
    )


class RatingFilter(PlainWords, forms.Form):
    """Which results are wanted."""

    place = PlaceField(label="乡镇、村", required=False)
    year = forms.IntegerField(label="年度", required=False, min_value=2000)
    number = forms.IntegerField(label="期次", required=False, min_value=1)
    tier = forms.CharField(label="评定等次", required=False, max_length=20)

    def __init__(self, *args: Any, one_village: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if one_village:
            del self.fields["place"]


def is_inside() -> bool:
    """Say whether the open scope is one village's: only there everybody is shown."""
    opened = current_scope()
    return opened is not None and opened.hi - opened.lo == 1


class RatingLedger(Sectioned):
    """Ledger 10. A view over the results, never a table of its own."""

    kind = "ratings"
    title = "“双约双评”家庭评定表"
    unit = "户"
    has_numbers = False
    note = "只收“两委”已经确认的评定；小组还在评的，在那一期的评定页打印家庭评定表。"
    permission = Permission.RATING_VIEW

    def __init__(self, place: Region) -> None:
        year = timezone.localdate().year
        scheme = scheme_for(place, year, Scope.HOUSEHOLD)
        edition = scheme.edition() if scheme else HOUSEHOLDS
        self._parts = tuple(part.name for part in edition.categories)
        self.columns: tuple[Column, ...] = (
            *BEFORE,
            *part_columns(self._parts),
            *AFTER,
        )

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> RatingFilter:
        """Return the form of what is wanted."""
        return RatingFilter(data, one_village=one_village)

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[int]:
        """Return the ids of confirmed results, by village, round, group and head."""
        rows = HouseholdRating.objects.filter(round__confirmed_on__isnull=False)
        if not is_inside():
            rows = rows.public()
        if isinstance(place := wanted.get("place"), Region):
            rows = inside(rows, place.scope)
        for name, path in (("year", "round__year"), ("number", "round__number")):
            if wanted.get(name):
                rows = rows.filter(**{path: wanted[name]})
        if wanted.get("tier"):
            rows = rows.filter(tier__name=wanted["tier"])
        ordered = rows.order_by(
            "region",
            "-round__first_day",
            "household__group__number",
            "household__head",
            "pk",
        )
        return self.divided(list(ordered.values_list("pk", flat=True)))

    def rows(
        self, keys: Sequence[int], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return the rows of these results, 小计 by village; count by grade in `totals`."""
        found = HouseholdRating.objects.select_related(
            "region__parent", "round", "household__group", "tier"
        ).in_bulk(list(keys))
        lines = []
        for result in (found[key] for key in keys if key in found):
            figures = {"households": 1, f"tier {result.tier.name}": 1}
            lines.append((self._row(result), figures))
        return self.laid(lines, totals, taken=len(keys))

    def _row(self, result: HouseholdRating) -> Sequence[object]:
        township = result.region.parent
        return (
            township.name if township else "",
            result.region.name,
            result.round.year,
            result.round.number,
            f"{result.household.group.number}组",
            result.household.head,
            *(result.parts.get(name) for name in self._parts),
            result.plus,
            result.minus,
            result.total,
            result.tier.name,
            result.remark or result.placing,
        )

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""
        return {"head": f"{totals['households']} 户", "tier": grades(totals)}


class VillageLedger(Sectioned):
    """The villages' half of ledger 10: 乡镇、村、各项、总分、等次, of confirmed ratings."""

    kind = "village_ratings"
    title = "“双约双评”村评定表"
    unit = "个村"
    has_numbers = False
    note = "只收已经确定等次的村；还在打分的，分数每天会变，在“评村”里看。"
    permission = Permission.RATING_VIEW
    names = 1

    def __init__(self, place: Region) -> None:
        scheme = scheme_for(place, timezone.localdate().year, Scope.VILLAGE)
        edition = scheme.edition() if scheme else VILLAGES
        self._items = tuple(item.words for item in edition.items.values())
        total = Column("total", ("总分",), Kind.TEXT, width=7)
        self.columns: tuple[Column, ...] = (
            *BEFORE[:3],
            *item_columns(self._items),
            total,
            *AFTER[3:],
        )

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> RatingFilter:
        """Return the form of what is wanted."""
        return RatingFilter(data, one_village=one_village)

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[int]:
        """Return the ids of confirmed ratings, in administrative order."""
        rows = VillageRating.objects.exclude(confirmed_on=None)
        if isinstance(place := wanted.get("place"), Region):
            rows = inside(rows, place.scope)
        if wanted.get("year"):
            rows = rows.filter(year=wanted["year"])
        ordered = rows.order_by("-year", "region")
        return self.divided(list(ordered.values_list("pk", flat=True)))

    def rows(
        self, keys: Sequence[int], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return the rows of these ratings, 小计 by township; count by grade in `totals`."""
        found = VillageRating.objects.select_related("region__parent", "tier").in_bulk(
            list(keys)
        )
        lines = []
        for rating in (found[key] for key in keys if key in found):
            figures = {"villages": 1, f"tier {rating.tier}": 1}
            lines.append((self._row(rating), figures))
        return self.laid(lines, totals, taken=len(keys))

    def _row(self, rating: VillageRating) -> Sequence[object]:
        points = {line["words"]: line["points"] for line in rating.lines}
        township = rating.region.parent
        return (
            township.name if township else "",
            rating.region.name,
            rating.year,
            *(points.get(words, "") for words in self._items),
            str(rating.total),
            str(rating.tier or ""),
            rating.remark,
        )

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""
        return {"village": f"{totals['villages']} 个村", "tier": grades(totals)}


def grades(totals: Counter[str]) -> str:
    """Return how many have each grade, in words."""
    return "，".join(
        f"{name.removeprefix('tier ')} {count}"
        for name, count in totals.items()
        if name.startswith("tier ")
    )
