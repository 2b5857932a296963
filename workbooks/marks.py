"""What stands in a cell besides a value: a formula, an error, the rest of a merge."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass

from workbooks.counting import column_letters
from workbooks.inventory import SHEET_COLUMNS, Merge, SheetFacts
from workbooks.package import damaged
from workbooks.reading import Plain
from workbooks.values.outcomes import Problem


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula; ``shown`` is the result that was stored with it, perhaps stale."""

    shown: Plain


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A cell that shows ``#N/A``, ``#REF!`` or the like."""


@dataclass(frozen=True, slots=True)
class Gap:
    """An empty cell inside a merged range whose value stands at ``anchor``."""

    anchor: str


Cell = Plain | Formula | ErrorCell | Gap

MARK_CLASSES = frozenset({Formula, ErrorCell, Gap})


def problem_of(mark: object) -> Problem:
    """Return why a marked cell cannot be taken (cases 19 to 21)."""
    if isinstance(mark, Formula):
        return Problem(
            "formula",
            "单元格是公式，结果可能不是最新的",
            "请复制这一列，用“选择性粘贴”→“数值”粘贴回去",
        )
    if isinstance(mark, Gap):
        return Problem(
            "merged_cell",
            f"单元格是合并单元格的一部分（内容在 {mark.anchor}）",
            "请取消合并单元格，每一行都填上内容",
        )
    return Problem("error_cell", "单元格是错误值（如 #N/A、#REF!）", "请改为真实内容")


class Marks:
    """Looks up the marks of one sheet, row by row in ascending order."""

    def __init__(self, sheet: SheetFacts) -> None:
        self._formulas = sheet.formulas
        self._errors = sheet.errors
        self._merges = sorted(sheet.merges, key=lambda merge: merge.top)
        self._width = sheet.last_column
        self.any = bool(sheet.formulas or sheet.errors or sheet.merges)
        self._next = 0
        self._active: list[Merge] = []

    def put(self, number: int, row: list[Cell]) -> None:
        """Replace the marked cells of ``row``; call for rows in ascending order."""
        for column in self._columns(self._errors, number):
            _set(row, column, ErrorCell())
        for column in self._columns(self._formulas, number):
            shown = row[column] if column < len(row) else None
            _set(row, column, Formula(_plain(shown)))
        for merge in self.merges(number):
            self._put_gaps(number, merge, row)

    def has_error(self, number: int) -> bool:
        """Whether an error stands in row ``number`` that no formula made.

        Formulas are often filled down beyond the data; what they show there is nothing.
        """
        errors = self._columns(self._errors, number)
        return bool(set(errors).difference(self._columns(self._formulas, number)))

    def merges(self, number: int) -> list[Merge]:
        """Return the merged ranges that cover row ``number``."""
        top = number - 1
        while self._next < len(self._merges) and self._merges[self._next].top <= top:
            self._active.append(self._merges[self._next])
            self._next += 1
        if self._active:
            self._active = [merge for merge in self._active if merge.bottom >= top]
            # Ranges cannot overlap in a sound file, so a row has at most one per column.
            if len(self._active) > SHEET_COLUMNS:
                raise damaged()
        return self._active

    def _columns(self, packed: array[int], number: int) -> list[int]:
        if not packed:
            return []
        start = number * SHEET_COLUMNS
        first = bisect_left(packed, start)
        last = bisect_left(packed, start + SHEET_COLUMNS, lo=first)
        return [cell - start for cell in packed[first:last]]

    def _put_gaps(self, number: int, merge: Merge, row: list[Cell]) -> None:
        anchor = f"{column_letters(merge.left)}{merge.top + 1}"
        for column in range(merge.left, min(merge.right + 1, self._width)):
            at_anchor = column == merge.left and number == merge.top + 1
            if not at_anchor and (column >= len(row) or row[column] is None):
                _set(row, column, Gap(anchor))


def _set(row: list[Cell], column: int, mark: Cell) -> None:
    while len(row) <= column:
        row.append(None)
    row[column] = mark


def _plain(cell: Cell) -> Plain:
    return None if isinstance(cell, Formula | ErrorCell | Gap) else cell
