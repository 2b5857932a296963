"""Contrast of the colour tokens (WCAG 2.2 AA: 4.5 for text, 3 for controls)."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = (Path(settings.BASE_DIR) / "static/css/app.css").read_text(encoding="utf-8")
TOKENS = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6});", CSS))

TEXT = [
    ("ink", "bg"), ("ink-2", "surface"), ("ink-2", "bg"), ("ink-2", "sunk"),
    ("ink-3", "surface"), ("ink-3", "bg"), ("ink-3", "brand-l"), ("ink-3", "off-bg"),
    ("brand", "surface"), ("brand", "bg"), ("brand-d", "brand-l"), ("surface", "brand"),
    ("surface", "brand-dd"), ("surface", "party"), ("surface", "bad"),
    ("ok", "surface"), ("ok", "ok-bg"), ("warn", "surface"), ("warn", "warn-bg"),
    ("bad", "surface"), ("bad", "bad-bg"), ("off", "off-bg"), ("ink", "warn-bg"),
]  # fmt: skip
CONTROLS = [("edge", "surface"), ("brand", "brand-l"), ("ink", "bg")]


def luminance(colour: str) -> float:
    """Relative luminance of #rgb or #rrggbb (WCAG 2.2)."""
    digits = colour.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    light = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("fore", "back"), TEXT)
def test_text_can_be_read_on_its_ground(fore: str, back: str) -> None:
    assert contrast(TOKENS[fore], TOKENS[back]) >= 4.5


@pytest.mark.parametrize(("fore", "back"), CONTROLS)
def test_edges_of_controls_can_be_seen(fore: str, back: str) -> None:
    assert contrast(TOKENS[fore], TOKENS[back]) >= 3


def test_contrast_of_black_and_white_is_21() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
