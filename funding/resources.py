"""以前发的误工补贴 on its way in: what a village paid before it used the system.

Each row becomes a line of the person's statement. No sheet is made of it and nothing is
reckoned: it was paid. A month that is on a sheet of the system, or that a later sheet has
made up for, is refused: nobody is paid twice for a month.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounts.models import Post
from accounts.permissions import Permission
from funding.models import LineKind, SheetState, SubsidyLine
from funding.rules import NOUGHT, yuan
from representatives.importing import PLACES, Objection, PersonChecker
from workbooks import loading
from workbooks.declaration import Column, Declaration, Kind
from workbooks.importing import Checked, Ledger, Verdict, register
from workbooks.ledger import Row, Table
from workbooks.values.dates import month_of

DECLARATION = Declaration(
    title="误工补贴发放表（以前发的）",
    columns=(
        *PLACES,
        Column(
            "name",
            ("姓名", "代表姓名", "领款人"),
            Kind.NAME,
            required=True,
            example="张顺民",
        ),
        Column("group", ("村(居)民小组", "小组", "组别"), Kind.CODE, example="3组"),
        Column(
            "month",
            ("发放月份", "月份", "补贴月份"),
            required=True,
            longest=20,
            example="2025年3月",
            note="一个月一行，写成 2025年3月 或 2025-03。",
        ),
        Column(
            "amount",
            ("金额", "金额(元)", "实发金额"),
            Kind.AMOUNT,
            required=True,
            example="150.00",
        ),
        Column("remark", ("备注",), longest=200),
    ),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A payment to be stored."""

    village: int
    person: int
    month: dt.date
    amount: Decimal
    words: str


class SubsidyChecker(PersonChecker):
    """Verdicts on past payments: the person must be on the roll, the month free."""

    def __init__(self, table: Table, on: dt.date) -> None:
        super().__init__(table, on)
        # What a draft makes up for is reckoned anew, and leaves it with the payment.
        paid = SubsidyLine.objects.exclude(
            kind=LineKind.ADJUSTMENT, sheet__state=SheetState.DRAFT
        )
        self.paid = {
            (person, month): (kind, amount)
            for person, month, kind, amount in paid.order_by("kind").values_list(
                "representative_id", "of_month", "kind", "amount"
            )
        }

    def _plan(self, row: Row) -> Plan:
        values, village = row.values, self._village(row)
        person = self._person(row, village.code)
        month = month_of(str(values["month"]))
        if month is None or month > self.on:
            raise self._objection(
                row, "month", "not_a_month", "没有看懂是哪个月，或者这个月还没有到",
                "请写成 2025年3月",
            )  # fmt: skip
        amount = yuan(Decimal(str(values["amount"])))
        if amount <= NOUGHT:
            raise self._objection(
                row, "amount", "not_above_nought", "金额要大于 0", "请核对金额"
            )
        words = str(values.get("remark") or "")[:400]
        return Plan(village.code, person, month, amount, words)

    def _compare(self, row: Row, plan: Plan) -> Verdict:
        key, paid = (plan.person, plan.month), (LineKind.PAST, plan.amount)
        held = self.paid.get(key)
        if held is None:
            self.paid[key] = paid
            return Verdict.NEW
        if held == paid:
            return Verdict.SAME
        raise self._twice(row, held)

    def _twice(self, row: Row, held: tuple[str, Decimal]) -> Objection:
        kind, amount = held
        if kind == LineKind.MONTH:
            return self._objection(
                row, "month", "month_on_a_sheet",
                "这个月系统里已经生成过补贴表，不能再导入", "请删去这一行",
            )  # fmt: skip
        if kind == LineKind.ADJUSTMENT:
            return self._objection(
                row, "month", "made_up_on_a_sheet",
                "这个月的钱已经列在以后月份的补贴表上补发，不能再导入",
                "请删去这一行；那张补贴表还没有锁定的，先退回再导入",
            )  # fmt: skip
        return self._objection(
            row, "amount", "paid_differently",
            f"这位代表这个月已经有一笔 {amount:,.2f} 元，和这一行不一样",
            "请核对；一个月只能有一笔",
        )  # fmt: skip

    def apply(self, rows: Sequence[Checked], *, on: dt.date, by: Post) -> None:
        """Store the payments, in one statement."""
        plans = [row.plan for row in rows]
        names = (
            "region_code", "representative_id", "kind", "of_month", "due",
            "paid_before", "amount", "facts", "words",
        )  # fmt: skip
        values = (
            (
                one.village, one.person, LineKind.PAST.value, one.month, one.amount,
                NOUGHT, one.amount, "{}", one.words,
            )
            for one in plans
        )  # fmt: skip
        loading.insert_many(SubsidyLine, names, values)


class SubsidyImport(Ledger):
    """Payments of before the system. Rows are added, never changed."""

    kind = "subsidies"
    declaration = DECLARATION
    checker = SubsidyChecker
    permission = Permission.FUND_KEEP
    note = "只导入启用系统以前发的；系统里生成过补贴表的月份不用导。"


LEDGER = register(SubsidyImport())
