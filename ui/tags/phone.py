"""Tags for phone pages: network bar, card of a household, save bar, snack."""

from __future__ import annotations

from django.template import Context
from django.utils.safestring import SafeString

from ui.tags.library import draw_part, register


@register.inclusion_tag("components/net_bar.html")
def net_bar(
    text: str = "", state: str = "off", url: str = "", action: str = "查看"
) -> dict[str, object]:
    """The line on network and unsent records; `state` ok/off/sending/failed.

    Without text it is there and hidden, for the page's script to fill (`[data-net]`).
    """
    return {"text": text, "state": state, "url": url, "action": action}


@register.simple_block_tag(takes_context=True)
def hh_card(
    context: Context,
    content: str,
    name: str,
    about: str = "",
    why: str = "",
    last: str = "",
    tone: str = "",
    tags: str = "",
    phone: str = "",
    key: str = "",
) -> SafeString:
    """A door to knock at: name, about, tags (split by |), why now, last time, call.

    `tone` late/soon/done colours the edge; `phone` is a tel: number; `key` becomes
    `data-key` for the page's script. The content is the actions: `.big` buttons.
    """
    values = {"name": name, "about": about, "why": why, "last": last, "tone": tone}
    chips = [chip for chip in tags.split("|") if chip]
    return draw_part(
        context, "hh_card", **values, chips=chips, phone=phone, key=key, actions=content
    )


@register.simple_block_tag(takes_context=True)
def phone_progress(
    context: Context, content: str, done: int, total: int, words: str
) -> SafeString:
    """5 / 8 户，本月重点户 and one box for each, in the phone's navy head."""
    values = {"done": done, "total": total, "words": words, "more": content}
    return draw_part(context, "phone_progress", **values)


@register.inclusion_tag("components/save_bar.html")
def save_bar(text: str = "记好了", note: str = "", form: str = "") -> dict[str, object]:
    """The one button at the bottom of a phone form; `form` is the form's id if outside."""
    return {"text": text, "note": note, "form": form}


@register.inclusion_tag("components/snack.html")
def snack(text: str, action: str = "", url: str = "") -> dict[str, object]:
    """A short word at the bottom with one way back, e.g. 撤销 (a POST to `url`)."""
    return {"text": text, "action": action, "url": url}
