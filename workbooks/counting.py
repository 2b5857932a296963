"""Adds up what a sheet holds, reference by reference, and stops at the limits."""

from __future__ import annotations

import re

from workbooks.inventory import SHEET_COLUMNS, FileRefused, Limits, Merge, SheetFacts
from workbooks.package import damaged

LAST_ROW = 1_048_576
"""The last row a sheet can have in the format."""

REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
"""A cell as the XML names it."""

# Functions that fetch something, and DDE (program|topic!item), when a person opens the
# file (reliability 3.3 case 18).
_FETCHING = re.compile(
    r"\b(?:WEBSERVICE|FILTERXML|RTD|CALL|REGISTER\.ID|IMPORTDATA)\s*\(|\|\s*'?[^!|]*!",
    re.IGNORECASE,
)


def column_index(letters: str) -> int:
    """Return 0 for ``A``, 25 for ``Z``, 26 for ``AA``."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def column_letters(index: int) -> str:
    """Return ``A`` for 0, the inverse of :func:`column_index`."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class SheetCounter:
    """Adds up one sheet's facts and stops at the limits."""

    def __init__(self, facts: SheetFacts, limits: Limits) -> None:
        self.facts = facts
        self._limits = limits
        self.last_tag = 0
        self._blank_since = 0
        self._elements = 0

    def element(self) -> None:
        """Note one XML element; a part that is nothing but elements is refused."""
        self._elements += 1
        if self._elements > self._limits.elements:
            raise FileRefused(
                "too_many_marks",
                f"“{self.facts.name}”里的内容太多。"
                "请把名册复制（粘贴为数值）到新的工作簿，再上传。",
            )

    def row(self, number: int, *, hidden: bool) -> None:
        """Note that a row element is there, whatever it holds."""
        if not self.last_tag < number <= LAST_ROW:
            raise damaged()
        self.last_tag = number
        self._blank_since += 1
        if hidden:
            self.facts.hidden_rows.append(number)

    def content(self, rows: list[int], cells: int) -> None:
        """Note the numbers of rows with content, ascending, and their cells."""
        facts = self.facts
        facts.rows += len(rows)
        facts.cells += cells
        facts.last_row = rows[-1]
        most = self._limits.rows + self._limits.spare_rows
        if facts.rows > most:
            raise FileRefused(
                "too_many_rows",
                f"“{facts.name}”超过 {self._limits.rows} 行。"
                "请按村分成几个文件，分别上传。",
            )
        if facts.last_row > most:
            raise FileRefused(
                "far_cell",
                f"“{facts.name}”第 {facts.last_row} 行还有内容，"
                f"超过 {self._limits.rows} 行。请删除名册下方多余的内容后另存，再上传。",
            )

    def column(self, index: int) -> None:
        """Note a column that has content."""
        if index >= self._limits.columns:
            raise FileRefused(
                "too_many_columns",
                f"“{self.facts.name}”的 {column_letters(index)} 列还有内容，"
                f"超过 {self._limits.columns} 列。请删除名册右边多余的内容后另存，再上传。",
            )
        self.facts.last_column = max(self.facts.last_column, index + 1)

    def formula(self, column: int, row: int, text: str) -> None:
        """Note a formula; one that fetches from elsewhere refuses the file."""
        self.column(column)
        if _FETCHING.search(text):
            raise FileRefused(
                "fetching_formula",
                f"“{self.facts.name}”的 {column_letters(column)}{row} 是会连接外部的公式，"
                "不能导入。请改为数值后另存，再上传。",
            )
        self.facts.formulas.append(row * SHEET_COLUMNS + column)
        self._check_marks(len(self.facts.formulas), "公式")

    def error(self, column: int, row: int) -> None:
        """Note a cell that shows an error such as ``#N/A``."""
        self.column(column)
        self.facts.errors.append(row * SHEET_COLUMNS + column)
        self._check_marks(len(self.facts.errors), "错误值")

    def merge(self, reference: str) -> None:
        """Note a merged range such as ``A1:R1``."""
        corners = [REFERENCE.fullmatch(part) for part in reference.split(":")]
        if len(corners) != 2 or corners[0] is None or corners[1] is None:
            return
        (left, top), (right, bottom) = corners[0].groups(), corners[1].groups()
        self.facts.merges.append(
            Merge(
                int(top) - 1, column_index(left), int(bottom) - 1, column_index(right)
            )
        )
        self._check_marks(len(self.facts.merges), "合并单元格")

    def finish(self) -> None:
        """Settle what can only be known at the end of the sheet."""
        self.facts.blank_tail = self._blank_since

    def settle_blank(self, rows_after: int) -> None:
        """Say how many row elements came after the last one with content."""
        self._blank_since = rows_after

    def _check_marks(self, count: int, what: str) -> None:
        if count > self._limits.marks:
            raise FileRefused(
                "too_many_marks",
                f"“{self.facts.name}”里的{what}太多。"
                "请全选、复制、选择性粘贴为数值到新的工作簿，再上传。",
            )
