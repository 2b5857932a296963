"""Checks Chinese citizen ID numbers (GB 11643-1999) as they stand in workbooks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from operator import mul

from workbooks.declaration import Column
from workbooks.values.characters import compact, is_error_text
from workbooks.values.outcomes import Absent, Doubt, Masked, Mended, Outcome, Problem

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
"""GB 11643-1999: weights of the first 17 digits, and the character for each remainder."""

OLDEST = 130
"""Years; nobody on a roll is older."""

_ZEROS = ord("0") * sum(WEIGHTS)
_WHOLE = re.compile(r"[1-9][0-9]{16}[0-9X]")
_OLD = re.compile(r"[1-9][0-9]{14}")
_MASKED = re.compile(r"[0-9]{2,6}\*{4,}[0-9X]{2,4}")
_SCIENTIFIC = re.compile(r"[0-9]\.?[0-9]*E\+?[0-9]{2}", re.IGNORECASE)
_QUOTED_FORMULA = re.compile(r'="([^"]*)"')

# Blank in other words: never the identity of anybody (lessons 26).
NOTHING = frozenset(
    {"", "0", "无", "没有", "暂无", "-", "—", "/", "\\", "none", "null"}
)

_AS_TEXT = "请把这一列设为“文本”格式，再重新输入 18 位号码"


def check_character(digits: str) -> str:
    """Return the 18th character for the first 17 ``digits`` (GB 11643-1999)."""
    total = sum(map(mul, WEIGHTS, digits.encode())) - _ZEROS
    return CHECK_CHARACTERS[total % 11]


def id_number_check(column: Column, on: date) -> Callable[[object], Outcome]:
    """Return the check of an ID-number column, for an import on the day ``on``."""
    missing = _missing(column)

    def check(raw: object) -> Outcome:
        if raw.__class__ is not str:
            return missing if raw is None else _stored_as_number()
        text = str(raw)
        if _WHOLE.fullmatch(text):
            return text if column.lookup else _judge(text, text, on)
        return _check_odd(text, column, on, missing)

    return check


def _missing(column: Column) -> Outcome:
    if not column.required:
        return None
    return Problem(
        f"missing_{column.key}",
        f"{column.title}没有填写",
        "请补填"
        + (
            f"；确实没有的，写明{'、'.join(column.absences)}" if column.absences else ""
        ),
    )


def _stored_as_number() -> Problem:
    """A number has lost its last digits whatever its value, even if they pass."""
    return Problem(
        "id_stored_as_number",
        "身份证号按数字保存，已丢失末位",
        f"{_AS_TEXT}（不能由表格自动恢复）",
    )


def _check_odd(text: str, column: Column, on: date, missing: Outcome) -> Outcome:
    """Check a cell that is not 18 plain characters: mend it, or say what it is."""
    quoted = _QUOTED_FORMULA.fullmatch(text)
    number = compact(quoted[1] if quoted else text).upper()
    if number.lower() in NOTHING:
        return missing
    if number in column.absences:
        return Absent(number)
    if _WHOLE.fullmatch(number):
        return _number_or_mended(text, number, column, on)
    if _MASKED.fullmatch(number):
        return _masked(number, column)
    return _not_a_number(number, text)


def _number_or_mended(text: str, number: str, column: Column, on: date) -> Outcome:
    """Judge ``number``, and say what was put right in ``text`` to get it."""
    outcome = number if column.lookup else _judge(number, text, on)
    if outcome.__class__ is str:
        return Mended(number, *_what_was_mended(text, number))
    return outcome


def _what_was_mended(text: str, number: str) -> tuple[str, str]:
    if any("\uff01" <= character <= "\uff5e" for character in text):
        return "fixed_fullwidth_id", "全角数字改为半角"
    if text.upper() == number:
        return "fixed_case_in_id", "末位小写 x 改为大写 X"
    return "fixed_space_in_id", "去掉了空格、撇号等多余字符"


def _masked(number: str, column: Column) -> Outcome:
    if column.accept_masked:
        return Masked(number)
    return Problem(
        "id_masked", "身份证号打了星号，看不到完整号码", "请填写完整的 18 位号码"
    )


def _judge(number: str, text: str, on: date) -> Outcome:
    problem = _birth_problem(number[6:14], on)
    if problem:
        return problem
    genuine = check_character(number) == number[17]
    if number.endswith("000"):
        return _maybe_truncated(number, genuine=genuine)
    if not genuine:
        return Problem(
            "id_check_digit",
            "身份证号校验不对，有一位填错了",
            "请对照身份证或户口簿逐位核对",
        )
    return number


def _maybe_truncated(number: str, *, genuine: bool) -> Outcome:
    """Excel replaces the digits after the 15th by zeros; few real numbers end in 000."""
    message = "身份证号末三位是 000，疑似被 Excel 截断过"
    if genuine:
        return Doubt(number, "id_maybe_truncated", f"{message}，请核对后确认")
    return Problem("id_truncated", message, _AS_TEXT)


def _birth_problem(digits: str, on: date) -> Problem | None:
    hint = "请对照身份证核对第 7 至 14 位（出生年月日）"
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return Problem("id_birth_date", "身份证号里的出生日期不存在", hint)
    if born > on:
        return Problem("id_birth_date", "身份证号里的出生日期在今天之后", hint)
    if on.year - born.year > OLDEST:
        return Problem("id_birth_date", f"按身份证号推算已超过 {OLDEST} 岁", hint)
    return None


def _not_a_number(number: str, text: str) -> Problem:
    if is_error_text(text):
        return Problem("error_cell", "单元格是错误值", "请改为真实的身份证号")
    if _SCIENTIFIC.fullmatch(number):
        return _stored_as_number()
    if _OLD.fullmatch(number):
        return _old_number(number)
    if not re.fullmatch(r"[0-9X]*", number):
        return Problem(
            "id_characters", "身份证号里有数字和 X 以外的字符", "请只填 18 位号码"
        )
    return Problem(
        "id_length",
        f"身份证号是 {len(number)} 位，应为 18 位",
        "请补齐或删去多余的数字",
    )


def _old_number(number: str) -> Problem:
    """Suggest the 18 digits of a number issued before 1999; never fill them in."""
    digits = f"{number[:6]}19{number[6:]}"
    return Problem(
        "id_15_digits",
        "是 15 位的旧身份证号",
        "请核对建议的 18 位号码后填入",
        suggestion=digits + check_character(digits),
    )
