"""Papers of an appraisal: blank tickets, the minutes, 履职评议表 (ledger 9), the notice."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404

from appraisals.board import Board, Line
from appraisals.rules.appraisals import VOTED, Input, Measured, Part
from appraisals.rules.steps import Stage
from notices.rules import Content
from papers.blocks import (
    Block,
    Dated,
    Facts,
    Grid,
    Heading,
    Paper,
    Paragraph,
    Signatures,
)
from papers.blocks import (
    Line as Words,
)
from representatives.announcing import committee_of, member_word
from representatives.models import Representative
from ui.words import full_day


@dataclass(frozen=True)
class Form:
    """A kind of paper: how it is made, and from when on there is something in it."""

    title: str
    make: Callable[[Board], Paper]
    is_ready: Callable[[Board], bool]


def paper_or_404(board: Board, slug: str) -> Paper:
    """Return a paper of an appraisal; Http404 for one that cannot be made yet."""
    form = PAPERS.get(slug)
    if form is None or not form.is_ready(board):
        raise Http404
    return form.make(board)


def announcement(board: Board) -> Content:
    """Return the notice of the 优秀: names and groups, neither scores nor numbers."""
    row, village = board.row, board.row.region
    word = member_word(village)
    met = f"{full_day(row.met_on)}，" if row.met_on else ""
    people = [one.representative for one in board.excellent]
    return Content(
        title=f"{village.name}{row.year}年优秀{word}公示",
        issuer=committee_of(village),
        paragraphs=(
            (
                f"{met}本村（社区）召开{word}履职评议会，由村务监督委员会主持，"
                f"{len(board.rated)}名{word}参加评议，评出优秀{word}{len(people)}名。"
            ),
            "现将名单公示如下。有异议的，请在公示期内反映。",
        ),
        heads=("序号", "姓名", "所在小组"),
        rows=tuple(
            (str(number), one.name, _group(one)) for number, one in enumerate(people, 1)
        ),
    )


def tickets(board: Board) -> Paper:
    """评议票, to be copied: one line for each, four boxes."""
    names = [line.result.representative for line in board.rated]
    heads = ("序号", "姓名", "小组", *(g.name for g in board.scheme.grades))
    rows = tuple(
        (str(n), one.name, _group(one), "", "", "", "")
        for n, one in enumerate(names, 1)
    )
    blocks: tuple[Block, ...] = (
        Words("参加人（打√）：□ 代表　□ 群众　□ 党员　　不写姓名"),
        Grid(heads, rows, widths=(1, 3, 2, 2, 2, 2, 2)),
        Words("每位代表只在一格里打√，四格都不打或者打两格以上的，这一行作废。"),
    )
    title = f"{board.row.region.name}{board.row.year}年{member_word(board.row.region)}履职评议票"
    return Paper(title, blocks, is_form=True)


def minutes(board: Board) -> Paper:
    """评议会记录."""
    row = board.row
    held = [(part, board.ballots.get(part)) for part in VOTED]
    grid = Grid(
        ("哪一组", "到会", "发出票", "收回票"),
        tuple(
            (part.label, str(b.present), str(b.issued), str(b.returned))
            for part, b in held
            if b
        ),
        numeric=frozenset({1, 2, 3}),
    )
    blocks: tuple[Block, ...] = (
        Facts(
            (
                (
                    ("时间", full_day(row.met_on) if row.met_on else ""),
                    ("地点", row.place),
                ),
                (("主持人", row.chair), ("记录人", row.recorder)),
                (("参评", f"{len(board.rated)}人"), ("依据", row.plan.basis[:60])),
            )
        ),
        Heading("一、会议经过"),
        *(Paragraph(text) for text in row.minutes.splitlines() if text.strip()),
        Heading("二、票数"),
        grid,
        *_unrated(board),
        Signatures(("村务监督委员会", "监票人", "计票人", "记录人")),
        Dated(row.region.name, row.met_on or board.on),
    )
    title = f"{row.region.name}{row.year}年{member_word(row.region)}履职评议会记录"
    return Paper(title, blocks, is_form=True)


def _unrated(board: Board) -> list[Block]:
    left_out = [one for one in board.results if one.unrated]
    words = "；".join(f"{one.representative.name}：{one.unrated}" for one in left_out)
    return [Heading("三、不参评的"), Paragraph(f"{words}。")] if words else []


def table(board: Board) -> Paper:
    """履职评议表 (ledger 9 of domain 4), in the order of the roll."""
    heads = (
        "姓名", "小组", "走访", "重点户达标", "其他户达标", "恳谈会", "收集民意", "办结",
        "参会", "培训", *(part.label for part in Part), "总评", "等次",
    )  # fmt: skip
    rows = tuple(_row(line) for line in board.lines)
    best = len(board.excellent)
    row = board.row
    blocks: tuple[Block, ...] = (
        Words(
            f"填报单位：{row.region.full_name}　　履职情况算到 {full_day(row.counts_until)}"
        ),
        Grid(
            heads, rows, widths=(4, 3, *(2,) * (len(heads) - 4), 3, 4),
            numeric=frozenset(range(2, len(heads) - 1)),
        ),
        Words(
            f"注：参评 {len(board.rated)} 人，优秀最多 {board.limit} 名，评出 {best} 名；"
            "达标为已办／应办；按小组和姓名排列，不分先后。"
        ),
        Signatures(("村务监督委员会主任", "村（社区）党组织书记", "制表人")),
    )  # fmt: skip
    title = f"{row.region.name}{row.year}年{member_word(row.region)}履职评议表"
    return Paper(title, blocks, is_form=True, is_wide=True)


def _row(line: Line) -> tuple[str, ...]:
    person, known, measured = line.result.representative, line.known, line.measured
    grade = line.grade_name or (
        f"不参评：{line.result.unrated}" if line.result.unrated else ""
    )
    return (
        person.name,
        _group(person),
        str(known.extras["visits"]),
        _of(measured[Input.KEY]),
        _of(measured[Input.ORDINARY]),
        _of(measured[Input.TALKS]),
        str(known.extras["collected"]),
        str(known.extras["resolved"]),
        _of(measured[Input.MEETINGS]),
        _of(measured[Input.TRAININGS]),
        *(_points(line.parts.get(part)) for part in Part),
        _points(line.total),
        grade,
    )


def _of(measured: Measured) -> str:
    return f"{measured.done}/{measured.due}" if measured.due else "—"


def _points(score: Decimal | None) -> str:
    return "—" if score is None else f"{score:.2f}"


def _group(person: Representative) -> str:
    return str(person.group) if person.group else ""


def _graded(board: Board) -> bool:
    return board.row.at not in (Stage.DRAFT, Stage.MEETING)


PAPERS = {
    "tickets": Form("评议票（空白）", tickets, lambda board: bool(board.rated)),
    "minutes": Form(
        "评议会记录", minutes, lambda b: _graded(b) and not b.row.is_imported
    ),
    "table": Form("履职评议表", table, _graded),
}
