"""What goes into an exported cell: text as text, nothing that could be a formula."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from workbooks.declaration import LETTERS_AS_TEXT, Column, Kind
from workbooks.values.characters import escape
from workbooks.values.outcomes import Absent, Masked

Exported = str | int | float | date | None
"""What the writers take: a bool, a tuple or a Decimal has become one of these."""

LONGEST_TEXT = 32_767
"""Characters that a cell of the format can hold."""

CUT = "……（过长，已截断）"

DATE_FORMAT = 'yyyy"年"m"月"d"日"'
NUMBER_FORMATS = {
    Kind.DATE: DATE_FORMAT,
    Kind.INTEGER: "0",
    Kind.YEAR: "0",
    Kind.AMOUNT: "0.00",
    Kind.RATE: "0.0",
}

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_EXACT = 10**15
_AS_IT_IS = frozenset({type(None), date, float})


def is_text(column: Column) -> bool:
    """Whether the cells of ``column`` are text to Excel, whatever they look like."""
    return column.kind in LETTERS_AS_TEXT or column.kind not in NUMBER_FORMATS


def exported(value: object) -> Exported:
    """Return what a cell shows for ``value``; a text is only ever text.

    A text that begins with ``'`` gets another one, which our importer takes away again
    (case 62). A time is written as the clock shows it, without its zone.
    """
    if value.__class__ in _AS_IT_IS:
        return value  # type: ignore[return-value]
    if isinstance(value, str):
        text = printable(str(value))
        return escape(text) if text[:1] == "'" else text
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        return value if abs(value) < _EXACT else str(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, float | date):
        return value
    return printable(_words(value))


def _words(value: object) -> str:
    if isinstance(value, tuple | list):
        return "、".join(map(str, value))
    if isinstance(value, Masked):
        return value.text
    if isinstance(value, Absent):
        return value.reason
    return str(value)


def printable(text: str) -> str:
    """Return ``text`` without control characters; one too long for a cell is cut."""
    if not text.isprintable():
        text = _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > LONGEST_TEXT:
        text = text[: LONGEST_TEXT - len(CUT)] + CUT
    return text


def sheet_name(name: str) -> str:
    """Return ``name`` as a sheet may be called: 31 characters, no ``[]:*?/\\``."""
    return _SHEET_NAME.sub(" ", name).strip()[:31] or "Sheet1"
