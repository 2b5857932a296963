"""Recognises the rows of a ledger that are not data: totals, signatures, repeats.

A row is left out only for a reason that can be named; it is counted and listed, so that
a person can see that nothing of his was dropped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from workbooks.declaration import Declaration
from workbooks.headers import JOINT, Header
from workbooks.reading import Plain
from workbooks.values.characters import fold


class Reason(StrEnum):
    """Why a row is not data; the value is what a person reads."""

    TITLE = "标题、表头"
    TOTAL = "合计、小计"
    REPORTER = "填报单位、填报时间"
    SIGNATURE = "审核、填表、签字"
    NOTE = "说明、备注"
    SECTION = "分段标题"
    REPEATED = "重复的表头"
    EXAMPLE = "示例"
    NOTHING = "没有可导入的内容"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that was left out: its number, why, and how it begins."""

    number: int
    reason: Reason
    text: str


_TOTALS = frozenset({"合计", "小计", "总计", "共计", "累计"})
_TOTAL = re.compile(r".{0,12}(?:合计|小计|总计|共计|累计)(?:[:(].*)?")
_REPORTER = re.compile(
    r"(?:填报|填表|报送|制表|上报)?(?:单位|日期|时间)(?:\((?:盖章|签章|公章)\))?(?::.*)?"
)
_SIGNATURE = re.compile(
    r"(?:审核|填表|填报|制表|负责|经办|联系|复核|审批|单位负责)人?(?:签字|签名|签章|电话)?"
    r"(?:\(.{0,6}\))?(?::.*)?"
)
_NOTE = re.compile(r"(?:填[写表]?说明|说明|备注|注意事项|注意|注)[0-9一二三]?[:.、].*")
_EXAMPLE = re.compile(r"(?:示例|例如|例:|样例|填写示例).*")


# Any of the words above has one of these: most first cells have none.
_HINT = re.compile("[计例单时日审填制负经联复说备注签报上]")


_folded = lru_cache(maxsize=256)(fold)
"""The first cells of a roll are its township and villages, row after row."""


class RowFilter:
    """Says for each row below the header whether it is data."""

    def __init__(self, header: Header, declaration: Declaration) -> None:
        self._ignored = header.ignored
        self._columns = sorted(header.columns.values())
        self._required = [
            header.columns[c.key] for c in declaration.columns if c.required
        ]
        self._titles = {
            column: {fold(part) for part in heading.title.split(JOINT)}
            for column, heading in header.headings.items()
        }

    def is_blank(self, row: Sequence[Plain]) -> bool:
        """Whether the row holds nothing, or nothing but a running number."""
        width = len(row)
        if any(column < width and _has(row[column]) for column in self._columns):
            return False
        return not any(
            _has(cell) and not (index in self._ignored and _is_number(cell))
            for index, cell in enumerate(row)
        )

    def reason(self, row: Sequence[Plain], merged: int) -> Reason | None:
        """Return why a row that is not blank is not data, or None when it is.

        ``merged`` is the width of the widest merged range in the row.
        """
        first = next((cell for cell in row if _has(cell)), None)
        if isinstance(first, str):
            found = self._by_words(row, first)
            if found is not None:
                return found
            if merged >= 3 and sum(map(_has, row)) == 1:
                return Reason.SECTION
        width = len(row)
        if any(column < width and _has(row[column]) for column in self._columns):
            return None
        return Reason.NOTHING

    def _by_words(self, row: Sequence[Plain], first: str) -> Reason | None:
        if self._is_total(row):
            return Reason.TOTAL
        if self._repeats_header(row):
            return Reason.REPEATED
        if not _HINT.search(first):
            return None
        folded = fold(first[:80])
        if _TOTAL.fullmatch(folded):
            return Reason.TOTAL
        if _EXAMPLE.fullmatch(folded):
            return Reason.EXAMPLE
        if self._looks_like_data(row):
            return None
        return next(
            (reason for pattern, reason in _FOOTERS if pattern.fullmatch(folded)), None
        )

    def _is_total(self, row: Sequence[Plain]) -> bool:
        """Whether one of the first three filled cells says 合计, spaced or not."""
        filled = 0
        for cell in row:
            if not _has(cell):
                continue
            if (
                isinstance(cell, str)
                and "计" in cell
                and "".join(cell.split()) in _TOTALS
            ):
                return True
            filled += 1
            if filled == 3:
                break
        return False

    def _looks_like_data(self, row: Sequence[Plain]) -> bool:
        """Whether most required columns are filled: then words prove nothing."""
        filled = sum(c < len(row) and _has(row[c]) for c in self._required)
        return len(self._required) > 1 and 2 * filled > len(self._required)

    def _repeats_header(self, row: Sequence[Plain]) -> bool:
        """Whether the row is the header again, as at the top of every printed page."""
        matching = 0
        for column in self._columns:
            cell = row[column] if column < len(row) else None
            if not _has(cell):
                continue
            if not isinstance(cell, str) or _folded(cell) not in self._titles[column]:
                return False
            matching += 1
        return matching > 1


def _has(cell: Plain) -> bool:
    return cell is not None and (cell.__class__ is not str or not str(cell).isspace())


def _is_number(cell: Plain) -> bool:
    return isinstance(cell, float) or (isinstance(cell, str) and cell.strip().isdigit())


_FOOTERS = (
    (_REPORTER, Reason.REPORTER),
    (_SIGNATURE, Reason.SIGNATURE),
    (_NOTE, Reason.NOTE),
)
