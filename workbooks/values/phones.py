"""Checks phone numbers: mobiles and landlines of mainland China."""

from __future__ import annotations

import re
from collections.abc import Callable

from workbooks.declaration import Column
from workbooks.values.characters import compact
from workbooks.values.identity import NOTHING
from workbooks.values.outcomes import Masked, Mended, Outcome, Problem

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(0(?:10|2[0-9]|[3-9][0-9]{2}))-?([2-8][0-9]{6,7})")
_COUNTRY = re.compile(r"^(?:\+|00)?86-?(?=1[3-9])")
_SEVERAL = re.compile(r"[/、,;|\\]|或")
_MASKED = re.compile(r"1[0-9]{2}\*{4}[0-9]{4}")
_SCIENTIFIC = re.compile(r"([0-9])\.([0-9]+)E\+?([0-9]{1,2})", re.IGNORECASE)

_BAD = Problem(
    "bad_phone",
    "不是电话号码",
    "请填 11 位手机号，或带区号的固定电话，如 0739-2721234",
)
_SEVERAL_NUMBERS = Problem(
    "several_phones", "一格里有两个号码", "请只留一个，另一个写到备注"
)


def phone_check(column: Column) -> Callable[[object], Outcome]:
    """Return the check of a phone column; landlines come out as ``0739-2721234``."""
    missing: Outcome = None
    if column.required:
        missing = Problem(f"missing_{column.key}", f"{column.title}没有填写", "请补填")

    def check(raw: object) -> Outcome:
        if raw.__class__ is str:
            text = str(raw)
            return (
                text if _MOBILE.fullmatch(text) else _check_text(text, column, missing)
            )
        if raw is None:
            return missing
        return _from_number(raw) if isinstance(raw, float) else _BAD

    return check


def _from_number(raw: float) -> Outcome:
    """A phone has 11 digits, so a number cell still holds it exactly."""
    text = str(int(raw)) if raw.is_integer() else ""
    if not _MOBILE.fullmatch(text):
        return _BAD
    return Mended(text, "fixed_phone_float", "数字改为文本")


def _check_text(raw: str, column: Column, missing: Outcome) -> Outcome:
    text = compact(raw)
    if text.lower() in NOTHING:
        return missing
    if _MASKED.fullmatch(text):
        return Masked(text) if column.accept_masked else _masked()
    if _SCIENTIFIC.fullmatch(text):
        return _from_scientific(text)
    number = _normal(_COUNTRY.sub("", text))
    if number is None:
        return _SEVERAL_NUMBERS if _SEVERAL.search(text) else _BAD
    if number == raw:
        return number
    return Mended(number, *_what_was_mended(text))


def _normal(text: str) -> str | None:
    """Return the normal form of one number, or None when it is not one."""
    if text.endswith(".0"):
        text = text[:-2]
    landline = _LANDLINE.fullmatch(text.replace("(", "").replace(")", "-"))
    if landline:
        return f"{landline[1]}-{landline[2]}"
    digits = text.replace("-", "")
    return digits if _MOBILE.fullmatch(digits) else None


def _from_scientific(text: str) -> Outcome:
    """Take ``1.3812345678E+10``; with fewer digits the number is gone."""
    first, rest, power = _SCIENTIFIC.fullmatch(text).groups()  # type: ignore[union-attr]
    if len(rest) == int(power) and _MOBILE.fullmatch(first + rest):
        return Mended(first + rest, "fixed_phone_float", "数字改为文本")
    return Problem(
        "bad_phone",
        "电话变成了科学计数，丢失了后几位",
        "请把这一列设为“文本”格式，再重新输入号码",
    )


def _what_was_mended(text: str) -> tuple[str, str]:
    if text.endswith(".0"):
        return "fixed_phone_float", "去掉了末尾的 .0"
    if _COUNTRY.match(text):
        return "fixed_phone_prefix", "去掉了国家区号 86"
    return "fixed_phone_format", "去掉了空格、横线等多余字符"


def _masked() -> Problem:
    return Problem("phone_masked", "电话打了星号，看不到完整号码", "请填写完整的号码")
