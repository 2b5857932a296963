"""What a file really is: judged by its content before anything is stored."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from accounts.services import Refused
from attachments import photos, scans, sounds
from attachments.rules import (
    MOST_BYTES,
    MOST_SECONDS,
    MOST_VOICE_BYTES,
    Kind,
    clean_name,
    is_heic,
    kind_of,
    megabytes,
)

EMPTY = "是空的，请重新选或重新拍。"
HEIC = (
    "是 iPhone 的 HEIC 格式，别的电脑打不开。"
    "请在手机“设置—相机—格式”里选“兼容性最佳”再拍，或者存成 JPG。"
)
WANTED = {
    Kind.PHOTO: "照片（JPG、PNG、WebP）",
    Kind.VOICE: "手机录音",
    Kind.SCAN: "扫描件（PDF 或照片）",
}


class Upload(Protocol):
    """What arrives: Django's uploaded files are this."""

    @property
    def name(self) -> str | None:
        """What the sender calls it."""

    @property
    def size(self) -> int | None:
        """How many bytes were announced."""

    def read(self, size: int = ..., /) -> bytes:
        """Return up to `size` bytes."""


@dataclass(frozen=True)
class Examined:
    """A file that may be kept, as it will be kept.

    `sent` is the digest of what arrived: it tells a second sending from other content,
    for a photo is drawn anew.
    """

    kind: Kind
    mime: str
    name: str
    content: bytes
    sent: str
    preview: bytes = b""
    seconds: float | None = None


def examine(upload: Upload, kinds: Collection[Kind]) -> Examined:
    """Return an upload as one of `kinds`.

    Raises Refused with one sentence: empty, too big, cut off, of another type, or
    carrying what must not be kept.
    """
    name = upload.name or ""
    called = f"“{name}”" if name else "文件"
    try:
        return _examined(name, _read(upload), kinds)
    except Refused as refused:
        raise Refused(f"{called}{refused}") from None


def _read(upload: Upload) -> bytes:
    if (upload.size or 0) > MOST_BYTES:
        raise Refused(_too_big(upload.size or 0, MOST_BYTES))
    content = upload.read(MOST_BYTES + 1)
    if not content:
        raise Refused(EMPTY)
    if len(content) > MOST_BYTES:
        raise Refused(_too_big(len(content), MOST_BYTES))
    if upload.size is not None and len(content) != upload.size:
        raise Refused(photos.CUT_OFF)
    return content


def _examined(name: str, content: bytes, kinds: Collection[Kind]) -> Examined:
    head = content[:16]
    if is_heic(head):
        raise Refused(HEIC)
    found = kind_of(head)
    if found is Kind.PHOTO and Kind.PHOTO not in kinds and Kind.SCAN in kinds:
        return _photo(name, content, Kind.SCAN)
    if found is None or found not in kinds:
        wanted = "或".join(WANTED[kind] for kind in kinds)
        raise Refused(f"不能收，请交{wanted}。")
    if found is Kind.PHOTO:
        return _photo(name, content, Kind.PHOTO)
    return _voice(name, content) if found is Kind.VOICE else _pdf(name, content)


def _photo(name: str, content: bytes, kind: Kind) -> Examined:
    drawn = photos.draw_anew(content)
    mime = "image/jpeg"
    clean = clean_name(name, kind, mime)
    return Examined(kind, mime, clean, drawn.content, _digest(content), drawn.preview)


def _voice(name: str, content: bytes) -> Examined:
    if len(content) > MOST_VOICE_BYTES:
        raise Refused(_too_big(len(content), MOST_VOICE_BYTES))
    sound = sounds.measure(content)
    if sound.seconds is not None and sound.seconds > MOST_SECONDS + 1:
        raise Refused(f"超过 {MOST_SECONDS // 60} 分钟，请分几段录。")
    clean = clean_name(name, Kind.VOICE, sound.mime)
    return Examined(
        Kind.VOICE, sound.mime, clean, content, _digest(content), seconds=sound.seconds
    )


def _pdf(name: str, content: bytes) -> Examined:
    scans.check_pdf(content)
    mime = "application/pdf"
    clean = clean_name(name, Kind.SCAN, mime)
    return Examined(Kind.SCAN, mime, clean, content, _digest(content))


def _too_big(size: int, most: int) -> str:
    return (
        f"有 {megabytes(size)}，超过 {most // (1024 * 1024)} MB，请拍小一点或分开交。"
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
