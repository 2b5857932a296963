"""What all tag modules share: the library, and drawing one partial."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from ui.drawing import fill_each
from ui.links import params_of

register = template.Library()


def draw_part(context: Context, part: str, /, **values: Any) -> SafeString:
    """Draw templates/components/<part>.html with these values only."""
    if context.template is None:
        raise RuntimeError("A component is drawn only while a template is rendered.")
    inner = context.new(values)
    inner["csrf_token"] = context.get("csrf_token")
    drawn = context.template.engine.get_template(f"components/{part}.html")
    return mark_safe(drawn.render(inner))  # noqa: S308 (a template escapes its values)


def querystring_of(context: Context) -> list[tuple[str, str]]:
    """The names and values of this page's address, in order; none without request."""
    request = context.get("request")
    return params_of(request.GET) if request is not None else []


def as_attributes(values: Mapping[str, object]) -> SafeString:
    """data_copy="#id" -> data-copy="#id"; True stands alone, None and False vanish."""
    pairs = [(name.replace("_", "-"), value) for name, value in values.items()]
    alone = [(name,) for name, value in pairs if value is True]
    valued = [(name, v) for name, v in pairs if v not in (None, False, True)]
    return fill_each(' {}="{}"', valued) + fill_each(" {}", alone)
