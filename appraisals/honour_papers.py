"""表彰名单: who is commended, and the sheet on which plaque and bonus are signed for."""

import datetime as dt
from collections.abc import Sequence

from appraisals.models import AppraisalResult
from papers.blocks import Block, Dated, Grid, Heading, Line, Paper, Signatures
from regions.models import Level, Region
from representatives.announcing import member_word


def commendation_list(
    place: Region, year: int, results: Sequence[AppraisalResult], on: dt.date
) -> Paper:
    """Return the list of a year, and the receipt; names as in the roll, no scores."""
    word = member_word(place) if place.level == Level.VILLAGE else "村（居）民代表"
    count = f"共表彰优秀{word}{len(results)}名，按村和小组排列。"
    blocks: tuple[Block, ...] = (
        Line(f"{place.full_name}{year}年{count}"),
        Heading("一、表彰名单"),
        _names(results),
        Heading("二、领取签收"),
        _receipt(results),
        Signatures(("经办人", "审核人")),
        Dated(place.name, on),
    )
    return Paper(f"{place.name}{year}年优秀{word}表彰名单", blocks, is_form=True)


def _names(results: Sequence[AppraisalResult]) -> Grid:
    """Return who is commended, with the number of his plaque."""
    heads = ("序号", "村（社区）", "姓名", "所在小组", "号牌编号")
    rows = tuple(
        (str(n), one.region.name, one.representative.name, _group(one), _plaque(one))
        for n, one in enumerate(results, 1)
    )
    return Grid(heads, rows, widths=(1, 3, 2, 2, 3))


def _receipt(results: Sequence[AppraisalResult]) -> Grid:
    """Return what each takes, with a column to sign."""
    heads = ("序号", "姓名", "号牌编号", "发放内容", "领取日期", "领取人签字")
    rows = tuple(
        (str(n), one.representative.name, _plaque(one), _given(one), _received(one), "")
        for n, one in enumerate(results, 1)
    )
    return Grid(heads, rows, widths=(1, 2, 3, 4, 3, 3))


def _given(one: AppraisalResult) -> str:
    return one.honour.given_words if hasattr(one, "honour") else ""


def _group(one: AppraisalResult) -> str:
    return str(one.representative.group or "")


def _plaque(one: AppraisalResult) -> str:
    return one.honour.plaque if hasattr(one, "honour") else ""


def _received(one: AppraisalResult) -> str:
    day = one.honour.received_on if hasattr(one, "honour") else None
    return day.isoformat() if day else ""
