"""Writes the template of a table: header, an example, drop-downs, notes on each cell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from workbooks.counting import column_letters
from workbooks.declaration import LETTERS_AS_TEXT, Column, Declaration, Kind
from workbooks.writing.layouts import NUMBERING, write_header
from workbooks.writing.sheets import ROW_HEIGHT, TITLE_HEIGHT, Book, Sheet

ROWS_PREPARED = 5_000
"""Rows below the header that have the drop-downs."""

EXAMPLE = "示例"
"""Stands in the first column of the example row; the importer leaves such rows out."""

LONGEST_LIST = 255
"""Characters that Excel takes for a list written into the validation itself."""

CHOICES_SHEET = "选项"

_NOTES = (
    "带 * 的列必须填写；请不要改动表头，不要合并单元格。",
    "身份证号、电话请按文本填写（本表已设好格式）；日期按 2026-03-14 填写。",
    "“示例”那一行不会导入，可以删去。",
)


def write_template(path: Path, declaration: Declaration) -> None:
    """Write an empty form of ``declaration`` at ``path``, ready to be filled in."""
    columns = (NUMBERING, *(_starred(column) for column in declaration.columns))
    with Book(path, constant_memory=False) as book:
        sheet = book.sheet(declaration.title)
        title = f"{declaration.title}（导入模板）"
        sheet.wide_row(title, len(columns), "title", height=TITLE_HEIGHT)
        notes = (*_NOTES, *declaration.notes)
        text = "填写说明：" + "\n".join(
            f"{i}. {note}" for i, note in enumerate(notes, 1)
        )
        sheet.wide_row(text, len(columns), "line", height=ROW_HEIGHT * len(notes))
        header = sheet.next_row
        write_header(sheet, columns, book.style("header"))
        sheet.print_setup(sheet.next_row, repeat_from=header)
        examples = [column.example or None for column in declaration.columns]
        sheet.row([EXAMPLE, *examples], [book.style("text")] * len(columns))
        for index, column in enumerate(columns):
            typed = book.style("typing") if column.kind in LETTERS_AS_TEXT else None
            sheet.raw.set_column(index, index, column.width, typed)
        _add_validations(book, sheet, columns)


def _starred(column: Column) -> Column:
    """Return ``column`` with the mark of a required one behind its title."""
    if not column.required:
        return column
    return replace(column, titles=(f"{column.title}*", *column.titles))


def _add_validations(book: Book, sheet: Sheet, columns: tuple[Column, ...]) -> None:
    lists: list[tuple[str, ...]] = []
    for index, column in enumerate(columns):
        rule = _rule(column, lists)
        if rule:
            first, last = sheet.next_row, sheet.next_row + ROWS_PREPARED - 1
            sheet.raw.data_validation(first, index, last, index, rule)
    if lists:
        _write_lists(book, lists)


def _rule(column: Column, lists: list[tuple[str, ...]]) -> dict[str, Any]:
    """Return the validation of a column; a long list goes to a sheet of its own."""
    rule: dict[str, Any] = {}
    if column.kind is Kind.CHOICE or column.kind is Kind.BOOLEAN:
        choices = column.choices or ("是", "否")
        rule = {"validate": "list", "source": list(choices)}
        if len(",".join(choices)) > LONGEST_LIST:
            letters = column_letters(len(lists))
            lists.append(choices)
            source = f"={CHOICES_SHEET}!${letters}$1:${letters}${len(choices)}"
            rule["source"] = source
        rule["error_title"] = "不在可选范围内"
        rule["error_message"] = "请从下拉列表里选择。"
    elif column.note:
        rule = {"validate": "any"}
    if column.note:
        rule["input_title"] = column.title.rstrip("*")[:32]
        rule["input_message"] = column.note[:255]
    return rule


def _write_lists(book: Book, lists: list[tuple[str, ...]]) -> None:
    sheet = book.sheet(CHOICES_SHEET)
    sheet.raw.hide()
    text = book.style("typing")
    for row in range(max(map(len, lists))):
        cells = [words[row] if row < len(words) else None for words in lists]
        sheet.row(cells, [text] * len(cells))
