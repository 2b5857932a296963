"""Checks counts, years and amounts of money."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from workbooks.declaration import Column
from workbooks.values.characters import compact
from workbooks.values.outcomes import Mended, Outcome, Problem, Value
from workbooks.values.words import missing_outcome, unusable_text

_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_UNSAID = frozenset({"", "-", "—", "/"})


def integer_check(column: Column) -> Callable[[object], Outcome]:
    """Return the check of a whole number between ``least`` and ``most``."""

    def understand(number: Decimal) -> Outcome:
        if number != number.to_integral_value():
            return Problem(
                f"{column.key}_not_a_number", f"{column.title}不是整数", "请填整数"
            )
        return int(number)

    check = _number_check(column, understand)

    def check_whole(raw: object) -> Outcome:
        if raw.__class__ is float and column.least <= raw <= column.most:
            whole = int(raw)
            if whole == raw:
                return whole
        return check(raw)

    return check_whole


def amount_check(column: Column) -> Callable[[object], Outcome]:
    """Return the check of money in yuan: a Decimal with at most two decimals."""

    def understand(number: Decimal) -> Outcome:
        cents = round(number, 2)
        if cents != number:
            return Problem(
                f"{column.key}_not_a_number",
                f"{column.title}小数多于两位",
                "请填到分，如 120.50",
            )
        return cents

    return _number_check(column, understand)


def _number_check(
    column: Column, understand: Callable[[Decimal], Outcome]
) -> Callable[[object], Outcome]:
    missing = missing_outcome(column)

    def check(raw: object) -> Outcome:
        if raw is None:
            return missing
        if isinstance(raw, float):
            return _bounded(understand(Decimal(repr(raw))), column)
        if not isinstance(raw, str):
            return _not_a_number(column)
        text = compact(raw)
        if text in _UNSAID:
            return missing
        if not (_NUMBER.fullmatch(text) or _THOUSANDS.fullmatch(text)):
            return unusable_text(raw) or _not_a_number(column)
        outcome = _bounded(understand(Decimal(text.replace(",", ""))), column)
        if isinstance(outcome, int | Decimal) and not _NUMBER.fullmatch(raw.strip()):
            return _mended(outcome, text)
        return outcome

    return check


def _mended(value: Value, text: str) -> Outcome:
    code = "fixed_thousands" if "," in text else "fixed_fullwidth_number"
    return Mended(value, code, "去掉了千分号、空格，全角改为半角")


def _bounded(outcome: Outcome, column: Column) -> Outcome:
    if (
        isinstance(outcome, int | Decimal)
        and not column.least <= outcome <= column.most
    ):
        return Problem(
            f"{column.key}_out_of_range",
            f"{column.title}应在 {column.least} 到 {column.most} 之间",
            "请核对后改正",
        )
    return outcome


def _not_a_number(column: Column) -> Problem:
    return Problem(
        f"{column.key}_not_a_number",
        f"{column.title}不是数字",
        "请只填阿拉伯数字，不带单位，不写区间",
    )
