"""Twelve months of a place, as they were closed; a month that was not is not drawn."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from regions.models import Region, inside
from reports.models import ClosedSummary, SpanChoice, closed_in
from reports.periods import Span, Window, over
from ui.charts import Column, Columns, Series

MONTHS = 12
NAMES = (
    "representatives",
    "households",
    "talks_owed",
    "talks_met",
    "reviews_owed",
    "reviews_met",
    "heard",
    "resolved",
    "late",
    "vacant",
)


@dataclass(frozen=True)
class Month:
    """A month of a place; `figures` is empty where it was not closed."""

    seen: Window
    figures: dict[str, int]

    @property
    def label(self) -> str:
        """What stands below a column: 11月."""
        return f"{self.seen.first.month}月"

    def get(self, name: str) -> float | None:
        """Return a figure; None where it is not known."""
        return self.figures.get(name)

    def share(self, part: str, whole: str) -> float | None:
        """Return a share in percent; None where there is no whole."""
        owed = self.figures.get(whole)
        return self.figures.get(part, 0) * 100 / owed if owed else None


def months_to(place: Region, last: dt.date) -> tuple[Month, ...]:
    """Return the twelve whole months up to the one of `last`; two statements."""
    windows = [over(Span.MONTH, last)]
    while len(windows) < MONTHS:
        windows.insert(0, windows[0].before)
    asked = {"span": SpanChoice.MONTH, "first__in": [seen.first for seen in windows]}
    found: dict[dt.date, dict[str, int]] = {}
    for row in _visits(place, asked):
        line = found.setdefault(row["first"], {})
        line |= {"seen": row["n_seen"], "owing": row["n_seen"] + row["n_unseen"]}
    for row in _others(place, asked):
        kept = {name: row[f"n_{name}"] for name in NAMES}
        known = {name: number for name, number in kept.items() if number is not None}
        found.setdefault(row["first"], {}).update(known)
    return tuple(Month(seen, found.get(seen.first, {})) for seen in windows)


def _visits(place: Region, asked: dict[str, Any]) -> Any:
    rows = closed_in(place).filter(**asked).order_by("first")
    return rows.values("first").annotate(n_seen=Sum("seen"), n_unseen=Sum("unseen"))


def _others(place: Region, asked: dict[str, Any]) -> Any:
    rows = (
        inside(ClosedSummary.objects.all(), place.scope)
        .filter(**asked)
        .order_by("first")
    )
    sums = {
        f"n_{name}": Sum(Cast(KT(f"figures__{name}"), IntegerField())) for name in NAMES
    }
    return rows.values("first").annotate(**sums)


def rates_of(months: tuple[Month, ...]) -> Columns:
    """Return the chart of 重点户走访率 by month."""
    return Columns(
        "重点户走访率",
        (Series("走访率", "s-pale"),),
        tuple(Column(one.label, (one.share("seen", "owing"),)) for one in months),
        unit="%",
        decimals=1,
    )


def issues_of(months: tuple[Month, ...]) -> Columns:
    """Return the chart of issues: of those heard in a month, how many were resolved."""
    return Columns(
        "收集的民情",
        (Series("已办结", "s-good"), Series("当时没办结", "s-mid")),
        tuple(Column(one.label, (one.get("resolved"), _open(one))) for one in months),
        unit="件",
    )


def _open(month: Month) -> float | None:
    heard, resolved = month.get("heard"), month.get("resolved")
    return None if heard is None or resolved is None else heard - resolved
