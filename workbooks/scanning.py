"""Counts what a sheet really holds, from its XML, in small chunks.

Two lanes give the same facts. Nearly all rows of nearly all files are written in one
plain form (``<c r="A1" ...>`` without prefixes or comments): those are counted by
regular expressions. Rows in any other form go to expat, which understands all of XML at
a quarter of the speed. A property test holds the lanes together.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.parsers import expat

from workbooks.counting import REFERENCE, SheetCounter, column_index
from workbooks.inventory import (
    MEGABYTE,
    SHEET_COLUMNS,
    FileRefused,
    Limits,
    SheetFacts,
)
from workbooks.package import damaged

LONGEST_ROW = 4 * MEGABYTE
"""Bytes of XML one row may take; a full row of a ledger takes a few thousand."""

_ROW_OPEN = re.compile(rb'<row r="([1-9][0-9]{0,6})"([^<>]*)>')
_CELL_FULL = re.compile(
    rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"[^<>]*(?<!/)>(?!</c>|<v></v>|<v/>)'
)
_CELL_EMPTY = re.compile(
    rb'<c r="[A-Z]{1,3}[1-9][0-9]{0,6}"[^<>]*(?:/>|></c>|><v></v></c>|><v/></c>)'
)
_CELL_FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]+)"[^<>]*>(?:<f/>|<f ([^<>]*)/>|<f[^<>]*>([^<]*)</f>)'
)
_CELL_ERROR = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]+)"[^<>]*\bt=["\']e["\'][^<>]*(?<!/)>'
    rb"(?!</c>|<v></v>|<v/>)"
)
_PREFIXED = re.compile(rb"<[^<>\s:]+:(?:c|row)[\s/>]")
_HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true|on)[\"']")


class SheetScanner:
    """Feeds one worksheet part through the two lanes into its :class:`SheetFacts`."""

    def __init__(
        self, facts: SheetFacts, limits: Limits, *, plain_lane: bool = True
    ) -> None:
        self._tally = SheetCounter(facts, limits)
        self._xml = _ExpatLane(self._tally)
        self._buffer = b""
        self._step: Callable[[], None] = self._preamble if plain_lane else self._rest

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes. Raises :class:`FileRefused`."""
        self._buffer += chunk
        self._step()

    def close(self) -> None:
        """Take the end of the part. Raises :class:`FileRefused`."""
        self._rest(final=True)
        self._tally.finish()

    def _preamble(self) -> None:
        """Give expat everything up to the first row; choose the lane for the rows."""
        at = self._buffer.find(b"<sheetData>")
        if at < 0:
            if len(self._buffer) > MEGABYTE:
                self._step = self._rest
            return
        head = self._buffer[: at + 11]
        self._xml.feed(head)
        self._buffer = self._buffer[at + 11 :]
        self._step = self._rest if b"<!" in head else self._rows
        self._step()

    def _rows(self) -> None:
        """Count complete rows; expat takes over for good at the end of the rows."""
        end = self._buffer.find(b"</sheetData>")
        cut = end if end >= 0 else self._buffer.rfind(b"<row")
        if cut > 0:
            segment, self._buffer = self._buffer[:cut], self._buffer[cut:]
            plain = _understand(segment)
            if plain is None:
                self._xml.feed(segment)
            else:
                _count(plain, self._tally)
        elif len(self._buffer) > LONGEST_ROW:
            raise FileRefused(
                "row_too_long",
                f"“{self._tally.facts.name}”有一行内容过长。请删除多余文字后再上传。",
            )
        if end >= 0:
            self._step = self._rest
            self._rest()

    def _rest(self, *, final: bool = False) -> None:
        chunk, self._buffer = self._buffer, b""
        self._xml.feed(chunk, final=final)


@dataclass(frozen=True, slots=True)
class _Plain:
    """A run of complete rows, every tag of which was understood."""

    rows: list[tuple[bytes, bytes]]
    """Number and attributes of each row element."""
    numbers: list[int]
    with_content: list[int]
    cells: int
    columns: set[bytes]
    formulas: list[tuple[bytes, bytes, bytes, bytes]]
    errors: list[tuple[bytes, bytes]]


def _understand(segment: bytes) -> _Plain | None:
    """Return what stands in a run of complete rows, or None when it is not plain.

    Every ``<row``, ``<c`` and ``<f`` must be one that the expressions know, so nothing
    can be overlooked: an unusual one sends the whole run to expat.
    """
    full = _CELL_FULL.findall(segment)
    rows = _ROW_OPEN.findall(segment)
    formulas = _CELL_FORMULA.findall(segment) if b"<f" in segment else []
    unseen = segment.count(b"<c") - len(full)
    if unseen and unseen != len(_CELL_EMPTY.findall(segment)):
        return None
    if len(rows) != segment.count(b"<row") or _has_prefixes(segment):
        return None
    if len(formulas) != segment.count(b"<f"):
        return None
    numbers = [int(number) for number, _ in rows]
    with_content = [int(number) for number in dict.fromkeys(cell[1] for cell in full)]
    if with_content != sorted(set(numbers).intersection(with_content)):
        return None
    some_errors = b't="e"' in segment or b"t='e'" in segment
    return _Plain(
        rows=rows,
        numbers=numbers,
        with_content=with_content,
        cells=len(full),
        columns={cell[0] for cell in full},
        formulas=formulas,
        errors=_CELL_ERROR.findall(segment) if some_errors else [],
    )


def _has_prefixes(segment: bytes) -> bool:
    """Whether rows or cells may be written with a namespace prefix (``<x:c``)."""
    return (b":c" in segment or b":row" in segment) and bool(_PREFIXED.search(segment))


def _count(plain: _Plain, tally: SheetCounter) -> None:
    """Add what was understood to the facts."""
    for number, attributes in plain.rows:
        hidden = b"hidden" in attributes and _HIDDEN.search(attributes) is not None
        tally.row(int(number), hidden=hidden)
    for letters in plain.columns:
        tally.column(column_index(letters.decode()))
    if plain.with_content:
        last = plain.with_content[-1]
        tally.content(plain.with_content, plain.cells)
        tally.settle_blank(sum(number > last for number in plain.numbers))
    for letters, number, _, text in plain.formulas:
        column = column_index(letters.decode())
        tally.formula(column, int(number), text.decode(errors="replace"))
    for letters, number in plain.errors:
        tally.error(column_index(letters.decode()), int(number))


class _ExpatLane:
    """Understands any well-formed sheet; refuses a DOCTYPE before it can matter."""

    def __init__(self, tally: SheetCounter) -> None:
        self._tally = tally
        self._parser = safe_parser()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._row = 0
        self._column = -1
        self._kind = ""
        self._in_rows = self._full = self._counted = False
        self._text: list[str] = []

    def feed(self, data: bytes, *, final: bool = False) -> None:
        parse(self._parser, data, final=final)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._tally.element()
        name = tag.rpartition(":")[2]
        if self._in_rows:
            self._start_in_rows(name, attributes)
        elif name == "sheetData":
            self._in_rows = True
        elif name == "col":
            self._hidden_columns(attributes)
        elif name == "mergeCell":
            self._tally.merge(attributes.get("ref", ""))

    def _start_in_rows(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name == "row":
            # Rows that the plain lane has counted are unknown here: go on from them.
            number = attributes.get("r")
            self._row = int(number) if number else self._tally.last_tag + 1
            self._column, self._counted = -1, False
            self._tally.row(self._row, hidden=_is_true(attributes.get("hidden")))
        elif name == "is":
            self._full = True
        elif name in {"v", "f"}:
            self._full = self._full or name == "f"
            self._text = []
            self._parser.CharacterDataHandler = self._text.append

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = REFERENCE.fullmatch(attributes.get("r", ""))
        if reference is None:
            self._column += 1
        else:
            self._column = column_index(reference[1])
            if int(reference[2]) != self._row:
                raise damaged()
        self._kind = attributes.get("t", "")
        self._full = False

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if not self._in_rows:
            return
        if name == "f":
            self._tally.formula(self._column, self._row, "".join(self._text))
        elif name == "v":
            self._full = self._full or bool("".join(self._text))
        elif name == "c" and self._full:
            self._count_cell()
            if self._kind == "e":
                self._tally.error(self._column, self._row)
        elif name == "sheetData":
            self._in_rows = False
        if name in {"f", "v"}:
            self._parser.CharacterDataHandler = None

    def _count_cell(self) -> None:
        self._tally.column(self._column)
        if self._counted:
            self._tally.facts.cells += 1
            return
        self._counted = True
        self._tally.content([self._row], 1)
        self._tally.settle_blank(0)

    def _hidden_columns(self, attributes: dict[str, str]) -> None:
        if _is_true(attributes.get("hidden")):
            first, last = int(attributes["min"]), int(attributes["max"])
            self._tally.facts.hidden_columns.update(
                range(first - 1, min(last, SHEET_COLUMNS))
            )


def _is_true(value: str | None) -> bool:
    return value in {"1", "true", "on"}


def safe_parser() -> expat.XMLParserType:
    """Return an expat parser that refuses a DOCTYPE the moment it opens."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_: object) -> None:
    raise doctype_refusal()


def doctype_refusal() -> FileRefused:
    """Return the refusal for a part that declares entities (bombs, XXE)."""
    return FileRefused(
        "doctype",
        "文件里含有不允许的声明（DOCTYPE），可能是恶意文件，已拒绝。"
        "请用原来的表重新另存为 .xlsx 再上传。",
    )


def parse(parser: expat.XMLParserType, data: bytes, *, final: bool) -> None:
    """Feed ``parser``; broken XML is a damaged file. Raises :class:`FileRefused`."""
    try:
        parser.Parse(data, final)
    except (expat.ExpatError, ValueError, KeyError) as error:
        raise damaged() from error
