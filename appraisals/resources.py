"""A past year's 等次 on their way in: each row becomes somebody's result of that year."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from accounts.models import Post
from accounts.permissions import Permission
from appraisals.models import Appraisal, AppraisalPlan, AppraisalResult
from appraisals.rules.appraisals import Grade
from appraisals.rules.steps import Stage
from representatives.importing import PLACES, PersonChecker
from workbooks.declaration import Column, Declaration, Kind
from workbooks.importing import Checked, Ledger, Verdict, register
from workbooks.ledger import Row, Table

GRADES = {grade.label: grade.value for grade in Grade}
FIRST_YEAR = 2022
"""The year of the report's 双约双评; the plan that is preset begins with it."""

WHO = (
    *PLACES,
    Column(
        "year", ("年度", "评议年度", "年份"), Kind.YEAR, required=True, width=8,
        example="2025",
    ),
    Column(
        "name", ("姓名", "代表姓名", "代表"), Kind.NAME, required=True, width=9,
        example="张顺民",
    ),
    Column("group", ("小组", "村(居)民小组", "组别", "所在组"), Kind.CODE, width=7),
)  # fmt: skip
"""Whose row it is, and of which year: what results and honours have in common."""

DECLARATION = Declaration(
    title="代表履职评议结果（往年）",
    columns=(
        *WHO,
        Column(
            "grade",
            ("等次", "评议等次", "评议结果"),
            Kind.CHOICE,
            required=True,
            choices=tuple(GRADES),
            width=9,
            example="称职",
        ),
        Column(
            "total", ("总评", "得分", "总分"), Kind.AMOUNT, width=8, most=100,
            note="没有打分的可以不填。",
        ),
        Column("met_on", ("评议会日期", "评议日期"), Kind.DATE, past_only=True, width=14),
        Column("words", ("备注", "说明"), width=14, longest=200),
    ),
    unique=(("township", "village", "year", "name", "group"),),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """A result to be stored: whose, of which village and year."""

    village: int
    year: int
    met_on: dt.date | None
    columns: dict[str, Any] = field(default_factory=dict)


class AppraisalChecker(PersonChecker):
    """Verdicts on past results: village and person must be known, the year past."""

    def __init__(self, table: Table, on: dt.date) -> None:
        super().__init__(table, on)
        self.held = {(row.region_id, row.year): row for row in Appraisal.objects.all()}
        kept = AppraisalResult.objects.values_list(
            "appraisal_id", "representative_id", "grade", "total"
        )
        self.kept = {(pk, person): result for pk, person, *result in kept}
        self.rows: dict[tuple[int, int], int] = {}
        """Which row of the file is whose, of which year."""

    def _plan(self, row: Row) -> Plan:
        values, village = row.values, self._village(row)
        year = int(str(values["year"]))
        self._check_year(row, village.code, year)
        person = self._person(row, village.code)
        total, day = values.get("total"), values.get("met_on")
        return Plan(
            village.code,
            year,
            day if isinstance(day, dt.date) else None,
            {
                "representative_id": person,
                "grade": GRADES[str(values["grade"])],
                "total": Decimal(str(total)) if total not in (None, "") else None,
                "words": str(values.get("words") or ""),
            },
        )

    def _compare(self, row: Row, plan: Plan) -> Verdict:
        held = self.held.get((plan.village, plan.year))
        person, grade, total, _ = plan.columns.values()
        self._once(row, plan.year, person)
        before = self.kept.get((held.pk, person)) if held else None
        if before is None:
            return Verdict.NEW
        if before[0] == grade and total in (None, before[1]):
            return Verdict.SAME
        words = "系统里已经有这个人这一年的等次和总评，和表里的不一样"
        raise self._objection(
            row, "grade", "other_grade", words, "请核对；要以表里为准的，先撤销上次导入"
        )

    def _once(self, row: Row, year: int, person: int) -> None:
        """Raise Objection if a row above is the same person's of the same year."""
        first = self.rows.setdefault((year, person), row.number)
        if first != row.number:
            raise self._objection(
                row, "name", "twice_in_file", f"和第 {first} 行是同一个人、同一年",
                "请只留一行",
            )  # fmt: skip

    def _check_year(self, row: Row, village: int, year: int) -> None:
        """Raise Objection unless the year is past, and was not appraised here."""
        if not FIRST_YEAR <= year < self.on.year:
            raise self._objection(
                row, "year", "not_past", f"{year} 年的不能导入",
                f"只导入 {FIRST_YEAR} 年到 {self.on.year - 1} 年的；今年的在系统里办",
            )  # fmt: skip
        held = self.held.get((village, year))
        if held is not None and not held.is_imported:
            raise self._objection(
                row, "year", "held_here", f"{year} 年的评议已经在系统里办了",
                "不用再导入",
            )  # fmt: skip

    def apply(self, rows: Sequence[Checked], *, on: dt.date, by: Post) -> None:
        """Store the results, each under the appraisal of its village and year."""
        plans = [row.plan for row in rows]
        self._ensure_appraisals(plans, on, by)
        AppraisalResult.objects.bulk_create(
            AppraisalResult(
                region_id=plan.village,
                appraisal=self.held[plan.village, plan.year],
                **plan.columns,
            )
            for plan in plans
        )

    def _ensure_appraisals(self, plans: Sequence[Plan], on: dt.date, by: Post) -> None:
        days = {(one.village, one.year): dt.date(one.year, 12, 31) for one in plans}
        named = reversed([one for one in plans if one.met_on])
        days |= {(one.village, one.year): one.met_on for one in named if one.met_on}
        made = Appraisal.objects.bulk_create(
            Appraisal(
                region_id=village,
                year=year,
                plan=AppraisalPlan.objects.of_year(year, on),
                stage=Stage.DONE,
                counts_until=dt.date(year, 12, 31),
                met_on=day,
                filed_on=day,
                is_imported=True,
                begun_by=by.user,
            )
            for (village, year), day in sorted(days.items())
            if (village, year) not in self.held
        )
        self.held |= {(row.region_id, row.year): row for row in made}


class AppraisalImport(Ledger):
    """Results of past years, as the village or the township has them on paper."""

    kind = "appraisals"
    declaration = DECLARATION
    checker = AppraisalChecker
    permission = Permission.WORKBOOK_IMPORT
    note = "一位代表一行。只导入往年的；今年的在“履职评议”里办。"


LEDGER = register(AppraisalImport())
