"""The summary of a place: a line for each division below, a village for itself."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import Post
from regions.models import Level, Region
from reports.dashboard import Line
from reports.figures.domain import Counts, View, total
from reports.lights import Light, LightRule
from reports.periods import Window
from reports.summary.columns import Figure, figures_for
from reports.summary.keeping import counts_of
from reports.summary.villages import ByVillage, Villages

BY_RATE = "rate"
"""Asks for the order 按完成率; for the bureau's own file alone (国办函〔2026〕12 号)."""


@dataclass(frozen=True)
class Row:
    """A line: a division, its figures, and what a village's line lies in."""

    place: Region
    counts: Counts


@dataclass(frozen=True)
class Summary:
    """A period's table of a place; the lines are in administrative order."""

    place: Region
    seen: Window
    figures: tuple[Figure, ...]
    rows: tuple[Row, ...]
    is_closed: bool
    """Whether every village has closed the period: its numbers stay."""

    @property
    def total(self) -> Counts:
        """The figures of the whole place: the sum of its lines."""
        return total(row.counts for row in self.rows)

    @property
    def unit(self) -> str:
        """What a line is."""
        return "乡镇（街道）" if self.place.level == Level.CITY else "村（社区）"

    @property
    def title(self) -> str:
        """The title on paper and in the workbook."""
        return f"{self.seen.words}村（居）民代表工作汇总表".replace(" ", "")

    def ordered(self, order: str = "") -> tuple[Row, ...]:
        """Return the lines in the order of the divisions, or by 完成率 if asked for.

        Nobody below the bureau orders places by a figure, whatever the address says.
        """
        if order != BY_RATE or self.place.level != Level.CITY:
            return self.rows
        return tuple(sorted(self.rows, key=lambda row: -(_rate(row) or 0.0)))


def _rate(row: Row) -> float | None:
    owing = row.counts["owing"]
    return row.counts["seen"] / owing if owing else None


def summary_of(place: Region, seen: Window) -> Summary:
    """Return the table of a place; must run in a scope over it.

    The number of statements is the same for a village and for the city.
    """
    counted, is_closed = counts_of(Villages(place, seen))
    rows = tuple(Row(one, _inside(one, counted)) for one in lines_of(place))
    return Summary(place, seen, figures_for(place), rows, is_closed)


def lines_of(place: Region) -> list[Region]:
    """Return the divisions that have a line, in administrative order."""
    if place.level == Level.VILLAGE:
        return [place]
    below = Region.objects.current().filter(parent=place)
    return list(below.select_related("parent").order_by("code"))


def _inside(place: Region, counted: ByVillage) -> Counts:
    inside = place.scope
    found = (line for code, line in counted.items() if inside.lo <= code < inside.hi)
    return total(found)


def drawn(summary: Summary, post: Post) -> tuple[Line, tuple[Line, ...]]:
    """Return the total and the lines as the page draws them, each number with its list."""
    asked = Villages(summary.place, summary.seen)

    def line(name: str, place: Region, counts: Counts, url: str = "") -> Line:
        view = View(asked, counts, post, LightRule(), place)
        cells = ((figure.spoken, figure.cell(view)) for figure in summary.figures)
        return Line(name, url, Light("off", ""), tuple(cells), place)

    whole = line("合计", summary.place, summary.total)
    return whole, tuple(
        line(row.place.name, row.place, row.counts, _url(row.place, summary))
        for row in summary.rows
    )


def _url(place: Region, summary: Summary) -> str:
    """Return where a line leads: the table below it, of a village its dashboard."""
    page = "reports:region" if place == summary.place else "reports:summary"
    # Asked for nothing, the summary shows last month, not the running one.
    return reverse(page, args=[place.code]) + (summary.seen.query or "?p=month")


@dataclass(frozen=True)
class Head:
    """A cell of the table's two-level head."""

    title: str
    across: int = 1
    down: int = 1


def heads_of(figures: Iterable[Figure]) -> tuple[list[Head], list[Head]]:
    """Return the upper and the lower head: groups across, single titles down."""
    upper: list[Head] = []
    lower: list[Head] = []
    group = ""
    for figure in figures:
        if not figure.group:
            upper.append(Head(figure.title, down=2))
        else:
            if figure.group == group:
                upper[-1] = Head(group, upper[-1].across + 1)
            else:
                upper.append(Head(figure.group))
            lower.append(Head(figure.title))
        group = figure.group
    return upper, lower
