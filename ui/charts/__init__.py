"""Geometry of the charts: numbers in, coordinates out. Pure; nothing of Django.

Charts are SVG written on the server: they print, need no script and
break no content policy. A value of None (not known), NaN, infinity or past 10^15 draws
nothing and is — in the table beside the chart; values below 0 stand on the base line.
Coordinates are user units of the viewBox, rounded to a tenth.
"""

from __future__ import annotations

from ui.charts.columns import Column, ColumnPlot, Columns, Series, plot_columns
from ui.charts.pace import Pace, PacePlot, plot_pace
from ui.charts.scale import Value, known, share_of, written
from ui.charts.small import plot_boxes, plot_spark

__all__ = [
    "Column",
    "ColumnPlot",
    "Columns",
    "Pace",
    "PacePlot",
    "Series",
    "Value",
    "known",
    "plot_boxes",
    "plot_columns",
    "plot_pace",
    "plot_spark",
    "share_of",
    "written",
]
