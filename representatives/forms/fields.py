"""Fields for what is written on papers: ID numbers, phones, posts held."""

import datetime as dt
import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

ID_NUMBER = re.compile(r"\d{17}[\dX]")
# GB 11643-1999: weights of the first 17 digits, and the check digit by remainder.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0\d{9,11}")
SEPARATORS = re.compile(r"[、，,;；/\s]+")
OFFICE_LENGTH = 20


def tidy(typed: str) -> str:
    """Return what was typed with full-width characters and spaces mended."""
    return "".join(unicodedata.normalize("NFKC", typed).split())


def born_on(id_number: str) -> dt.date:
    """Return the birthday in an ID number; raise ValueError if there is no such day."""
    return dt.date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))


def check_digit(id_number: str) -> str:
    """Return the last character that the first 17 digits call for (GB 11643)."""
    weighted = zip(id_number[:17], WEIGHTS, strict=True)
    return CHECK_DIGITS[sum(int(digit) * weight for digit, weight in weighted) % 11]


class IdNumberField(forms.CharField):
    """An ID number of 18 places, with its birthday and check digit right."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "身份证号")
        kwargs.setdefault("required", False)
        attrs = {"autocomplete": "off", "inputmode": "text", "spellcheck": "false"}
        super().__init__(widget=forms.TextInput(attrs), **kwargs)

    def clean(self, value: Any) -> str:
        """Return the number in capitals; say what is wrong with it otherwise."""
        number = tidy(super().clean(value) or "").upper()
        if not number:
            return ""
        if len(number) != 18:
            raise ValidationError(
                f"身份证号是 18 位，现在填了 {len(number)} 位，请对照证件补全。"
            )
        if not ID_NUMBER.fullmatch(number):
            raise ValidationError(
                "身份证号前 17 位只能是数字，最后一位是数字或 X，请核对。"
            )
        try:
            born_on(number)
        except ValueError as impossible:
            raise ValidationError(
                f"身份证号里的出生日期 {number[6:14]} 不存在，请对照证件改正。"
            ) from impossible
        if check_digit(number) != number[17]:
            raise ValidationError(
                "身份证号有一位写错了（校验不通过），请对照证件改正。"
            )
        return number


class PhoneField(forms.CharField):
    """A mobile number, or a landline with its area code; kept as digits."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "联系电话")
        kwargs.setdefault("required", False)
        attrs = {"autocomplete": "off", "inputmode": "tel"}
        super().__init__(widget=forms.TextInput(attrs), **kwargs)

    def clean(self, value: Any) -> str:
        """Return the digits; say what is wrong otherwise."""
        typed = tidy(super().clean(value) or "")
        digits = typed.replace("-", "").removeprefix("+86")
        if not digits:
            return ""
        if not (MOBILE.fullmatch(digits) or LANDLINE.fullmatch(digits)):
            raise ValidationError(
                "电话不对：手机号是 11 位、以 1 开头；座机要带区号，例如 0739-2712345。"
            )
        return digits


class OfficesField(forms.CharField):
    """Posts that a person holds beside, several of them separated by 、."""

    def prepare_value(self, value: Any) -> Any:
        """Show a list as one line."""
        return "、".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        """Return the posts in the order they were typed, each once."""
        parts = value if isinstance(value, list) else SEPARATORS.split(value or "")
        return list(dict.fromkeys(part for part in parts if part))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare the posts, not the way they were separated."""
        return bool(self.to_python(initial) != self.to_python(data))

    def validate(self, value: Any) -> None:
        """Refuse a post whose name is too long for the roll."""
        super().validate(value)
        for part in value:
            if len(part) > OFFICE_LENGTH:
                raise ValidationError(
                    f"“{part}”太长，一项兼任最多 {OFFICE_LENGTH} 个字，"
                    "几项之间请用“、”隔开。"
                )

    def run_validators(self, value: Any) -> None:
        """Check the posts in `validate`; the length of the line does not matter."""
