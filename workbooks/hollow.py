"""Counts the rows of a sheet that hold text or numbers, one value at a time.

Needed only when the reader saw fewer rows than the guard counted: rows whose cells are
all empty strings (formulas that show nothing, blank shared strings) have content in the
XML and none for a person. Whatever remains unexplained is a lost row.
"""

from __future__ import annotations

import zipfile
from abc import ABC, abstractmethod
from typing import BinaryIO

from workbooks.guard import inflate
from workbooks.inventory import SheetFacts
from workbooks.scanning import parse, safe_parser

SHARED_STRINGS = "xl/sharedStrings.xml"


def rows_with_values(file: BinaryIO, sheet: SheetFacts) -> int:
    """Return how many rows of ``sheet`` show a value; errors such as #N/A do not count.

    Raises :class:`workbooks.inventory.FileRefused` when a part is damaged.
    """
    with zipfile.ZipFile(file) as package:
        blank = _BlankStrings()
        if SHARED_STRINGS in package.namelist():
            blank.read(package, SHARED_STRINGS)
        rows = _ValueRows(blank.indexes)
        rows.read(package, sheet.part)
    return rows.count


class _Reader(ABC):
    """Walks one part; subclasses look at element names without their prefix."""

    def __init__(self) -> None:
        self._parser = safe_parser()
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._finish
        self._parser.CharacterDataHandler = self._collect
        self._text = ""

    def read(self, package: zipfile.ZipFile, name: str) -> None:
        for chunk in inflate(package, name):
            parse(self._parser, chunk, final=False)
        parse(self._parser, b"", final=True)

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        self.start(tag.rpartition(":")[2], attributes)

    def _finish(self, tag: str) -> None:
        self.end(tag.rpartition(":")[2])

    def _collect(self, data: str) -> None:
        self._text += data.strip()[:16]

    @abstractmethod
    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    @abstractmethod
    def end(self, name: str) -> None: ...


class _BlankStrings(_Reader):
    """The numbers of shared strings that show nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.indexes: set[str] = set()
        self._index = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self._text = ""

    def end(self, name: str) -> None:
        if name == "si":
            if not self._text:
                self.indexes.add(str(self._index))
            self._index += 1


class _ValueRows(_Reader):
    """The number of rows with at least one cell that shows a value."""

    def __init__(self, blank: set[str]) -> None:
        super().__init__()
        self.count = 0
        self._blank = blank
        self._kind = ""
        self._shown = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._shown = False
        elif name == "c":
            self._kind = attributes.get("t", "")
        if name != "t":
            self._text = ""

    def end(self, name: str) -> None:
        if name in {"v", "is"} and self._text and self._kind != "e":
            shared_blank = self._kind == "s" and self._text in self._blank
            self._shown = self._shown or not shared_blank
        if name == "row":
            self.count += self._shown
        if name != "t":
            self._text = ""
