"""Scans: PDF pages without anything that acts when they are opened.

A PDF is kept byte for byte (a signature must stay whole) and is only ever downloaded.
What acts is found by its name, also where names are written in hexadecimal or packed
into a stream; a file that hides them from us is refused.
"""

import re
import zlib

from accounts.services import Refused

TAIL = 2048
PIECE = 64 * 1024
MOST_STREAMS = 5_000
MOST_OF_ONE = (
    32 * 1024 * 1024
)  # unpacked; a page of pixels may be more and is not read on
MOST_OF_ALL = 256 * 1024 * 1024
CUT_OFF = "不完整，可能没有传完，请重新选一次。"
HIDDEN = "加了密码或用了特殊压缩，看不了里面的内容。请去掉密码，另存为普通 PDF 再交。"
ACTIVE = "里面带有{what}，打开时可能有危险。请打印成 PDF 或拍照再交。"
ACTIONS = {
    rb"/JavaScript\b": "程序",
    rb"/Launch\b": "会启动别的程序的动作",
    rb"/EmbeddedFiles?\b": "别的文件",
    rb"/(?:RichMedia|Movie|Rendition)\b": "影音",
    rb"/(?:SubmitForm|ImportData|GoToR|GoToE)\b": "会连到外面的动作",
    rb"/XFA\b": "会变化的表单",
}
STREAM = re.compile(rb"(?<!end)stream\r?\n")
HEX = re.compile(rb"#([0-9a-fA-F]{2})")


def check_pdf(content: bytes) -> None:
    """Raise Refused for a PDF that is cut off, hides its objects, or acts."""
    end = content[-TAIL:]
    if b"%%EOF" not in end or b"startxref" not in end:
        raise Refused(CUT_OFF)
    if re.search(rb"/Encrypt\b", _plain(content)):
        raise Refused(HIDDEN)
    _refuse_actions(content)
    left = MOST_OF_ALL
    for number, start in enumerate(STREAM.finditer(content)):
        packed, is_whole = _unpacked(content, start.end())
        left -= len(packed)
        if number >= MOST_STREAMS or left < 0:
            raise Refused(HIDDEN)
        if not is_whole and _holds_objects(content, start.start()):
            raise Refused(HIDDEN)
        _refuse_actions(packed)


def _holds_objects(content: bytes, stream: int) -> bool:
    """Return whether the head of a stream says that objects are packed in it."""
    head = _plain(content[max(0, stream - PIECE) : stream])
    return bool(re.search(rb"/ObjStm\b", head.rpartition(b"endobj")[2]))


def _refuse_actions(content: bytes) -> None:
    plain = _plain(content)
    for name, what in ACTIONS.items():
        if re.search(name, plain):
            raise Refused(ACTIVE.format(what=what))


def _plain(content: bytes) -> bytes:
    """Return names as they read: `/J#61vaScript` is `/JavaScript`."""
    if b"#" not in content:
        return content
    return HEX.sub(lambda found: bytes.fromhex(found[1].decode()), content)


def _unpacked(content: bytes, start: int) -> tuple[bytes, bool]:
    """Return what a stream unpacks to, and whether that is all of it."""
    engine, parts, left = zlib.decompressobj(), [], MOST_OF_ONE
    try:
        for at in range(start, len(content), PIECE):
            part = engine.decompress(content[at : at + PIECE], left)
            parts.append(part)
            left -= len(part)
            if engine.eof or left <= 0:
                break
    except zlib.error:
        return b"".join(parts), False
    return b"".join(parts), engine.eof
