"""Writes the error workbook: only the refused rows, as they stood, and why.

It can be mended and uploaded as it is. What must not pass unseen a second time, a
formula's stored result or the gap of a merged cell, is replaced by a mark that is
refused until somebody writes over it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from workbooks.counting import column_letters
from workbooks.declaration import LETTERS_AS_TEXT
from workbooks.findings import Finding
from workbooks.inventory import Merge
from workbooks.ledger import Table
from workbooks.marks import Cell, ErrorCell, Formula, Gap
from workbooks.reading import Clock
from workbooks.values.characters import FORMULA_MARK, MERGED_MARK
from workbooks.writing.cells import LONGEST_TEXT
from workbooks.writing.sheets import ROW_HEIGHT, Book, Sheet

REASON_TITLE = "错误说明"
REASON_WIDTH = 60
TYPICAL_WIDTH = 14


def write_mistakes(
    path: Path, table: Table, refused: Mapping[int, Sequence[Finding]]
) -> int:
    """Write the rows whose numbers are in ``refused`` with its findings; return how many.

    Titles, header and order of columns are those of the uploaded sheet; the cells that
    a finding is about are coloured.
    """
    count = 0
    width = max(table.sheet.last_column, len(table.header.headings))
    reason_at = _reason_column(table, width)
    width = max(width, reason_at + 1)
    with Book(path) as book:
        sheet = book.sheet(table.sheet.name)
        _set_columns(book, sheet, table, width, reason_at)
        _write_preamble(book, sheet, table, width, reason_at)
        for number, cells in table.originals():
            if number in refused:
                _write_row(book, sheet, cells, refused[number], width, reason_at)
                count += 1
    return count


def _reason_column(table: Table, width: int) -> int:
    """Return where the reasons go: over old ones when the file was one of ours."""
    for index, heading in table.header.headings.items():
        if heading.title == REASON_TITLE:
            return index
    return width


def _set_columns(
    book: Book, sheet: Sheet, table: Table, width: int, reason_at: int
) -> None:
    """Make columns of numbers that are text ready to be typed into."""
    typed = {
        table.header.columns[column.key]
        for column in table.declaration.columns
        if column.kind in LETTERS_AS_TEXT and column.key in table.header.columns
    }
    for index in range(width):
        style = book.style("typing") if index in typed else None
        chars = REASON_WIDTH if index == reason_at else TYPICAL_WIDTH
        sheet.raw.set_column(index, index, chars, style)


def _write_preamble(
    book: Book, sheet: Sheet, table: Table, width: int, reason_at: int
) -> None:
    header = table.header.last_row
    for merge in table.sheet.merges:
        if merge.bottom < header and merge.left < width:
            right = min(merge.right, width - 1)
            sheet.merge(Merge(merge.top, merge.left, merge.bottom, right))
    for number, row in enumerate(table.preamble, 1):
        cells = [_written(cell) for cell in [*row, *[None] * width][:width]]
        if number == header:
            cells[reason_at] = REASON_TITLE
        style = "header" if number >= table.header.first_row else "line"
        sheet.row(cells, [book.style(style)] * width)
    sheet.raw.freeze_panes(header, 0)


def _write_row(
    book: Book,
    sheet: Sheet,
    cells: Sequence[Cell],
    findings: Sequence[Finding],
    width: int,
    reason_at: int,
) -> None:
    marked = {finding.letters for finding in findings}
    values = [_written(cell) for cell in [*cells, *[None] * width][:width]]
    values[reason_at] = "\n".join(_reason(finding) for finding in findings)
    styles = [
        _style(book, value, marked=column_letters(index) in marked)
        for index, value in enumerate(values)
    ]
    sheet.row(values, styles, height=ROW_HEIGHT * max(1, len(findings)))


def _reason(finding: Finding) -> str:
    if finding.suggestion:
        return f"{finding.sentence}建议：{finding.suggestion}"
    return finding.sentence


def _written(cell: Cell) -> object:
    if isinstance(cell, Formula):
        shown = _written(cell.shown)
        return f"{FORMULA_MARK}{shown if shown is not None else ''}"
    if isinstance(cell, Gap):
        return MERGED_MARK
    if isinstance(cell, ErrorCell):
        return "#N/A"
    if isinstance(cell, Clock):
        return cell.text
    if isinstance(cell, bool):
        return "是" if cell else "否"
    return cell[:LONGEST_TEXT] if isinstance(cell, str) else cell


def _style(book: Book, value: object, *, marked: bool) -> Any:
    name = "wrapped"
    if isinstance(value, float):
        name = "number"
    elif isinstance(value, date):
        name = "date"
    return book.style(name, marked=marked)
