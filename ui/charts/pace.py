"""The pace line: progress of a period against the share of it that has passed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ui.charts.scale import Label, Scale, Value, drawn, known, nice_ceiling, written


@dataclass(frozen=True, slots=True)
class Pace:
    """Progress in a period against the share of it that has passed.

    `current[i]` is the state at the end of day i+1, `previous` that of the period
    before, `span` the number of days (weeks, months) of the period. `top` is what the
    whole period should reach: 100 for rates.
    """

    title: str
    current: tuple[Value, ...]
    span: int
    previous: tuple[Value, ...] = ()
    top: float = 100.0
    unit: str = "%"
    each: str = "日"
    current_name: str = "本月"
    previous_name: str = "上月"
    decimals: int = 1

    @property
    def latest(self) -> int | None:
        """Index of the last known value of this period."""
        held = [i for i, value in enumerate(self.current) if known(value) is not None]
        return held[-1] if held else None

    def expected(self, index: int) -> float:
        """时序进度 at the end of day index+1."""
        return self.top * min(index + 1, self.span) / max(self.span, 1)

    @property
    def sentence(self) -> str:
        """The chart in words; what a screen reader hears instead of it."""
        at = self.latest
        if at is None:
            return f"{self.title}：{self.current_name}还没有数据"
        words = [
            f"{self.title}：截至 {at + 1} {self.each} {self._with_unit(self.current[at])}"
        ]
        words.append(f"时序进度 {self._with_unit(self.expected(at))}")
        if at < len(self.previous) and known(self.previous[at]) is not None:
            words.append(
                f"{self.previous_name}同期 {self._with_unit(self.previous[at])}"
            )
        return "，".join(words)

    @property
    def verdict(self) -> str:
        """Ahead of or behind time, in 个百分点 or the unit; empty without data."""
        at = self.latest
        value = known(self.current[at]) if at is not None else None
        if at is None or value is None:
            return ""
        gap = round(value - self.expected(at), self.decimals)
        unit = "个百分点" if self.unit == "%" else self.unit
        if gap == 0:
            return "与时序进度持平。"
        side = "快" if gap > 0 else "慢"
        return f"比时序进度{side} {abs(gap):,.{self.decimals}f} {unit}。"

    def _with_unit(self, value: Value) -> str:
        return f"{written(value, self.decimals)}{'%' if self.unit == '%' else ' ' + self.unit}"

    @property
    def rows(self) -> list[tuple[str, str, str, str]]:
        """The same data as a table: day, this period, time, period before."""
        days = max(len(self.current), len(self.previous), 0)
        return [
            (
                f"{i + 1} {self.each}",
                written(_at(self.current, i), self.decimals),
                written(self.expected(i), self.decimals),
                written(_at(self.previous, i), self.decimals),
            )
            for i in range(days)
        ]


@dataclass(frozen=True, slots=True)
class PacePlot:
    """What the pace line draws."""

    width: int
    height: int
    grid: tuple[tuple[float, str], ...]
    left: float
    right: float
    base: float
    ceiling: float
    marks: tuple[Label, ...]
    now: str
    under: str
    last: str
    dot: tuple[float, float] | None
    label: Label | None
    ends: tuple[Label, ...]


def plot_pace(pace: Pace, width: int = 340, height: int = 176) -> PacePlot:
    """Coordinates of a pace line in a viewBox of width x height."""
    span = max(pace.span, len(pace.current), len(pace.previous), 1)
    highest = max([pace.top, *drawn(pace.current), *drawn(pace.previous)])
    top = pace.top if highest <= pace.top else nice_ceiling(highest)
    left = 12.0 + 7.0 * len(written(top))
    across = Scale(span, left, width - 40.0)
    up = Scale(top, height - 26.0, 14.0)
    now = _points(pace.current, across, up)
    last = _points(pace.previous, across, up)
    base, ceiling = up.at(0), up.at(pace.top)
    dot = now[-1] if len(now) > 1 else None
    text = (
        written(pace.current[pace.latest], pace.decimals)
        if pace.latest is not None
        else ""
    )
    return PacePlot(
        width=width,
        height=height,
        left=left,
        right=across.end,
        base=base,
        ceiling=ceiling,
        grid=tuple((up.at(top * i / 4), written(top * i / 4)) for i in range(5)),
        marks=tuple(_day_marks(span, across, height - 8.0, pace.each)),
        now=_path(now),
        last=_path(last),
        under=f"{_path(now)}V{base}H{left}Z" if dot else "",
        dot=dot,
        label=_dot_label(dot, text + (pace.unit if pace.unit == "%" else ""), left),
        ends=_line_ends(across.end, ceiling, last, pace.previous_name),
    )


def _at(values: Sequence[Value], index: int) -> Value:
    return values[index] if index < len(values) else None


def _points(
    values: Sequence[Value], across: Scale, up: Scale
) -> list[tuple[float, float]]:
    """From the zero corner through every known value; empty when none is known."""
    held = [(i + 1, known(value)) for i, value in enumerate(values)]
    points = [
        (across.at(day), up.at(value)) for day, value in held if value is not None
    ]
    return [(across.at(0), up.at(0)), *points] if points else []


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points) if points else ""


def _day_marks(span: int, across: Scale, y: float, each: str) -> list[Label]:
    step = 5 if span <= 31 else max(1, math.ceil(span / 6))
    days = (
        [1, *range(step, span + 1, step)] if span >= step else list(range(1, span + 1))
    )
    if days[-1] != span and span - days[-1] >= step * 0.6:
        days.append(span)
    return [Label(across.at(day), y, f"{day}{each}") for day in dict.fromkeys(days)]


def _dot_label(dot: tuple[float, float] | None, text: str, left: float) -> Label | None:
    if dot is None:
        return None
    anchor, x = ("end", dot[0] - 7) if dot[0] - left > 60 else ("start", dot[0] + 7)
    return Label(round(x, 1), round(max(dot[1] - 7, 12.0), 1), text, "lb", anchor)


def _line_ends(
    right: float, pace_y: float, last: Sequence[tuple[float, float]], name: str
) -> tuple[Label, ...]:
    """Names at the right ends of the lines, at least 13 units apart."""
    pace = Label(right + 5, pace_y + 4, "时序", "", "start")
    if not last:
        return (pace,)
    y = max(last[-1][1], pace_y + 13) if last[-1][1] >= pace_y else last[-1][1] - 3
    return (pace, Label(right + 5, round(y + 4, 1), name, "", "start"))
