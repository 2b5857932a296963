"""`{% load charts %}`: charts as SVG, each with a sentence and 看表格.

`{% pace_line chart %}` takes ui.charts.Pace, `{% stacked_bars chart %}` and
`{% bars chart %}` ui.charts.Columns. `{% progress 86.6 76.7 %}`, `{% bar 97.2 %}`,
`{% boxes 5 8 %}` and `{% spark values "近六个月" %}` take numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from ui.charts import (
    Columns,
    Pace,
    Value,
    known,
    plot_boxes,
    plot_columns,
    plot_pace,
    plot_spark,
    written,
)

register = template.Library()

_TONES = {"ok": "f-ok", "warn": "f-warn", "bad": "f-bad", "off": "f-off"}


@register.inclusion_tag("components/charts/pace_line.html")
def pace_line(chart: Pace, width: int = 340, height: int = 176) -> dict[str, Any]:
    """Progress of a period, 时序 and the period before."""
    return {"chart": chart, "plot": plot_pace(chart, width, height)}


@register.inclusion_tag("components/charts/columns.html")
def stacked_bars(chart: Columns, width: int = 340, height: int = 150) -> dict[str, Any]:
    """Columns of several series, total on top; with a legend."""
    return {"chart": chart, "plot": plot_columns(chart, width, height), "legend": True}


@register.inclusion_tag("components/charts/columns.html")
def bars(chart: Columns, width: int = 340, height: int = 120) -> dict[str, Any]:
    """Columns of one series; give it role s-pale, the last one is stressed."""
    return {"chart": chart, "plot": plot_columns(chart, width, height), "legend": False}


@register.simple_tag
def progress(
    share: Value, elapsed: Value = None, *, label: str = "", tone: str = ""
) -> SafeString:
    """A bar of 0–100 with the tick of 时序进度; hidden unless `label` names it."""
    part, tick = _percent(share), _percent(elapsed)
    fill = format_html(
        '<rect class="{}" width="{}" height="6"/>',
        _TONES.get(tone, "f-info"),
        part or 0,
    )
    mark = _tick(tick, 6) if tick is not None else ""
    return format_html(
        '<svg class="pb" viewBox="0 0 100 6" preserveAspectRatio="none"{}>'
        '<rect class="track" width="100" height="6"/>{}{}</svg>',
        _spoken(label, share, elapsed),
        fill,
        mark,
    )


@register.simple_tag
def bar(
    value: Value,
    top: Value = 100,
    elapsed: Value = None,
    *,
    tone: str = "",
    wide: bool = False,
) -> SafeString:
    """A small bar in a table cell beside its number (hidden from screen readers)."""
    width = 120 if wide else 64
    ceiling = known(top) or 0.0
    part = (known(value) or 0.0) / ceiling if ceiling else 0.0
    fill = round(min(part, 1.0) * width, 1)
    tick = _percent(elapsed)
    mark = _tick(round(tick * width / 100, 1), 8) if tick is not None else ""
    return format_html(
        '<svg class="bar{}" viewBox="0 0 {} 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="{}" height="8" rx="2"/>'
        '<rect class="{}" width="{}" height="8" rx="2"/>{}</svg>',
        " w" if wide else "",
        width,
        width,
        _TONES.get(tone, "s-bar"),
        fill,
        mark,
    )


@register.simple_tag
def boxes(done: int, total: int) -> SafeString:
    """One box for each of `total`, the first `done` filled (words stand beside it)."""
    drawn = format_html_join(
        "",
        '<rect class="{}" x="{}" width="{}" height="10"/>',
        [
            ("on" if full else "un", x, width)
            for x, width, full in plot_boxes(done, total)
        ],
    )
    return format_html(
        '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        drawn,
    )


@register.simple_tag
def spark(values: Sequence[Value], label: str, unit: str = "") -> SafeString:
    """A line of the size of a word; its sentence names the first and last value."""
    path = plot_spark(values)
    ends = [written(v) for v in (values[0], values[-1])] if values else ["—", "—"]
    sentence = f"{label}：从 {ends[0]} 到 {ends[1]} {unit}".rstrip()
    if not path:
        return format_html('<span class="muted" title="{}">—</span>', sentence)
    return format_html(
        '<svg class="spark" viewBox="0 0 80 20" preserveAspectRatio="none" role="img" aria-label="{}"><path d="{}"/></svg>',
        sentence,
        path,
    )


def _percent(value: Value) -> float | None:
    number = known(value)
    return None if number is None else round(min(number, 100.0), 1)


def _tick(x: float, height: int) -> SafeString:
    # A stroke that does not scale: two pixels wide however far the bar is stretched.
    return format_html(
        '<path class="tick" d="M{} 0V{}" vector-effect="non-scaling-stroke"/>',
        x,
        height,
    )


def _spoken(label: str, share: Value, elapsed: Value) -> SafeString:
    if not label:
        return mark_safe(' aria-hidden="true"')
    words = (
        f"{label} {written(share, 1)}%" if share is not None else f"{label} 进度未知"
    )
    if elapsed is not None:
        words += f"，时序进度 {written(elapsed, 1)}%"
    return format_html(' role="img" aria-label="{}"', words)
