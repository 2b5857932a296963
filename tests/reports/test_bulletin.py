"""通报 (ledger 14): every number is one of the figures, every sentence follows from them."""

import datetime as dt
import io
import re
from collections import Counter
from typing import Any

import pytest
from docx import Document

from papers.blocks import Grid, Heading, Line, Paragraph
from papers.docx import to_docx
from regions.models import Region
from reports.bulletin.comparing import NAMED, good, lagging
from reports.bulletin.draft import Draft, draft_of
from reports.bulletin.drafting import blocks_of, opening, paper_of
from reports.bulletin.situation import situation
from reports.bulletin.steps import next_steps
from reports.lights import LightRule
from reports.periods import Span, Window, over, window
from reports.summary.columns import FIGURES
from reports.summary.table import Row, Summary
from tests.accounts.pages import words
from tests.cast import CITY, TOWNSHIP, VILLAGE, Cast, at, everywhere, signed_in
from tests.reports.summary_stage import (
    Stage,
    last_month,
    places,
    running,
    set_stage,
    shut,
)

DAY = dt.date(2026, 10, 15)
OCTOBER = over(Span.MONTH, DAY)
CITY_ROW = Region(code=CITY, name="邵东市", level="city", kind="county_level_city")
NAMES = ("大禾塘街道", "两市塘街道", "牛马司镇", "界岭镇")


@pytest.fixture(scope="module")
def stage(cast: Cast) -> Stage:
    """Return our village with something in every column."""
    with everywhere():
        return set_stage(cast)


def table(*rows: dict[str, int], seen: Window = OCTOBER) -> Summary:
    """Return a summary of the city with some townships."""
    lines = tuple(
        Row(
            Region(code=CITY + 1000 * (n + 1), name=NAMES[n % 4], level="township"),
            Counter(counts),
        )
        for n, counts in enumerate(rows)
    )
    return Summary(CITY_ROW, seen, FIGURES, lines, is_closed=True)


def draft(*rows: dict[str, int], before: Summary | None = None) -> Draft:
    """Return what a 通报 about some townships is drafted from."""
    return Draft(table(*rows), before, LightRule())


DONE = {
    "villages": 10, "representatives": 300, "households": 3000, "key": 400,
    "owing": 400, "seen": 400, "talks_owed": 300, "talks_met": 300,
    "reviews_owed": 10, "reviews_met": 10, "heard": 50, "resolved": 50,
    "answered": 40, "content": 38,
}  # fmt: skip
BEHIND = DONE | {
    "seen": 300, "talks_met": 280, "reviews_met": 7, "resolved": 20, "late": 4,
    "vacant": 6, "elected": 2,
}  # fmt: skip
SITUATIONS: list[tuple[str, Draft, list[str]]] = [
    ("nothing at all", draft({}), [
        "全市名册上还没有代表和联系户。",
        "本期没有应走访的按月走访的重点户。",
        "本期没有收集到民情。没有超期的民情。",
        "代表没有缺额，本期没有补选。",
    ]),
    ("all done", draft(DONE), [
        "全市10个村（社区）现有村（居）民代表300名，联系户3000户，其中重点户400户。",
        "应走访按月走访的重点户400户，全部走访到位。",
        "应召开恳谈会的代表300名，已召开300名，全部召开；民情分析会应开10场，已开10场，全部召开。",
        ("收集民情50件，其中已办结50件，办结率100.0%。"
        "群众作出评价的40件里，满意和基本满意38件，满意率95.0%。没有超期的民情。"),
        "代表没有缺额，本期没有补选。",
    ]),
    ("behind, and better than before", draft(BEHIND, before=table(DONE | {"seen": 200})), [
        "全市10个村（社区）现有村（居）民代表300名，联系户3000户，其中重点户400户。",
        ("应走访按月走访的重点户400户，已走访300户，完成率75.0%，还有100户没有走访。"
        "完成率比2026年10月上升25.0个百分点。"),
        "应召开恳谈会的代表300名，已召开280名；民情分析会应开10场，已开7场。",
        ("收集民情50件，其中已办结20件，办结率40.0%。"
        "群众作出评价的40件里，满意和基本满意38件，满意率95.0%。超过办理时限还没有办结的4件。"),
        "代表缺额6名，本期补选2名。",
    ]),
    ("nothing seen", draft(DONE | {"seen": 0}), [
        "全市10个村（社区）现有村（居）民代表300名，联系户3000户，其中重点户400户。",
        "应走访按月走访的重点户400户，还没有走访记录。",
        "应召开恳谈会的代表300名，已召开300名，全部召开；民情分析会应开10场，已开10场，全部召开。",
        ("收集民情50件，其中已办结50件，办结率100.0%。"
        "群众作出评价的40件里，满意和基本满意38件，满意率95.0%。没有超期的民情。"),
        "代表没有缺额，本期没有补选。",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("drafted", "said"), [c[1:] for c in SITUATIONS], ids=[c[0] for c in SITUATIONS]
)
def test_the_situation_follows_from_the_figures(
    drafted: Draft, said: list[str]
) -> None:
    assert list(situation(drafted)) == said


@pytest.mark.parametrize(("then", "said"), [
    (300, "完成率与2026年10月持平。"),
    (320, "完成率比2026年10月下降5.0个百分点。"),
    (299, "完成率比2026年10月上升0.2个百分点。"),
])  # fmt: skip
def test_a_comparison_is_of_the_rates_as_they_are_written(then: int, said: str) -> None:
    found = list(situation(draft(BEHIND, before=table(DONE | {"seen": then}))))
    assert found[1].endswith(said)


@pytest.mark.parametrize("before", [None, table({}), table({"owing": 0})])
def test_without_something_to_compare_with_nothing_is_compared(
    before: Summary | None,
) -> None:
    assert "个百分点" not in "".join(situation(draft(BEHIND, before=before)))


def test_what_went_well_names_units_and_what_they_finished() -> None:
    assert list(good(draft(DONE, BEHIND))) == [
        "大禾塘街道应走访的户全部走访到位。",
        "大禾塘街道应开的恳谈会全部召开。",
        "大禾塘街道应开的民情分析会全部召开。",
        "大禾塘街道本期收集的民情全部办结。",
    ]
    assert list(good(draft({}))) == ["本期没有哪个乡镇（街道）全部完成。"]
    before = table(DONE | {"seen": 200}, DONE)
    assert "大禾塘街道完成率比上一期上升10个百分点以上。" in list(
        good(draft(BEHIND, BEHIND, before=before))
    )


def test_what_lags_names_units_with_the_size_of_it() -> None:
    september = table(DONE, BEHIND, seen=over(Span.MONTH, dt.date(2026, 9, 1)))
    assert list(lagging(Draft(september, None, LightRule()))) == [
        "两市塘街道（100户）没有走访的户占应走访的20%以上。",
        "两市塘街道（缺3场）没有开齐民情分析会。",
        "两市塘街道（20名）还有代表没有召开恳谈会。",
        "两市塘街道（4件）有超过办理时限的民情。",
        "两市塘街道（6名）有代表缺额。",
    ]
    assert list(lagging(draft(DONE))) == ["本期没有需要通报的问题。"]
    few = {"owing": 4, "seen": 0}
    assert list(lagging(draft(few))) == ["本期没有需要通报的问题。"], "too few to judge"


def test_of_many_units_some_are_named_and_all_are_counted() -> None:
    [said] = [s for s in lagging(draft(*[BEHIND] * 12)) if "缺额" in s]
    assert said.count("、") == NAMED - 1
    assert "等12个乡镇（街道）有代表缺额。" in said


def test_next_steps_ask_for_what_is_missing_and_for_nothing_else() -> None:
    assert [step[:3] for step in next_steps(draft(BEHIND))] == [
        "一是对", "二是没", "三是督", "四是超", "五是缺",
    ]  # fmt: skip
    assert list(next_steps(draft(DONE))) == [
        "继续按规定走访联系户、召开会议、办理民情，及时记录。"
    ]
    assert list(next_steps(draft(DONE | {"vacant": 6}))) == [
        "一是缺额的6名代表依法组织补选。"
    ]


@pytest.mark.parametrize(("seen", "words"), [
    (over(Span.MONTH, dt.date(2026, 10, 1)), "名代表在本季内召开"),
    (over(Span.MONTH, dt.date(2026, 11, 1)), "名代表在本季内召开"),
    (over(Span.MONTH, dt.date(2026, 12, 1)), "名代表补上"),
    (over(Span.QUARTER, dt.date(2026, 12, 1)), "名代表补上"),
    (over(Span.YEAR, dt.date(2026, 1, 1)), "把没有开的20场恳谈会补上"),
    (window(Span.YEAR, dt.date(2026, 12, 31)), "把没有开的20场恳谈会补上"),
    (window(Span.MONTH, dt.date(2026, 12, 31)), "名代表在本季内召开"),
])  # fmt: skip
def test_nobody_makes_up_for_a_meeting_while_its_quarter_runs(
    seen: Window, words: str
) -> None:
    found = Draft(table(BEHIND, seen=seen), None, LightRule())
    assert words in list(next_steps(found))[2]


def test_a_year_counts_meetings_for_each_representative_owed_four() -> None:
    year = table(DONE, BEHIND, seen=over(Span.YEAR, dt.date(2026, 1, 1)))
    found = Draft(year, None, LightRule())
    assert "恳谈会应开600场，已开580场；" in "".join(situation(found))
    assert "两市塘街道（缺20场）没有开齐恳谈会。" in list(lagging(found))


def test_nobody_is_behind_with_a_meeting_while_its_quarter_runs() -> None:
    assert "恳谈会" not in "".join(lagging(draft(DONE, BEHIND)))


@pytest.mark.parametrize(("span", "whom"), [
    (Span.MONTH, "重点户"), (Span.QUARTER, "普通户"), (Span.YEAR, "联系户"),
])  # fmt: skip
def test_a_running_period_says_so_and_whom_its_rate_counts(
    span: Span, whom: str
) -> None:
    found = Draft(table(BEHIND, seen=window(span, DAY)), None, LightRule())
    assert opening(found).endswith("数据截至2026年10月15日，这一期还没有结束。")
    assert whom in list(situation(found))[1]


NUMBER = re.compile(r"\d+(?:\.\d+)?")


@pytest.mark.parametrize("code", [CITY, TOWNSHIP])
@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_every_number_of_the_text_is_recomputed_from_the_figures(
    cast: Cast, stage: Stage, code: int, closed: bool
) -> None:
    """Whatever number stands in a sentence is a figure, a rate of two, or a difference."""
    month = last_month()
    if closed:
        shut()
    with at(cast.city_lead):
        drafted = draft_of(places()[code], month)
        blocks = list(blocks_of(drafted))
    counts, before = drafted.summary.total, drafted.before
    assert before is not None
    known = {str(number) for number in counts.values()}
    known |= {f.words(counts) for f in FIGURES if f.share}
    known |= {str(month.first.year), str(month.first.month), str(month.last.day)}
    known |= {str(month.before.first.year), str(month.before.first.month), "10", "20"}
    for part, whole in (
        ("seen", "owing"), ("talks_met", "talks_owed"), ("reviews_met", "reviews_owed"),
    ):  # fmt: skip
        lines = [counts, *(row.counts for row in drafted.summary.rows)]
        known |= {str(line[whole] - line[part]) for line in lines}
    then = {f.key: f.value(before.total) for f in FIGURES}
    now = {f.key: f.value(counts) for f in FIGURES}
    if then["seen_rate"] is not None and now["seen_rate"] is not None:
        known.add(f"{abs(now['seen_rate'] - then['seen_rate']):.1f}")
    known |= {str(len(drafted.summary.rows)), str(len(drafted.summary.rows) - 1)}
    texts = [b.text for b in blocks if isinstance(b, Paragraph | Heading | Line)]
    for text in texts:
        assert set(NUMBER.findall(text)) <= known, text
    [grid] = [block for block in blocks if isinstance(block, Grid)]
    for row, cells in zip(drafted.summary.rows, grid.rows[:-1], strict=True):
        assert cells[0] == row.place.name
        assert cells[1:3] == (str(row.counts["owing"]), str(row.counts["seen"]))
    assert grid.rows[-1][1] == str(counts["owing"]) == "4"
    assert not any("代表walker" in text or "walker" in text for text in texts)


def test_the_paper_is_laid_out_and_issued_by_the_office() -> None:
    paper = paper_of(draft(DONE, BEHIND), "邵东市民政局", dt.date(2026, 11, 6))
    file = Document(io.BytesIO(to_docx(paper)))
    lines = [p.text for p in file.paragraphs if p.text]
    assert lines[0] == "关于2026年10月村（居）民代表工作情况的通报"
    assert lines[1] == "各乡镇人民政府、街道办事处："
    assert [line for line in lines if line[1:2] == "、" and len(line) < 16] == [
        "一、总体情况", "二、各乡镇（街道）情况", "三、做得好的地方", "四、存在的问题", "五、下步工作",
    ]  # fmt: skip
    assert lines[-2:] == ["邵东市民政局", "2026年11月6日"]
    margins = file.sections[0]
    assert (round(margins.top_margin.mm), round(margins.left_margin.mm)) == (37, 28)
    [grid] = file.tables
    assert [cell.text for cell in grid.rows[-1].cells][:4] == [
        "合计", "800", "700", "87.5",
    ]  # fmt: skip


def test_the_page_shows_the_text_of_the_paper_with_charts(
    cast: Cast, stage: Stage
) -> None:
    client = signed_in(cast.city_lead)
    url = f"/d/{CITY}/bulletin/?p={last_month().key}"
    page = client.get(url)
    paper = client.get(f"/d/{CITY}/bulletin/paper/?p={last_month().key}")
    for block in page.context["blocks"]:
        if isinstance(block, Paragraph):
            assert block.text in page.content.decode()
            assert block.text in paper.content.decode()
    assert page.content.decode().count("<figure") == 2
    file = client.get(f"/d/{CITY}/bulletin/paper/?p={last_month().key}&format=docx")
    assert Document(io.BytesIO(file.content)).paragraphs[0].text.startswith("关于")
    assert "这一期还没有结束" in words(client.get(f"/d/{CITY}/bulletin/?p=month"))


@pytest.mark.parametrize(("who", "code", "status"), [
    ("city_staff", CITY, 200), ("city_staff", TOWNSHIP, 200), ("city_staff", VILLAGE, 302),
    ("township_staff", TOWNSHIP, 200), ("township_staff", CITY, 404),
    ("other_staff", TOWNSHIP, 404), ("secretary", VILLAGE, 302),
    ("representative", VILLAGE, 403), ("auditor", CITY, 403),
])  # fmt: skip
def test_city_and_townships_draft_their_own(
    cast: Cast, who: str, code: int, status: int
) -> None:
    post: Any = getattr(cast, who)
    assert signed_in(post).get(f"/d/{code}/bulletin/").status_code == status


def test_the_running_period_is_compared_with_nothing(cast: Cast, stage: Stage) -> None:
    with at(cast.city_lead):
        assert draft_of(places()[CITY], running(Span.MONTH)).before is None
        assert draft_of(places()[CITY], last_month()).before is not None
