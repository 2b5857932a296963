"""Writes large plain tables from a generator: .xlsx in constant memory, and .csv."""

from __future__ import annotations

import csv
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

from workbooks.counting import column_letters
from workbooks.declaration import Column
from workbooks.values.characters import escape
from workbooks.writing.about import About, write_about
from workbooks.writing.cells import (
    NUMBER_FORMATS,
    Exported,
    exported,
    is_text,
    printable,
    sheet_name,
)
from workbooks.writing.lines import Lines
from workbooks.writing.sheets import A4, PAGES

ROWS_PER_SHEET = 100_000
"""A longer list goes on in the next sheet of the same file (case 64)."""

ROWS_AT_ONCE = 50
"""Rows that are compressed together: some 50 KB of XML, which a core has at hand. Ten
times as many took a tenth longer."""

PRESSED = 3
"""Level of compression: a third of level 6's time for a tenth more of a file."""

_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_ROW_2 = re.compile(r'(<row r="2".*?</row>)', re.DOTALL)
_STYLE = re.compile(r'<c r="[A-Z]+2" s="(\d+)"/>')
_DIMENSION = re.compile(r'<dimension ref="[^"]*"/>')


def write_table(
    path: Path,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    count: int,
    name: str = "数据",
    per_sheet: int = ROWS_PER_SHEET,
    about: About = (),
) -> None:
    """Write ``rows``, values in the order of ``columns``, as an .xlsx at ``path``.

    ``count`` is what the list on the page says; writing another number of rows raises
    ``ValueError``, and so do two columns that `plain_titles` cannot tell apart. Texts are cells of type text with
    the quote prefix, so no cell and no header is ever a formula. ``about`` stands on a
    sheet of its own, the last one.
    """
    titles = _told_apart(columns)
    sheets = max(1, -(-count // per_sheet))
    names = [
        sheet_name(name if sheets == 1 else f"{name}{i + 1}") for i in range(sheets)
    ]
    left = iter(rows)
    with tempfile.TemporaryDirectory() as folder:
        form = Path(folder) / "form.xlsx"
        _write_form(form, names, titles, columns, about)
        with ZipFile(form) as empty, _packed(path) as package:
            came = _fill(empty, package, left, count, per_sheet, sheets)
    came += sum(1 for _ in left)
    if came != count:
        raise ValueError(f"{count} rows announced, {came} came")


def plain_titles(columns: Sequence[Column]) -> list[str]:
    """Return the titles of a table whose header is one row.

    One that stands twice takes the title above it along: 恳谈会应开, 民情分析会应开.
    """
    times = Counter(column.title for column in columns)
    return [
        column.title if times[column.title] == 1 else column.group + column.title
        for column in columns
    ]


def _told_apart(columns: Sequence[Column]) -> list[str]:
    titles = [str(exported(title)) for title in plain_titles(columns)]
    if len(set(titles)) != len(titles):
        raise ValueError(f"two columns share a title: {titles}")
    return titles


def _packed(path: Path) -> ZipFile:
    return ZipFile(path, "w", ZIP_DEFLATED, compresslevel=PRESSED)


def _write_form(
    path: Path,
    names: Sequence[str],
    titles: Sequence[str],
    columns: Sequence[Column],
    about: About,
) -> None:
    """Write the workbook without its rows; row 2 only shows the styles of the cells."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        header = book.add_format({"bold": True, "quote_prefix": True})
        looks = [book.add_format(_look(column)) for column in columns]
        for name in names:
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            _set_up_for_print(sheet)
            for i, (column, look) in enumerate(zip(columns, looks, strict=True)):
                sheet.set_column(i, i, column.width, look)
                sheet.write_string(0, i, titles[i], header)
            for i, look in enumerate(looks):
                sheet.write_blank(1, i, None, look)
        write_about(book, about)


def _set_up_for_print(sheet: Any) -> None:
    """Let a roster that somebody prints after all come out one page wide, named atop."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(PAGES)


def _look(column: Column) -> dict[str, object]:
    if is_text(column):
        return {"num_format": "@", "quote_prefix": True}
    return {"num_format": NUMBER_FORMATS[column.kind]}


def _fill(
    form: ZipFile,
    package: ZipFile,
    rows: Iterator[Sequence[Any]],
    count: int,
    per_sheet: int,
    sheets: int,
) -> int:
    """Copy the form, with the rows in its sheets; return how many there were."""
    came = 0
    for part in form.namelist():
        content = form.read(part)
        with package.open(part, "w") as out:
            if (sheet := _SHEET.fullmatch(part)) and int(sheet[1]) <= sheets:
                announced = min(per_sheet, count - came)
                came += _fill_sheet(out, content.decode(), rows, announced)
            else:
                out.write(content)
    return came


def _fill_sheet(
    out: IO[bytes], form: str, rows: Iterator[Sequence[Any]], announced: int
) -> int:
    """Write a sheet with its next rows; return how many there were."""
    head, shown, foot = _ROW_2.split(form)
    styles = _STYLE.findall(shown)
    last = f"{column_letters(len(styles) - 1)}{announced + 1}"
    out.write(_DIMENSION.sub(f'<dimension ref="A1:{last}"/>', head).encode())
    lines, number = Lines(styles), 1
    while batch := list(islice(rows, min(ROWS_AT_ONCE, announced + 1 - number))):
        written = [lines.line(n, row) for n, row in enumerate(batch, number + 1)]
        out.write("".join(written).encode())
        number += len(batch)
    out.write(foot.encode())
    return number - 1


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
        writer.writerow(map(_csv_text, plain_titles(columns)))
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
