"""What a 通报 says: each sentence follows from the figures, and is left out without them."""

import datetime as dt
from collections.abc import Iterable, Iterator

from papers.blocks import Block, Dated, Heading, Line, Paper, Paragraph
from regions.models import Level, Region
from reports.bulletin.comparing import good, lagging
from reports.bulletin.draft import ORDINALS, Draft
from reports.bulletin.grid import grid_of
from reports.bulletin.situation import situation
from reports.bulletin.steps import next_steps
from reports.summary.table import Summary
from ui.words import full_day


def paper_of(draft: Draft, unit: str, on: dt.date) -> Paper:
    """Return the 通报 in the layout of GB/T 9704, issued by `unit` on a day."""
    return Paper(draft.title, (*blocks_of(draft), Dated(unit, on)))


def blocks_of(draft: Draft) -> Iterator[Block]:
    """Yield the text and the table."""
    yield Line(_addressed(draft.place))
    yield Paragraph(opening(draft))
    sections: tuple[tuple[str, Iterable[str]], ...] = (
        ("总体情况", situation(draft)),
        (f"各{draft.unit}情况", ()),
        ("做得好的地方", good(draft)),
        ("存在的问题", lagging(draft)),
        ("下步工作", next_steps(draft)),
    )
    for number, (title, sentences) in zip(ORDINALS, sections, strict=False):
        yield Heading(f"{number}、{title}")
        if title == f"各{draft.unit}情况":
            yield grid_of(draft)
        for sentence in sentences:
            yield Paragraph(sentence)


def _addressed(place: Region) -> str:
    if place.level == Level.CITY:
        return "各乡镇人民政府、街道办事处："
    return "各村（居）民委员会："


def opening(draft: Draft) -> str:
    """Say what this is, and as of when."""
    return (
        f"现将{draft.period}{draft.whole}村（居）民代表联系群众工作情况通报如下。"
        f"数据截至{full_day(draft.summary.seen.on)}，{_standing(draft.summary)}"
    )


def _standing(summary: Summary) -> str:
    if not summary.seen.is_over:
        return "这一期还没有结束。"
    if summary.is_closed:
        return "按关账时的数，以后补录的不计入。"
    return "这一期还没有关账。"
