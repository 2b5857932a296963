"""The files of exports: private, named by nothing that tells, gone after a week."""

import datetime as dt
import time
import uuid
from enum import StrEnum
from pathlib import Path

from django.conf import settings

KEPT_DAYS = 7


class Format(StrEnum):
    """What kind of file; the value is its ending."""

    XLSX = "xlsx"
    DOCX = "docx"

    @property
    def label(self) -> str:
        """The words on the form: what it is | what it is good for."""
        return {
            "xlsx": "Excel 表格|排好版，可以打印，也可以接着算",
            "docx": "Word 文档|可以接着改，再套红头",
        }[self.value]

    @property
    def mime(self) -> str:
        """The content type with which it is handed out."""
        kind = {"xlsx": "spreadsheetml.sheet", "docx": "wordprocessingml.document"}
        return f"application/vnd.openxmlformats-officedocument.{kind[self.value]}"


def folder() -> Path:
    """Return where exported files lie, which nobody but this account can enter."""
    path = Path(settings.MEDIA_ROOT) / "exports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def path_of(job_id: uuid.UUID, form: Format = Format.XLSX) -> Path:
    """Return where the file of an export lies; the name says nothing of its content."""
    return folder() / f"{job_id.hex}.{form}"


def remove_expired() -> int:
    """Remove files older than `KEPT_DAYS`, by age alone; return how many."""
    before = time.time() - dt.timedelta(days=KEPT_DAYS).total_seconds()
    removed = 0
    for path in folder().iterdir():
        if path.is_file() and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
