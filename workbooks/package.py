"""The zip container of an .xlsx: everything that can be judged without inflating it."""

from __future__ import annotations

import struct
import zipfile
from pathlib import PurePosixPath
from typing import BinaryIO

from workbooks.inventory import MEGABYTE, FileRefused, Limits

WORKBOOK = "xl/workbook.xml"
SHEET_FOLDER = "xl/worksheets/"

SAVE_AS_XLSX = (
    "请用 Excel 或 WPS 打开，选“另存为”，类型选“Excel 工作簿（*.xlsx）”，再上传。"
)

_END = struct.Struct("<4s4H2LH")
_END_64_LOCATOR = struct.Struct("<4sLQL")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LONGEST_COMMENT = 65_535

# Part of a path (lower case) -> code and what it is. Any of these can run, fetch or
# smuggle something when the workbook is opened (reliability 3.2 step 3).
_ACTIVE_PARTS = (
    ("vbaproject", "macro", "宏"),
    ("xl/macrosheets/", "macro", "宏表"),
    ("activex", "active_part", "ActiveX 控件"),
    ("xl/embeddings/", "active_part", "嵌入的其他文件"),
    ("xl/externallinks/", "external_link", "指向其他工作簿的链接"),
    ("xl/connections.xml", "external_link", "外部数据连接"),
    ("xl/querytables/", "external_link", "外部数据查询"),
)

_ADVICE = {
    "macro": "请另存为“Excel 工作簿（*.xlsx）”去掉宏，再上传。",
    "active_part": "请把名册单独复制（粘贴为数值）到一个新的工作簿，再上传。",
    "external_link": (
        "请在“数据”→“编辑链接”里断开链接，或把内容粘贴为数值到新的工作簿，再上传。"
    ),
}

# A part that only another kind of document has -> what the file really is.
_FOREIGN_PARTS = (
    ("mimetype", "OpenDocument 表格（.ods）"),
    ("xl/workbook.bin", "二进制工作簿（.xlsb）"),
    ("word/document.xml", "Word 文档"),
    ("ppt/presentation.xml", "PowerPoint 演示文稿"),
)


def open_package(file: BinaryIO, limits: Limits) -> zipfile.ZipFile:
    """Return the zip behind ``file`` after judging its directory.

    Nothing is inflated here, so a bomb costs what its directory costs.
    Raises :class:`FileRefused`.
    """
    _check_end_record(file, limits)
    try:
        package = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        # NotImplementedError: what zipfile raises of a packing it does not know.
        raise damaged() from error
    entries = package.infolist()
    _check_names([entry.filename for entry in entries])
    for entry in entries:
        _check_entry(entry, limits)
    if sum(entry.file_size for entry in entries) > limits.inflated:
        raise FileRefused(
            "too_large_inside",
            f"文件解开后超过 {limits.inflated // MEGABYTE} MB，不像一份名册。"
            "请只保留名册本身，另存后再上传。",
        )
    return package


def damaged() -> FileRefused:
    """Return the refusal for a file whose container or XML is broken."""
    return FileRefused(
        "damaged",
        "文件已损坏或没有传完整，无法打开。请在电脑上重新打开并另存一次，再上传。",
    )


def _check_end_record(file: BinaryIO, limits: Limits) -> None:
    """Read the end record by hand: zipfile would first load a huge directory."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END.size - _LONGEST_COMMENT))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise damaged()
    _, _, _, _, entries, directory, _, _ = _END.unpack_from(tail, at)
    if entries == 0xFFFF or directory == 0xFFFFFFFF:
        entries, directory = _large_end_record(file, tail, at)
    if entries > limits.entries or directory > limits.directory:
        raise FileRefused(
            "too_many_parts",
            f"文件里面有 {entries} 个部件，不像一份名册。{SAVE_AS_XLSX}",
        )
    file.seek(0)


def _large_end_record(file: BinaryIO, tail: bytes, at: int) -> tuple[int, int]:
    start = at - _END_64_LOCATOR.size
    if start < 0 or tail[start : start + 4] != b"PK\x06\x07":
        raise damaged()
    _, _, offset, _ = _END_64_LOCATOR.unpack_from(tail, start)
    file.seek(offset)
    record = file.read(_END_64.size)
    if len(record) < _END_64.size or record[:4] != b"PK\x06\x06":
        raise damaged()
    fields = _END_64.unpack(record)
    return int(fields[7]), int(fields[8])


def _check_names(names: list[str]) -> None:
    lowered = [name.lower() for name in names]
    if len(set(lowered)) != len(lowered):
        raise FileRefused(
            "duplicate_part",
            f"文件里有重名的部件，可能被改动过。{SAVE_AS_XLSX}",
        )
    for name in lowered:
        if name.startswith("/") or "\\" in name or ".." in PurePosixPath(name).parts:
            raise FileRefused(
                "unsafe_part",
                f"文件里有不正常的路径，可能被改动过。{SAVE_AS_XLSX}",
            )
        for part, code, what in _ACTIVE_PARTS:
            if part in name:
                raise FileRefused(code, f"文件里含有{what}，不能导入。{_ADVICE[code]}")
    if WORKBOOK not in names:
        raise _not_a_workbook(set(lowered))


def _not_a_workbook(names: set[str]) -> FileRefused:
    for part, kind in _FOREIGN_PARTS:
        if part in names:
            return FileRefused("not_xlsx", f"这是{kind}，不能直接导入。{SAVE_AS_XLSX}")
    return FileRefused(
        "not_xlsx",
        f"这不是 Excel 工作簿（可能是改了后缀的压缩包）。{SAVE_AS_XLSX}",
    )


def _check_entry(entry: zipfile.ZipInfo, limits: Limits) -> None:
    if entry.flag_bits & 0x1:
        raise FileRefused(
            "encrypted", "文件已加密。请在 Excel 里取消打开密码，另存后再上传。"
        )
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise damaged()
    # Sheets are exempt: they are scanned in small chunks and stop at their row limit.
    if entry.filename.startswith(SHEET_FOLDER) or entry.file_size <= limits.part:
        return
    if entry.file_size > limits.ratio * max(1, entry.compress_size):
        raise FileRefused(
            "compression_bomb",
            "文件里有一部分压缩得不正常，可能是恶意文件，已拒绝。"
            "请用原来的表重新另存为 .xlsx 再上传。",
        )
