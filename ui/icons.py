"""Icons of Heroicons, drawn into the page.

Inline and not a sprite: a phone page uses about ten of them (1.4 kB compressed),
needs no second request, and shows them offline, in print and on error pages.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from heroicons.templatetags.heroicons import (
    heroicon_micro,
    heroicon_mini,
    heroicon_outline,
    heroicon_solid,
)

IconStyle = Literal["outline", "solid", "mini", "micro"]

_DRAW = {
    "outline": (heroicon_outline, 20),
    "solid": (heroicon_solid, 20),
    "mini": (heroicon_mini, 18),
    "micro": (heroicon_micro, 16),
}

_LIGHTS = {
    "ok": '<circle cx="5" cy="5" r="4.5"/>',
    "warn": '<path d="M5 .6 9.8 9.4H.2z"/>',
    "bad": '<path d="M.7.7h8.6v8.6H.7z"/>',
    "off": '<path d="M.7 3.9h8.6v2.2H.7z"/>',
    "info": '<path d="M5 .2 9.8 5 5 9.8.2 5z"/>',
}


@lru_cache(maxsize=512)
def draw_icon(name: str, style: IconStyle = "outline", label: str = "") -> SafeString:
    """The `<svg>` of an icon: hidden from screen readers, or an image named `label`.

    Raises heroicons.IconDoesNotExist for a name that Heroicons does not have.
    """
    draw, size = _DRAW[style]
    attributes: dict[str, object] = {"class": "i"}
    if label:
        attributes |= {"role": "img", "aria-label": label, "aria-hidden": "false"}
    drawn = draw(name, size=size, **attributes)
    flat = "".join(line.strip() for line in drawn.splitlines())
    return mark_safe(flat.replace(' aria-hidden="false"', ""))  # noqa: S308 (package data; the label is escaped by ElementTree)


@lru_cache(maxsize=8)
def light_shape(tone: str) -> SafeString:
    """The shape of a light: circle, triangle, square, bar, or diamond; always hidden.

    Shape and word carry the meaning; colour comes on top.
    """
    shape = mark_safe(_LIGHTS.get(tone, _LIGHTS["off"]))  # noqa: S308 (constant)
    return format_html(
        '<svg class="g" viewBox="0 0 10 10" width="9" height="9" aria-hidden="true">{}</svg>',
        shape,
    )
