"""What a 通报 says: each sentence follows from the figures, and is left out without them.

Numbers stand as official papers write them, without commas; rates have one decimal.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from papers.blocks import Block, Dated, Grid, Heading, Line, Paper, Paragraph, day_words
from regions.models import Kind, Level, Region
from reports.figures.domain import Counts
from reports.lights import LightRule
from reports.measures import rule_on
from reports.periods import Window
from reports.summary.table import Row, Summary, summary_of
from ui.figures import rate_words

NAMED = 8
"""So many divisions are named at most; of more it says how many there are."""
RISEN = 10.0
"""From so many 个百分点 on a division has got better; the city's yellow light turns on
at as many behind."""
WHOLE = {
    Kind.TOWN: "全镇",
    Kind.TOWNSHIP: "全乡",
    Kind.SUBDISTRICT: "全街道",
    Kind.FARM: "全场",
}
ORDINALS = "一二三四五六七八"


@dataclass(frozen=True)
class Draft:
    """The figures that a 通报 is drafted from; `before` only where it can be compared."""

    summary: Summary
    before: Summary | None
    rule: LightRule

    @property
    def place(self) -> Region:
        """Whose 通报 it is."""
        return self.summary.place

    @property
    def unit(self) -> str:
        """What the lines are called: 乡镇（街道）, 村（社区）."""
        return self.summary.unit

    @property
    def whole(self) -> str:
        """How the place speaks of itself."""
        return WHOLE.get(Kind(self.place.kind), "全市")

    @property
    def period(self) -> str:
        """The period as a paper writes it."""
        return self.summary.seen.words.replace(" ", "")

    @property
    def title(self) -> str:
        """The title of the paper."""
        return f"关于{self.period}村（居）民代表工作情况的通报"


def draft_of(place: Region, seen: Window) -> Draft:
    """Return what a 通报 of a period is drafted from.

    A running period is compared with nothing: it has had less time.
    """
    before = summary_of(place, seen.before) if seen.is_over else None
    return Draft(summary_of(place, seen), before, rule_on(seen.on))


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
        f"数据截至{day_words(draft.summary.seen.on)}，{_standing(draft.summary)}"
    )


def _standing(summary: Summary) -> str:
    if not summary.seen.is_over:
        return "这一期还没有结束。"
    if summary.is_closed:
        return "按关账时的数，以后补录的不计入。"
    return "这一期还没有关账。"


# --- the situation --------------------------------------------------------------


def situation(draft: Draft) -> Iterator[str]:
    """Yield a paragraph for each field of the work."""
    counts = draft.summary.total
    yield _rolls(draft, counts)
    yield _visits(draft, counts)
    if meetings := _meetings(counts):
        yield meetings
    yield _issues(counts)
    yield _posts(counts)


def _rolls(draft: Draft, counts: Counts) -> str:
    if not counts["representatives"] and not counts["households"]:
        return f"{draft.whole}名册上还没有代表和联系户。"
    return (
        f"{draft.whole}{counts['villages']}个村（社区）现有村（居）民代表"
        f"{counts['representatives']}名，联系户{counts['households']}户，"
        f"其中重点户{counts['key']}户。"
    )


def _visits(draft: Draft, counts: Counts) -> str:
    owing, seen = counts["owing"], counts["seen"]
    whom = {
        "month": "按月走访的重点户",
        "quarter": "按季走访的普通户",
        "year": "联系户",
    }
    who = whom[draft.summary.seen.span.value]
    if not owing:
        return f"本期没有应走访的{who}。"
    if seen == owing:
        words = f"应走访{who}{owing}户，全部走访到位。"
    elif not seen:
        words = f"应走访{who}{owing}户，还没有走访记录。"
    else:
        words = (
            f"应走访{who}{owing}户，已走访{seen}户，完成率{_rate(seen, owing)}%，"
            f"还有{owing - seen}户没有走访。"
        )
    return words + _compared(draft, counts)


def _compared(draft: Draft, counts: Counts) -> str:
    """Say how the rate has moved; nothing without a period to compare with."""
    if draft.before is None or not draft.before.total["owing"]:
        return ""
    # Of the rates as they are written, so that a reader may subtract them.
    moved = round(round(_share(counts), 1) - round(_share(draft.before.total), 1), 1)
    then = draft.before.seen.words.replace(" ", "")
    if not moved:
        return f"完成率与{then}持平。"
    way = "上升" if moved > 0 else "下降"
    return f"完成率比{then}{way}{rate_words(abs(moved))}个百分点。"


def _meetings(counts: Counts) -> str:
    said = []
    if counts["talks_owed"]:
        said.append(
            f"应召开恳谈会的代表{counts['talks_owed']}名，"
            f"已召开{_of(counts['talks_met'], counts['talks_owed'], '名')}"
        )
    if counts["reviews_owed"]:
        said.append(
            f"民情分析会应开{counts['reviews_owed']}场，"
            f"已开{_of(counts['reviews_met'], counts['reviews_owed'], '场')}"
        )
    return "；".join(said) + "。" if said else ""


def _of(met: int, owed: int, unit: str) -> str:
    return f"{met}{unit}" + ("，全部召开" if met == owed else "")


def _issues(counts: Counts) -> str:
    heard, resolved = counts["heard"], counts["resolved"]
    words = "本期没有收集到民情。"
    if heard:
        words = f"收集民情{heard}件，其中已办结{resolved}件，办结率{_rate(resolved, heard)}%。"
    if answered := counts["answered"]:
        content = counts["content"]
        words += (
            f"群众作出评价的{answered}件里，满意和基本满意{content}件，"
            f"满意率{_rate(content, answered)}%。"
        )
    late = counts["late"]
    return words + (
        f"超过办理时限还没有办结的{late}件。" if late else "没有超期的民情。"
    )


def _posts(counts: Counts) -> str:
    vacant, elected = counts["vacant"], counts["elected"]
    words = f"代表缺额{vacant}名" if vacant else "代表没有缺额"
    return words + (f"，本期补选{elected}名。" if elected else "，本期没有补选。")


# --- the table ------------------------------------------------------------------

COLUMNS: tuple[tuple[str, Callable[[Counts], str]], ...] = (
    ("应走访\n（户）", lambda c: str(c["owing"])),
    ("已走访\n（户）", lambda c: str(c["seen"])),
    ("完成率%", lambda c: _rate(c["seen"], c["owing"])),
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
        widths=(7, 4, 4, 4, 5, 5, 4, 4, 4, 4),
        numeric=frozenset(range(1, len(COLUMNS) + 1)),
    )


# --- what went well, what lags --------------------------------------------------


def good(draft: Draft) -> Iterator[str]:
    """Yield what divisions have finished, or made better; one sentence if nothing."""
    rows = draft.summary.rows
    found = [
        *_who(draft, rows, _all_seen, "应走访的户全部走访到位。"),
        *_who(draft, rows, _all_talked, "应开的恳谈会全部召开。"),
        *_who(draft, rows, _all_reviewed, "应开的民情分析会全部召开。"),
        *_who(draft, rows, _all_resolved, "本期收集的民情全部办结。"),
        *_who(
            draft,
            [row for row in rows if _risen(draft, row)],
            lambda row: True,
            f"完成率比上一期上升{rate_words(RISEN, 0)}个百分点以上。",
        ),
    ]
    yield from found or [f"本期没有哪个{draft.unit}全部完成。"]


def _all_seen(row: Row) -> bool:
    return 0 < row.counts["owing"] == row.counts["seen"]


def _all_talked(row: Row) -> bool:
    return 0 < row.counts["talks_owed"] == row.counts["talks_met"]


def _all_reviewed(row: Row) -> bool:
    return 0 < row.counts["reviews_owed"] == row.counts["reviews_met"]


def _all_resolved(row: Row) -> bool:
    return 0 < row.counts["heard"] == row.counts["resolved"]


def _risen(draft: Draft, row: Row) -> bool:
    if draft.before is None:
        return False
    then = {one.place.pk: one.counts for one in draft.before.rows}
    earlier = then.get(row.place.pk, Counts())
    few = draft.rule.few
    if row.counts["owing"] < few or earlier["owing"] < few:
        return False
    return _share(row.counts) - _share(earlier) >= RISEN


def lagging(draft: Draft) -> Iterator[str]:
    """Yield where work is missing, by division and with its size; never by person."""
    rows, bad = draft.summary.rows, draft.rule.behind_bad
    found = [
        *_who(
            draft,
            rows,
            lambda row: _is_behind(draft, row),
            f"没有走访的户占应走访的{rate_words(bad, 0)}%以上。",
            lambda row: f"{_unseen(row)}户",
        ),
        *_who(
            draft,
            rows,
            lambda row: bool(_missing(row, "reviews")),
            "没有开齐民情分析会。",
            lambda row: f"缺{_missing(row, 'reviews')}场",
        ),
        *_who(
            draft,
            rows,
            lambda row: bool(_missing(row, "talks")),
            "还有代表没有召开恳谈会。",
            lambda row: f"{_missing(row, 'talks')}名",
        ),
        *_who(
            draft,
            rows,
            lambda row: bool(row.counts["late"]),
            "有超过办理时限的民情。",
            lambda row: f"{row.counts['late']}件",
        ),
        *_who(
            draft,
            rows,
            lambda row: bool(row.counts["vacant"]),
            "有代表缺额。",
            lambda row: f"{row.counts['vacant']}名",
        ),
    ]
    yield from found or ["本期没有需要通报的问题。"]


def _is_behind(draft: Draft, row: Row) -> bool:
    owing = row.counts["owing"]
    if owing < draft.rule.few:
        return False
    return _unseen(row) * 100 / owing >= draft.rule.behind_bad


def _unseen(row: Row) -> int:
    return row.counts["owing"] - row.counts["seen"]


def _missing(row: Row, meeting: str) -> int:
    return row.counts[f"{meeting}_owed"] - row.counts[f"{meeting}_met"]


def _who(
    draft: Draft,
    rows: Iterable[Row],
    is_meant: Callable[[Row], bool],
    ending: str,
    size: Callable[[Row], str] | None = None,
) -> Iterator[str]:
    """Yield one sentence that names those that are meant; nothing if there are none."""
    meant = [row for row in rows if is_meant(row)]
    if not meant:
        return
    names = "、".join(
        row.place.name + (f"（{size(row)}）" if size else "") for row in meant[:NAMED]
    )
    more = f"等{len(meant)}个{draft.unit}" if len(meant) > NAMED else ""
    yield f"{names}{more}{ending}"


# --- what is asked for ----------------------------------------------------------


def next_steps(draft: Draft) -> Iterator[str]:
    """Yield what the figures ask for; the ordinary work where nothing is missing."""
    counts = draft.summary.total
    steps = [
        words
        for number, words in (
            (
                counts["owing"] - counts["seen"],
                "对没有走访的{}户逐户问清原因，尽快补访，确实去不了的登记免访。",
            ),
            (
                counts["reviews_owed"] - counts["reviews_met"],
                "没有开的{}场民情分析会抓紧召开，提交会议记录。",
            ),
            (
                counts["talks_owed"] - counts["talks_met"],
                "督促还没有召开恳谈会的{}名代表在本季内召开。"
                if not draft.summary.seen.is_over
                else "督促没有召开恳谈会的{}名代表补上。",
            ),
            (
                counts["late"],
                "超期的{}件民情明确责任人和办结时间，办好后告诉群众。",
            ),
            (counts["vacant"], "缺额的{}名代表依法组织补选。"),
        )
        if number > 0
        for words in [words.format(number)]
    ]
    if not steps:
        yield "继续按规定走访联系户、召开会议、办理民情，及时记录。"
    for number, words in zip(ORDINALS, steps, strict=False):
        yield f"{number}是{words}"


def _share(counts: Counts) -> float:
    return counts["seen"] * 100 / counts["owing"] if counts["owing"] else 0.0


def _rate(part: int, whole: int) -> str:
    return rate_words(part * 100 / whole if whole else None)
