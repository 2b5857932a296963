"""The sheet on which an exported workbook says who took it out, when, and what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbooks.inventory import ABOUT_SHEET
from workbooks.writing.cells import printable

About = Sequence[tuple[str, str]]
"""Labels and what stands beside them, from the top."""

LABEL_WIDTH, TEXT_WIDTH = 14, 70


def write_about(book: Any, about: About) -> None:
    """Add the sheet as the last one of an XlsxWriter workbook; none for no words."""
    if not about:
        return
    look = {"num_format": "@", "quote_prefix": True, "text_wrap": True, "valign": "top"}
    label, text = book.add_format({**look, "bold": True}), book.add_format(look)
    sheet = book.add_worksheet(ABOUT_SHEET)
    sheet.set_column(0, 0, LABEL_WIDTH)
    sheet.set_column(1, 1, TEXT_WIDTH)
    for row, (name, words) in enumerate(about):
        sheet.write_string(row, 0, printable(name), label)
        sheet.write_string(row, 1, printable(words), text)
