"""Writes large plain tables from a generator: .xlsx in constant memory, and .csv."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from rustpy_xlsxwriter import Format, write_worksheets

from workbooks.declaration import Column
from workbooks.values.characters import escape
from workbooks.writing.cells import (
    LONGEST_TEXT,
    NUMBER_FORMATS,
    Exported,
    exported,
    is_text,
    printable,
    sheet_name,
)

ROWS_PER_SHEET = 100_000
"""A longer list goes on in the next sheet of the same file (case 64)."""


def write_table(
    path: Path,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    count: int,
    name: str = "数据",
    per_sheet: int = ROWS_PER_SHEET,
) -> None:
    """Write ``rows``, values in the order of ``columns``, as an .xlsx at ``path``.

    ``count`` is what the list on the page says; writing another number of rows raises
    ``ValueError``, and so do two columns of one title. Texts are cells of type text with
    the quote prefix, so no cell and no header is ever a formula.
    """
    titles = _titles(columns)
    written = _Counted(rows, titles)
    sheets = max(1, -(-count // per_sheet))
    names = [
        sheet_name(name if sheets == 1 else f"{name}{i + 1}") for i in range(sheets)
    ]
    formats = [_format(column) for column in columns]
    widths = [float(column.width) for column in columns]
    header = Format().set_bold().set_quote_prefix()
    write_worksheets(
        [(sheet, written.take(per_sheet)) for sheet in names],
        str(path),
        freeze_panes={"general": {"row": 1, "col": 0}},
        column_formats=dict.fromkeys(names, formats),
        column_widths=dict.fromkeys(names, widths),
        header_format=dict.fromkeys(names, header),
    )
    written.check(count)


def _titles(columns: Sequence[Column]) -> list[str]:
    titles = [str(exported(column.title)) for column in columns]
    if len(set(titles)) != len(titles):
        raise ValueError(f"two columns share a title: {titles}")
    return titles


def _format(column: Column) -> Format:
    if is_text(column):
        return Format().set_num_format("@").set_quote_prefix()
    return Format().set_num_format(NUMBER_FORMATS[column.kind])


class _Counted:
    """Hands the rows to the writer sheet by sheet, and counts them."""

    def __init__(self, rows: Iterable[Sequence[Any]], titles: list[str]) -> None:
        self._rows = iter(rows)
        self._titles = titles
        self._count = 0

    def take(self, most: int) -> Iterator[dict[str, Exported]]:
        """Yield the next rows, one empty one when there are none: the header needs it.

        Most cells are plain short texts, and calling exported() for each of two million
        would cost as much as writing them; control characters in them are escaped by
        the writer.
        """
        titles, longest, before = self._titles, LONGEST_TEXT, self._count
        for row in islice(self._rows, most):
            if len(row) != len(titles):
                raise ValueError(f"{len(row)} values for {len(titles)} columns")
            self._count += 1
            yield {
                title: value
                if value.__class__ is str and "'" not in value and len(value) <= longest
                else exported(value)
                for title, value in zip(titles, row, strict=False)
            }
        if self._count == before:
            yield dict.fromkeys(titles)

    def check(self, count: int) -> None:
        """Raise ``ValueError`` when the file does not hold what the page promised."""
        left = sum(1 for _ in self._rows)
        if self._count + left != count:
            raise ValueError(f"{count} rows announced, {self._count + left} came")


def write_csv(
    path: Path, columns: Sequence[Column], rows: Iterable[Sequence[Any]]
) -> int:
    """Write ``rows`` as a .csv that Excel opens rightly; return their number.

    UTF-8 with a byte order mark, CRLF, and ``'`` before every text that a spreadsheet
    would run as a formula (ASVS 1.2.10), headers included.
    """
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([_csv_text(column.title) for column in columns])
        for row in rows:
            writer.writerow([_csv_cell(value) for value in row])
            count += 1
    return count


def _csv_cell(value: object) -> Exported:
    if isinstance(value, str):
        return _csv_text(value)
    cell = exported(value)
    return escape(cell) if isinstance(cell, str) else cell


def _csv_text(text: str) -> str:
    return escape(printable(text))
