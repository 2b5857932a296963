"""The table of a 通报."""

from collections.abc import Callable

from papers.blocks import Grid
from reports.bulletin.draft import Draft, rate
from reports.figures.domain import Counts

COLUMNS: tuple[tuple[str, Callable[[Counts], str]], ...] = (
    ("应走访\n（户）", lambda c: str(c["owing"])),
    ("已走访\n（户）", lambda c: str(c["seen"])),
    ("完成\n率%", lambda c: rate(c["seen"], c["owing"])),
    ("恳谈会\n已开/应开", lambda c: f"{c['talks_met']}/{c['talks_owed']}"),
    ("民情分析会\n已开/应开", lambda c: f"{c['reviews_met']}/{c['reviews_owed']}"),
    ("收集\n民情", lambda c: str(c["heard"])),
    ("办结", lambda c: str(c["resolved"])),
    ("超期", lambda c: str(c["late"])),
    ("代表\n缺额", lambda c: str(c["vacant"])),
)


def grid_of(draft: Draft) -> Grid:
    """Return the table: a line for each division in administrative order, and the sum."""
    lines = [(row.place.name, row.counts) for row in draft.summary.rows]
    lines.append(("合计", draft.summary.total))
    return Grid(
        (draft.unit, *(head for head, _ in COLUMNS)),
        tuple((name, *(cell(counts) for _, cell in COLUMNS)) for name, counts in lines),
        # In millimetres of the 156 that a paper has: 应走访 and 1201/3148 in one line.
        widths=(25, 14, 14, 13, 24, 21, 12, 11, 11, 11),
        numeric=frozenset(range(1, len(COLUMNS) + 1)),
    )
