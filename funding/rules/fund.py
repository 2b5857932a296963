"""The work fund: what may be booked, and the sentences for what may not (L28).

The database judges the balance, under the lock of the fund's row; these functions put
its verdict into words, and give the forms the same answers beforehand.
"""

import datetime as dt
from decimal import Decimal

from funding.rules.money import NOUGHT, said
from ui.words import Labelled


class EntryKind(Labelled):
    """What an entry of the fund's book is."""

    RECEIVED = "received", "到账"
    SPENT = "spent", "支出"
    CARRIED = "carried", "结转"
    REVERSAL = "reversal", "冲销"


def beyond_balance(amount: Decimal, balance: Decimal) -> str:
    """Return why a payment of more than the balance is refused."""
    return (
        f"余额只有 {said(balance)}，这一笔 {said(amount)}，超出 {said(amount - balance)}，"
        "不能登记。请核对金额；钱还没到账的，先登记到账。"
    )


def beyond_allotment(amount: Decimal, received: Decimal, allotted: Decimal) -> str:
    """Return why more than the allotment cannot have been received."""
    return (
        f"全年安排 {said(allotted)}，已到账 {said(received)}，"
        f"再到账 {said(amount)} 就超过安排了。请核对金额。"
    )


def of_another_year(day: dt.date, year: int) -> str:
    """Return why a day of another year cannot be booked in a year's fund."""
    return (
        f"日期 {day} 不在 {year} 年，各年的钱分开记。请核对日期；"
        "上年的结余要今年用，先办结转。"
    )


def wrong_amount(amount: Decimal) -> str:
    """Return what is wrong with an amount by itself; empty if nothing is."""
    if amount <= NOUGHT:
        return "金额要大于 0，请核对。"
    return ""


def used_share(spent: Decimal, allotted: Decimal, carried: Decimal = NOUGHT) -> int:
    """Return how many percent of what a year has were spent, rounded down.

    Money that was carried into the year counts to what it has, money carried out of it
    does not: it is the next year's.
    """
    whole = allotted + carried
    return int(spent * 100 / whole) if whole > NOUGHT else 0


def is_unspent_late(
    percent: int, year: int, on: dt.date, *, late_month: int, late_share: int
) -> bool:
    """Say whether so little was spent so late in the year that somebody should ask."""
    is_late = on.year > year or (on.year == year and on.month >= late_month)
    return is_late and percent < late_share
