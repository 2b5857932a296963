"""What a check says about one cell, when it says more than the value itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Masked:
    """A value that arrives as we export it without the right to see it."""

    text: str


@dataclass(frozen=True, slots=True)
class Absent:
    """No value, with an accepted reason such as 无户口."""

    reason: str


Value = str | int | bool | date | Decimal | tuple[str, ...] | Masked | Absent | None


@dataclass(frozen=True, slots=True)
class Mended:
    """A value that was put right; ``note`` says what was done, in Chinese."""

    value: Value
    code: str
    note: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value that is taken only when a person confirms it."""

    value: Value
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that cannot be taken. ``message`` is what is wrong, ``hint`` how to mend.

    Neither repeats an ID number or a phone; a value computed from one (the 18 digits of
    an old 15-digit number) goes into ``suggestion``, which only the uploader sees.
    """

    code: str
    message: str
    hint: str
    suggestion: str = ""


Outcome = Value | Mended | Doubt | Problem
"""A plain value means: nothing to say about it."""

OUTCOMES = frozenset({Mended, Doubt, Problem})
