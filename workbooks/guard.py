"""Judges an uploaded file before anything reads its cells (reliability 3.2).

The container is judged by its directory, then every XML part is inflated in 64 KB
chunks that are looked at and thrown away, so memory stays flat whatever the file claims.
"""

from __future__ import annotations

import hashlib
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from workbooks.delimited import inspect_text
from workbooks.inventory import (
    DEFAULT_LIMITS,
    MEGABYTE,
    FileRefused,
    Inventory,
    Limits,
    SheetFacts,
    SheetState,
)
from workbooks.package import SAVE_AS_XLSX, WORKBOOK, damaged, open_package
from workbooks.scanning import SheetScanner, doctype_refusal, parse, safe_parser

__all__ = ["DEFAULT_LIMITS", "FileRefused", "Inventory", "Limits", "inspect"]

CHUNK = 64 * 1024

_XML_PARTS = (".xml", ".rels")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

# First bytes -> what the file is, for the sentence that refuses it.
_SIGNATURES = (
    (b"%PDF", "PDF 文件"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"\xff\xd8\xff", "图片"),
    (b"\x89PNG", "图片"),
    (b"{\\rtf", "RTF 文档"),
)
_WEB_PAGE = (
    b"<html",
    b"<!doctype html",
    b"<table",
    b"<meta",
    b"mime-version:",
    b"<?xml",
)


def inspect(path: Path, limits: Limits = DEFAULT_LIMITS) -> Inventory:
    """Return what the file at ``path`` holds, or refuse it.

    ``path`` may have any name; only the content is judged. Raises :class:`FileRefused` with
    a sentence for the person, and ``OSError`` when the file cannot be read.
    """
    with path.open("rb") as file:
        return inspect_file(file, limits)


def inspect_file(file: BinaryIO, limits: Limits = DEFAULT_LIMITS) -> Inventory:
    """Do what :func:`inspect` does, for a file that is already open."""
    size = file.seek(0, 2)
    _check_size(size, limits)
    file.seek(0)
    head = file.read(4096)
    if head[:4] == b"PK\x03\x04":
        return _inspect_xlsx(file, size, limits)
    _refuse_other_kinds(file, head)
    text, sheet = inspect_text(file, limits)
    return Inventory(digest(file), size, (sheet,), text=text)


def _check_size(size: int, limits: Limits) -> None:
    if size == 0:
        raise FileRefused(
            "empty_file", "这是一个空文件（0 字节）。请重新选择文件上传。"
        )
    if size > limits.size:
        raise FileRefused(
            "too_large",
            f"文件有 {size / MEGABYTE:.1f} MB，超过 {limits.size // MEGABYTE} MB。"
            "请去掉图片，或按村分成几个文件，再上传。",
        )


def _refuse_other_kinds(file: BinaryIO, head: bytes) -> None:
    """Refuse what is neither .xlsx nor text, saying what it is."""
    if head[:4] == b"\xd0\xcf\x11\xe0":
        raise _ole_refusal(file)
    if head[:2] == b"PK":
        raise damaged()
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            raise FileRefused("not_xlsx", f"这是{kind}，不是表格。{SAVE_AS_XLSX}")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_WEB_PAGE):
        raise FileRefused(
            "not_xlsx", f"这是网页格式的表格（只是后缀叫 .xls）。{SAVE_AS_XLSX}"
        )


def _ole_refusal(file: BinaryIO) -> FileRefused:
    """Tell an encrypted .xlsx from an old .xls or .et: both are OLE2 containers."""
    file.seek(0)
    seen = b""
    while chunk := file.read(CHUNK):
        seen = seen[-len(_ENCRYPTED) :] + chunk
        if _ENCRYPTED in seen:
            return FileRefused(
                "encrypted",
                "文件已加密（设了打开密码）。请在“文件”→“信息”里取消密码，另存后再上传。",
            )
    return FileRefused(
        "old_format", f"这是旧格式的表格（.xls 或 WPS 的 .et）。{SAVE_AS_XLSX}"
    )


def _inspect_xlsx(file: BinaryIO, size: int, limits: Limits) -> Inventory:
    with open_package(file, limits) as package:
        book = _Workbook(package)
        for name in package.namelist():
            if name in book.sheets:
                _scan_sheet(package, name, book.sheets[name], limits)
            elif name.lower().endswith(_XML_PARTS):
                _scan_part(package, name)
            elif name.lower().endswith(".vml"):
                _scan_drawing(package, name)
    return Inventory(
        digest(file),
        size,
        tuple(sorted(book.sheets.values(), key=lambda sheet: sheet.index)),
        date1904=book.date1904,
    )


class _Workbook:
    """The sheets of a workbook, by the name of their part, and its calendar."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.date1904 = False
        self.sheets: dict[str, SheetFacts] = {}
        self._targets: dict[str, str] = {}
        self._count = 0
        relations = "xl/_rels/workbook.xml.rels"
        if relations in package.namelist():
            self._parse(package, relations, self._relation)
        self._parse(package, WORKBOOK, self._element)
        if not self.sheets or not self.sheets.keys() <= set(package.namelist()):
            raise damaged()

    def _parse(
        self,
        package: zipfile.ZipFile,
        name: str,
        start: Callable[[str, dict[str, str]], None],
    ) -> None:
        parser = safe_parser()
        parser.StartElementHandler = start
        for chunk in inflate(package, name):
            parse(parser, chunk, final=False)
        parse(parser, b"", final=True)

    def _relation(self, tag: str, attributes: dict[str, str]) -> None:
        if attributes.get("Type", "").endswith("/worksheet"):
            target = posixpath.join("/xl", attributes.get("Target", ""))
            self._targets[attributes.get("Id", "")] = posixpath.normpath(target)[1:]

    def _element(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "workbookPr":
            self.date1904 = attributes.get("date1904") in {"1", "true", "on"}
        elif name == "sheet":
            self._sheet(attributes)

    def _sheet(self, attributes: dict[str, str]) -> None:
        """Note a worksheet; charts and dialogs only take up a place in the order."""
        index, self._count = self._count, self._count + 1
        reference = next((v for k, v in attributes.items() if k.endswith(":id")), "")
        part = self._targets.get(reference)
        if part is not None:
            state = _STATES.get(attributes.get("state", ""), "visible")
            self.sheets[part] = SheetFacts(
                index, attributes.get("name", ""), state, part
            )


_STATES: dict[str, SheetState] = {"hidden": "hidden", "veryHidden": "veryHidden"}


def inflate(package: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield one part in small chunks; a wrong CRC or length is a damaged file."""
    try:
        with package.open(name) as part:
            while chunk := part.read(CHUNK):
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        # NotImplementedError: what zipfile raises of a packing it does not know.
        raise damaged() from error


def _scan_sheet(
    package: zipfile.ZipFile, name: str, facts: SheetFacts, limits: Limits
) -> None:
    scanner = SheetScanner(facts, limits)
    for chunk in inflate(package, name):
        scanner.feed(chunk)
    scanner.close()


def _scan_part(package: zipfile.ZipFile, name: str) -> None:
    """Let expat see every other part whole: no DOCTYPE, nothing fetched from outside."""
    parser = safe_parser()
    if name.endswith(".rels") or name == "[Content_Types].xml":
        parser.StartElementHandler = _refuse_active
    for chunk in inflate(package, name):
        parse(parser, chunk, final=False)
    parse(parser, b"", final=True)


def _scan_drawing(package: zipfile.ZipFile, name: str) -> None:
    """Look for a DOCTYPE in the drawing behind cell notes; Excel's is not quite XML."""
    seen = b""
    for chunk in inflate(package, name):
        seen = (seen[-9:] + chunk).lower()
        if b"<!doctype" in seen:
            raise doctype_refusal()


def _refuse_active(tag: str, attributes: dict[str, str]) -> None:
    """Refuse macros by declared type, and relations that leave the file.

    A link that a person clicks (``hyperlink``) is only text to us and stays allowed.
    """
    if "macroEnabled" in attributes.get("ContentType", ""):
        raise FileRefused(
            "macro",
            "这是带宏的工作簿（.xlsm）。请另存为“Excel 工作簿（*.xlsx）”去掉宏，再上传。",
        )
    kind = attributes.get("Type", "")
    if attributes.get("TargetMode") == "External" and not kind.endswith("/hyperlink"):
        raise FileRefused(
            "external_link",
            "文件里有指向外部的链接，不能导入。"
            "请在“数据”→“编辑链接”里断开链接，或粘贴为数值到新的工作簿，再上传。",
        )


def digest(file: BinaryIO) -> str:
    """Return the SHA-256 of an open file, by which a preview is confirmed."""
    file.seek(0)
    sha256 = hashlib.sha256()
    while chunk := file.read(CHUNK):
        sha256.update(chunk)
    return sha256.hexdigest()
