"""Fields for what is written on papers: ID numbers, phones, posts held.

Numbers are checked as they are in workbooks, so that a page and an import agree on
what is a number and in which form it is kept.
"""

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from workbooks.declaration import Column, Kind
from workbooks.values.identity import id_number_check
from workbooks.values.outcomes import Doubt, Mended, Outcome, Problem
from workbooks.values.phones import phone_check

ID_NUMBER = Column("id_number", ("身份证号",), Kind.ID_NUMBER)
PHONE = Column("phone", ("联系电话",), Kind.PHONE)
SEPARATORS = re.compile(r"[、，,;；/\s]+")
OFFICE_LENGTH = 20


def born_on(id_number: str) -> dt.date:
    """Return the birthday in an ID number that is in order."""
    return dt.date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))


def settled(outcome: Outcome) -> str:
    """Return the number of a check; raise ValidationError in its words otherwise."""
    if isinstance(outcome, Problem):
        raise ValidationError(f"{outcome.message}。{outcome.hint}。")
    if isinstance(outcome, Mended | Doubt):
        outcome = outcome.value
    return outcome if isinstance(outcome, str) else ""


class IdNumberField(forms.CharField):
    """An ID number of 18 places, with its birthday and check digit right."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "身份证号")
        kwargs.setdefault("required", False)
        attrs = {"autocomplete": "off", "spellcheck": "false"}
        super().__init__(widget=forms.TextInput(attrs), **kwargs)

    def clean(self, value: Any) -> str:
        """Return the number in its normal form; say what is wrong otherwise."""
        typed = super().clean(value) or None
        return settled(id_number_check(ID_NUMBER, timezone.localdate())(typed))


class PhoneField(forms.CharField):
    """A mobile number, or a landline with its area code."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "联系电话")
        kwargs.setdefault("required", False)
        attrs = {"autocomplete": "off", "inputmode": "tel"}
        super().__init__(widget=forms.TextInput(attrs), **kwargs)

    def clean(self, value: Any) -> str:
        """Return the number in its normal form; say what is wrong otherwise."""
        return settled(phone_check(PHONE)(super().clean(value) or None))


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
