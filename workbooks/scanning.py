"""Counts what a sheet really holds, from its XML, in small chunks.

Two lanes give the same facts. Nearly all rows of nearly all files are written in one
plain form (``<c r="A1" ...>`` without prefixes or comments): those are counted by
regular expressions. Rows in any other form go to expat, which understands all of XML at
a quarter of the speed. A property test holds the lanes together.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.parsers import expat

from workbooks.inventory import (
    MEGABYTE,
    SHEET_COLUMNS,
    Limits,
    Merge,
    Refused,
    SheetFacts,
)
from workbooks.package import damaged

LONGEST_ROW = 4 * MEGABYTE
"""Bytes of XML one row may take; a full row of a ledger takes a few thousand."""

LAST_ROW = 1_048_576
"""The last row a sheet can have in the format."""

_ROW_OPEN = re.compile(rb'<row r="([1-9][0-9]{0,6})"([^<>]*)>')
_CELL_FULL = re.compile(
    rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"[^<>]*(?<!/)>(?!</c>)(?!<v></v>)(?!<v/>)'
)
_CELL_EMPTY = re.compile(
    rb'<c r="[A-Z]{1,3}[1-9][0-9]{0,6}"[^<>]*(?:/>|></c>|><v></v></c>|><v/></c>)'
)
_CELL_FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]+)"[^<>]*>(?:<f/>|<f ([^<>]*)/>|<f[^<>]*>([^<]*)</f>)'
)
_CELL_ERROR = re.compile(rb'<c r="([A-Z]{1,3})([0-9]+)"[^<>]*t="e"[^<>]*(?<!/)>')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true|on)"')
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")

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


class _Tally:
    """Adds up one sheet's facts and stops at the limits."""

    def __init__(self, facts: SheetFacts, limits: Limits) -> None:
        self.facts = facts
        self._limits = limits
        self.last_tag = 0
        self._blank_since = 0

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
            raise Refused(
                "too_many_rows",
                f"“{facts.name}”超过 {self._limits.rows} 行。"
                "请按村分成几个文件，分别上传。",
            )
        if facts.last_row > most:
            raise Refused(
                "far_cell",
                f"“{facts.name}”第 {facts.last_row} 行还有内容，"
                f"超过 {self._limits.rows} 行。请删除名册下方多余的内容后另存，再上传。",
            )

    def column(self, index: int) -> None:
        """Note a column that has content."""
        if index >= self._limits.columns:
            raise Refused(
                "too_many_columns",
                f"“{self.facts.name}”的 {column_letters(index)} 列还有内容，"
                f"超过 {self._limits.columns} 列。请删除名册右边多余的内容后另存，再上传。",
            )
        self.facts.last_column = max(self.facts.last_column, index + 1)

    def formula(self, column: int, row: int, text: str) -> None:
        """Note a formula; one that fetches from elsewhere refuses the file."""
        self.column(column)
        if _FETCHING.search(text):
            raise Refused(
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
        corners = [_REFERENCE.fullmatch(part) for part in reference.split(":")]
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
            raise Refused(
                "too_many_marks",
                f"“{self.facts.name}”里的{what}太多。"
                "请全选、复制、选择性粘贴为数值到新的工作簿，再上传。",
            )


class SheetScanner:
    """Feeds one worksheet part through the two lanes into its :class:`SheetFacts`."""

    def __init__(
        self, facts: SheetFacts, limits: Limits, *, plain_lane: bool = True
    ) -> None:
        self._tally = _Tally(facts, limits)
        self._xml = _ExpatLane(self._tally)
        self._buffer = b""
        self._step: Callable[[], None] = self._preamble if plain_lane else self._rest

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes. Raises :class:`Refused`."""
        self._buffer += chunk
        self._step()

    def close(self) -> None:
        """Take the end of the part. Raises :class:`Refused`."""
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
            if not _count_plain(segment, self._tally):
                self._xml.feed(segment)
        elif len(self._buffer) > LONGEST_ROW:
            raise Refused(
                "row_too_long",
                f"“{self._tally.facts.name}”有一行内容过长。请删除多余文字后再上传。",
            )
        if end >= 0:
            self._step = self._rest
            self._rest()

    def _rest(self, *, final: bool = False) -> None:
        chunk, self._buffer = self._buffer, b""
        self._xml.feed(chunk, final=final)


def _count_plain(segment: bytes, tally: _Tally) -> bool:
    """Count a run of complete rows, or return False when they are not plain.

    Every ``<row`` and ``<c`` must be one that the expressions understand, so nothing
    can be overlooked: an unusual one sends the whole run to expat.
    """
    full = _CELL_FULL.findall(segment)
    rows = _ROW_OPEN.findall(segment)
    unseen = segment.count(b"<c") - len(full)
    if unseen and unseen != len(_CELL_EMPTY.findall(segment)):
        return False
    if len(rows) != segment.count(b"<row"):
        return False
    tags = [int(number) for number, _ in rows]
    columns, numbers = zip(*full, strict=True) if full else ((), ())
    with_content = [int(number) for number in dict.fromkeys(numbers)]
    if with_content != sorted(set(tags).intersection(with_content)):
        return False
    _note_plain_rows(segment, rows, tally)
    for letters in set(columns):
        tally.column(column_index(letters.decode()))
    if full:
        tally.content(with_content, len(full))
        tally.settle_blank(sum(tag > with_content[-1] for tag in tags))
    _note_plain_marks(segment, tally)
    return True


def _note_plain_rows(
    segment: bytes, rows: list[tuple[bytes, bytes]], tally: _Tally
) -> None:
    some_hidden = b"hidden" in segment
    for number, attributes in rows:
        hidden = some_hidden and _HIDDEN.search(attributes) is not None
        tally.row(int(number), hidden=hidden)


def _note_plain_marks(segment: bytes, tally: _Tally) -> None:
    if b"<f" in segment:
        for letters, number, _, text in _CELL_FORMULA.findall(segment):
            column = column_index(letters.decode())
            tally.formula(column, int(number), text.decode(errors="replace"))
    if b't="e"' in segment:
        for letters, number in _CELL_ERROR.findall(segment):
            tally.error(column_index(letters.decode()), int(number))


class _ExpatLane:
    """Understands any well-formed sheet; refuses a DOCTYPE before it can matter."""

    def __init__(self, tally: _Tally) -> None:
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
        reference = _REFERENCE.fullmatch(attributes.get("r", ""))
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


def doctype_refusal() -> Refused:
    """Return the refusal for a part that declares entities (bombs, XXE)."""
    return Refused(
        "doctype",
        "文件里含有不允许的声明（DOCTYPE），可能是恶意文件，已拒绝。"
        "请用原来的表重新另存为 .xlsx 再上传。",
    )


def parse(parser: expat.XMLParserType, data: bytes, *, final: bool) -> None:
    """Feed ``parser``; broken XML is a damaged file. Raises :class:`Refused`."""
    try:
        parser.Parse(data, final)
    except (expat.ExpatError, ValueError, KeyError) as error:
        raise damaged() from error
