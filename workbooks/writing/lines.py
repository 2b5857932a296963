"""The rows of a large sheet as XML: a template for each shape of row, filled in.

What a workbook is made of otherwise (styles, widths, relations) comes from XlsxWriter;
only the rows, which are nearly all of the work, are written here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from html import escape
from math import isfinite
from operator import itemgetter
from typing import Any

from workbooks.counting import column_letters
from workbooks.writing.cells import LONGEST_TEXT, Exported, exported

NUMBER = "\x00"
"""Stands in a template where the number of the row goes; no text can hold it."""

DAY_ZERO = date(1899, 12, 30).toordinal()
FIRST_SERIAL = 61
"""1900-03-01. Before it Excel counts a day that never was: such dates become text."""

DAY_SECONDS = 86_400
EXACT = 10**15
PLAIN = frozenset({str, int, date, type(None)})
MOST_SHAPES = 1_000
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

NOTHING = "%.0s"
VALUE = '<c r="{0}\x00" s="{1}"><v>%s</v></c>'
TEXT = '<c r="{0}\x00" s="{1}" t="inlineStr"><is><t>%s</t></is></c>'
ANY_TEXT = TEXT.replace("<t>", '<t xml:space="preserve">')


class Lines:
    """Turns rows of values into rows of a sheet whose columns have these styles."""

    def __init__(self, styles: Sequence[str]) -> None:
        self._columns = [(column_letters(i), s) for i, s in enumerate(styles)]
        self._shapes: dict[tuple[type, ...], _Shape | None] = {}

    def line(self, number: int, row: Sequence[Any]) -> str:
        """Return the XML of the row with this number; ValueError for another width.

        Nearly all rows hold nothing but plain texts, small numbers and days. They are
        looked at as a whole and put into the template of their shape; looking at each
        of two million cells would cost as much again as everything else.
        """
        if "" in row:
            row = _with_nothing_for_blanks(row)
        shape = self._shape_of(row)
        cells = shape.plain(row) if shape else None
        if shape and cells is not None:
            return shape.template.replace(NUMBER, str(number)) % cells
        return self.careful(number, row)

    def _shape_of(self, row: Sequence[Any]) -> _Shape | None:
        """Return the shape of rows of such types; None where each needs a look."""
        kinds = tuple(map(type, row))
        if kinds not in self._shapes:
            if len(kinds) != len(self._columns):
                raise ValueError(
                    f"{len(kinds)} values for {len(self._columns)} columns"
                )
            if len(self._shapes) >= MOST_SHAPES:
                self._shapes.clear()
            is_plain = PLAIN.issuperset(kinds)
            self._shapes[kinds] = _Shape(kinds, self._columns) if is_plain else None
        return self._shapes[kinds]

    def careful(self, number: int, row: Sequence[Any]) -> str:
        """Return the XML of any row, cell by cell."""
        cells = (
            _cell(exported(value), *column)
            for value, column in zip(row, self._columns, strict=True)
        )
        return f'<row r="{NUMBER}">{"".join(cells)}</row>'.replace(NUMBER, str(number))


class _Shape:
    """What rows of the same types have in common: the template, and what to look at."""

    def __init__(
        self, kinds: tuple[type, ...], columns: Sequence[tuple[str, str]]
    ) -> None:
        parts = {str: TEXT, int: VALUE, date: VALUE, type(None): NOTHING}
        cells = (
            parts[kind].format(*column)
            for kind, column in zip(kinds, columns, strict=True)
        )
        self.template = f'<row r="{NUMBER}">{"".join(cells)}</row>'
        self._texts, self._numbers, self._days = (
            [i for i, kind in enumerate(kinds) if kind is wanted]
            for wanted in (str, int, date)
        )
        self._picked = _picker(self._texts)

    def plain(self, row: Sequence[Any]) -> tuple[Any, ...] | None:
        """Return the cells for the template; None where one needs a closer look."""
        if not _are_plain("|".join(self._picked(row))):
            return None
        for i in self._numbers:
            if not -EXACT < row[i] < EXACT:
                return None
        if not self._days:
            return tuple(row)
        cells = list(row)
        for i in self._days:
            cells[i] = serial = row[i].toordinal() - DAY_ZERO
            if serial < FIRST_SERIAL:
                return None
        return tuple(cells)


def _picker(indices: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Return what picks these items of a row, as a sequence however few they are."""
    if len(indices) > 1:
        return itemgetter(*indices)
    return lambda row: [row[i] for i in indices]


def _with_nothing_for_blanks(row: Sequence[Any]) -> list[Any]:
    """Return a row whose empty texts are None: to Excel a text of no letters counts."""
    cells = list(row)
    while "" in cells:
        cells[cells.index("")] = None
    return cells


def _are_plain(texts: str) -> bool:
    """Return whether texts, joined by ``|``, go into XML and Excel as they are."""
    return not (
        "&" in texts
        or "<" in texts
        or ">" in texts
        or "'" in texts
        or "_x" in texts
        or " |" in texts
        or "| " in texts
        or texts[:1] == " "
        or texts[-1:] == " "
        or len(texts) > LONGEST_TEXT
        or not texts.isprintable()
    )


def _cell(value: Exported, letters: str, style: str) -> str:
    """Return the XML of one cell, all but the number of its row."""
    if value is None or value == "":
        return ""
    found = _number(value)
    if found is not None:
        return VALUE.format(letters, style) % repr(found)
    text = _LOOKS_ESCAPED.sub("_x005F_", escape(str(value), quote=False))
    return ANY_TEXT.format(letters, style) % text


def _number(value: Exported) -> float | int | None:
    """Return what Excel calculates with; None where it is a text to it."""
    if isinstance(value, date):
        serial = value.toordinal() - DAY_ZERO
        return serial + _part_of_day(value) if serial >= FIRST_SERIAL else None
    if isinstance(value, str) or value is None or not isfinite(value):
        return None
    return value


def _part_of_day(value: date) -> float | int:
    if not isinstance(value, datetime):
        return 0
    return (value.hour * 3600 + value.minute * 60 + value.second) / DAY_SECONDS
