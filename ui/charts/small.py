"""Small charts: boxes of a count, and a line of the size of a word."""

from __future__ import annotations

from collections.abc import Sequence

from ui.charts.scale import Scale, Value, drawn, known


def plot_boxes(
    done: int, total: int, most: int = 30
) -> list[tuple[float, float, bool]]:
    """Boxes (x, width, is it done) over 100 units; one bar of two parts past `most`."""
    if total <= 0:
        return []
    done = max(0, min(done, total))
    if total > most:
        part = round(done * 100 / total, 2)
        return [(0.0, part, True), (part, round(100 - part, 2), False)]
    gap = 1.2 if total > 1 else 0.0
    width = (100 - gap * (total - 1)) / total
    return [
        (round(i * (width + gap), 2), round(width, 2), i < done) for i in range(total)
    ]


def plot_spark(values: Sequence[Value], width: int = 80, height: int = 20) -> str:
    """The path of a spark line, broken where a value is not known; needs two values."""
    held = drawn(values)
    if len(held) < 2:
        return ""
    low, high = min(held), max(held)
    across = Scale(len(values) - 1, 2.0, width - 4.0)
    up = Scale((high - low) or 1.0, height - 3.0, 3.0)
    commands, joined = [], False
    for index, value in enumerate(values):
        number = known(value)
        if number is not None:
            y = up.at(number - low) if high > low else height / 2
            commands.append(f"{'L' if joined else 'M'}{across.at(index)} {y}")
        joined = number is not None
    return "".join(commands)
