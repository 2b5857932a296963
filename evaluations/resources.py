"""“双约双评”家庭评定表 (ledger 10) on its way in: results of a past round.

Each row is one household's result. The round is made with the first of its rows and is
filed from the beginning: what was on paper was confirmed and posted there. A round that
was rated here takes no rows from a workbook.
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from accounts.models import Post
from accounts.permissions import Permission
from evaluations.ledgers import AFTER, BEFORE, part_columns
from evaluations.models import HouseholdRating, RatingRound, Scheme
from evaluations.rules.recommended import HOUSEHOLDS
from evaluations.rules.rounds import Stage, period_of
from evaluations.rules.schemes import Scope
from households.models import Household
from regions.codes import lineage
from regions.models import Region
from regions.places import Named
from representatives.importing import PlanningChecker
from workbooks import loading
from workbooks.declaration import Column, Declaration
from workbooks.importing import Checked, Ledger, Verdict, register
from workbooks.ledger import Row, Table

PARTS = tuple(part.name for part in HOUSEHOLDS.categories)
MORE: dict[str, dict[str, Any]] = {
    "township": {"titles": ("乡镇(街道)", "乡镇", "街道", "镇")},
    "village": {
        "titles": ("村(社区)", "村", "村名", "社区", "所在村"),
        "required": True,
    },
    "year": {"titles": ("年度", "年份", "评定年度"), "required": True},
    "number": {
        "titles": ("期次", "第几期", "季度"),
        "required": True,
        "least": 1,
        "most": 12,
        "note": "一年里的第几期：按季度评的，第三季度填 3。",
    },
    "group": {"titles": ("组别", "村(居)民小组", "小组", "组")},
    "head": {"titles": ("户主", "户主姓名", "姓名"), "required": True},
    "total": {
        "titles": ("总分", "得分", "合计得分"),
        "required": True,
        "most": 300,
        "least": -100,
    },
    "tier": {"titles": ("评定等次", "等次", "等级", "评定结果"), "required": True},
}
POINTS: dict[str, Any] = {"least": -100, "most": 300}


def _column(column: Column) -> Column:
    is_part = column.key.startswith("part_")
    more: dict[str, Any] = POINTS if is_part else MORE.get(column.key, {})
    return replace(column, **more)


DECLARATION = Declaration(
    title="“双约双评”家庭评定表",
    columns=tuple(
        _column(column) for column in (*BEFORE, *part_columns(PARTS), *AFTER)
    ),
    unique=(("village", "year", "number", "group", "head"),),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A result to be stored: whose, of which round, and its columns."""

    village: int
    year: int
    number: int
    scheme: int
    household: int
    columns: dict[str, Any]

    @property
    def round(self) -> tuple[int, int, int]:
        """What names the round."""
        return self.village, self.year, self.number


class RatingChecker(PlanningChecker):
    """Verdicts on past results: village, household, grade and round must be known."""

    labels = ("head",)

    def __init__(self, table: Table, on: dt.date) -> None:
        super().__init__(table, on)
        self.homes = Named(Household.objects.all(), "head", self.places)
        self.schemes = frozen_editions(Scope.HOUSEHOLD)
        self.rounds = {
            (row.region_id, row.year, row.number): row
            for row in RatingRound.objects.exclude(stage=Stage.VOID)
        }
        self.stored = {
            tuple(key): (tier, total)
            for *key, tier, total in HouseholdRating.objects.values_list(
                "region_id", "round__year", "round__number", "household",
                "tier", "total",
            )
        }  # fmt: skip

    def _plan(self, row: Row) -> Plan:
        values, village = row.values, self._village(row)
        year, number = int(str(values["year"])), int(str(values["number"]))
        scheme = edition_of(self.schemes, village, year)
        if scheme is None or number > scheme.rounds:
            raise self._objection(
                row, "number", "no_scheme", f"没有 {year} 年第 {number} 期的评定方案",
                "请核对年度和期次；市里还没有发布过方案的，请先发布",
            )  # fmt: skip
        self._check_round(row, village.code, scheme, year, number)
        tiers = {tier.name: tier.pk for tier in scheme.tiers.all()}
        if str(values["tier"]) not in tiers:
            raise self._objection(
                row, "tier", "unknown_tier", f"方案里没有“{values['tier']}”这个等次",
                f"请填{'、'.join(tiers)}中的一个",
            )  # fmt: skip
        head, group = str(values["head"]), str(values.get("group") or "")
        home = self.homes.one(village.code, head, group, is_strict=True)
        if home is None:
            raise self._objection(
                row, "head", "unknown_household", "联系户名册里找不到唯一的一户",
                "请核对户主和组别；同名的要填组别",
            )  # fmt: skip
        tier = tiers[str(values["tier"])]
        return Plan(
            village.code, year, number, scheme.pk, home, columns_of(values, tier)
        )

    def _compare(self, row: Row, plan: Plan) -> Verdict:
        result = plan.columns["tier_id"], plan.columns["total"]
        key = (*plan.round, plan.household)
        if key not in self.stored:
            self.stored[key] = result
            return Verdict.NEW
        if self.stored[key] == result:
            return Verdict.SAME
        raise self._objection(
            row, "tier", "other_grade", "这一户这一期已经有结果，和这一行的不一样",
            "请核对；要以这份表为准的，先撤销上次导入",
        )  # fmt: skip

    def _check_round(
        self, row: Row, village: int, scheme: Scheme, year: int, number: int
    ) -> None:
        """Raise Objection if the round was rated here, or is not over yet."""
        held = self.rounds.get((village, year, number))
        if held is not None and not held.is_imported:
            raise self._objection(
                row, "number", "rated_here", "这一期是在系统里评的，不能再导入",
                "请核对年度和期次",
            )  # fmt: skip
        if period_of(year, scheme.rounds, number)[1] >= self.on:
            raise self._objection(
                row, "number", "not_over", "这一期还没有结束，只能导入以前评完的",
                "正在评的请在“评家庭”里办",
            )  # fmt: skip

    def apply(self, rows: Sequence[Checked], *, on: dt.date, by: Post) -> None:
        """Store the results; a round that is not there is made, filed."""
        plans: list[Plan] = [row.plan for row in rows]
        rounds = {plan.round: round_for(plan, by) for plan in unlike(plans)}
        names = ("region_code", "round_id", "household_id", *plans[0].columns)
        values = (
            (
                plan.village,
                rounds[plan.round],
                plan.household,
                *plan.columns.values(),
            )
            for plan in plans
        )
        loading.insert_many(HouseholdRating, names, values)


def frozen_editions(scope: Scope) -> list[Scheme]:
    """Return the editions of the open scope that were put in force, the latest first."""
    rows = Scheme.objects.exclude(state="draft").filter(scope=scope)
    return list(rows.prefetch_related("tiers").order_by("-number"))


def edition_of(held: Sequence[Scheme], village: Region, year: int) -> Scheme | None:
    """Return the edition of the year for a village, or the nearest one there is."""
    reach = lineage(village.pk)
    return min(
        (row for row in held if row.owner_id in reach),
        key=lambda row: (abs(row.year - year), reach.index(row.owner_id)),
        default=None,
    )


def columns_of(values: Any, tier: int) -> dict[str, Any]:
    """Return a result as its row keeps it."""
    parts = {
        name: values[f"part_{n}"]
        for n, name in enumerate(PARTS, 1)
        if values.get(f"part_{n}") is not None
    }
    return {
        "parts": json.dumps(parts, ensure_ascii=False),
        "plus": abs(int(values.get("plus") or 0)),
        "minus": abs(int(values.get("minus") or 0)),
        "total": int(values["total"]),
        "vetoes": "[]",
        "is_preferred": False,
        "tier_id": tier,
        "placing": "",
        "remark": str(values.get("remark") or "")[:200],
        "mend": "",
    }


def unlike(plans: Sequence[Plan]) -> list[Plan]:
    """Return one plan of each round."""
    return list({plan.round: plan for plan in plans}.values())


def round_for(plan: Plan, by: Post) -> int:
    """Return the id of a plan's round; made if it is not there, filed as it was on paper."""
    held = RatingRound.objects.exclude(stage=Stage.VOID).filter(
        region=plan.village, year=plan.year, number=plan.number
    )
    if found := held.first():
        return found.pk
    scheme = Scheme.objects.get(pk=plan.scheme)
    first, last = period_of(plan.year, scheme.rounds, plan.number)
    made = RatingRound.objects.create(
        region_id=plan.village,
        scheme=scheme,
        year=plan.year,
        number=plan.number,
        first_day=first,
        last_day=last,
        stage=Stage.DONE,
        is_imported=True,
        began_on=first,
        began_by=by.user,
        confirmed_on=last,
        filed_on=last,
    )
    return made.pk


class RatingImport(Ledger):
    """Results of past rounds as people have them in Excel. Rows are added, never changed."""

    kind = "ratings"
    declaration = DECLARATION
    checker = RatingChecker
    permission = Permission.RATING_KEEP
    note = "一户一行，只导入以前评完的。本系统里评的那一期不用导入。"


LEDGER = register(RatingImport())
