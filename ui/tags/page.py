"""Tags for the frame of a page: head, buttons, switches, icons, print."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.template import Context
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from ui.drawing import fill
from ui.icons import IconStyle, draw_icon
from ui.shell import TEXT_SIZES
from ui.tags.library import as_attributes, draw_part, register

PRODUCT_NAME = "邵东市村（居）民代表联系群众平台"
PRODUCT_SHORT = "邵东联户"


@register.simple_tag
def product_name() -> str:
    """The full name of the product; a deployment may set PRODUCT_NAME."""
    return getattr(settings, "PRODUCT_NAME", PRODUCT_NAME)


@register.simple_tag
def product_short() -> str:
    """The short name, for titles and narrow bars; setting PRODUCT_SHORT."""
    return getattr(settings, "PRODUCT_SHORT", PRODUCT_SHORT)


@register.simple_tag(takes_context=True)
def text_size(context: Context) -> str:
    """The value of `<html data-size>`: the shell's, else `text_size` of the context."""
    shell = context.get("shell")
    chosen = shell.size if shell else context.get("text_size")
    return chosen if chosen in {"m", "l", "xl"} else "m"


@register.simple_tag(takes_context=True)
def text_sizes(context: Context) -> list[tuple[str, str, bool]]:
    """The three sizes of 字号: value, label, is it the present one."""
    present = text_size(context)
    return [(size, label, size == present) for size, label in TEXT_SIZES]


@register.simple_tag(takes_context=True)
def size_buttons(context: Context) -> SafeString:
    """The buttons of the three sizes of 字号, with a word at the present one."""
    return _size_buttons(text_size(context))


@lru_cache(maxsize=4)
def _size_buttons(present: str) -> SafeString:
    now = (
        mark_safe(' aria-current="true"'),
        mark_safe('<span class="muted">现在</span>'),
    )
    return format_html_join(
        "",
        '<button type="submit" name="size" value="{0}" class="z-{0}"{2}>{1}{3}</button>',
        (
            (size, label, *(now if size == present else ("", "")))
            for size, label in TEXT_SIZES
        ),
    )


@register.simple_tag
def icon(name: str, style: IconStyle = "outline", label: str = "") -> SafeString:
    """`{% icon "bell" %}`, `{% icon "check" "mini" label="已完成" %}` (Heroicons)."""
    return draw_icon(name + "", style, label + "")


@register.simple_block_tag(takes_context=True)
def page_head(
    context: Context, content: str, title: str, sub: str = "", asof: object = None
) -> SafeString:
    """Title line of a page; the content is its actions, at the right.

    `{% page_head title="联系户" sub="2026 年 11 月" asof=moment %}…{% endpage_head %}`
    """
    values = {"title": title, "sub": sub, "asof": asof, "actions": content}
    return draw_part(context, "page_head", **values)


@register.simple_tag
def btn(
    text: str,
    href: str = "",
    kind: str = "",
    icon: str = "",
    *,
    disabled: bool = False,
    **attributes: object,
) -> SafeString:
    """A link that looks like a button (with `href`), or a button.

    `kind`: any of pri, danger, sm, wide. Other arguments become attributes, with - for
    _: `{% btn "复制" type="button" data_copy="#code" %}`. Default type is submit.
    """
    classes = f"btn {kind}".strip()
    drawn = draw_icon(icon + "", "outline") if icon else ""
    if href:
        gone = SafeString(' aria-disabled="true" role="link"')
        where = gone if disabled else fill(' href="{}"', href)
        inside = (classes, where, as_attributes(attributes), drawn, text)
        return fill('<a class="{}"{}{}>{}{}</a>', *inside)
    attributes.setdefault("type", "submit")
    state = as_attributes({**attributes, "disabled": disabled})
    return fill('<button class="{}"{}>{}{}</button>', classes, state, drawn, text)


@register.inclusion_tag("components/seg.html")
def seg(options: Iterable[object], label: str) -> dict[str, object]:
    """A segmented switch of links (`ui.parts.Segment`); `label` names the group."""
    return {"options": options, "label": label}


@register.inclusion_tag("components/print_head.html")
def print_head(
    title: str = "", place: str = "", period: str = "", by: str = "", at: object = None
) -> dict[str, object]:
    """Head of a printed page: 单位 · 周期 · 打印人 · 时间. Seen in print only.

    `title` is for sheets (base_print.html); a desktop page prints its own h1.
    """
    clock = at.strftime("%H:%M") if isinstance(at, datetime) else ""
    return {
        "title": title,
        "place": place,
        "period": period,
        "by": by,
        "at": at,
        "clock": clock,
    }


@register.inclusion_tag("components/print_foot.html")
def print_foot(note: str = "", signatures: str = "") -> dict[str, object]:
    """Foot of a printed page. `signatures`: words split by |, one line each."""
    return {"note": note, "signatures": [s for s in signatures.split("|") if s]}
