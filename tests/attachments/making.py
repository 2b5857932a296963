"""Files as phones make them, and as somebody with bad intent does."""

import io
import struct
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def upload(content: bytes, name: str = "文件") -> SimpleUploadedFile:
    """Return what a form or an endpoint receives."""
    return SimpleUploadedFile(name, content)


def picture(
    size: tuple[int, int] = (400, 300), form: str = "JPEG", **more: Any
) -> bytes:
    """Return a photo of two colours, so that it shows how it is turned."""
    image = Image.new("RGB", size, (40, 90, 160))
    image.paste((200, 60, 40), (0, 0, size[0] // 2, size[1] // 2))
    out = io.BytesIO()
    image.save(out, form, **more)
    return out.getvalue()


def camera_picture(size: tuple[int, int] = (400, 300)) -> bytes:
    """Return a photo with a place, a maker and an orientation in its EXIF."""
    exif = Image.Exif()
    exif[0x010F] = "SECRETMAKER"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (27.0, 15.0, 30.0)
    return picture(size, exif=exif, comment=b"SECRETCOMMENT")


def grey_scan() -> bytes:
    """Return a page as scanners save it that know 65,536 shades: half of it dark."""
    row = struct.pack("<400H", *[0x4000] * 200, *[0xC000] * 200)
    page = Image.frombytes("I;16", (400, 300), row * 300)
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def png_bomb(side: int = 20_000) -> bytes:
    """Return a small file that says it is 400 million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data))
            + kind
            + data
            + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(side * 10))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )


def element(key: str, content: bytes, *, open_end: bool = False) -> bytes:
    """Return an EBML element; a live recording leaves its length open."""
    size = (
        b"\x01" + b"\xff" * 7 if open_end else struct.pack(">Q", len(content) | 1 << 56)
    )
    return bytes.fromhex(key) + size + content


def webm(seconds: int = 3, track: int = 2) -> bytes:
    """Return what MediaRecorder makes: one open segment, a cluster each second."""
    entry = element("d7", b"\x01") + element("83", bytes([track]))
    tracks = element("1654ae6b", element("ae", entry + element("86", b"A_OPUS")))
    info = element("1549a966", element("2ad7b1", (1_000_000).to_bytes(3, "big")))
    clusters = b"".join(
        element(
            "1f43b675",
            element("e7", (second * 1000).to_bytes(4, "big"))
            + b"".join(
                element("a3", b"\x81" + struct.pack(">h", at) + b"\x80" + bytes(40))
                for at in range(0, 1000, 60)
            ),
            open_end=True,
        )
        for second in range(seconds)
    )
    segment = element("18538067", info + tracks + clusters, open_end=True)
    return element("1a45dfa3", element("4282", b"webm")) + segment


def ogg(seconds: int = 3) -> bytes:
    """Return an Opus recording of empty packets, a page each second."""

    def page(granule: int, packet: bytes) -> bytes:
        lacing = bytes([255] * (len(packet) // 255) + [len(packet) % 255])
        head = struct.pack("<4sBBqIII", b"OggS", 0, 0, granule, 1, 0, 0)
        return head + bytes([len(lacing)]) + lacing + packet

    opus = b"OpusHead\x01\x01" + bytes(9)
    sound = (page(48_000 * (n + 1), bytes(700)) for n in range(seconds))
    return page(0, opus) + b"".join(sound)


def m4a(seconds: int = 3, handler: bytes = b"soun") -> bytes:
    """Return a movie with one track and nothing in it."""

    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I4s", len(content) + 8, kind) + content

    mvhd = box(
        b"mvhd", bytes(12) + struct.pack(">II", 1000, seconds * 1000) + bytes(80)
    )
    hdlr = box(b"hdlr", bytes(8) + handler + bytes(13))
    moov = box(b"moov", mvhd + box(b"trak", box(b"mdia", hdlr)))
    return box(b"ftyp", b"M4A \0\0\0\0") + moov + box(b"mdat", bytes(900))


def amr(seconds: int = 3) -> bytes:
    """Return frames of 12.2 kbit/s, fifty a second."""
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * (50 * seconds)


def wav(seconds: int = 3) -> bytes:
    """Return silence of 8,000 samples a second."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8)
    sound = bytes(8000 * seconds)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", len(sound)) + sound
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def pdf(*objects: bytes, tail: bytes = b"startxref\n0\n%%EOF\n") -> bytes:
    """Return a document of these objects; nobody draws it."""
    numbered = (
        b"%d 0 obj\n%s\nendobj\n" % (n, one) for n, one in enumerate(objects, 1)
    )
    return b"%PDF-1.7\n" + b"".join(numbered) + tail


def packed(content: bytes, head: bytes = b"/Type /ObjStm /N 1 /First 4") -> bytes:
    """Return a stream object with its content deflated."""
    data = zlib.compress(content)
    return b"<< %s /Filter /FlateDecode >>\nstream\n%s\nendstream" % (head, data)
