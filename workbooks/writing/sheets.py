"""A sheet that is written from top to bottom, with the township's customary looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

import xlsxwriter

from workbooks.declaration import LETTERS_AS_TEXT, Column
from workbooks.inventory import Merge
from workbooks.writing.cells import (
    DATE_FORMAT,
    NUMBER_FORMATS,
    is_text,
    sheet_name,
)

TITLE_FONT = {"font_name": "方正小标宋简体", "font_size": 18, "bold": True}
HEADER_FONT = {"font_name": "黑体", "font_size": 11}
BODY_FONT = {"font_name": "仿宋", "font_size": 11}
"""Named, never bundled: Office puts its own in their place (domain section 4)."""

TITLE_HEIGHT = 36
ROW_HEIGHT = 22
"""Points."""

A4 = 9
PAGES = "&C第 &P 页，共 &N 页"

WRAPPED = 16
"""Text columns wider than this wrap; narrower ones hold what needs one line."""

SHORT = 14
"""Text columns up to this width are centred, as names, groups and kinds are."""

_MIDDLE = {"align": "center", "valign": "vcenter", "border": 1}
_CENTRED = {"align": "center", "valign": "vcenter", "text_wrap": True}
STYLES: Mapping[str, Mapping[str, object]] = {
    "title": {**TITLE_FONT, **_CENTRED, "quote_prefix": True},
    "line": {
        **BODY_FONT,
        "valign": "vcenter",
        "text_wrap": True,
        "quote_prefix": True,
    },
    "header": {**HEADER_FONT, **_CENTRED, "border": 1, "quote_prefix": True},
    "text": {
        **BODY_FONT,
        "valign": "vcenter",
        "border": 1,
        "num_format": "@",
        "quote_prefix": True,
    },
    "wrapped": {
        **BODY_FONT,
        "valign": "vcenter",
        "text_wrap": True,
        "border": 1,
        "num_format": "@",
        "quote_prefix": True,
    },
    "short": {**BODY_FONT, **_MIDDLE, "num_format": "@", "quote_prefix": True},
    "number": {**BODY_FONT, **_MIDDLE},
    "date": {**BODY_FONT, **_MIDDLE, "num_format": DATE_FORMAT},
    "typing": {**BODY_FONT, "num_format": "@"},
}


class Book:
    """A workbook of sheets that take rows in order and keep only the current one.

    Use it as a context manager; the file is complete when the block ends.
    """

    def __init__(self, path: Path, *, constant_memory: bool = True) -> None:
        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": constant_memory,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
            },
        )
        self.style = cache(self._style)

    @property
    def raw(self) -> Any:
        """XlsxWriter's own workbook, for what is not written from top to bottom."""
        return self._book

    def __enter__(self) -> Book:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._book.close()

    def _style(
        self,
        name: str,
        num_format: str = "",
        *,
        marked: bool = False,
        bold: bool = False,
    ) -> Any:
        properties = dict(STYLES[name])
        if bold:
            properties["bold"] = True
        if num_format:
            properties["num_format"] = num_format
        if marked:
            properties["bg_color"] = "#FFE0E0"
        return self._book.add_format(properties)

    def sheet(self, name: str) -> Sheet:
        """Return a new sheet called ``name``."""
        return Sheet(self, self._book.add_worksheet(sheet_name(name)))


class Sheet:
    """One sheet of a :class:`Book`; rows count from 0 and may only go on downwards."""

    def __init__(self, book: Book, sheet: Any) -> None:
        self._book = book
        self.raw = sheet
        self.next_row = 0

    def row(
        self,
        cells: Sequence[object],
        styles: Sequence[Any],
        *,
        height: float = ROW_HEIGHT,
    ) -> None:
        """Write the next row as it is; a cell without a value still gets its style."""
        self.raw.set_row(self.next_row, height)
        for column, (value, style) in enumerate(zip(cells, styles, strict=True)):
            self.cell(column, value, style)
        self.next_row += 1

    def cell(self, column: int, cell: object, style: Any) -> None:
        """Write one cell of the row that comes next. A text is never a formula."""
        if cell is None or cell == "":
            self.raw.write_blank(self.next_row, column, None, style)
        elif isinstance(cell, str):
            self.raw.write_string(self.next_row, column, cell, style)
        elif isinstance(cell, date):
            self.raw.write_datetime(self.next_row, column, cell, style)
        else:
            self.raw.write_number(self.next_row, column, cell, style)

    def wide_row(
        self, text: str, width: int, style: str, *, height: float = ROW_HEIGHT
    ) -> None:
        """Write ``text`` as a row of its own, merged over ``width`` columns."""
        look = self._book.style(style)
        self.merge(Merge(self.next_row, 0, self.next_row, width - 1))
        self.row([text, *[None] * (width - 1)], [look] * width, height=height)

    def merge(self, merge: Merge) -> None:
        """Merge cells whose content is written row by row.

        XlsxWriter's own ``merge_range`` writes all cells at once, which its constant
        memory refuses for more than one row; the list is what it would add to.
        """
        if (merge.top, merge.left) != (merge.bottom, merge.right):
            self.raw.merge.append([merge.top, merge.left, merge.bottom, merge.right])

    def print_setup(
        self, header_rows: int, *, repeat_from: int = 0, mark: str = ""
    ) -> None:
        """Set up A4 landscape, one page wide, header rows repeated on every page.

        ``mark`` stands at the left of every page's foot.
        """
        self.raw.set_landscape()
        self.raw.set_paper(A4)
        self.raw.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        self.raw.fit_to_pages(1, 0)
        self.raw.center_horizontally()
        self.raw.repeat_rows(repeat_from, header_rows - 1)
        self.raw.freeze_panes(header_rows, 0)
        left = f"&L{mark.replace('&', '&&')}" if mark else ""
        self.raw.set_footer(f"{left}&R第 &P 页，共 &N 页" if left else PAGES)


def is_wrapped(column: Column) -> bool:
    """Whether long texts of ``column`` go on in the next line of their cell."""
    plain = is_text(column) and column.kind not in LETTERS_AS_TEXT
    return plain and column.width > WRAPPED


def column_style(book: Book, column: Column, *, bold: bool = False) -> Any:
    """Return the look of the cells of ``column``: text stays text, dates are dates."""
    if is_text(column):
        if column.width <= SHORT or column.kind in LETTERS_AS_TEXT:
            return book.style("short", bold=bold)
        return book.style("wrapped" if is_wrapped(column) else "text", bold=bold)
    return book.style("number", NUMBER_FORMATS[column.kind], bold=bold)
