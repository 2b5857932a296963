"""Ledgers 11 and 12 of domain 4 as people print, sign and file them; the statement.

误工补贴发放表: 序号 | 姓名 | 身份证号(掩码) | 村民小组 | 发放月份 | 标准 | 金额 | 账号(掩码) |
领款人签字 | 备注; the head cites the resolution's day. 工作经费台账: 村 | 年度 | 安排 | 支出日期 |
事项 | 金额 | 凭证号 | 经手 | 结余. Numbers are masked by construction.
"""

import datetime as dt
from decimal import Decimal
from itertools import accumulate

from funding.models import FundEntry, LineKind, Resolution, SubsidyLine, WorkFund
from funding.models.subsidy import month_words
from funding.rules import NOUGHT, said
from funding.sheet_desk import Desk, Person
from funding.statements import Statement
from papers.blocks import (
    Block,
    Dated,
    Facts,
    Grid,
    Line,
    Paper,
    Paragraph,
    Signatures,
)
from representatives.announcing import committee_of, member_word
from ui.figures import money_words
from ui.words import full_day

SIGNERS = ("制表", "审核", "村务监督委员会主任", "村（社区）书记")


def sheet_paper(desk: Desk) -> Paper:
    """Return 误工补贴发放表 with the column to sign."""
    sheet = desk.sheet
    village, month = sheet.region, month_words(sheet.month)
    total = ("", "合计", "", "", "", "", money_words(sheet.total), "", "", "")
    rows = [_sheet_row(n, one, desk) for n, one in enumerate(desk.people, 1)]
    blocks: list[Block] = [
        Line(f"填报单位：{committee_of(village)}（盖章）　　单位：元"),
        Line(_decided(sheet.resolution)),
        Grid(
            (
                "序号", "姓名", "身份证号", "村（居）民小组", "发放月份", "标准（元/月）",
                "金额（元）", "一卡通/银行账号", "领款人签字", "备注",
            ),
            (*rows, total),
            widths=(2, 4, 8, 3, 4, 3, 4, 8, 5, 6),
            numeric=frozenset({5, 6}),
        ),
        Signatures(SIGNERS),
    ]  # fmt: skip
    if sheet.paid_on:
        blocks.insert(2, Line(f"{full_day(sheet.paid_on)}{sheet.paid_how}。"))
    return Paper(
        f"{village.name}{month}{member_word(village)}误工补贴发放表",
        tuple(blocks),
        is_form=True,
        is_wide=True,
    )


def _decided(one: Resolution) -> str:
    """Return by which resolution it is paid: ledger 11 cites it above the table."""
    return (
        f"决议：{full_day(one.held_on)}{one.get_meeting_display()}，"
        f"应到 {one.entitled} 人，实到 {one.present} 人，"
        f"同意 {one.votes_for} 人；{one.pays}。资金来源：村集体经济可支配收入。"
    )


def _sheet_row(number: int, one: Person, desk: Desk) -> tuple[str, ...]:
    person = one.representative
    return (
        str(number),
        person.name,
        str(person.id_number) if person.id_number else "",
        str(person.group) if person.group else "",
        f"{desk.sheet.month:%Y-%m}",
        money_words(desk.sheet.resolution.rate),
        money_words(one.amount),
        str(one.number) if one.number else "",
        "",
        _remark(one),
    )


def _remark(one: Person) -> str:
    """Return in a few words what is not the plain month; the page has the reasons."""
    return "，".join(filter(None, (_note(line) for line in one.lines)))


def _note(line: SubsidyLine) -> str:
    facts = line.reckoned
    if line.kind == LineKind.ADJUSTMENT:
        act = "补发" if line.amount > NOUGHT else "扣回"
        return f"{act}{line.of_month.month}月 {money_words(abs(line.amount))}"
    parts = [] if facts.days == facts.month_days else [f"在任{facts.days}天"]
    if facts.visits:
        parts.append(f"走访{len(facts.visits)}户次")
    return "，".join(parts)


def fund_ledger(fund: WorkFund) -> Paper:
    """Return 工作经费台账 of a year: every line of the book with the balance after it."""
    village, entries = fund.region, list(fund.entries.in_order())
    balances = accumulate(entry.amount for entry in entries)
    rows = [
        _book_row(number, entry, balance)
        for number, (entry, balance) in enumerate(
            zip(entries, balances, strict=True), 1
        )
    ]
    facts = (
        ("安排", said(fund.allotted)), ("到账", said(fund.received)),
        ("支出", said(fund.spent)), ("结余", said(fund.balance)),
    )  # fmt: skip
    blocks: list[Block] = [
        Line(f"填报单位：{committee_of(village)}（盖章）　　单位：元"),
        Facts((facts,)),
        Grid(
            (
                "序号", "日期", "类型", "事项", "收入", "支出", "凭证号", "经手", "审批",
                "结余",
            ),
            tuple(rows),
            widths=(2, 5, 3, 9, 4, 4, 4, 3, 3, 4),
            numeric=frozenset({4, 5, 9}),
        ),
        Line(f"注：安排依据：{fund.basis}。"),
        Signatures(SIGNERS),
    ]  # fmt: skip
    title = f"{village.name}{fund.year}年村（居）民代表工作经费台账"
    return Paper(title, tuple(blocks), is_form=True, is_wide=True)


def _book_row(number: int, entry: FundEntry, balance: Decimal) -> tuple[str, ...]:
    return (
        str(number),
        full_day(entry.booked_on),
        entry.get_kind_display(),
        entry.purpose,
        _side(entry.amount),
        _side(-entry.amount),
        entry.voucher,
        entry.handled_by,
        entry.approved_by,
        money_words(balance),
    )


def _side(amount: Decimal) -> str:
    return money_words(amount) if amount > NOUGHT else ""


def statement(found: Statement, on: dt.date) -> Paper:
    """Return a person's statement: every line with its reason."""
    person = found.person
    rows = tuple(
        (
            month_words(line.row.of_month),
            line.row.get_kind_display(),
            money_words(line.row.amount),
            line.state,
            line.words,
        )
        for line in found.lines
    )
    blocks: list[Block] = [
        Paragraph(
            f"{person.name}，{person.region.full_name}。已发 {said(found.paid)}，"
            f"已列入补贴表、还没有发的 {said(found.coming)}。"
        ),
        Grid(
            ("哪个月的", "类型", "金额（元）", "状态", "怎样算的"),
            rows,
            widths=(3, 2, 3, 4, 10),
            numeric=frozenset({2}),
        ),
        Signatures(("本人", "经办人")),
        Dated(committee_of(person.region), on),
    ]
    return Paper(f"{person.name}误工补贴明细", tuple(blocks), is_form=True)
