"""Ledgers 11 and 12 of domain 4 on their way out as workbooks: views, never tables.

误工补贴发放表: what is final, and what was paid before the system. 工作经费台账: every line
of the books of a year, the balance after each.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from accounts.permissions import Permission
from funding.models import EntryKind, FundEntry, PayAccount, SubsidyLine
from funding.rules import NOUGHT, yuan
from funding.statements import Line
from regions.forms import PlaceField
from regions.models import Region, inside
from representatives.ledgers import number_words
from ui.forms import PlainWords
from workbooks.declaration import Column, Kind
from workbooks.writing import Sectioned

Lines = TypeVar("Lines", bound=QuerySet[Any])


class YearFilter(PlainWords, forms.Form):
    """A place and a year."""

    place = PlaceField(label="乡镇、村", required=False)
    year = forms.IntegerField(
        label="年份", required=False, min_value=2000, max_value=2100
    )

    def __init__(self, *args: Any, one_village: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if one_village:
            del self.fields["place"]


def within(rows: Lines, wanted: Mapping[str, Any]) -> Lines:
    """Narrow to the place that was asked for; without one, return all of them."""
    place = wanted.get("place")
    return inside(rows, place.scope) if isinstance(place, Region) else rows


def cents(amount: Decimal) -> int:
    """Return an amount in cents: totals are counted in whole numbers."""
    return int(yuan(amount) * 100)


SUBSIDIES = (
    Column("township", ("乡镇(街道)",), width=10),
    Column("village", ("村(社区)",), width=11),
    Column("name", ("姓名",), Kind.NAME, width=9),
    Column("id_number", ("身份证号",), Kind.ID_NUMBER, width=21),
    Column("group", ("村(居)民小组",), Kind.CODE, width=9),
    Column("month", ("发放月份",), Kind.CODE, width=10),
    Column("rate", ("标准(元/月)",), Kind.AMOUNT, width=10),
    Column("amount", ("金额",), Kind.AMOUNT, width=11),
    Column("account", ("一卡通/银行账号",), Kind.CODE, width=22),
    Column("signature", ("领款人签字",), width=11),
    Column("remark", ("备注",), width=34),
)


class SubsidyLedger(Sectioned):
    """误工补贴发放表 (ledger 11): a line for each person and month."""

    kind = "subsidies"
    note = "只收已经锁定的月份和以前发的；还在核对、公示的，在那个月的补贴表打印。"
    title = "村（居）民代表误工补贴发放表"
    unit = "笔"
    has_numbers = True
    permission = Permission.FUND_VIEW
    columns: tuple[Column, ...] = SUBSIDIES

    def __init__(self, place: Region) -> None:
        """Take the place that every ledger is opened for; the filters say which one."""

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> YearFilter:
        """Return the form of the filters."""
        return YearFilter(data, one_village=one_village)

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[int]:
        """Return the ids of the lines of a year, by village, month and name."""
        rows = within(SubsidyLine.objects.granted(), wanted)
        if year := wanted.get("year"):
            rows = rows.filter(of_month__year=year)
        ordered = rows.order_by("region", "of_month", "representative__initials", "pk")
        return self.divided(list(ordered.values_list("pk", flat=True)))

    def rows(
        self, keys: Sequence[int], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return the rows of these lines, 小计 by village, and add them up; two statements."""
        found = SubsidyLine.objects.select_related(
            "region__parent", "representative__group", "sheet"
        ).in_bulk(list(keys))
        lines = [found[key] for key in keys if key in found]
        people = {line.representative_id for line in lines}
        accounts = {
            one.representative_id: one
            for one in PayAccount.objects.filter(representative__in=people)
        }
        laid = []
        for line in lines:
            figures = {"lines": 1, "cents": cents(line.amount)}
            account = accounts.get(line.representative_id)
            laid.append((_subsidy_row(line, account, full=full), figures))
        return self.laid(laid, totals, taken=len(keys))

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""
        return {
            "name": f"{totals['lines']} 笔",
            "amount": Decimal(totals["cents"]) / 100,
        }


def _subsidy_row(
    line: SubsidyLine, account: PayAccount | None, *, full: bool
) -> Sequence[object]:
    person, township = line.representative, line.region.parent
    number = account.number if account else None
    return (
        township.name if township else "",
        line.region.name,
        person.name,
        number_words(person.id_number, full=full),
        str(person.group) if person.group else "",
        f"{line.of_month:%Y-%m}",
        line.reckoned.terms.rate if line.facts else None,
        line.amount,
        number_words(number, full=full),
        "",
        f"{line.get_kind_display()}：{Line(line).words}",
    )


UNDONE = "已冲销"
"""What the remark of a line that was taken back says, going out and coming in."""
FUNDS = (
    Column("township", ("乡镇(街道)",), width=10),
    Column("village", ("村(社区)",), width=11),
    Column("year", ("年度",), Kind.CODE, width=7),
    Column("allotted", ("安排",), Kind.AMOUNT, width=11),
    Column("booked_on", ("日期",), Kind.DATE, width=14),
    Column("kind", ("类型",), width=7),
    Column("purpose", ("事项",), width=26),
    Column("received", ("收入",), Kind.AMOUNT, width=11),
    Column("spent", ("支出金额",), Kind.AMOUNT, width=11),
    Column("voucher", ("凭证号",), Kind.CODE, width=10),
    Column("handled_by", ("经手",), width=9),
    Column("approved_by", ("审批",), width=9),
    Column("balance", ("结余",), Kind.AMOUNT, width=11),
    Column("remark", ("备注",), width=28),
)


class FundLedger(Sectioned):
    """工作经费台账 (ledger 12): a line for each entry of the books of a year."""

    kind = "funds"
    title = "村（居）民代表工作经费台账"
    unit = "笔"
    has_numbers = False
    permission = Permission.FUND_VIEW
    columns: tuple[Column, ...] = FUNDS

    def __init__(self, place: Region) -> None:
        self._balances: dict[int, Decimal] = {}

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> YearFilter:
        """Return the form of the filters."""
        return YearFilter(data, one_village=one_village)

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[Any]:
        """Return the ids of the entries of a year, book by book, in the books' order."""
        year = wanted.get("year") or timezone.localdate().year
        rows = within(FundEntry.objects.filter(fund__year=year), wanted)
        ordered = rows.order_by("region", "fund", "booked_on", "entered_at", "pk")
        return self.divided(list(ordered.values_list("pk", flat=True)))

    def rows(
        self, keys: Sequence[Any], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return the rows of these entries; balances go on from the chunk before."""
        found = FundEntry.objects.select_related(
            "region__parent", "fund", "reverses", "reversed_by"
        ).in_bulk(list(keys))
        lines = []
        for entry in (found[key] for key in keys if key in found):
            before = self._balances.get(entry.fund_id, NOUGHT)
            self._balances[entry.fund_id] = before + entry.amount
            side = "in" if entry.amount > 0 else "out"
            figures = {"lines": 1, side: cents(abs(entry.amount))}
            lines.append((_fund_row(entry, self._balances[entry.fund_id]), figures))
        return self.laid(lines, totals, taken=len(keys))

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row: counter-entries stand on the other side."""
        return {
            "purpose": f"{totals['lines']} 笔",
            "received": Decimal(totals["in"]) / 100,
            "spent": Decimal(totals["out"]) / 100,
        }


def _fund_row(entry: FundEntry, balance: Decimal) -> Sequence[object]:
    township = entry.region.parent
    size = abs(entry.amount)
    return (
        township.name if township else "",
        entry.region.name,
        str(entry.fund.year),
        entry.fund.allotted,
        entry.booked_on,
        EntryKind(entry.kind).label,
        entry.purpose,
        size if entry.amount > 0 else None,
        size if entry.amount < 0 else None,
        entry.voucher,
        entry.handled_by,
        entry.approved_by,
        balance,
        fund_remark(entry),
    )


def fund_remark(entry: FundEntry) -> str:
    """Return what a line of the book says of its counter-entry, or of what it counters."""
    if entry.reverses:
        return f"冲销 {entry.reverses.booked_on} 的“{entry.reverses.purpose}”"
    return UNDONE if hasattr(entry, "reversed_by") else ""
