"""One column on its way through the rows: where it is, and what it says of a cell."""

from __future__ import annotations

from datetime import date

from workbooks.declaration import Column, Kind
from workbooks.marks import MARK_CLASSES, Cell, problem_of
from workbooks.values import Check, Outcome

REMEMBERED = 20_000
"""Distinct cells per column whose outcome is kept."""

_RARELY_REPEATED = frozenset({Kind.ID_NUMBER, Kind.PHONE, Kind.NAME})


class Step:
    """A column, its place in the sheet, and its check with a memory.

    Outcomes of texts and dates are remembered: villages, groups and days repeat. Numbers
    are not, because to a dict 1.0 and True are the same.
    """

    __slots__ = ("_blank", "_check", "_known", "column", "index", "key")

    def __init__(self, column: Column, index: int, check: Check) -> None:
        self.column = column
        self.key = column.key
        self.index = index
        self._check = check
        self._known: dict[object, Outcome] | None = None
        if column.kind not in _RARELY_REPEATED:
            self._known = {}
        self._blank = check(None)

    def outcome(self, raw: Cell) -> Outcome:
        """Return what the column says about a cell."""
        if raw is None:
            return self._blank
        kind = raw.__class__
        if kind is str or kind is date:
            known = self._known
            if known is None:
                return self._check(raw)
            if raw in known:
                return known[raw]
            outcome = self._check(raw)
            if len(known) < REMEMBERED:
                known[raw] = outcome
            return outcome
        if kind in MARK_CLASSES:
            return problem_of(raw)
        return self._check(raw)
