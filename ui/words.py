"""What is written out in words, without Django, so that rules may speak too."""

from datetime import date
from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A value that stays as it is, in rows and addresses, with the words that are shown."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """Make a member of a value and its words.

        Each has words (a test looks); one is found by its value alone.
        """
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


def full_day(day: date) -> str:
    """Return a day as sentences and papers write it: 2026年7月1日, no leading noughts."""
    return f"{day.year}年{day.month}月{day.day}日"
