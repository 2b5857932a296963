"""The book of a work fund: opening a year, money in, money out, taking back, carrying on.

The database is the judge: its trigger adds each entry to the fund under the lock of the
fund's row, and refuses what goes below nought. Here its verdict is put into words, and
an attempt to spend what is not there is kept although it was refused.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Action, Post
from accounts.services import Refused
from attachments.examining import Examined
from funding.models import (
    CarryOver,
    EntryKind,
    FundEntry,
    Overdraw,
    WorkFund,
    standards,
)
from funding.rules import fund as rules
from funding.rules import said, yuan
from funding.services.scanning import keep_scans
from regions.models import Region, inside
from ui.asked import told_on

TAKEN = "这一笔已经登记过了，内容不一样。请重新打开页面再登记。"


class BeyondBalance(Refused):
    """There is less in the fund than somebody wants to spend."""

    code = "beyond_balance"


@dataclass(frozen=True)
class Spending:
    """A payment as it is entered; the amount is above nought."""

    booked_on: dt.date
    amount: Decimal
    purpose: str
    voucher: str
    handled_by: str
    approved_by: str


@transaction.atomic
def open_year(*, place: Region, year: int, by: Post) -> int:
    """Allot the year's money to every village of a place that has no fund of it yet.

    Returns how many were opened. The amount is the city's standard of the year (L28). A
    village that somebody else opens at this moment is left to him.
    """
    today, now = timezone.localdate(), timezone.now()
    if not today.year - 1 <= year <= today.year + 1:
        raise Refused(f"{year} 年不在今年前后，请核对年度。")
    standard = standards().allotment(year)
    villages = Region.objects.villages().current().within(place.scope)
    opened = set(
        inside(WorkFund.objects.of_year(year), place.scope).values_list(
            "region_id", flat=True
        )
    )
    WorkFund.objects.bulk_create(
        (
            WorkFund(
                region=village,
                year=year,
                allotted=standard.amount,
                basis=standard.basis,
                opened_by=by.user,
                opened_at=now,
            )
            for village in villages
            if village.pk not in opened
        ),
        ignore_conflicts=True,
    )
    made = WorkFund.objects.of_year(year).filter(opened_by=by.user, opened_at=now)
    return made.count()


def receive(
    *,
    fund: WorkFund,
    entry_id: uuid.UUID,
    amount: Decimal,
    booked_on: dt.date,
    purpose: str,
    by: Post,
    voucher: str = "",
    files: Sequence[Examined] = (),
) -> FundEntry:
    """到账: money of the allotment has come. Raises Refused."""
    columns = {
        "kind": EntryKind.RECEIVED,
        "amount": amount,
        "booked_on": booked_on,
        "purpose": purpose,
        "voucher": voucher,
    }
    return _booked(fund, entry_id, columns, files, by)


def spend(
    *,
    fund: WorkFund,
    entry_id: uuid.UUID,
    spending: Spending,
    by: Post,
    files: Sequence[Examined] = (),
) -> FundEntry:
    """支出: raises Refused, and BeyondBalance where the fund holds less.

    An attempt beyond the balance is kept and logged, outside the transaction that the
    database refused.
    """
    columns = vars(spending) | {"kind": EntryKind.SPENT, "amount": -spending.amount}
    try:
        return _booked(fund, entry_id, columns, files, by)
    except BeyondBalance:
        _keep_attempt(fund, spending, by)
        raise


def take_back(
    *, entry: FundEntry, entry_id: uuid.UUID, reason: str, on: dt.date, by: Post
) -> FundEntry:
    """冲销: a counter-entry over the whole amount, with the reason. Raises Refused.

    Dated today, or the last day of the fund's year once that is over.
    """
    if entry.kind not in (EntryKind.RECEIVED, EntryKind.SPENT):
        raise Refused("结转和冲销本身不能冲销。")
    if not reason.strip():
        raise Refused("请写明为什么冲销。")
    columns = {
        "kind": EntryKind.REVERSAL,
        "reverses": entry,
        "amount": -entry.amount,
        "booked_on": told_on(entry.fund.year, on),
        "purpose": f"冲销：{reason.strip()}"[:100],
        "voucher": entry.voucher,
    }
    return _booked(entry.fund, entry_id, columns, (), by)


@transaction.atomic
def carry_over(
    *, fund: WorkFund, decided_on: dt.date, decision: str, on: dt.date, by: Post
) -> CarryOver:
    """结转: what is left of a year that is over goes into the next, by a decision.

    What comes back to the year afterwards may be carried over again. Raises Refused.
    """
    if on.year <= fund.year:
        raise Refused(f"{fund.year} 年还没有过完，年底以后再结转。")
    if not decision.strip():
        raise Refused("请写明结转的依据，例如镇财政所的批复。")
    if decided_on > on:
        raise Refused(f"决定日期 {decided_on} 还没有到，请核对。")
    target = _next_year(fund, by)
    now = WorkFund.objects.get(pk=fund.pk)
    if not now.balance:
        raise Refused(f"{fund.year} 年没有结余，不用结转。")
    try:
        with transaction.atomic():
            return _carried(now, target, decided_on, decision.strip(), by)
    except IntegrityError as refused:
        raise Refused("结余刚刚变了，请返回重新打开再看。") from refused


def _next_year(fund: WorkFund, by: Post) -> WorkFund:
    """Return the village's fund of the year after, opened if there is none."""
    rows = WorkFund.objects.of_year(fund.year + 1).filter(region=fund.region_id)
    if found := rows.first():
        return found
    village = Region.objects.get(pk=fund.region_id)
    if not open_year(place=village, year=fund.year + 1, by=by):
        raise Refused(f"{village.name}已经撤销，{fund.year + 1} 年没有账，不能结转。")
    return rows.get()


def _carried(
    fund: WorkFund, target: WorkFund, decided_on: dt.date, decision: str, by: Post
) -> CarryOver:
    made = CarryOver.objects.create(
        region_id=fund.region_id,
        source=fund,
        target=target,
        amount=fund.balance,
        decided_on=decided_on,
        decision=decision[:200],
        entered_by=by.user,
        entered_at=timezone.now(),
    )
    # Decided in a year later still, it arrives on the last day of the year it goes into.
    first, last = dt.date(target.year, 1, 1), dt.date(target.year, 12, 31)
    arrives = min(max(decided_on, first), last)
    halves = (
        (fund, -made.amount, dt.date(fund.year, 12, 31), f"结余转入 {target.year} 年"),
        (target, made.amount, arrives, f"{fund.year} 年结余转入"),
    )
    for side, amount, day, purpose in halves:
        columns = {
            "kind": EntryKind.CARRIED,
            "carry_over": made,
            "amount": amount,
            "booked_on": day,
            "purpose": purpose,
        }
        _insert(side, uuid.uuid4(), columns, by)
    return made


# --- how an entry is booked -------------------------------------------------------------


def _booked(
    fund: WorkFund,
    entry_id: uuid.UUID,
    columns: dict[str, Any],
    files: Sequence[Examined],
    by: Post,
) -> FundEntry:
    """Book one entry once; raise Refused with a sentence for what the database refuses."""
    columns["amount"] = yuan(columns["amount"])
    try:
        with transaction.atomic():
            if known := _known(fund, entry_id, columns):
                return known
            _check(fund, columns)
            entry = _insert(fund, entry_id, columns, by)
            _refuse_second_voucher(entry)
            keep_scans(entry, files, by)
    except IntegrityError as refused:
        # The same form sent twice at once: the first was booked while this one waited.
        if known := _known(fund, entry_id, columns):
            return known
        raise _in_words(refused, fund, columns) from refused
    fund.refresh_from_db()
    return entry


def _known(
    fund: WorkFund, entry_id: uuid.UUID, columns: dict[str, Any]
) -> FundEntry | None:
    """Return the entry that a form sent twice has made already."""
    known = FundEntry.objects.filter(pk=entry_id).first()
    if known is None:
        return None
    same = all(getattr(known, name) == value for name, value in columns.items())
    if known.fund_id != fund.pk or not same:
        raise Refused(TAKEN)
    return known


def _check(fund: WorkFund, columns: dict[str, Any]) -> None:
    day = columns["booked_on"]
    if columns["kind"] != EntryKind.REVERSAL:
        sign = -1 if columns["kind"] == EntryKind.SPENT else 1
        if wrong := rules.wrong_amount(sign * columns["amount"]):
            raise Refused(wrong)
    if day.year != fund.year:
        raise Refused(rules.of_another_year(day, fund.year))
    if day > timezone.localdate():
        raise Refused(f"日期 {day} 还没有到，请填实际的日期。")


def _insert(
    fund: WorkFund, entry_id: uuid.UUID, columns: dict[str, Any], by: Post
) -> FundEntry:
    return FundEntry.objects.create(
        id=entry_id,
        region_id=fund.region_id,
        fund=fund,
        entered_by=by.user,
        entered_at=timezone.now(),
        **columns,
    )


def _refuse_second_voucher(entry: FundEntry) -> None:
    """Refuse a voucher that was booked before; the fund is locked by now, nobody races."""
    if entry.kind != EntryKind.SPENT:
        return
    same = FundEntry.objects.standing().filter(
        fund=entry.fund_id, kind=EntryKind.SPENT, voucher=entry.voucher
    )
    if other := same.exclude(pk=entry.pk).first():
        raise Refused(
            f"凭证号 {entry.voucher} 已经登记过：{other.booked_on} {other.purpose} "
            f"{said(-other.amount)}。请核对凭证号；原来那笔记错的，先冲销。"
        )


def _in_words(
    refused: IntegrityError, fund: WorkFund, columns: dict[str, Any]
) -> Refused:
    """Return the sentence for the constraint that an entry breaks."""
    cause = getattr(refused.__cause__, "diag", None)
    name = getattr(cause, "constraint_name", "") or ""
    now = WorkFund.objects.get(pk=fund.pk)
    amount = abs(columns["amount"])
    if name == "funding_fund_not_overdrawn":
        return BeyondBalance(rules.beyond_balance(amount, now.balance))
    if name == "funding_fund_received_within_allotted":
        return Refused(rules.beyond_allotment(amount, now.received, now.allotted))
    if name == "funding_entry_in_its_year":
        return Refused(rules.of_another_year(columns["booked_on"], fund.year))
    if "reverses" in name:
        return Refused("这一笔已经冲销过，请返回重新打开。")
    return Refused("没有登记成，请核对填写的内容再试一次。")


@transaction.atomic
def _keep_attempt(fund: WorkFund, spending: Spending, by: Post) -> None:
    now = WorkFund.objects.get(pk=fund.pk)
    Overdraw.objects.create(
        region_id=fund.region_id,
        fund=fund,
        amount=yuan(spending.amount),
        balance=now.balance,
        purpose=spending.purpose,
        by=by.user,
        at=timezone.now(),
    )
    audit.record(
        Action.REFUSED,
        region=fund.region_id,
        by=by.user,
        subject=f"{fund}支出 {said(spending.amount)}，超出余额 {said(now.balance)}",
        reason=spending.purpose,
    )
