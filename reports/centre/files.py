"""The files of exports: private, named by nothing that tells, gone after a week."""

import datetime as dt
import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from django.conf import settings

KEPT_DAYS = 7
SPOOL_SECONDS = 3600


class Format(StrEnum):
    """What kind of file."""

    XLSX = "xlsx"
    DOCX = "docx"
    TABLE = "table"
    CSV = "csv"
    ZIP = "zip"

    @property
    def label(self) -> str:
        """The words on the form: what it is | what it is good for."""
        return {
            "xlsx": "Excel 表格|排好版，可以打印，也可以接着算",
            "docx": "Word 文档|可以接着改，再套红头",
            "table": "Excel 数据表|第一行是列名，没有标题和合计，接着算用",
            "csv": "CSV 文本|给别的系统、统计软件读",
            "zip": "压缩包|表格、附件和清单",
        }[self.value]

    @property
    def short(self) -> str:
        """What it is called in a list."""
        return {"docx": "Word", "csv": "CSV", "zip": "压缩包"}.get(self, "Excel")

    @property
    def ending(self) -> str:
        """The ending of the file's name."""
        return "xlsx" if self is Format.TABLE else self.value

    @property
    def mime(self) -> str:
        """The content type with which it is handed out."""
        office = "application/vnd.openxmlformats-officedocument."
        return {
            "xlsx": f"{office}spreadsheetml.sheet",
            "docx": f"{office}wordprocessingml.document",
            "csv": "text/csv; charset=utf-8",
            "zip": "application/zip",
        }[self.ending]


RAW = (Format.TABLE, Format.CSV)
"""原始数据: what every ledger of rows can become, for computing with."""


def folder() -> Path:
    """Return where exported files lie, which nobody but this account can enter."""
    path = Path(settings.MEDIA_ROOT) / "exports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def path_of(job_id: uuid.UUID, form: Format = Format.XLSX) -> Path:
    """Return where the file of an export lies; the name says nothing of its content."""
    return folder() / f"{job_id.hex}.{form.ending}"


def made(path: Path, write: Callable[[Path], int]) -> tuple[int, str]:
    """Let `write` fill a file of this account alone; return its count and SHA-256.

    It stands at `path` once it is whole; of one that was not finished nothing is left.
    """
    part = path.with_suffix(".part")
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        count = write(part)
        with part.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return count, sha256


def remove_expired() -> int:
    """Remove files older than `KEPT_DAYS`, by age alone; return how many.

    A folder is what a worker that died left of a packed file: nothing makes one longer
    than an hour.
    """
    before = time.time() - dt.timedelta(days=KEPT_DAYS).total_seconds()
    removed = 0
    for path in folder().iterdir():
        age = path.stat().st_mtime
        if path.is_dir() and age < time.time() - SPOOL_SECONDS:
            shutil.rmtree(path, ignore_errors=True)
        elif path.is_file() and age < before:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
