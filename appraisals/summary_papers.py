"""优秀代表汇总表 (ledger 9) of a place and year, to print and as .docx."""

import datetime as dt
from collections.abc import Sequence

from appraisals.summary import Sum, VillageRow
from papers.blocks import Dated, Grid, Line, Paper, Signatures
from regions.models import Region


def outstanding_paper(
    place: Region, year: int, rows: Sequence[VillageRow], total: Sum, on: dt.date
) -> Paper:
    """Return the summary: a line for each village in administrative order, and 合计."""
    ordered = sorted(rows, key=lambda row: row.village.code)
    counts = total.counts
    lines = [
        _cells(
            row.village.name, row.serving, row.rated, row.excellent,
            "、".join(row.names) if row.row else "还没评议",
        )
        for row in ordered
    ]  # fmt: skip
    whole = _cells("合计", counts["serving"], counts["rated"], counts["excellent"], "")
    grid = Grid(
        ("村（社区）", "代表总数", "参评", "优秀人数", "比例", "名单"),
        (*lines, whole),
        widths=(3, 2, 2, 2, 2, 8),
        numeric=frozenset({1, 2, 3, 4}),
    )
    blocks = (
        Line(f"填报单位：{place.full_name}　　单位：人"),
        grid,
        Signatures(("审核人", "填表人")),
        Dated(place.name, on),
    )
    title = f"{place.name}{year}年优秀村（居）民代表汇总表"
    return Paper(title, blocks, is_form=True)


def _cells(
    name: str, serving: int, rated: int, excellent: int, names: str
) -> tuple[str, ...]:
    share = f"{excellent * 100 / rated:.1f}%" if rated else "—"
    return (name, str(serving), str(rated), str(excellent), share, names)
