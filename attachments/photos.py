"""Photos: decoded under limits and drawn anew, so that only the picture is kept.

Place and time of the camera, thumbnails, comments, colour profiles, and whatever was
hidden before, in or behind the picture stay outside (EXIF: design section 8).
"""

import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from accounts.services import Refused
from attachments.rules import LONG_SIDE, MOST_PIXELS, PREVIEW_SIDE

FORMATS = ("JPEG", "PNG", "WEBP")
NOT_A_PHOTO = "不是能打开的照片，请交 JPG、PNG 或 WebP 格式的照片。"
CUT_OFF = "不完整，可能没有传完，请重新选一次。"

# Nothing else here draws: the library's own alarm rings where our limit is.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


@dataclass(frozen=True)
class Drawn:
    """A photo as it is kept: upright, at most 1600 pixels long, and a small one."""

    content: bytes
    preview: bytes


def draw_anew(content: bytes) -> Drawn:
    """Return the photo without anything but its pixels.

    Raises Refused for what is no photo, is cut off, or would be too large in memory.
    """
    try:
        picture = _decoded(content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(_too_many(0)) from None
    except UnidentifiedImageError:
        raise Refused(NOT_A_PHOTO) from None
    except Refused:
        raise
    except Exception:  # a decoder fed with a hostile file raises anything at all
        raise Refused(CUT_OFF) from None
    return Drawn(_jpeg(picture, LONG_SIDE, 80), _jpeg(picture, PREVIEW_SIDE, 70))


def _decoded(content: bytes) -> Image.Image:
    image: Image.Image = Image.open(io.BytesIO(content), formats=FORMATS)
    if image.width * image.height > MOST_PIXELS:
        raise Refused(_too_many(image.width * image.height))
    if image.width < 8 or image.height < 8:
        raise Refused("太小，看不出是什么，请重新拍。")
    image.draft("RGB", (LONG_SIDE, LONG_SIDE))  # a JPEG is decoded at an eighth, say
    image.load()
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    return _on_white(_in_256_shades(upright))


def _in_256_shades(image: Image.Image) -> Image.Image:
    """Return a scan of 65,536 shades of grey in those of a photo.

    Converted as it is, all but the darkest would be cut off at white.
    """
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").point(lambda grey: grey / 256).convert("L")


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    clear = image.convert("RGBA")
    paper = Image.new("RGB", clear.size, "white")
    paper.paste(clear, mask=clear.getchannel("A"))
    return paper


def _jpeg(image: Image.Image, side: int, quality: int) -> bytes:
    small = image.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    small.info.clear()  # a comment would be written again
    out = io.BytesIO()
    small.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _too_many(pixels: int) -> str:
    has = f"有 {pixels // 10_000} 万像素，" if pixels else ""
    most = MOST_PIXELS // 10_000
    return f"{has}超过 {most} 万像素，打不开。请在相机里选普通清晰度再拍。"
