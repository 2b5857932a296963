"""Where uploaded files lie: under random names, outside what is served, for a week."""

import datetime as dt
import hashlib
import os
import time
import uuid
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from workbooks.models import RowVerdict, Stage, Upload

KEPT_DAYS = 7
"""Days that a file and the list of its rows are kept (剩余信息保护)."""

EXPIRED = "超过 7 天没有确认，已自动放弃。还要导入的，请重新上传。"


def uploads_folder() -> Path:
    """Return the folder of uploads, which nobody but this account can enter."""
    folder = Path(settings.MEDIA_ROOT) / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def stored_path(upload_id: uuid.UUID) -> Path:
    """Return where the file of an import lies; the name says nothing of the file's."""
    return uploads_folder() / upload_id.hex


def refused_path(upload_id: uuid.UUID) -> Path:
    """Return where the workbook of an import's refused rows lies, if it has any."""
    return uploads_folder() / f"{upload_id.hex}.refused"


def has_file(upload: Upload) -> bool:
    """Return whether the file of an import is still kept."""
    return stored_path(upload.pk).is_file()


def store(upload_id: uuid.UUID, chunks: Iterable[bytes]) -> tuple[str, int]:
    """Write a file for the first time; return its SHA-256 and its size in bytes."""
    sha256, size = hashlib.sha256(), 0
    path = stored_path(upload_id)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        for chunk in chunks:
            sha256.update(chunk)
            size += len(chunk)
            file.write(chunk)
    return sha256.hexdigest(), size


def digest_of(upload_id: uuid.UUID) -> str:
    """Return the SHA-256 of a stored file now; empty when it is gone."""
    try:
        with stored_path(upload_id).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def remove_files(upload_id: uuid.UUID) -> None:
    """Remove what is kept of an import outside the database."""
    stored_path(upload_id).unlink(missing_ok=True)
    refused_path(upload_id).unlink(missing_ok=True)


@transaction.atomic
def tidy(now: dt.datetime) -> int:
    """Remove files older than `KEPT_DAYS` and the rows listed of them; return how many.

    Imports that were never confirmed end with their file. What was imported stays in
    the row history, and the figures stay with the import.
    """
    before = now - dt.timedelta(days=KEPT_DAYS)
    old = Upload.objects.filter(uploaded_at__lt=before)
    waiting = (Stage.READING, Stage.COLUMNS, Stage.PREVIEW)
    old.filter(stage__in=waiting).update(stage=Stage.ABANDONED, message=EXPIRED)
    RowVerdict.objects.filter(upload__in=old)._raw_delete("default")
    return _remove_old_files(time.time() - (timezone.now() - before).total_seconds())


def _remove_old_files(before: float) -> int:
    """Remove by age alone: a file whose import was never written goes too."""
    removed = 0
    for path in uploads_folder().iterdir():
        if path.is_file() and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
