"""A file is what its content says, and what must not be kept is refused in words."""

import io

import pytest
from PIL import Image

from accounts.services import Refused
from attachments.examining import examine
from attachments.rules import MOST_BYTES, Kind, clean_name
from tests.attachments import making

ANY = tuple(Kind)
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
PAGE = b"<< /Type /Page >>"

KEPT = {
    "jpeg": (making.picture(), Kind.PHOTO, "image/jpeg", None),
    "png": (making.picture(form="PNG"), Kind.PHOTO, "image/jpeg", None),
    "webp": (making.picture(form="WEBP"), Kind.PHOTO, "image/jpeg", None),
    "webm": (making.webm(), Kind.VOICE, "audio/webm", 2.96),
    "ogg": (making.ogg(), Kind.VOICE, "audio/ogg", 3),
    "m4a": (making.m4a(), Kind.VOICE, "audio/mp4", 3),
    "m4a, live": (making.m4a(0), Kind.VOICE, "audio/mp4", None),
    "amr": (making.amr(), Kind.VOICE, "audio/amr", 3),
    "wav": (making.wav(), Kind.VOICE, "audio/wav", 3),
    "pdf": (making.pdf(PAGE), Kind.SCAN, "application/pdf", None),
    "pdf, packed objects": (
        making.pdf(making.packed(b"1 0 << /Type /Page >>")),
        Kind.SCAN,
        "application/pdf",
        None,
    ),
}


@pytest.mark.parametrize(
    ("content", "kind", "mime", "seconds"), KEPT.values(), ids=KEPT
)
def test_file_is_what_its_content_says(
    content: bytes, kind: Kind, mime: str, seconds: float | None
) -> None:
    found = examine(making.upload(content, "x.exe"), ANY)

    assert (found.kind, found.mime) == (kind, mime)
    assert found.seconds == (None if seconds is None else pytest.approx(seconds))


EVERYTHING = (Kind.PHOTO, Kind.VOICE, Kind.SCAN)
PHOTO, VOICE, SCAN = (Kind.PHOTO,), (Kind.VOICE,), (Kind.SCAN,)
REFUSED = {
    "nothing at all": (b"", EVERYTHING, "是空的"),
    "too big": (making.picture() + bytes(MOST_BYTES), EVERYTHING, "超过 10 MB"),
    "HTML named as a photo": (HTML, PHOTO, "请交照片"),
    "SVG": (SVG, PHOTO, "请交照片"),
    "a GIF": (making.picture(form="GIF"), PHOTO, "请交照片"),
    "a program": (b"MZ" + bytes(200), EVERYTHING, "不能收"),
    "a workbook": (b"PK\x03\x04" + bytes(200), EVERYTHING, "不能收"),
    "an iPhone's own format": (b"\0\0\0\x18ftypheic" + bytes(99), PHOTO, "兼容性最佳"),
    "a photo cut off": (making.picture((2000, 1500))[:-700], PHOTO, "不完整"),
    "a PNG cut off": (making.picture(form="PNG")[:-60], PHOTO, "不完整"),
    "400 million pixels": (making.png_bomb(), PHOTO, "万像素"),
    "80 million pixels": (making.png_bomb(9_000), PHOTO, "万像素"),
    "a dot": (making.picture((2, 2)), PHOTO, "太小"),
    "a magic number and HTML": (b"\xff\xd8\xff" + HTML, PHOTO, "不是能打开的照片"),
    "a photo where a voice is wanted": (making.picture(), VOICE, "请交手机录音"),
    "webm cut off": (making.webm()[:-9], VOICE, "不完整"),
    "webm with HTML behind": (making.webm() + HTML, VOICE, "不完整"),
    "webm with a picture": (making.webm(track=1), VOICE, "是录像"),
    "ogg cut off": (making.ogg()[:-9], VOICE, "不完整"),
    "ogg with HTML behind": (making.ogg() + HTML, VOICE, "不完整"),
    "m4a cut off": (making.m4a()[:-9], VOICE, "不完整"),
    "m4a with HTML behind": (making.m4a() + HTML, VOICE, "不完整"),
    "a film": (making.m4a(handler=b"vide"), VOICE, "是录像"),
    "amr cut off": (making.amr()[:-9], VOICE, "不完整"),
    "wav cut off": (making.wav()[:-9], VOICE, "不完整"),
    "only a head": (b"\x1a\x45\xdf\xa3", VOICE, "不完整"),
    "four minutes": (making.ogg(240), VOICE, "超过 3 分钟"),
    "3 MB of voice": (making.wav(400), VOICE, "超过 3 MB"),
    "a PDF cut off": (making.pdf(PAGE, tail=b""), SCAN, "不完整"),
    "a PDF with a program": (making.pdf(b"<< /S /JavaScript /JS (x) >>"), SCAN, "程序"),
    "its name in hexadecimal": (making.pdf(b"<< /S /J#61vaScript >>"), SCAN, "程序"),
    "packed into a stream": (
        making.pdf(making.packed(b"1 0 << /S /JavaScript >>")),
        SCAN,
        "程序",
    ),
    "packed in a way of its own": (
        making.pdf(b"<< /Type /ObjStm /Filter /LZWDecode >>\nstream\nabc\nendstream"),
        SCAN,
        "特殊压缩",
    ),
    "a PDF that starts a program": (making.pdf(b"<< /S /Launch >>"), SCAN, "启动"),
    "a PDF with a file in it": (
        making.pdf(b"<< /EmbeddedFiles 2 0 R >>"),
        SCAN,
        "别的文件",
    ),
    "a locked PDF": (making.pdf(b"<< /Encrypt 3 0 R >>"), SCAN, "密码"),
    "a PDF bomb": (
        making.pdf(*[making.packed(bytes(31 << 20), b"/X 1")] * 9),
        SCAN,
        "特殊压缩",
    ),
}


@pytest.mark.parametrize(("content", "kinds", "words"), REFUSED.values(), ids=REFUSED)
def test_hostile_or_broken_file_is_refused_in_one_sentence(
    content: bytes, kinds: tuple[Kind, ...], words: str
) -> None:
    with pytest.raises(Refused, match=words) as refused:
        examine(making.upload(content, "照片.jpg"), kinds)

    assert str(refused.value).startswith("“照片.jpg”")
    assert str(refused.value).endswith("。")


def test_scan_in_many_shades_of_grey_is_not_a_white_page() -> None:
    found = examine(making.upload(making.grey_scan()), (Kind.SCAN,))
    drawn = Image.open(io.BytesIO(found.content)).convert("L")
    shades = [drawn.getpixel((x, 150)) for x in (50, 350)]
    assert shades == pytest.approx([0x40, 0xC0], abs=4)


def test_photo_is_drawn_anew_upright_and_tells_nothing_of_the_camera() -> None:
    sent = making.camera_picture((2400, 1800)) + HTML  # a polyglot, too

    kept = examine(making.upload(sent), PHOTO)

    drawn = Image.open(io.BytesIO(kept.content))
    assert drawn.size == (1200, 1600)
    assert drawn.getpixel((1190, 10))[0] > 150  # the red corner has turned
    assert not drawn.getexif()
    for secret in (b"SECRETMAKER", b"SECRETCOMMENT", b"script", b"Exif"):
        assert secret not in kept.content + kept.preview
    assert Image.open(io.BytesIO(kept.preview)).size == (240, 320)


def test_clear_parts_of_a_picture_become_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(out, "PNG")

    kept = examine(making.upload(out.getvalue()), PHOTO)

    assert Image.open(io.BytesIO(kept.content)).getpixel((9, 9)) == (255, 255, 255)


def test_photo_of_a_page_is_a_scan_where_a_scan_is_wanted() -> None:
    kept = examine(making.upload(making.picture(), "签到表.png"), SCAN)

    assert (kept.kind, kept.name) == (Kind.SCAN, "签到表.jpg")


NAMES = {
    "水管.JPG": "水管.jpg",
    "../../etc/passwd": "passwd.jpg",
    r"C:\照片\井.png": "井.jpg",
    "": "照片.jpg",
    "...": "照片.jpg",
    "a\r\nSet-Cookie: x.jpg": "aSet-Cookie x.jpg",
    "gpj.\u202eexe": "gpj.jpg",
    '"><script>.jpg': "script.jpg",
    "长" * 200 + ".jpg": "长" * 60 + ".jpg",
}


@pytest.mark.parametrize(("given", "kept"), NAMES.items())
def test_name_is_safe_to_show_and_to_save(given: str, kept: str) -> None:
    assert clean_name(given, Kind.PHOTO, "image/jpeg") == kept
