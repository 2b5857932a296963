"""What all charts share: drawable values, round axes, scales, labels, rectangles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ui.parts import Number

Value = Number | None


MOST = 1e15
"""Above this a float no longer counts exactly; nothing of a city is as many."""


def finite(value: Value) -> float | None:
    """The value as a float; None for None, NaN, infinity and what is past MOST."""
    if value is None:
        return None
    number = float(value)
    return number if abs(number) <= MOST else None


def known(value: Value) -> float | None:
    """The value as it can be drawn: as `finite`, and not below the base line."""
    number = finite(value)
    return None if number is None else max(number, 0.0)


def nice_ceiling(value: float) -> float:
    """The next round number at or above `value` (1, 2, 2.5, 5 times a power of ten).

    0 and less give 1, so that an axis always has a height.
    """
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    steps = (1.0, 2.0, 2.5, 5.0, 10.0)
    # The margin keeps 0.3 (which is 0.30000000000000004 / 0.1) from the next step.
    return next(step * power for step in steps if step * power >= value * (1 - 1e-9))


def written(value: Value, decimals: int = 0) -> str:
    """A value as labels and tables write it: 3,284, 86.6, or — when not known."""
    number = finite(value)
    return "—" if number is None else f"{number:,.{decimals}f}"


def share_of(part: Value, whole: Value) -> float | None:
    """Percentage of a whole; None when either is not known or the whole is 0."""
    top, base = known(part), known(whole)
    return top * 100 / base if top is not None and base else None


def thinned(count: int, room: int) -> set[int]:
    """Indices of the labels that fit: every k-th counted from the last, which stays."""
    step = max(1, math.ceil(count / max(room, 1)))
    return {index for index in range(count) if (count - 1 - index) % step == 0}


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear map of 0..top to pixels start..end; values above top stay at the end."""

    top: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The pixel of a value."""
        part = min(max(value / self.top, 0.0), 1.0) if self.top else 0.0
        return round(self.start + (self.end - self.start) * part, 1)


@dataclass(frozen=True, slots=True)
class Label:
    """A piece of text at a point; `role` is its CSS class, `anchor` SVG's."""

    x: float
    y: float
    text: str
    role: str = ""
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle of a chart; `role` is its CSS class, `title` its tooltip."""

    x: float
    y: float
    width: float
    height: float
    role: str
    title: str = ""


def drawn(values: Sequence[Value]) -> list[float]:
    """The values that can be drawn, as floats."""
    return [number for number in map(known, values) if number is not None]
