"""Voice notes: recognised by their own structure, walked to the last byte.

What a phone records (webm, m4a, ogg, amr) or a recorder saves (wav). Nothing is decoded:
the walk shows that the file is whole, is sound alone, and how long it lasts.
"""

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from accounts.services import Refused

CUT_OFF = "不完整，可能没有录完或没有传完，请重新录。"
NOT_A_SOUND = "不是能播放的录音，请交手机录的 webm、m4a、ogg、amr 或 wav。"
WITH_PICTURE = "是录像，不是录音。这里只收录音，请重新录。"


@dataclass(frozen=True)
class Sound:
    """The true type of a recording, and its length where the file tells it."""

    mime: str
    seconds: float | None


class Broken(Exception):
    """The structure ends before the file does, or the other way round."""


def measure(content: bytes) -> Sound:
    """Return what kind of sound this is; raise Refused where it is none or not whole."""
    for magic, at, mime, walk in WALKS:
        if content.startswith(magic, at):
            try:
                return Sound(mime, walk(content))
            except (Broken, struct.error, IndexError):
                raise Refused(CUT_OFF) from None
    raise Refused(NOT_A_SOUND)


# --- webm (RFC 8794, RFC 9559): what MediaRecorder makes on Android --------------------

MASTERS = {
    0x1A45DFA3: "EBML",
    0x18538067: "Segment",
    0x1549A966: "Info",
    0x1654AE6B: "Tracks",
    0xAE: "TrackEntry",
    0x1F43B675: "Cluster",
    0xA0: "BlockGroup",
}
LEAVES = {
    0x4282: "DocType",
    0x83: "TrackType",
    0x2AD7B1: "TimestampScale",
    0xE7: "Timestamp",
    0xA3: "Block",
    0xA1: "Block",
}
UNKNOWN = -1  # a live recording does not know the length of what it is still writing
SOUND_TRACK = b"\x02"


def _webm(data: bytes) -> float:
    scale, cluster, last, types = 1_000_000, 0, 0, set()
    for name, value in _elements(data):
        if name == "DocType" and value.rstrip(b"\0") != b"webm":
            raise Refused(NOT_A_SOUND)
        if name == "TrackType":
            types.add(value.lstrip(b"\0"))
        elif name == "TimestampScale":
            scale = int.from_bytes(value, "big")
        elif name == "Timestamp":
            cluster = int.from_bytes(value, "big")
        elif name == "Block":
            _, at = _number(value, 0, keep_mark=False)
            last = max(last, cluster + struct.unpack_from(">h", value, at)[0])
    _only_sound(types, SOUND_TRACK)
    return last * scale / 1e9


def _elements(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the leaves that are known; masters are entered, all else is stepped over."""
    at = 0
    while at < len(data):
        key, at = _number(data, at, keep_mark=True)
        size, at = _number(data, at, keep_mark=False)
        if size != UNKNOWN and at + size > len(data):
            raise Broken
        if key in MASTERS:
            continue
        if size == UNKNOWN:
            raise Broken
        if key in LEAVES:
            yield LEAVES[key], data[at : at + size]
        at += size


def _number(data: bytes, at: int, *, keep_mark: bool) -> tuple[int, int]:
    """Return a variable-length number and where it ends; the mark belongs to ids."""
    first = data[at]
    width = 9 - first.bit_length()
    if width > (4 if keep_mark else 8) or at + width > len(data):
        raise Broken
    whole = int.from_bytes(data[at : at + width], "big")
    if keep_mark:
        return whole, at + width
    mask = (1 << 7 * width) - 1
    value = whole & mask
    return (UNKNOWN if value == mask else value), at + width


# --- ogg (RFC 3533, RFC 7845): Firefox, and what chat programs save --------------------


def _ogg(data: bytes) -> float:
    rate, start = _ogg_rate(data), 0
    granule = 0
    while start < len(data):
        if not data.startswith(b"OggS\0", start):
            raise Broken
        parts = data[start + 26]
        lacing = data[start + 27 : start + 27 + parts]
        position = struct.unpack_from("<q", data, start + 6)[0]
        granule = max(granule, position)
        start += 27 + parts + sum(lacing)
        if len(lacing) < parts or start > len(data):
            raise Broken
    return granule / rate


def _ogg_rate(data: bytes) -> int:
    packet = 27 + data[26]
    if data.startswith(b"OpusHead", packet):
        return 48_000
    if data.startswith(b"\x01vorbis", packet):
        return max(1, int(struct.unpack_from("<I", data, packet + 12)[0]))
    raise Refused(NOT_A_SOUND)


# --- mp4, m4a (ISO 14496-12): iPhones ---------------------------------------------------

BOXES = {
    b"ftyp", b"moov", b"mdat", b"free", b"skip", b"moof", b"mfra", b"sidx", b"styp",
    b"wide", b"uuid", b"emsg", b"prft",
}  # fmt: skip
HANDLER = re.compile(rb"hdlr.{8}(.{4})", re.DOTALL)


def _mp4(data: bytes) -> float | None:
    boxes = dict(_boxes(data))
    if b"moov" not in boxes or not {b"mdat", b"moof"} & set(boxes):
        raise Broken
    moov = boxes[b"moov"]
    handlers = set(HANDLER.findall(moov)) - {b"mdir", b"mdta", b"url ", b"alis"}
    _only_sound(handlers, b"soun")
    return _mp4_seconds(moov)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            size, head = struct.unpack_from(">Q", data, at + 8)[0], 16
        if kind not in BOXES or size < head or at + size > len(data):
            raise Broken
        yield kind, data[at + head : at + size]
        at += size


def _mp4_seconds(moov: bytes) -> float | None:
    """Return the length from the movie's head; a live recording leaves it empty."""
    at = moov.find(b"mvhd")
    if at < 0:
        raise Broken
    wide = moov[at + 4] == 1
    form, skip = (">IQ", 24) if wide else (">II", 16)
    scale, length = struct.unpack_from(form, moov, at + skip)
    return length / scale if scale and length else None


# --- amr (RFC 4867) and wav -------------------------------------------------------------

AMR_FRAMES = (12, 13, 15, 17, 19, 20, 26, 31, 5, 6, 5, 5, 0, 0, 0, 0)  # bytes, by mode


def _amr(data: bytes) -> float:
    at, frames = 6, 0
    while at < len(data):
        if data[at] & 0x83:  # padding bits of a frame's head are zero
            raise Broken
        at += 1 + AMR_FRAMES[data[at] >> 3 & 15]
        frames += 1
    if at > len(data) or not frames:
        raise Broken
    return frames * 0.02


def _wav(data: bytes) -> float:
    if struct.unpack_from("<I", data, 4)[0] + 8 != len(data):
        raise Broken
    at, rate, length = 12, 0, 0
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<4sI", data, at)
        if at + 8 + size > len(data):
            raise Broken
        if kind == b"fmt ":
            rate = struct.unpack_from("<I", data, at + 16)[0]
        elif kind == b"data":
            length += size
        at += 8 + size + size % 2
    if not rate or not length:
        raise Broken
    return length / rate


def _only_sound(tracks: set[bytes], sound: bytes) -> None:
    """Raise Refused for pictures, Broken where there is no track at all."""
    if tracks - {sound}:
        raise Refused(WITH_PICTURE)
    if not tracks:
        raise Broken


Walk = Callable[[bytes], float | None]
WALKS: tuple[tuple[bytes, int, str, Walk], ...] = (
    (b"\x1a\x45\xdf\xa3", 0, "audio/webm", _webm),
    (b"OggS", 0, "audio/ogg", _ogg),
    (b"ftyp", 4, "audio/mp4", _mp4),
    (b"#!AMR\n", 0, "audio/amr", _amr),
    (b"WAVE", 8, "audio/wav", _wav),
)
