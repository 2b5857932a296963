"""“双约双评”村评定表 (the villages' half of ledger 10) on its way in: results of past years.

Each row is one village's year, filed from the beginning: what was on paper was confirmed
and posted there. A year that was rated here takes no row from a workbook.
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from accounts.models import Post
from accounts.permissions import Permission
from evaluations.ledgers import AFTER, BEFORE, item_columns
from evaluations.models import VillageRating
from evaluations.models.villages import VillageState
from evaluations.resources import MORE, edition_of, frozen_editions
from evaluations.rules.recommended import VILLAGES
from evaluations.rules.schemes import Scope
from evaluations.rules.villages import TENTH
from representatives.importing import PlanningChecker
from workbooks import loading
from workbooks.declaration import Column, Declaration, Kind
from workbooks.importing import Checked, Ledger, Verdict, register
from workbooks.ledger import Row, Table

ITEMS = tuple(item.words for item in VILLAGES.items.values())
FIRST_YEAR = 2022
"""The year of the report's 双约双评; nobody has older results."""
OWN: dict[str, dict[str, Any]] = {
    "village": {**MORE["village"], "example": "长冲口村"},
    "year": {**MORE["year"], "example": "2025"},
    "total": {**MORE["total"], "least": 0, "most": 100, "example": "86.5"},
    "tier": {**MORE["tier"], "example": "示范村"},
}


def _column(column: Column) -> Column:
    if column.key.startswith("item_"):
        return replace(column, kind=Kind.AMOUNT, most=100, note="没有分项的可以不填。")
    return replace(column, **{**MORE.get(column.key, {}), **OWN.get(column.key, {})})


DECLARATION = Declaration(
    title="“双约双评”村评定表（往年）",
    columns=tuple(
        _column(column)
        for column in (
            *BEFORE[:3],
            *item_columns(ITEMS),
            Column("total", ("总分",), Kind.AMOUNT, width=7),
            *AFTER[3:],
        )
    ),
    unique=(("township", "village", "year"),),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A result to be stored: whose, of which year, and its columns."""

    village: int
    year: int
    scheme: int
    columns: dict[str, Any]

    @property
    def result(self) -> tuple[int, Decimal]:
        """The grade and the points: what makes two results the same."""
        return self.columns["tier_id"], self.columns["total"]


class VillageChecker(PlanningChecker):
    """Verdicts on past results: village, year and grade must be known."""

    labels = ("village",)

    def __init__(self, table: Table, on: dt.date) -> None:
        super().__init__(table, on)
        self.editions = frozen_editions(Scope.VILLAGE)
        self.held = {
            (row.region_id, row.year): (row.is_imported, (row.tier_id, row.total))
            for row in VillageRating.objects.defer("lines")
        }

    def _plan(self, row: Row) -> Plan:
        values, village = row.values, self._village(row)
        year = int(str(values["year"]))
        self._check_year(row, village.code, year)
        scheme = edition_of(self.editions, village, year)
        if scheme is None:
            raise self._objection(
                row, "year", "no_scheme", "市里还没有发布过评村方案",
                "请先发布方案，等次的名称照方案写",
            )  # fmt: skip
        tiers = {tier.name: tier.pk for tier in scheme.tiers.all()}
        if str(values["tier"]) not in tiers:
            raise self._objection(
                row, "tier", "unknown_tier", f"方案里没有“{values['tier']}”这个等次",
                f"请填{'、'.join(tiers)}中的一个",
            )  # fmt: skip
        columns = columns_of(values, tiers[str(values["tier"])])
        return Plan(village.code, year, scheme.pk, columns)

    def _compare(self, row: Row, plan: Plan) -> Verdict:
        held = self.held.get((plan.village, plan.year))
        if held is None:
            return Verdict.NEW
        if held[1] == plan.result:
            return Verdict.SAME
        raise self._objection(
            row, "tier", "other_grade", "系统里已经有这个村这一年的结果，和表里的不一样",
            "请核对；要以表里为准的，先撤销上次导入",
        )  # fmt: skip

    def _check_year(self, row: Row, village: int, year: int) -> None:
        """Raise Objection unless the year is past, and was not rated here."""
        if not FIRST_YEAR <= year < self.on.year:
            raise self._objection(
                row, "year", "not_past", f"{year} 年的不能导入",
                f"只导入 {FIRST_YEAR} 年到 {self.on.year - 1} 年的；今年的在“评村”里办",
            )  # fmt: skip
        is_imported, _ = self.held.get((village, year), (True, None))
        if not is_imported:
            raise self._objection(
                row, "year", "rated_here", f"{year} 年这个村已经在系统里评了",
                "不用再导入，请删去这一行",
            )  # fmt: skip

    def apply(self, rows: Sequence[Checked], *, on: dt.date, by: Post) -> None:
        """Store the results, filed on the last day of their year, in one statement."""
        plans: list[Plan] = [row.plan for row in rows]
        names = (
            "region_code", "year", "scheme_id", *plans[0].columns, "state",
            "is_imported", "confirmed_on", "confirmed_by_id", "filed_on", "version",
        )  # fmt: skip
        values = (
            (
                plan.village, plan.year, plan.scheme, *plan.columns.values(),
                VillageState.FILED.value, True, last, by.user_id, last, 1,
            )
            for plan in plans
            for last in (dt.date(plan.year, 12, 31),)
        )  # fmt: skip
        loading.insert_many(VillageRating, names, values)


def columns_of(values: Any, tier: int) -> dict[str, Any]:
    """Return a result as its row keeps it; what was on paper rests on no list of ours."""
    lines = [
        {
            "words": item.words,
            "most": str(item.most),
            "points": str(tenths(points)),
            "counted": "",
            "url": "",
        }
        for n, item in enumerate(VILLAGES.items.values(), 1)
        if (points := values.get(f"item_{n}")) is not None
    ]
    return {
        "lines": json.dumps(lines, ensure_ascii=False),
        "total": tenths(values["total"]),
        "tier_id": tier,
        "remark": str(values.get("remark") or "")[:200],
    }


def tenths(points: Any) -> Decimal:
    """Return points as ratings count them."""
    return Decimal(str(points)).quantize(TENTH, ROUND_HALF_UP)


class VillageImport(Ledger):
    """Past years' village ratings as a township has them. Rows are added, never changed."""

    kind = "village_ratings"
    declaration = DECLARATION
    checker = VillageChecker
    permission = Permission.RATING_FILE
    note = "一个村一年一行，只导入往年的；今年的在“评村”里办。"


LEDGER = register(VillageImport())
