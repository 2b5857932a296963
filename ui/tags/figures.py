"""Tags and filters for figures: the strip, differences, lights, tags, bars."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

from ui import figures
from ui.drawing import fill
from ui.icons import light_shape
from ui.parts import LIGHT_WORDS, Delta, Kpi
from ui.tags.library import register

register.filter("figure", figures.count_words)
register.filter("rate", figures.rate_words)
register.filter("money", figures.money_words)
register.filter("day", figures.day_words)
register.filter("spoken", figures.spoken_day)
register.filter("moment", figures.moment_words)


@register.inclusion_tag("components/kpi_strip.html")
def kpi_strip(kpis: Iterable[Kpi], label: str = "关键指标") -> dict[str, object]:
    """The strip of figures on top of a page (`ui.parts.Kpi`, up to six)."""
    return {"kpis": kpis, "label": label}


@register.simple_tag
def delta(value: Delta, *, note: bool = False) -> SafeString:
    """▲0.6 个百分点, coloured good or bad; with `note` adds （变差） when it got worse."""
    if value.direction == "flat":
        words = "—" if value.value is None else "持平"
        return format_html('<span class="delta flat">{}</span>', words)
    arrow = "▲" if value.direction == "up" else "▼"
    spoken = "升" if value.direction == "up" else "降"
    worse = "（变差）" if note and value.verdict == "bad" else ""
    gap = "" if value.unit in {"", "%"} else " "
    return format_html(
        '<span class="delta {}"><span aria-hidden="true">{}</span>'
        '<span class="sr">{}</span>{}<span class="u">{}{}</span>{}</span>',
        value.verdict,
        arrow,
        spoken,
        value.size,
        gap,
        value.unit,
        worse,
    )


@register.simple_tag
def light(tone: str, text: str = "") -> SafeString:
    """A light: ● 正常, ▲ 关注, ■ 预警. `tone` ok/warn/bad/off; `text` replaces the word."""
    words = text or LIGHT_WORDS.get(tone, LIGHT_WORDS["off"])
    return _light(tone + "", words + "")  # a safe string equals a plain one


@lru_cache(maxsize=1024)
def _light(tone: str, words: str) -> SafeString:
    """Draw a light; a list shows the same few again and again."""
    shape = light_shape(tone)
    return fill('<span class="tag {}">{}{}</span>', tone, shape, words)


@register.simple_tag
def tag(text: str, tone: str = "") -> SafeString:
    """A small label; `tone` info/ok/warn/bad or nothing for grey."""
    return fill('<span class="tag {}">{}</span>', tone, text)
