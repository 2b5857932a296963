"""Papers of a round: ledger 10, the sheets to write on, the letter in private.

Outside the village the table holds those who are put on view, and nobody else. The last
grade is printed only where the village decided so, by household numbers without names.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404

from evaluations.desk import Desk
from evaluations.models import HouseholdRating, VillageSetting
from evaluations.rules.rounds import Stage
from evaluations.rules.schemes import signed
from evaluations.scoring import Row
from papers.blocks import (
    Block,
    Dated,
    Facts,
    Grid,
    Heading,
    Line,
    Paper,
    Paragraph,
    Signatures,
)
from representatives.announcing import committee_of
from ui.words import full_day

SIGNERS = ("评议小组组长", "村（社区）党组织书记", "村务监督委员会主任")


def result_table(desk: Desk) -> Paper:
    """Return ledger 10: 组别、户主、各项得分、加分、减分、总分、评定等次、备注."""
    heads = [part.name for part in desk.edition.categories]
    rows = tuple(_line(row, len(heads)) for row in desk.shown)
    blocks: list[Block] = [
        Line(
            f"填报单位：{desk.round.region.full_name}　　时间：{full_day(desk.on)}　　单位：分"
        ),
        Grid(
            ("组别", "户主", *heads, "加分", "减分", "总分", "评定等次", "备注"),
            rows,
            widths=(2, 3, *(2 for _ in heads), 2, 2, 2, 4, 3),
            numeric=frozenset(range(2, len(heads) + 5)),
        ),
        Line("　".join(f"{name} {count} 户" for name, count, _ in desk.counts)),
        Signatures(SIGNERS),
    ]
    title = f"{desk.round.region.name}{desk.round.title}“双约双评”家庭评定表"
    return Paper(title, tuple(blocks), is_form=True, is_wide=True)


def _line(row: Row, categories: int) -> tuple[str, ...]:
    scores = ["" if points is None else str(points) for _, points in row.parts]
    scores += [""] * (categories - len(scores))
    remark = row.rating.placing if row.rating else ""
    return (
        str(row.household.group),
        row.household.head,
        *scores[:categories],
        str(row.plus),
        str(row.minus),
        str(row.total),
        row.tier.name,
        remark,
    )


def recording_sheet(desk: Desk) -> Paper:
    """Return the sheet on which entries are written by hand, with the items beside."""
    items = [
        (
            part.name,
            item.words,
            item.points_words,
            "" if item.cap is None else str(item.cap),
        )
        for part in desk.edition.categories
        for item in part.items
    ]
    blank = tuple(("",) * 5 for _ in range(20))
    blocks: tuple[Block, ...] = (
        Line(f"村（社区）：{desk.round.region.full_name}　　代表：　　　　　　　　"),
        Grid(
            ("日期", "户主", "什么事", "加减分", "情况、依据"),
            blank,
            widths=(2, 2, 5, 2, 5),
        ),
        Heading("评分项目"),
        Grid(("类别", "项目", "分值", "一期最多"), tuple(items), widths=(3, 7, 2, 2)),
    )
    return Paper(f"{desk.round.title}加分减分记录表", blocks, is_form=True)


def self_sheet(desk: Desk) -> Paper:
    """Return the sheet on which a household may assess itself."""
    rows = tuple((part.name, str(part.base), "") for part in desk.edition.categories)
    blocks: tuple[Block, ...] = (
        Facts(((("户主", ""), ("组别", "")),)),
        Grid(("类别", "基础分", "自己怎么看"), rows, widths=(3, 1, 6)),
        Facts(((("自评得分", ""), ("日期", "")),)),
        Paragraph("自评只供评议小组参考，不填也可以。"),
        Signatures(("户主",)),
    )
    return Paper(f"{desk.round.title}农户自评表", blocks, is_form=True)


def last_list(desk: Desk) -> Paper:
    """Return the last grade by household numbers, where the village decided to print it."""
    last = desk.edition.last_tier.name
    rows = tuple(
        (str(number), household_number(row), row.rating.mend if row.rating else "")
        for number, row in enumerate((r for r in desk.rows if r.is_last), 1)
    )
    blocks: tuple[Block, ...] = (
        Paragraph("只列户编号，不列姓名。请这些家庭按告知书改进，下一期再评。"),
        Grid(("序号", "户编号", "要改进什么"), rows, widths=(1, 3, 8)),
        Dated(committee_of(desk.round.region), desk.on),
    )
    return Paper(f"{desk.round.region.name}{desk.round.title}{last}", blocks)


def household_number(row: Row) -> str:
    """Return the number that stands for a household on a list without names."""
    return f"{row.household.pk:06d} 号"


def letter(rating: HouseholdRating, on: dt.date) -> Paper:
    """Return what is handed to a household of the last grade in private."""
    round_ = rating.round
    last = rating.tier.name
    lost = [
        f"{part.name} {rating.parts[part.name]} 分"
        for part in round_.scheme.edition().categories
        if part.name in rating.parts
    ]
    why = f"一票否决：{'、'.join(rating.vetoes)}。" if rating.vetoes else ""
    blocks: tuple[Block, ...] = (
        Line(f"{rating.household.head}户："),
        Paragraph(
            f"按照{round_.scheme}，您家{round_.title}总分 {rating.total} 分"
            f"（加分 {signed(rating.plus)}，减分 {signed(-rating.minus)}），评为{last}。{why}"
        ),
        Paragraph(f"各项得分：{'，'.join(lost)}。"),
        Paragraph(f"请这样改进：{rating.mend or '请和村里商量。'}"),
        Paragraph(
            "这份告知书只交给您本人，不公开张贴。评定结果不影响低保、医保、上学等依法享受的待遇。"
            "您有不同意见，可以向村务监督委员会或者乡镇（街道）反映。改好了，下一期重新评。"
        ),
        Dated(committee_of(round_.region), on),
        Signatures(("告知人", "户主")),
    )
    return Paper("“双约双评”结果告知书", blocks)


@dataclass(frozen=True)
class Kind:
    """One paper of a round: what it is called, when it can be printed, how it is made."""

    title: str
    made: Callable[[Desk], Paper]
    is_ready: Callable[[Desk], bool]


def _prints_last(desk: Desk) -> bool:
    if not desk.is_inside or desk.round.confirmed_on is None:
        return False
    village = desk.round.region_id
    return VillageSetting.objects.filter(region=village, prints_last=True).exists()


PAPERS: dict[str, Kind] = {
    "result": Kind("家庭评定表", result_table, lambda desk: desk.round.at.is_struck),
    "sheet": Kind(
        "加分减分记录表（空白）",
        recording_sheet,
        lambda desk: desk.round.at is Stage.RECORD,
    ),
    "self": Kind(
        "农户自评表（空白）", self_sheet, lambda desk: desk.round.at is Stage.RECORD
    ),
    "last": Kind("有待进步家庭（只印户编号）", last_list, _prints_last),
}


def paper_or_404(desk: Desk, slug: str) -> Paper:
    """Return a paper of a round; Http404 for one that there is not, or not yet."""
    found = PAPERS.get(slug)
    if found is None or not found.is_ready(desk):
        raise Http404
    return found.made(desk)
