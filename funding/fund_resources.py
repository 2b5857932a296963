"""工作经费台账 (ledger 12) on its way in: what was received and spent before the system.

Each row becomes an ordinary line of its year's book, judged like one that is entered on
the page. What goes out comes in again as "same", counter-entries and carry-overs too.
A book is never unwritten: taking an import back writes counter-entries.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from accounts.models import Post
from accounts.permissions import Permission
from funding import services
from funding.ledgers import UNDONE
from funding.models import CarryOver, EntryKind, FundEntry, WorkFund
from funding.rules import fund as rules
from funding.rules import said, yuan
from funding.services import Booking
from regions.models import Region
from representatives.importing import PLACES, Objection, PlanningChecker
from workbooks.declaration import Column, Declaration, Kind
from workbooks.importing import Checked, Ledger, Verdict, register
from workbooks.ledger import Row, Table
from workbooks.undoing import REASON, Blocker, Undoing
from workbooks.values import check_for
from workbooks.values.characters import escape

MOST = 99_999_999
KINDS = {str(kind.label): kind for kind in EntryKind}
WORDS = ("purpose", "voucher", "handled_by", "approved_by")
DECLARATION = Declaration(
    title="工作经费台账（以前记的）",
    columns=(
        *PLACES,
        Column("year", ("年度", "年份"), Kind.YEAR, least=2000, most=2100, example="2026"),
        Column(
            "booked_on",
            ("日期", "支出日期", "登记日期", "记账日期"),
            Kind.DATE,
            required=True,
            past_only=True,
            example="2026-03-05",
        ),
        Column(
            "kind",
            ("类型", "收支类型"),
            Kind.CHOICE,
            choices=tuple(KINDS),
            synonyms=(
                ("收入", "到账"), ("拨付", "到账"), ("拨款", "到账"), ("开支", "支出"),
                ("付款", "支出"),
            ),
            example="支出",
            note="不填的，金额在“收入”里就是到账，在“支出金额”里就是支出。",
        ),
        Column(
            "purpose",
            ("事项", "摘要", "用途"),
            required=True,
            longest=100,
            example="恳谈会茶水、资料打印",
        ),
        Column("received", ("收入", "收入金额", "到账金额"), Kind.AMOUNT, most=MOST),
        Column(
            "spent",
            ("支出金额", "支出", "金额", "金额(元)"),
            Kind.AMOUNT,
            most=MOST,
            example="120.50",
        ),
        Column(
            "voucher",
            ("凭证号", "凭证编号", "凭证"),
            Kind.CODE,
            longest=30,
            example="2026-001",
            note="支出都要有，一个凭证号记一笔。",
        ),
        Column("handled_by", ("经手", "经手人", "经办人"), longest=30, example="申文书"),
        Column("approved_by", ("审批", "审批人"), longest=30, example="周书记"),
        Column("remark", ("备注",), longest=200),
    ),
    ignored=("序号", "编号", "错误说明", "安排", "安排(5000)", "结余", "余额"),
    notes=("一行一笔。到账的行写在前面，花它的支出写在后面。",),
)  # fmt: skip

Key = tuple[Any, ...]


def key_of(one: Booking) -> Key:
    """Return what two lines must agree on to be the same."""
    return (
        one.fund, one.kind, one.booked_on, one.amount,
        one.purpose, one.voucher, one.handled_by, one.approved_by,
    )  # fmt: skip


class FundChecker(PlanningChecker):
    """Verdicts on lines of books: each is held against the book as it would be by then."""

    labels = ("purpose",)

    def __init__(self, table: Table, on: dt.date) -> None:
        super().__init__(table, on)
        self.funds = {(one.region_id, one.year): one for one in WorkFund.objects.all()}
        self.by_pk = {fund.pk: fund for fund in self.funds.values()}
        self.book: Counter[tuple[Key, bool]] = Counter()
        """How many lines of the book no row has matched yet, by whether they stand."""
        self.struck: set[Key] = set()
        self.vouchers: dict[tuple[int, str], Booking] = {}
        self.receipts: dict[tuple[int, dt.date, Decimal], Booking] = {}
        self._load()

    def _load(self) -> None:
        """Read the books, their words as a file's are read."""
        reads = {key: check_for(DECLARATION.column(key), on=self.on) for key in WORDS}
        rows = FundEntry.objects.values_list(
            "fund", "region", "kind", "booked_on", "amount", *WORDS,
            "reversed_by__purpose",
        )  # fmt: skip
        for *facts, counter in rows:
            words = [
                _value_of(reads[key](escape(text)))
                for key, text in zip(WORDS, facts[5:], strict=True)
            ]
            held = Booking(*facts[:5], *words)
            self.book[key_of(held), counter is not None] += 1
            if counter is None:
                self._note(held)
            elif REASON not in counter:
                self.struck.add(key_of(held))

    def _note(self, line: Booking) -> None:
        """Remember a line that stands: its voucher, or when how much came."""
        if line.kind == EntryKind.SPENT:
            self.vouchers[line.fund, line.voucher] = line
        elif line.kind == EntryKind.RECEIVED:
            self.receipts[line.fund, line.booked_on, line.amount] = line

    # --- what a row says ----------------------------------------------------------------

    def _plan(self, row: Row) -> Booking:
        village = self._village(row)
        day: Any = row.values["booked_on"]
        fund = self._fund(row, village, day)
        kind, amount = self._side(row)
        words = tuple(str(row.values.get(key) or "") for key in WORDS)
        if kind is EntryKind.SPENT and not all(words):
            self._refuse_blank(row, WORDS[words.index("")])
        purpose, voucher, handled_by, approved_by = words
        return Booking(
            fund.pk, village.code, kind.value, day, amount,
            purpose, voucher, handled_by, approved_by,
        )  # fmt: skip

    def _fund(self, row: Row, village: Region, day: dt.date) -> WorkFund:
        year = row.values.get("year")
        if isinstance(year, int) and year != day.year:
            words = rules.of_another_year(day, year)
            raise self._in_words(row, "booked_on", "another_year", words)
        fund = self.funds.get((village.code, day.year))
        if fund is None:
            is_near = self.on.year - 1 <= day.year <= self.on.year
            raise self._objection(
                row, "booked_on", "no_fund", f"{day.year} 年的工作经费还没有建账",
                f"请先在“工作经费”里选 {day.year} 年建账，再导入" if is_near
                else "系统只建去年和今年的账；更早的不用导，留好原来的台账",
            )  # fmt: skip
        return fund

    def _side(self, row: Row) -> tuple[EntryKind, Decimal]:
        """Return what a row is, and its signed amount."""
        came, went = (
            yuan(Decimal(str(row.values.get(side) or 0)))
            for side in ("received", "spent")
        )
        if bool(came) is bool(went):
            raise self._objection(
                row, "spent", "one_amount", "一行要有一个金额，这一行没有或者有两个",
                "到账的填在“收入”里，花出去的填在“支出金额”里",
            )  # fmt: skip
        amount = came - went
        by_side = EntryKind.RECEIVED if came else EntryKind.SPENT
        kind = KINDS.get(str(row.values.get("kind") or ""), by_side)
        if kind in (EntryKind.RECEIVED, EntryKind.SPENT) and kind is not by_side:
            raise self._objection(
                row, "kind", "wrong_side", f"类型写的是{kind.label}，金额填在了另一边",
                "到账的填在“收入”里，花出去的填在“支出金额”里",
            )  # fmt: skip
        return kind, amount

    def _refuse_blank(self, row: Row, key: str) -> None:
        title = DECLARATION.column(key).title
        raise self._objection(
            row, key, f"missing_{key}", f"支出没有填{title}", "请对照凭证补填"
        )

    # --- how it compares with the book --------------------------------------------------

    def _compare(self, row: Row, plan: Booking) -> Verdict:
        is_line = plan.kind in (EntryKind.RECEIVED, EntryKind.SPENT)
        is_undone = is_line and str(row.values.get("remark") or "").startswith(UNDONE)
        key = (key_of(plan), is_undone)
        if self.book[key] > 0:
            self.book[key] -= 1
            return Verdict.SAME
        if not is_line or is_undone:
            raise self._not_by_import(row, plan.kind)
        if key_of(plan) in self.struck:
            raise self._objection(
                row, "purpose", "taken_back", "这一笔登记过，后来冲销了",
                "确实要再记的，请在“工作经费”里登记",
            )  # fmt: skip
        self._refuse_booked(row, plan)
        self._book(row, plan)
        return Verdict.NEW

    def _not_by_import(self, row: Row, kind: str) -> Objection:
        wrong, mend = {
            EntryKind.CARRIED: (
                "账上没有这一笔结转，结转不能导入", "请由书记在“工作经费”里办结转",
            ),
            EntryKind.REVERSAL: (
                "账上没有这一笔冲销，冲销不能导入",
                "请和被冲销的那一行一起删去；账上记错的，在台账上点“冲销”",
            ),
        }.get(
            EntryKind(kind),
            ("写着“已冲销”，账上没有这一笔", "请和冲销它的那一行一起删去"),
        )  # fmt: skip
        return self._objection(row, "purpose", "not_by_import", wrong, mend)

    def _refuse_booked(self, row: Row, plan: Booking) -> None:
        """Refuse what was booked before in other words: a voucher, money of one day."""
        if plan.kind == EntryKind.SPENT:
            if other := self.vouchers.get((plan.fund, plan.voucher)):
                raise self._objection(
                    row, "voucher", "voucher_booked",
                    f"凭证号 {plan.voucher} 已经有一笔：{other.booked_on} "
                    f"{other.purpose} {said(-other.amount)}",
                    "请核对凭证号；账上那笔记错的，先冲销",
                )  # fmt: skip
            return
        other = self.receipts.get((plan.fund, plan.booked_on, plan.amount))
        if other and not _are_told_apart(other.voucher, plan.voucher):
            raise self._objection(
                row, "received", "receipt_booked",
                f"这一天已经有一笔同样多的到账：{other.purpose}",
                "请核对；确实是另一笔的，请在“工作经费”里登记到账",
            )  # fmt: skip

    def _book(self, row: Row, plan: Booking) -> None:
        """Let the fund be as it is after the line; refuse what it does not hold (L28)."""
        fund = self.by_pk[plan.fund]
        if plan.kind == EntryKind.SPENT and -plan.amount > fund.balance:
            words = rules.beyond_balance(-plan.amount, fund.balance)
            mend = "；到账也在这份表里的，把到账的行移到前面"
            raise self._in_words(row, "spent", "beyond_balance", words, mend)
        if plan.kind == EntryKind.RECEIVED:
            if fund.received + plan.amount > fund.allotted:
                words = rules.beyond_allotment(
                    plan.amount, fund.received, fund.allotted
                )
                raise self._in_words(row, "received", "beyond_allotment", words)
            fund.received += plan.amount
        fund.balance += plan.amount
        self._note(plan)

    def _in_words(
        self, row: Row, key: str, code: str, words: str, more: str = ""
    ) -> Objection:
        """Return an objection in a rule's words: what is wrong, then how to mend it."""
        wrong, _, mend = words.partition("。")
        return self._objection(row, key, code, wrong, mend.rstrip("。") + more)

    def apply(self, rows: Sequence[Checked], *, on: dt.date, by: Post) -> None:
        """Book the lines, set-based."""
        services.book_many(bookings=[row.plan for row in rows], by=by)


def _are_told_apart(one: str, other: str) -> bool:
    return bool(one and other) and one != other


def _value_of(outcome: Any) -> str:
    """Return what a check made of a text, mended or not."""
    return str(getattr(outcome, "value", outcome) or "")


class FundImport(Ledger):
    """Lines of books. Rows are added, never changed; an undo counters them."""

    kind = "funds"
    declaration = DECLARATION
    checker = FundChecker
    permission = Permission.FUND_KEEP
    note = (
        "启用系统以前的到账和支出，记进当年的账。那一年的账要先建好；余额不够的退回。"
    )
    conflict = (
        "余额、安排或凭证号刚刚有变动，这一笔登记不了",
        "请看过“工作经费”台账，再传一次",
    )
    clash = Blocker("工作经费", "", "刚刚又有了收支或冲销。请看过台账，再撤销一次")
    counters = True

    def blockers(self, undoing: Undoing) -> Iterable[Blocker]:
        """Yield years that were carried over since, and those that hold too little.

        What was taken back by hand meanwhile is in nobody's way.
        """
        by_fund: dict[int, list[FundEntry]] = defaultdict(list)
        for entry in _standing(undoing):
            by_fund[entry.fund_id].append(entry)
        carried = dict(
            CarryOver.objects.filter(source__in=by_fund)
            .order_by("entered_at")
            .values_list("source", "entered_at")
        )
        for pk, entries in by_fund.items():
            last = carried.get(pk)
            is_carried = last is not None and last > entries[0].entered_at
            if why := _hinders(entries, is_carried=is_carried):
                fund = entries[0].fund
                yield Blocker(
                    f"工作经费 {fund.year} 年", fund.region.name, why, str(pk)
                )

    def comes_to(self, undoing: Undoing) -> Mapping[str, int]:
        """Return how many lines an undo counters."""
        return {"reversed": _standing(undoing).count()}

    def undo(self, undoing: Undoing, *, on: dt.date) -> None:
        """冲销 every line of the import that stands."""
        services.take_back_many(
            entries=_standing(undoing), reason=undoing.reason, on=on, by=undoing.by
        )


def _standing(undoing: Undoing) -> QuerySet[FundEntry]:
    """Return the lines of an import that were not taken back, the first first."""
    rows = FundEntry.objects.standing().filter(pk__in=undoing.inserted(FundEntry))
    return rows.select_related("fund__region").order_by("entered_at", "pk")


def _hinders(entries: Sequence[FundEntry], *, is_carried: bool) -> str:
    """Return why a year's lines cannot be countered together; empty if they can."""
    fund, whole = entries[0].fund, sum(one.amount for one in entries)
    if is_carried:
        return (
            f"导入以后，结余已转入 {fund.year + 1} 年，账不能整批退回去。"
            "确实记错的，在台账上一笔一笔冲销"
        )
    if whole > fund.balance:
        return (
            f"导入的到账后来花了：全部冲销要退 {said(yuan(whole))}，"
            f"余额只有 {said(fund.balance)}。请先冲销后来记的支出"
        )
    return ""


LEDGER = register(FundImport())
