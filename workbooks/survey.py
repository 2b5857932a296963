"""The first walk over a sheet: header, what is data, the balance, repeated keys.

Rows pass through in batches and are kept only compressed, so that a sheet of 100,000
rows costs a few megabytes and can be walked again for the checks.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from workbooks.counting import column_letters
from workbooks.declaration import Column, Declaration
from workbooks.headers import ROWS_SEARCHED, Header, find_header
from workbooks.inventory import FileRefused, SheetFacts
from workbooks.marks import Marks
from workbooks.reading import Plain, decode
from workbooks.skipping import Reason, RowFilter, Skipped
from workbooks.steps import Step
from workbooks.values import Check, Value
from workbooks.values.outcomes import Doubt, Mended


@dataclass(frozen=True, slots=True)
class Tally:
    """The balance of a sheet: every row that was read is exactly one of the others.

    Raises ``ValueError`` when it does not balance: a defect here, never the file's.
    """

    read: int
    blank: int
    skipped: int
    data: int
    hidden: int
    """Data rows that are hidden or filtered out; included in ``data``."""

    def __post_init__(self) -> None:
        if self.read != self.blank + self.skipped + self.data:
            raise ValueError(f"rows do not balance: {self}")


@dataclass(frozen=True, slots=True)
class Twin:
    """A row that shares its identity with another one of the same file."""

    column: Column
    """The first column of the shared key."""
    titles: str
    row: int
    """The other row."""


@dataclass(slots=True)
class Survey:
    """What the first walk found."""

    header: Header
    preamble: list[list[Plain]]
    """The rows down to the header, as they stood."""
    batches: list[bytes]
    is_data: bytearray
    """1 for the row numbers that are data."""
    tally: Tally
    skipped: tuple[Skipped, ...]
    untitled: tuple[str, ...]
    """Letters of columns with content below the header but no title: not imported."""
    twins: dict[int, list[Twin]]

    def data_rows(self) -> Iterator[tuple[int, list[Plain]]]:
        """Yield number and cells of every data row, in order."""
        number = 0
        for batch in self.batches:
            for cells in decode(zlib.decompress(batch)):
                number += 1
                if self.is_data[number]:
                    yield number, cells


def survey(
    batches: Iterator[bytes],
    sheet: SheetFacts,
    declaration: Declaration,
    mapping: Mapping[str, str] | None,
    check: Callable[[Column], Check],
    *,
    ragged: bool,
) -> Survey:
    """Walk over the ``batches`` of a sheet once. Raises :class:`FileRefused`.

    ``ragged`` asks for .csv rules: a record with more or fewer fields is refused.
    """
    first = next(batches, b"[]")
    rows = decode(first)
    header = find_header(rows[:ROWS_SEARCHED], sheet.merges, declaration, mapping)
    walk = _Walk(header, sheet, declaration, check, ragged=ragged)
    while first:
        walk.take(first)
        first = next(batches, b"")
    return walk.finish(rows[: header.last_row])


@dataclass(slots=True)
class _Key:
    """One unique key while the rows go by: what was seen where."""

    steps: list[Step]
    titles: str
    seen: dict[tuple[Value, ...], int] = field(default_factory=dict)


class _Walk:
    def __init__(
        self,
        header: Header,
        sheet: SheetFacts,
        declaration: Declaration,
        check: Callable[[Column], Check],
        *,
        ragged: bool,
    ) -> None:
        self._header = header
        self._sheet = sheet
        self._filter = RowFilter(header, declaration)
        self._marks = Marks(sheet)
        self._keys = list(_keys(header, declaration, check))
        titled = header.headings.keys()
        self._untitled = [i for i in range(sheet.last_column) if i not in titled]
        self._strays: set[int] = set()
        self._ragged = _Ragged(header, declaration) if ragged else None
        self._number = self._blank = 0
        self._batches: list[bytes] = []
        self._skipped: list[Skipped] = []
        self._is_data = bytearray(sheet.last_row + 1)
        self._twins: dict[int, list[Twin]] = {}

    def take(self, batch: bytes) -> None:
        """Sort the rows of one batch into data, blank and skipped."""
        self._batches.append(zlib.compress(batch, 1))
        for row in decode(batch):
            self._number += 1
            if self._number <= self._header.last_row:
                self._skip(Reason.TITLE, row)
            else:
                self._sort(row)

    def _sort(self, row: list[Plain]) -> None:
        error, merged = self._look_at_marks()
        if self._filter.is_blank(row) and not error:
            self._blank += 1
            return
        reason = None if error else self._filter.reason(row, merged)
        if reason is not None:
            self._skip(reason, row)
            return
        if self._ragged is not None:
            self._ragged.check(self._number, row)
        self._is_data[self._number] = 1
        if self._untitled:
            self._strays.update(i for i in self._untitled if _cell(row, i) is not None)
        for key in self._keys:
            self._compare(key, row)

    def _look_at_marks(self) -> tuple[bool, int]:
        """Return whether the row has an error, and the width of its widest merge."""
        if not self._marks.any:
            return False, 1
        merges = self._marks.merges(self._number)
        widest = max((merge.width for merge in merges), default=1)
        return self._marks.has_error(self._number), widest

    def _skip(self, reason: Reason, row: Sequence[Plain]) -> None:
        if all(cell is None for cell in row):
            self._blank += 1
            return
        text = next((str(cell) for cell in row if cell is not None), "")
        self._skipped.append(Skipped(self._number, reason, text[:40]))

    def _compare(self, key: _Key, row: list[Plain]) -> None:
        identity = tuple([_identity(step, row) for step in key.steps])
        if None in identity:
            return
        other = key.seen.setdefault(identity, self._number)
        if other != self._number:
            for here, there in ((self._number, other), (other, self._number)):
                twins = self._twins.setdefault(here, [])
                if not any(twin.titles == key.titles for twin in twins):
                    twins.append(Twin(key.steps[0].column, key.titles, there))

    def finish(self, preamble: list[list[Plain]]) -> Survey:
        """Return what was found, once the last row has gone by."""
        after = self._sheet.last_row - self._number + self._sheet.blank_tail
        data = self._is_data.count(1)
        read = self._number + after
        hidden = sum(
            self._is_data[n] for n in self._sheet.hidden_rows if n <= self._number
        )
        return Survey(
            header=self._header,
            preamble=preamble,
            batches=self._batches,
            is_data=self._is_data,
            tally=Tally(
                read=read,
                blank=self._blank + after,
                skipped=len(self._skipped),
                data=data,
                hidden=hidden,
            ),
            skipped=tuple(self._skipped),
            untitled=tuple(column_letters(i) for i in sorted(self._strays)),
            twins=self._twins,
        )


class _Ragged:
    """Refuses .csv records that do not have the shape of the header.

    Excel leaves out trailing separators when the last columns are blank, so a record
    may end early, but not before the last required column.
    """

    def __init__(self, header: Header, declaration: Declaration) -> None:
        self._most = max(header.headings) + 1
        required = (c.key for c in declaration.columns if c.required)
        self._least = max((header.columns[key] + 1 for key in required), default=0)

    def check(self, number: int, row: Sequence[Plain]) -> None:
        """Raise :class:`FileRefused` when the record is too long or too short."""
        width = len(row)
        while width > self._most and row[width - 1] is None:
            width -= 1
        if self._least <= len(row) and width <= self._most:
            return
        raise FileRefused(
            "ragged",
            f"第 {number} 行有 {width} 列，表头有 {self._most} 列，对不上。"
            "请检查这一行的逗号和引号（内容里的逗号要放在英文引号里），再上传。",
        )


def _keys(
    header: Header, declaration: Declaration, check: Callable[[Column], Check]
) -> Iterator[_Key]:
    """Yield the unique keys whose columns are all in the file."""
    for group in declaration.unique:
        if not header.columns.keys() >= set(group):
            continue
        columns = [declaration.column(key) for key in group]
        yield _Key(
            steps=[Step(c, header.columns[c.key], check(c)) for c in columns],
            titles="、".join(column.title for column in columns),
        )


def _cell(row: Sequence[Plain], index: int) -> Plain:
    return row[index] if index < len(row) else None


def _identity(step: Step, row: Sequence[Plain]) -> Value:
    """Return what a cell identifies; a refused, masked or absent one does not."""
    outcome = step.outcome(row[step.index] if step.index < len(row) else None)
    if outcome.__class__ is str:  # nearly always
        return outcome
    if isinstance(outcome, Mended | Doubt):
        outcome = outcome.value
    return outcome if isinstance(outcome, str | int | date) else None
