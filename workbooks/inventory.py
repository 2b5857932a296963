"""What the guard found in an uploaded file, and how it says no."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

SHEET_COLUMNS = 64
"""Cells are packed as ``row * SHEET_COLUMNS + column``; no accepted sheet is wider."""

MEGABYTE = 1024 * 1024

ABOUT_SHEET = "导出说明"
"""What our own exports say of themselves: who, when, which rows; never imported."""

SheetState = Literal["visible", "hidden", "veryHidden"]


class FileRefused(Exception):
    """A whole file is refused. ``code`` is stable, ``message`` is for the person.

    The message says what is wrong, where, and how to mend it; it never repeats an ID
    number or a phone.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold (reliability 3.2, widened so that 100,000 rows fit).

    ``rows`` is what a person is told; ``spare_rows`` is the room on top of it for
    titles, headers, blank lines and footers.
    """

    size: int = 20 * MEGABYTE
    inflated: int = 256 * MEGABYTE
    part: int = MEGABYTE
    """Parts below this size may have any compression ratio."""
    ratio: int = 200
    entries: int = 200
    directory: int = 64 * 1024
    rows: int = 100_000
    spare_rows: int = 200
    columns: int = 60
    marks: int = 200_000
    """Formula, error and merged cells that are remembered before giving up."""
    elements: int = 8_000_000
    """XML elements that are looked at one by one; 100,000 x 20 cells have 6 million."""

    def __post_init__(self) -> None:
        if self.columns > SHEET_COLUMNS:
            raise ValueError(f"at most {SHEET_COLUMNS} columns can be packed")


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Merge:
    """One merged range; rows and columns count from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def width(self) -> int:
        """How many columns it spans."""
        return self.right - self.left + 1


@dataclass(slots=True)
class SheetFacts:
    """What one sheet holds, counted from real cell references, never from its claims.

    Rows and columns count from 0 in ``merges``, ``hidden_columns`` and packed cells;
    ``last_row`` and ``hidden_rows`` are the row numbers a person sees, from 1.
    """

    index: int
    name: str
    state: SheetState = "visible"
    part: str = ""
    """Where the sheet's XML is in the container."""
    rows: int = 0
    """Rows with at least one cell that has content."""
    cells: int = 0
    last_row: int = 0
    last_column: int = 0
    """Number of columns up to the last one with content."""
    blank_tail: int = 0
    """Rows that exist below the last content, formatted but empty."""
    hidden_rows: array[int] = field(default_factory=lambda: array("I"))
    hidden_columns: set[int] = field(default_factory=set)
    formulas: array[int] = field(default_factory=lambda: array("I"))
    errors: array[int] = field(default_factory=lambda: array("I"))
    merges: list[Merge] = field(default_factory=list)

    @property
    def visible(self) -> bool:
        """Whether a person who opens the file sees this sheet."""
        return self.state == "visible"


@dataclass(frozen=True, slots=True)
class TextFacts:
    """How a .csv file is written: its codec, separator and records."""

    codec: Literal["utf-8-sig", "gb18030"]
    delimiter: str
    announced: bool
    """Whether the first line is Excel's ``sep=`` line."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """An accepted file: what is in it, before any cell is read."""

    digest: str
    """SHA-256 of the bytes, by which a preview is confirmed."""
    size: int
    sheets: tuple[SheetFacts, ...]
    date1904: bool = False
    text: TextFacts | None = None
    """Set for .csv, absent for .xlsx."""

    def candidates(self) -> Iterator[SheetFacts]:
        """Yield the visible sheets that have content, in the order of the tabs."""
        shown = (sheet for sheet in self.sheets if sheet.visible and sheet.rows)
        return (sheet for sheet in shown if sheet.name != ABOUT_SHEET)

    def choose(self, name: str | None = None) -> SheetFacts:
        """Return the named sheet, or the only one with content.

        Raises :class:`FileRefused` ``unknown_sheet`` when no sheet has that name, and
        ``choose_sheet`` when several visible sheets have content (case 27).
        """
        if name is not None:
            return self._named(name)
        found = list(self.candidates())
        if len(found) > 1:
            names = "、".join(f"“{sheet.name}”（{sheet.rows} 行）" for sheet in found)
            raise FileRefused(
                "choose_sheet",
                f"文件里有 {len(found)} 张表有内容：{names}。请选择要导入哪一张。",
            )
        if found:
            return found[0]
        return next((s for s in self.sheets if s.visible), self.sheets[0])

    def _named(self, name: str) -> SheetFacts:
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        names = "、".join(f"“{sheet.name}”" for sheet in self.sheets)
        raise FileRefused(
            "unknown_sheet",
            f"文件里没有叫“{name}”的表，只有：{names}。请重新选择。",
        )
