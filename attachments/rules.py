"""What a file may be: kinds, limits, names. Plain Python."""

import re
import unicodedata
from enum import StrEnum

MB = 1024 * 1024
MOST_BYTES = 10 * MB  # of any file as it arrives
MOST_VOICE_BYTES = 3 * MB
MOST_SECONDS = 180
MOST_PIXELS = 40_000_000  # decoded: some 120 MB of memory for a moment
LONG_SIDE = 1600  # pixels: a meter reading or a crack can still be made out
PREVIEW_SIDE = 320


class Kind(StrEnum):
    """What a file is to a person."""

    PHOTO = "photo"
    VOICE = "voice"
    SCAN = "scan"


SUFFIXES = {
    "image/jpeg": "jpg",
    "application/pdf": "pdf",
    "audio/webm": "webm",
    "audio/ogg": "ogg",
    "audio/mp4": "m4a",
    "audio/amr": "amr",
    "audio/wav": "wav",
}
NAMELESS = {Kind.PHOTO: "照片", Kind.VOICE: "录音", Kind.SCAN: "扫描件"}
LONGEST_NAME = 60
# Separators and wildcards of file systems; then what reorders or hides other letters.
UNSAFE = re.compile(r'[\\/:*?"<>|%]')
UNSEEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


def clean_name(name: str, kind: Kind, mime: str) -> str:
    """Return a file name that is safe to show and to save, ending as its type does."""
    bare = re.split(r"[\\/]", unicodedata.normalize("NFKC", name))[-1]
    seen = "".join(c for c in bare if unicodedata.category(c) not in UNSEEN)
    stem = UNSAFE.sub("", seen).strip(". ")
    stem = re.sub(r"\.\w{1,5}$", "", stem).strip(". ")[:LONGEST_NAME]
    return f"{stem or NAMELESS[kind]}.{SUFFIXES[mime]}"


def megabytes(size: int) -> str:
    """Return a size in words, e.g. `12.3 MB`."""
    return f"{size / MB:.1f} MB"


def kind_of(head: bytes) -> Kind | None:
    """Return what a file is by its first bytes, whatever its name says."""
    if head.startswith(b"%PDF-"):
        return Kind.SCAN
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return Kind.PHOTO
    if head.startswith(b"RIFF"):
        return {b"WEBP": Kind.PHOTO, b"WAVE": Kind.VOICE}.get(head[8:12])
    if head.startswith((b"\x1a\x45\xdf\xa3", b"OggS", b"#!AMR\n")):
        return Kind.VOICE
    if head[4:8] == b"ftyp" and not is_heic(head):
        return Kind.VOICE
    return None


def is_heic(head: bytes) -> bool:
    """Return whether this is the format of an iPhone that nothing else opens."""
    brands = (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"avif")
    return head[4:8] == b"ftyp" and head[8:12] in brands
