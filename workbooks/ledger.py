"""Reads a workbook as a declared table: every row, its values, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, cast

from workbooks.declaration import Column, Declaration
from workbooks.findings import Finding, finding_for
from workbooks.guard import digest, inspect_file
from workbooks.headers import Header, Heading
from workbooks.inventory import (
    DEFAULT_LIMITS,
    FileRefused,
    Inventory,
    Limits,
    SheetFacts,
)
from workbooks.marks import Cell, Marks
from workbooks.reading import read_batches
from workbooks.skipping import Skipped
from workbooks.steps import Step
from workbooks.survey import Survey, Tally, Twin, survey
from workbooks.values import OUTCOMES, Check, Outcome, Value, check_for
from workbooks.values.outcomes import Doubt, Mended, Problem

__all__ = ["FileRefused", "Finding", "Row", "Table", "Tally", "read_table"]


@dataclass(frozen=True, slots=True)
class Row:
    """One data row: what it says, and what has to be said about it."""

    number: int
    """The row number a person sees, from 1."""
    values: dict[str, Value]
    """Declared key -> value, for the columns that the file has; None where refused."""
    problems: tuple[Finding, ...]
    """Any of these refuses the row."""
    doubts: tuple[Finding, ...]
    """The row is good once a person has confirmed these."""
    mends: tuple[Finding, ...]
    """What was put right without asking."""
    hidden: bool
    """Hidden or filtered out in the file."""

    @property
    def refused(self) -> bool:
        """Whether the row cannot be imported as it is."""
        return bool(self.problems)


class Table:
    """A sheet whose header is found and whose rows are counted; iterate for the rows.

    Iterating checks the cells anew, so it can be done twice, and keeps no row.
    """

    def __init__(
        self,
        inventory: Inventory,
        sheet: SheetFacts,
        declaration: Declaration,
        on: date,
        found: Survey,
    ) -> None:
        self.inventory = inventory
        self.sheet = sheet
        self.declaration = declaration
        self.on = on
        self._found = found

    @property
    def header(self) -> Header:
        """Where the header is and which column holds what."""
        return self._found.header

    @property
    def tally(self) -> Tally:
        """The balance of the rows."""
        return self._found.tally

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Title, total and signature rows, with the reason each is not data."""
        return self._found.skipped

    @property
    def untitled(self) -> tuple[str, ...]:
        """Letters of columns that have content but no title: they are not imported."""
        return self._found.untitled

    @property
    def preamble(self) -> list[list[Cell]]:
        """The rows down to the header, as they stood."""
        return cast(list[list[Cell]], self._found.preamble)

    @property
    def other_sheets(self) -> tuple[str, ...]:
        """Names of the sheets that are not read."""
        return tuple(s.name for s in self.inventory.sheets if s is not self.sheet)

    @property
    def hidden_columns(self) -> tuple[Heading, ...]:
        """Imported columns that are hidden in the file."""
        hidden = self.sheet.hidden_columns.intersection(self.header.columns.values())
        return tuple(self.header.headings[column] for column in sorted(hidden))

    def __iter__(self) -> Iterator[Row]:
        plan = self._plan()
        hidden = frozenset(self.sheet.hidden_rows)
        for number, cells in self.originals():
            yield self._row(number, cells, plan, hidden=number in hidden)

    def originals(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield number and cells of every data row as they stood, marks included."""
        marks = Marks(self.sheet)
        for number, plain in self._found.data_rows():
            cells: list[Cell] = plain  # type: ignore[assignment]
            if marks.any:
                marks.put(number, cells)
            yield number, cells

    def _plan(self) -> list[Step]:
        """Return the columns to check, with their place in the sheet."""
        check = _checks(self.inventory, self.on)
        return [
            Step(column, self.header.columns[column.key], check(column))
            for column in self.declaration.columns
            if column.key in self.header.columns
        ]

    def _row(
        self, number: int, cells: list[Cell], plan: list[Step], *, hidden: bool
    ) -> Row:
        values: dict[str, Any] = {}
        remarks: list[tuple[Step, Outcome]] = []
        width = len(cells)
        for step in plan:
            outcome = step.outcome(cells[step.index] if step.index < width else None)
            if outcome.__class__ in OUTCOMES:
                remarks.append((step, outcome))
                outcome = getattr(outcome, "value", None)
            values[step.key] = outcome
        if not remarks and number not in self._found.twins:
            return Row(number, values, (), (), (), hidden)
        by_class: dict[type, list[Finding]] = {Problem: [], Doubt: [], Mended: []}
        for step, outcome in remarks:
            found = _finding(number, step.column, step.index, cells, outcome)
            by_class[outcome.__class__].append(found)
        for twin in self._found.twins.get(number, ()):
            by_class[Problem].append(self._twin(number, cells, twin))
        problems, doubts, mends = map(tuple, by_class.values())
        return Row(number, values, problems, doubts, mends, hidden)

    def _twin(self, number: int, cells: list[Cell], twin: Twin) -> Finding:
        problem = Problem(
            "duplicate_in_file",
            f"和第 {twin.row} 行的{twin.titles}相同",
            "请只留一行，或改正填错的那一行",
        )
        index = self.header.columns[twin.column.key]
        return _finding(number, twin.column, index, cells, problem)


def read_table(
    path: Path,
    declaration: Declaration,
    *,
    on: date,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    inventory: Inventory | None = None,
) -> Table:
    """Read the file at ``path`` as ``declaration``, for an import on the day ``on``.

    ``mapping`` is a person's column choice (title or letters -> key, empty for none),
    ``sheet`` the name of the sheet when there are several, ``inventory`` what the guard
    found earlier in the same file: given, the guard is not run again, and a file that
    has changed since is refused. Raises :class:`FileRefused`; afterwards every row of the
    file is accounted for in the table's tally.
    """
    with path.open("rb") as file:
        facts = _facts(file, inventory, limits)
        chosen = facts.choose(sheet)
        found = survey(
            read_batches(file, chosen, facts.text),
            chosen,
            declaration,
            mapping,
            _checks(facts, on),
            ragged=facts.text is not None,
        )
    return Table(facts, chosen, declaration, on, found)


def _facts(file: BinaryIO, inventory: Inventory | None, limits: Limits) -> Inventory:
    if inventory is None:
        return inspect_file(file, limits)
    if digest(file) != inventory.digest:
        raise FileRefused(
            "changed", "文件在预览之后变了，为避免导入没看过的内容已停止。请重新上传。"
        )
    return inventory


def _checks(inventory: Inventory, on: date) -> Callable[[Column], Check]:
    """Return what makes the check of a column for this file and day."""

    def check(column: Column) -> Check:
        return check_for(
            column,
            on=on,
            date1904=inventory.date1904,
            text_only=inventory.text is not None,
        )

    return check


def _finding(
    number: int, column: Column, index: int, cells: Sequence[Cell], outcome: Outcome
) -> Finding:
    """Return what ``outcome`` says about a cell, ready to be shown."""
    raw = cells[index] if index < len(cells) else None
    if isinstance(outcome, Problem):
        return finding_for(
            number,
            column,
            index,
            raw,
            code=outcome.code,
            message=outcome.message,
            hint=outcome.hint,
            suggestion=outcome.suggestion,
        )
    if isinstance(outcome, Doubt):
        return finding_for(
            number, column, index, raw, code=outcome.code, message=outcome.message
        )
    if isinstance(outcome, Mended):
        return finding_for(
            number, column, index, raw, code=outcome.code, message=outcome.note
        )
    raise TypeError(f"nothing to say about {outcome.__class__}")
