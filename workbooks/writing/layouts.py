"""Writes a ledger as townships lay it out: title, 填报 line, two-level header, 合计."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ui.words import full_day
from workbooks.declaration import Column, Kind
from workbooks.inventory import Merge
from workbooks.writing.about import About, write_about
from workbooks.writing.cells import exported, printable
from workbooks.writing.sheets import (
    ROW_HEIGHT,
    TITLE_HEIGHT,
    Book,
    Sheet,
    column_style,
    is_wrapped,
)

GAP = "　" * 8
"""Between the parts of the 填报 line and of the signature line."""

LINE_HEIGHT = 15
"""Points that a further line of a wrapped cell adds to its row."""

NUMBERING = Column("number", ("序号",), Kind.INTEGER, width=6)


@dataclass(frozen=True, slots=True)
class Layout:
    """What surrounds the rows of a printed ledger (domain section 4)."""

    title: str
    columns: tuple[Column, ...]
    unit: str
    """The township or village that reports."""
    reported_on: date
    measure: str = "人/户"
    signatures: tuple[str, ...] = ("审核人", "填表人", "联系电话")
    note: str = ""
    mark: str = ""
    """Printed at the foot of every page: who took the sheet out, and when."""
    sheet: str = "Sheet1"
    about: About = ()
    """Stands on a second sheet: who took this out, when, which rows."""

    @property
    def heading(self) -> str:
        """The line under the title."""
        on = self.reported_on
        return GAP.join(
            (
                f"填报单位（盖章）：{self.unit}",
                f"填报时间：{full_day(on)}",
                f"单位：{self.measure}",
            )
        )


class Subtotal(tuple[object, ...]):
    """The cells of a 小计 row: set in bold, neither numbered nor counted."""

    __slots__ = ()


def write_ledger(
    path: Path,
    layout: Layout,
    rows: Iterable[Sequence[object]],
    *,
    total: Mapping[str, object] | None = None,
) -> int:
    """Write ``rows``, values in the order of the columns, and return their number.

    A running number goes before them. ``total`` gives the cells of the 合计 row by key
    and is read after the last row; without it there is none.
    """
    columns = (NUMBERING, *layout.columns)
    width = len(columns)
    count = 0
    with Book(path) as book:
        sheet = book.sheet(layout.sheet)
        for index, column in enumerate(columns):
            sheet.raw.set_column(index, index, column.width)
        sheet.wide_row(printable(layout.title), width, "title", height=TITLE_HEIGHT)
        sheet.wide_row(printable(layout.heading), width, "line")
        header = sheet.next_row
        write_header(sheet, columns, book.style("header"))
        sheet.print_setup(sheet.next_row, repeat_from=header, mark=layout.mark)
        styles = [column_style(book, column) for column in columns]
        strong = [column_style(book, column, bold=True) for column in columns]
        wrapped = [(i, c.width) for i, c in enumerate(columns) if is_wrapped(c)]
        for row in rows:
            if isinstance(row, Subtotal):
                sheet.row([None, *map(exported, row)], strong)
            else:
                count += 1
                cells = [count, *map(exported, row)]
                sheet.row(cells, styles, height=_height(cells, wrapped))
        if total is not None:
            _write_total(sheet, columns, strong, total)
        _write_footer(sheet, layout, columns)
        write_about(book.raw, layout.about)
    return count


def write_header(sheet: Sheet, columns: Sequence[Column], style: Any) -> None:
    """Write one header row, or two when columns stand under groups, merged."""
    styles = [style] * len(columns)
    if not any(column.group for column in columns):
        sheet.row([printable(column.title) for column in columns], styles)
        return
    top = sheet.next_row
    sheet.row([_upper_title(columns, i) for i in range(len(columns))], styles)
    sheet.row([printable(c.title) if c.group else None for c in columns], styles)
    for merge in _header_merges(columns, top):
        sheet.merge(merge)


def _upper_title(columns: Sequence[Column], index: int) -> str | None:
    column = columns[index]
    if not column.group:
        return printable(column.title)
    return printable(column.group) if _begins_group(columns, index) else None


def _begins_group(columns: Sequence[Column], index: int) -> bool:
    return index == 0 or columns[index].group != columns[index - 1].group


def _header_merges(columns: Sequence[Column], top: int) -> Iterator[Merge]:
    """Yield the merges of a two-level header: groups across, lone titles down."""
    start = 0
    for index, column in enumerate(columns):
        if not column.group:
            yield Merge(top, index, top + 1, index)
        if _begins_group(columns, index):
            start = index
        ends = index + 1 == len(columns) or _begins_group(columns, index + 1)
        if column.group and ends:
            yield Merge(top, start, top, index)


def _write_total(
    sheet: Sheet,
    columns: Sequence[Column],
    styles: Sequence[Any],
    total: Mapping[str, object],
) -> None:
    values = (exported(total.get(column.key)) for column in columns[1:])
    sheet.row(["合计", *values], styles)


def _write_footer(sheet: Sheet, layout: Layout, columns: Sequence[Column]) -> None:
    if layout.note:
        text = printable(f"注：{layout.note}")
        lines = _lines(text, sum(column.width for column in columns))
        sheet.wide_row(text, len(columns), "line", height=ROW_HEIGHT * lines)
    if layout.signatures:
        text = GAP.join(f"{who}：" for who in layout.signatures)
        sheet.wide_row(text, len(columns), "line")


def _height(cells: Sequence[object], wrapped: Sequence[tuple[int, float]]) -> float:
    """Return the height at which the longest wrapped text of a row is seen whole."""
    texts = ((cells[index], width) for index, width in wrapped)
    lines = [_lines(text, width) for text, width in texts if isinstance(text, str)]
    return ROW_HEIGHT + LINE_HEIGHT * (max(lines, default=1) - 1)


def _lines(text: str, width: float) -> int:
    """Return how many lines ``text`` takes; a Chinese character is two wide."""
    if 2 * len(text) <= width:
        return 1
    printed = sum(1 if character.isascii() else 2 for character in text)
    return max(1, -(-printed // max(1, int(width) - 1)))
