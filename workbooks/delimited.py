"""Reads .csv files: strict about the codec, the separator and the shape of records."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Literal

from workbooks.counting import LAST_ROW
from workbooks.inventory import FileRefused, Limits, SheetFacts, TextFacts

CHUNK = 64 * 1024
LONGEST_LINE = 1024 * 1024
LONGEST_FIELD = 131_072
csv.field_size_limit(LONGEST_FIELD)

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SEPARATORS = (",", "\t", ";")
_SAVE_AS_CSV = "请在 Excel 里另存为“CSV UTF-8（逗号分隔）”或 .xlsx，再上传。"

Codec = Literal["utf-8-sig", "gb18030"]


def inspect_text(file: BinaryIO, limits: Limits) -> tuple[TextFacts, SheetFacts]:
    """Return how the text in ``file`` is written and what its one table holds.

    Codecs are tried strictly in the order UTF-8 (with or without BOM), GB18030.
    Raises :class:`FileRefused` with the line number (reliability 3.3 cases 50 to 52).
    """
    codec = _codec(file)
    delimiter, announced = _delimiter(file, codec)
    text = TextFacts(codec, delimiter, announced)
    facts = SheetFacts(0, "CSV")
    for number, record in enumerate(read_records(file, text), 1):
        _count(facts, number, record, limits)
    return text, facts


def _count(facts: SheetFacts, number: int, record: list[str], limits: Limits) -> None:
    width = len(record)
    while width and not record[width - 1].strip():
        width -= 1
    if width > limits.columns:
        raise FileRefused(
            "too_many_columns",
            f"第 {number} 行有 {width} 列，超过 {limits.columns} 列。"
            "请检查分隔符，或删除多余的列。",
        )
    if not width:
        facts.blank_tail += 1
        if number > LAST_ROW:
            raise _too_many_rows(limits)
        return
    facts.rows += 1
    facts.cells += sum(1 for field in record if field)
    facts.last_row, facts.blank_tail = number, 0
    facts.last_column = max(facts.last_column, width)
    if facts.last_row > limits.rows + limits.spare_rows:
        raise _too_many_rows(limits)


def _too_many_rows(limits: Limits) -> FileRefused:
    return FileRefused(
        "too_many_rows",
        f"文件超过 {limits.rows} 行。请按村分成几个文件，分别上传。",
    )


def read_records(file: BinaryIO, text: TextFacts) -> Iterator[list[str]]:
    """Yield the records of ``file`` from its start, blank ones as empty lists.

    Raises :class:`FileRefused` for an unclosed quote or an over-long field, with the line.
    """
    with _decoded(file, text.codec) as lines:
        reader = csv.reader(_short(lines), delimiter=text.delimiter, strict=True)
        if text.announced:
            yield next(reader)[:1]
        start = reader.line_num + 1
        try:
            for record in reader:
                yield record
                start = reader.line_num + 1
        except csv.Error as error:
            raise _broken_record(start, error) from error


def _broken_record(line: int, error: csv.Error) -> FileRefused:
    if "field larger" in str(error):
        return FileRefused(
            "field_too_long", f"第 {line} 行有一格内容过长。请删除多余文字后再上传。"
        )
    return FileRefused(
        "unclosed_quote",
        f"第 {line} 行的引号没有成对，后面的内容连成了一片。请补上或删去引号后再上传。",
    )


@contextmanager
def _decoded(file: BinaryIO, codec: str) -> Iterator[io.TextIOWrapper]:
    """Lend ``file`` as text from its start, and leave it open afterwards."""
    file.seek(0)
    wrapper = io.TextIOWrapper(file, encoding=codec, newline="")
    try:
        yield wrapper
    finally:
        wrapper.detach()


def _short(lines: io.TextIOWrapper) -> Iterator[str]:
    """Yield physical lines; one over a megabyte is not a row of any ledger."""
    number = 0
    while line := lines.readline(LONGEST_LINE):
        number += 1
        if len(line) >= LONGEST_LINE:
            raise FileRefused(
                "line_too_long",
                f"第 {number} 行过长，不像一行名册。{_SAVE_AS_CSV}",
            )
        if "\0" in line:
            raise _undecodable(number)
        yield line


def _undecodable(line: int) -> FileRefused:
    return FileRefused(
        "undecodable", f"第 {line} 行的文字编码不对，读出来会是乱码。{_SAVE_AS_CSV}"
    )


def _codec(file: BinaryIO) -> Codec:
    file.seek(0)
    if file.read(2) in _UTF16:
        raise FileRefused(
            "utf16", f"文件是 Unicode（UTF-16）文本，不能直接导入。{_SAVE_AS_CSV}"
        )
    utf8_fails = _first_bad_line(file, "utf-8")
    if utf8_fails is None:
        return "utf-8-sig"
    chinese_fails = _first_bad_line(file, "gb18030")
    if chinese_fails is not None:
        raise _undecodable(max(utf8_fails, chinese_fails))
    _check_not_mixed(file)
    return "gb18030"


def _first_bad_line(file: BinaryIO, codec: str) -> int | None:
    """Return the first line that ``codec`` cannot decode, or None."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(codec)()
    line = 1
    while True:
        chunk = file.read(CHUNK)
        try:
            text = decoder.decode(chunk, final=not chunk)
            line += text.count("\n") or text.count("\r")
        except UnicodeDecodeError as error:
            return line + bytes(error.object[: error.start]).count(b"\n")
        if not chunk:
            return None


def _check_not_mixed(file: BinaryIO) -> None:
    """Refuse lines of UTF-8 Chinese inside a GB18030 file: they decode, to nonsense."""
    file.seek(0)
    for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), 1):
        if line.isascii():
            continue
        try:
            characters = [c for c in line.decode("utf-8") if not c.isascii()]
        except UnicodeDecodeError:
            continue
        if all("\u3000" <= c <= "\uffef" for c in characters):
            raise _undecodable(number)


def _delimiter(file: BinaryIO, codec: Codec) -> tuple[str, bool]:
    """Return the separator, and whether the first line announces it (``sep=;``)."""
    with _decoded(file, codec) as lines:
        head = [lines.readline(LONGEST_LINE) for _ in range(20)]
    first = head[0].rstrip("\r\n").lower()
    if first.startswith("sep=") and first[4:5] in _SEPARATORS:
        return first[4:5], True
    counts = {mark: sum(line.count(mark) for line in head) for mark in _SEPARATORS}
    return max(_SEPARATORS, key=lambda mark: counts[mark]), False
