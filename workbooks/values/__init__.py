"""From a cell to a value: one pure check per kind of column.

A check takes a raw cell (see :data:`workbooks.reading.Plain`) and returns the value
itself, or one of :class:`Mended`, :class:`Doubt`, :class:`Problem` when there is
something to say.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from workbooks.declaration import Column, Kind
from workbooks.values.dates import date_check
from workbooks.values.identity import check_character, id_number_check
from workbooks.values.numbers import amount_check, integer_check
from workbooks.values.outcomes import (
    OUTCOMES,
    Absent,
    Doubt,
    Masked,
    Mended,
    Outcome,
    Problem,
    Value,
)
from workbooks.values.phones import phone_check
from workbooks.values.words import (
    boolean_check,
    choice_check,
    choices_check,
    code_check,
    name_check,
    text_check,
)

__all__ = [
    "OUTCOMES",
    "Absent",
    "Check",
    "Doubt",
    "Masked",
    "Mended",
    "Outcome",
    "Problem",
    "Value",
    "check_character",
    "check_for",
]

Check = Callable[[object], Outcome]

_PLAIN_CHECKS: dict[Kind, Callable[[Column], Check]] = {
    Kind.TEXT: text_check,
    Kind.NAME: name_check,
    Kind.CODE: code_check,
    Kind.PHONE: phone_check,
    Kind.YEAR: integer_check,
    Kind.INTEGER: integer_check,
    Kind.AMOUNT: amount_check,
    Kind.BOOLEAN: boolean_check,
    Kind.CHOICE: choice_check,
    Kind.CHOICES: choices_check,
}


def check_for(
    column: Column, *, on: date, date1904: bool = False, text_only: bool = False
) -> Check:
    """Return the check of ``column`` for an import on the day ``on``.

    ``date1904`` is the workbook's calendar, ``text_only`` means a .csv.
    """
    if column.kind is Kind.ID_NUMBER:
        return id_number_check(column, on)
    if column.kind is Kind.DATE:
        return date_check(column, on, date1904=date1904, text_only=text_only)
    return _PLAIN_CHECKS[column.kind](column)
