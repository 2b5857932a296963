"""Columns of one or several stacked series."""

from __future__ import annotations

from dataclasses import dataclass

from ui.charts.scale import (
    Label,
    Rect,
    Scale,
    Value,
    drawn,
    known,
    share_of,
    thinned,
    written,
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its label and one value for each series."""

    label: str
    values: tuple[Value, ...]

    @property
    def total(self) -> float | None:
        """Sum of what is known; None when nothing is."""
        held = drawn(self.values)
        return sum(held) if held else None


@dataclass(frozen=True, slots=True)
class Series:
    """A colour with a name. `role` is its CSS class: s1..s5, s-good, s-mid, s-poor."""

    name: str
    role: str
    dark: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of one or several stacked series, the first at the bottom.

    `shares_of` is the index of the series whose share stands in its part of the column.
    The last column is the present period and is stressed.
    """

    title: str
    series: tuple[Series, ...]
    columns: tuple[Column, ...]
    unit: str = "件"
    shares_of: int | None = None
    decimals: int = 0

    @property
    def sentence(self) -> str:
        """The last column in words."""
        if not self.columns or self.columns[-1].total is None:
            return f"{self.title}：还没有数据"
        last = self.columns[-1]
        words = f"{self.title}：{last.label} {written(last.total, self.decimals)} {self.unit}"
        if len(self.series) > 1:
            named = zip(self.series, last.values, strict=True)
            parts = [f"{one.name} {written(v, self.decimals)}" for one, v in named]
            words += "，其中" + "、".join(parts)
        return words

    @property
    def rows(self) -> list[tuple[str, list[str], str]]:
        """The same data as a table: label, each series, total."""
        return [
            (
                column.label,
                [written(value, self.decimals) for value in column.values],
                written(column.total, self.decimals),
            )
            for column in self.columns
        ]


@dataclass(frozen=True, slots=True)
class ColumnPlot:
    """What columns draw."""

    width: int
    height: int
    base: float
    rects: tuple[Rect, ...]
    labels: tuple[Label, ...]


def plot_columns(chart: Columns, width: int = 340, height: int = 150) -> ColumnPlot:
    """Coordinates of stacked columns in a viewBox of width x height."""
    count = max(len(chart.columns), 1)
    pitch = width / count
    bar = round(min(pitch * 0.56, 56.0), 1)
    highest = max([column.total or 0.0 for column in chart.columns], default=0.0)
    up = Scale(highest or 1.0, height - 22.0, 18.0)
    widest = max(
        [len(written(c.total, chart.decimals)) for c in chart.columns], default=1
    )
    named = thinned(count, int(width // 38))
    summed = thinned(count, int(width // (widest * 7 + 6)))
    rects: list[Rect] = []
    labels: list[Label] = []
    for index, column in enumerate(chart.columns):
        x = pitch * index + (pitch - bar) / 2
        stack = _stack(chart, column, x, bar, up, last=index == count - 1)
        rects += stack
        labels += _share_labels(chart, column, stack) if bar >= 28 else []
        middle, lb = round(x + bar / 2, 1), "lb" if index == count - 1 else ""
        if index in named:
            labels.append(Label(middle, height - 6.0, column.label))
        if index in summed:
            top = up.at(column.total or 0.0)
            text = written(column.total, chart.decimals)
            labels.append(Label(middle, round(top - 5, 1), text, lb))
    return ColumnPlot(width, height, up.at(0), tuple(rects), tuple(labels))


def _stack(
    chart: Columns, column: Column, x: float, bar: float, up: Scale, *, last: bool
) -> list[Rect]:
    """The parts of one column from the bottom; a part is at least half a unit high."""
    rects, below = [], 0.0
    for series, value in zip(chart.series, column.values, strict=True):
        number = known(value) or 0.0
        bottom, top = up.at(below), up.at(below + number)
        role = "s1" if last and series.role == "s-pale" else series.role
        title = f"{column.label} {series.name} {written(value, chart.decimals)} {chart.unit}"
        height = (
            round(max(bottom - top - (1.0 if below else 0.0), 0.5), 1)
            if number
            else 0.0
        )
        rects.append(
            Rect(round(x, 1), top, bar, height, role, title.replace("  ", " "))
        )
        below += number
    return rects


def _share_labels(chart: Columns, column: Column, stack: list[Rect]) -> list[Label]:
    """The share of one series inside its part, when the part is high enough for text."""
    if chart.shares_of is None:
        return []
    rect = stack[chart.shares_of]
    share = share_of(column.values[chart.shares_of], column.total)
    if share is None or rect.height < 14:
        return []
    role = "in dark" if chart.series[chart.shares_of].dark else "in"
    y = rect.y + rect.height / 2 + 4
    return [
        Label(round(rect.x + rect.width / 2, 1), round(y, 1), f"{share:.0f}%", role)
    ]
