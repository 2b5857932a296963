"""小计 rows in a ledger of many places: one after the rows of each."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from workbooks.declaration import Column
from workbooks.writing.layouts import Subtotal

Line = tuple[Sequence[object], Mapping[str, int]]
"""A row, and what it adds to the figures of its section."""


class Sections:
    """Puts a 小计 after each section: rows that share their first cells.

    Rows come in chunks; what is open at the end of one goes on in the next. A ledger
    of one section gets none: its 小计 would be the 合计.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        total: Callable[[Counter[str]], Mapping[str, object]],
        *,
        names: int,
        count: int,
    ) -> None:
        """`names` cells name the section; `count` keys come; `total` is the ledger's."""
        self._columns, self._total = columns, total
        self._names, self._left = names, count
        self._open: tuple[object, ...] = ()
        self._figures: Counter[str] = Counter()
        self._closed = 0

    def laid(self, lines: Iterable[Line], *, taken: int) -> list[Sequence[object]]:
        """Return the rows of the next chunk with the 小计 between; `taken` keys made it."""
        rows: list[Sequence[object]] = []
        for row, figures in lines:
            names = tuple(row[: self._names])
            if self._open and names != self._open:
                rows.append(self._close())
            self._open = names
            self._figures.update(figures)
            rows.append(row)
        self._left -= taken
        if self._left <= 0 and self._closed:
            rows.append(self._close())
        return rows

    def _close(self) -> Subtotal:
        """Return the 小计 of the open section."""
        cells = dict(self._total(self._figures))
        named = zip(self._columns, self._open, strict=False)
        cells |= {column.key: name for column, name in named}
        last = self._columns[self._names - 1].key
        cells[last] = f"{cells[last]}小计"
        self._figures, self._closed = Counter(), self._closed + 1
        return Subtotal(cells.get(column.key) for column in self._columns)


Keys = TypeVar("Keys", bound=list[Any])


class Sectioned(ABC):
    """A ledger whose rows come section by section, each closed by its 小计."""

    columns: tuple[Column, ...]
    names = 2
    """How many first cells name a section."""
    _sections: Sections | None = None

    @abstractmethod
    def total(self, totals: Counter[str]) -> Mapping[str, object]:
        """Return the cells of the 合计 row, and of each 小计."""

    def divided(self, keys: Keys) -> Keys:
        """Return the keys, and begin the sections of as many rows."""
        self._sections = self._begun(len(keys))
        return keys

    def laid(
        self, lines: Sequence[Line], totals: Counter[str], *, taken: int
    ) -> list[Sequence[object]]:
        """Return the rows of the next chunk with the 小计 between, added up in `totals`."""
        for _, figures in lines:
            totals.update(figures)
        self._sections = self._sections or self._begun(0)
        return self._sections.laid(lines, taken=taken)

    def _begun(self, count: int) -> Sections:
        return Sections(self.columns, self.total, names=self.names, count=count)
