"""优秀代表表彰台账 on its way in: who was honoured in the years before the system.

A list of its own beside the results: it is kept by itself, and a year's plaques are
handed out months after its meeting. Each row needs the result that made somebody 优秀,
imported or filed here. It is judged like an honour that is entered on the page.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.models import Post
from accounts.permissions import Permission
from accounts.services import Refused
from appraisals.models import Appraisal, AppraisalResult, Honour
from appraisals.models.honours import Given
from appraisals.resources import WHO
from appraisals.rules.appraisals import Grade
from appraisals.rules.steps import Stage
from appraisals.services.honours import Award, refuse_award, refuse_receipt
from representatives.importing import Objection, PersonChecker
from workbooks.declaration import Column, Declaration, Kind
from workbooks.importing import Checked, Ledger, Verdict, register
from workbooks.ledger import Row, Table
from workbooks.values import check_for
from workbooks.values.characters import escape
from workbooks.values.identity import NOTHING

MOST = 999_999
FACTS = (
    "plaque", "awarded_on", "given", "amount", "gift", "received_on", "receiver",
)  # fmt: skip
"""What two honours of one result must agree on to be the same."""

DECLARATION = Declaration(
    title="优秀代表表彰台账（以前的）",
    columns=(
        *WHO,
        Column(
            "plaque",
            ("号牌编号", "号牌", "号牌号", "奖牌编号"),
            Kind.CODE,
            required=True,
            width=14,
            longest=20,
            example="长优-01",
            note="一个编号只发给一人；每年从头编号的，前面加上年度。",
        ),
        Column(
            "awarded_on",
            ("表彰日期", "表彰时间"),
            Kind.DATE,
            required=True,
            past_only=True,
            width=14,
            example="2026-01-20",
        ),
        Column(
            "amount",
            ("奖金(元)", "奖金", "奖金金额"),
            Kind.AMOUNT,
            width=11,
            most=MOST,
            example="300",
            note="奖金和纪念品只填一样；只发号牌的，两格都空着。",
        ),
        Column("gift", ("纪念品", "奖品"), width=14, longest=40),
        Column(
            "received_on",
            ("领取日期", "领取时间"),
            Kind.DATE,
            past_only=True,
            width=14,
            example="2026-01-20",
            note="还没领的，领取日期、领取人都空着。",
        ),
        Column(
            "receiver",
            ("领取人", "领取人签字"),
            width=10,
            longest=30,
            example="张顺民",
        ),
    ),
    ignored=("序号", "编号", "错误说明", "签字", "签名", "备注"),
    notes=("一人一年一行。先导入这一年的评议结果，评为优秀的才能登记表彰。",),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What became of somebody in a year, and how far the appraisal is."""

    pk: int
    grade: str
    stage: str


@dataclass(frozen=True, slots=True)
class Plan:
    """An honour to be stored. `facts` are its columns as the row has them."""

    village: int
    year: int
    person: int
    result: int
    facts: dict[str, Any]


class HonourChecker(PersonChecker):
    """Verdicts on past honours: earned, whole, and with a plaque nobody else has."""

    def __init__(self, table: Table, on: dt.date) -> None:
        super().__init__(table, on)
        self.results = {
            (year, person): Found(pk, grade, stage)
            for year, person, pk, grade, stage in AppraisalResult.objects.values_list(
                "appraisal__year", "representative", "pk", "grade", "appraisal__stage"
            )
        }
        here = Appraisal.objects.filter(is_imported=False)
        self.held_here = set(here.values_list("region", "year"))
        self.honours: dict[int, dict[str, Any]] = {}
        self.plaques: dict[tuple[int, str], str] = {}
        """Who has a plaque of a village, in words."""
        self.rows: dict[int, int] = {}
        """Which row of the file honours a result."""
        self._load()

    def _load(self) -> None:
        """Read what is registered, its words as a file's are read."""
        reads = {
            key: check_for(DECLARATION.column(key), on=self.on)
            for key in ("plaque", "gift", "receiver")
        }
        for honour in Honour.objects.select_related("representative"):
            facts = {key: getattr(honour, key) for key in FACTS}
            facts |= {key: _as_read(read, facts[key]) for key, read in reads.items()}
            self.honours[honour.result_id] = facts
            whom = f"{honour.representative.name}（{honour.year} 年）"
            self.plaques[honour.region_id, facts["plaque"]] = f"已经发给{whom}"

    # --- what a row says ----------------------------------------------------------------

    def _plan(self, row: Row) -> Plan:
        village = self._village(row).code
        person, year = self._person(row, village), int(str(row.values["year"]))
        result = self._result(row, village, person, year)
        awarded_on: Any = row.values["awarded_on"]
        if awarded_on.year < year:
            raise self._objection(
                row, "awarded_on", "before_the_year",
                f"表彰日期 {awarded_on} 早于评议的年度 {year} 年",
                "请核对年度和表彰日期",
            )  # fmt: skip
        facts = self._award(row).kept(awarded_on) | self._receipt(row, awarded_on)
        return Plan(village, year, person, result.pk, facts)

    def _result(self, row: Row, village: int, person: int, year: int) -> Found:
        """Return the result that the honour is for; raise Objection unless it earns it."""
        found = self.results.get((year, person))
        if found is None:
            raise self._objection(
                row, "year", "no_result", f"这位代表没有 {year} 年的评议结果",
                self._mend_missing(village, year),
            )  # fmt: skip
        if found.stage != Stage.DONE:
            raise self._objection(
                row, "year", "not_filed", f"{year} 年的评议还没有备案",
                "镇里备案以后，再登记表彰",
            )  # fmt: skip
        if found.grade != Grade.EXCELLENT:
            grade = Grade(found.grade).label if found.grade else "不参评"
            raise self._objection(
                row, "name", "not_excellent", f"这位代表 {year} 年是{grade}，不是优秀",
                "请核对姓名和年度；只有评为优秀的才登记表彰",
            )  # fmt: skip
        return found

    def _mend_missing(self, village: int, year: int) -> str:
        """Return how somebody without a result of the year comes to one."""
        if (village, year) in self.held_here:
            return "这一年的评议是在系统里办的，里面没有这个人；请核对姓名和年度"
        if year < self.on.year:
            return "先导入这一年的评议结果，再导入表彰"
        return "今年的先在“履职评议”里办，备案以后再登记表彰；年度填错的请改正"

    def _award(self, row: Row) -> Award:
        """Return plaque, and bonus or gift."""
        plaque, gift = str(row.values["plaque"]), _words(row, "gift")
        amount = row.values.get("amount")
        if amount is not None and gift:
            raise self._objection(
                row, "gift", "two_gifts", "奖金和纪念品都填了，只能填一样",
                "请对照发放记录，只留实际发的那一样",
            )  # fmt: skip
        if amount is None:
            return Award(plaque, Given.GIFT if gift else Given.NOTHING, gift=gift)
        award = Award(plaque, Given.BONUS, Decimal(str(amount)))
        try:
            refuse_award(award)
        except Refused as refused:
            raise self._objection(
                row, "amount", "not_above_nought", "奖金要大于 0",
                "请核对金额；没有发奖金的，这一格空着",
            ) from refused  # fmt: skip
        return award

    def _receipt(self, row: Row, awarded_on: dt.date) -> dict[str, Any]:
        """Return who took it and when: both, or neither."""
        day, receiver = row.values.get("received_on"), _words(row, "receiver")
        if not isinstance(day, dt.date):
            if receiver:
                raise self._objection(
                    row, "received_on", "no_day", "写了领取人，没有写领取日期",
                    "请补上哪天领的；还没领的，把领取人也删去",
                )  # fmt: skip
            return {"received_on": None, "receiver": ""}
        if not receiver:
            raise self._objection(
                row, "receiver", "no_receiver", "写了领取日期，没有写领取人",
                "请补上谁领的，代领的写代领人；还没领的，把领取日期也删去",
            )  # fmt: skip
        try:
            refuse_receipt(day, receiver, awarded_on=awarded_on, on=self.on)
        except Refused as refused:
            raise self._objection(
                row, "received_on", "received_before", str(refused).rstrip("。"),
                "请对照领取签收表核对这两个日期",
            ) from refused  # fmt: skip
        return {"received_on": day, "receiver": receiver}

    # --- how it compares with what is registered ----------------------------------------

    def _compare(self, row: Row, plan: Plan) -> Verdict:
        if other := self.rows.get(plan.result):
            raise self._objection(
                row, "name", "twice_in_file", f"和第 {other} 行是同一个人、同一年",
                "请只留一行",
            )  # fmt: skip
        held = self.honours.get(plan.result)
        if held is None:
            self._refuse_plaque(row, plan)
        elif held != plan.facts:
            raise self._other_facts(row, held, plan.facts)
        self.rows[plan.result] = row.number
        return Verdict.NEW if held is None else Verdict.SAME

    def _refuse_plaque(self, row: Row, plan: Plan) -> None:
        """Refuse a plaque that somebody of the village has; let nobody else have this."""
        plaque = plan.facts["plaque"]
        if whose := self.plaques.get((plan.village, plaque)):
            raise self._objection(
                row, "plaque", "plaque_taken", f"号牌编号 {plaque} {whose}",
                f"请对照号牌核对；每年从头编号的，前面加上年度，如 {plan.year}-01",
            )  # fmt: skip
        whom = f"{row.values['name']}（{plan.year} 年）"
        self.plaques[plan.village, plaque] = f"在第 {row.number} 行发给了{whom}"

    def _other_facts(
        self, row: Row, held: dict[str, Any], said: dict[str, Any]
    ) -> Objection:
        """Say which of the facts are others than those that are registered."""
        columns = [column for column in DECLARATION.columns if column.key in FACTS]
        differ = [column for column in columns if held[column.key] != said[column.key]]
        titles = "、".join(column.title for column in differ)
        return self._objection(
            row, differ[0].key, "other_facts",
            f"系统里已经登记了这位代表这一年的表彰，和表里不一样的是：{titles}",
            "请核对；要改的在“优秀代表”里改",
        )  # fmt: skip

    def apply(self, rows: Sequence[Checked], *, on: dt.date, by: Post) -> None:
        """Store the honours, in one statement."""
        plans: list[Plan] = [row.plan for row in rows]
        Honour.objects.bulk_create(
            Honour(
                region_id=plan.village,
                result_id=plan.result,
                representative_id=plan.person,
                year=plan.year,
                entered_by=by.user,
                **plan.facts,
            )
            for plan in plans
        )


def _words(row: Row, key: str) -> str:
    """Return what a cell says; empty where it says that there is nothing."""
    text = str(row.values.get(key) or "")
    return "" if text.lower() in NOTHING else text


def _as_read(read: Callable[[object], Any], text: str) -> str:
    """Return a text of the database as it would be read from a file."""
    outcome = read(escape(text))
    return str(getattr(outcome, "value", outcome) or "")


class HonourImport(Ledger):
    """Honours of before the system. Rows are added, never changed."""

    kind = "honours"
    declaration = DECLARATION
    checker = HonourChecker
    permission = Permission.HONOUR_KEEP
    note = "以前表彰的优秀代表，一人一年一行。先导入那一年的评议结果。"
    conflict = (
        "这个号牌编号或这位代表的表彰刚刚有人登记过，没有写入",
        "请看过“优秀代表”，再传一次",
    )


LEDGER = register(HonourImport())
