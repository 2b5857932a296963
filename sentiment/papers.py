"""Records of meetings as people sign and file them: ledger 5 of domain 4.

会议名称、时间、地点、主持人、记录人、应到/实到、参会人员、议题、发言摘要、交办事项、上次事项
落实情况、签字. Composed from what was entered once; names of households stand in a talk's
record, which the village keeps, never numbers or addresses.
"""

import datetime as dt
from collections.abc import Sequence

from households.models import Household
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
from representatives.models import Representative
from sentiment.models import Issue, Review, ReviewState, TalkMeeting
from sentiment.review_desk import Desk
from sentiment.review_figures import Figures
from sentiment.review_queue import Matter
from ui.words import full_day

BLANK_ROWS = 12
NONE = "无"
NOT_COUNTED = "这是以前的会议记录，没有当月的数字。"
NOT_LISTED = "这是以前的会议记录，没有分件，见会议结论。"


def talk_record(talk: TalkMeeting, issues: Sequence[Issue]) -> Paper:
    """Return the record of a 恳谈会."""
    present = [
        seat.household for seat in talk.presences.select_related("household__group")
    ]
    people = len(present) + talk.others_present
    blocks: list[Block] = [
        Facts(
            (
                (("时间", full_day(talk.held_on)), ("地点", talk.place)),
                (
                    ("主持人", talk.representative.name),
                    ("记录人", talk.recorder or talk.representative.name),
                ),
                (("到会", f"{people or ''}"), ("形式", talk.get_kind_display())),
                (("参会人员", _who_came(present, talk.others_present)),),
                (("议题", talk.topics),),
            )
        ),
        Heading("一、群众意见"),
        _opinions(issues),
        Heading("二、现场答复"),
        Paragraph(talk.replies or NONE),
        Signatures(("主持人", "记录人")),
        Dated(talk.region.name, talk.held_on),
    ]
    if talk.withdrawn_at:
        blocks.insert(0, Line(f"（已撤回：{talk.withdrawal}）", is_centred=True))
    return Paper(
        f"{talk.region.name}{talk.get_kind_display()}记录", tuple(blocks), is_form=True
    )


def _who_came(present: Sequence[Household], others: int) -> str:
    """Return who was there; empty where an imported meeting does not say."""
    heads = "、".join(home.head for home in present)
    if not others:
        return heads
    return f"{heads}，另有其他群众 {others} 人" if heads else f"群众 {others} 人"


def _opinions(issues: Sequence[Issue]) -> Block:
    if not issues:
        return Paragraph(NONE)
    return Grid(
        ("序号", "反映人", "反映内容", "类别", "办理情况"),
        tuple(
            (
                str(number),
                issue.household.head if issue.household else "",
                issue.words,
                issue.topic,
                issue.result or issue.get_state_display(),
            )
            for number, issue in enumerate(issues, 1)
        ),
        widths=(1, 2, 6, 2, 3),
    )


def blank_talk(person: Representative, homes: Sequence[str], village: str) -> Paper:
    """Return an empty sheet for a 恳谈会: to sign in, and to write opinions on."""
    pairs = [*homes, *[""] * 4]
    half = (len(pairs) + 1) // 2
    rows = tuple(
        (pairs[n], "", pairs[half + n] if half + n < len(pairs) else "", "")
        for n in range(half)
    )
    return Paper(
        f"{village}恳谈会签到和意见表",
        (
            Facts(
                (
                    (("时间", ""), ("地点", "")),
                    (("主持人", person.name), ("记录人", "")),
                    (("议题", ""),),
                )
            ),
            Heading("一、签到"),
            Grid(("户主", "签名", "户主", "签名"), rows, widths=(2, 3, 2, 3)),
            Heading("二、意见和答复"),
            Grid(
                ("序号", "反映人", "反映内容", "现场答复"),
                tuple((str(n), "", "", "") for n in range(1, BLANK_ROWS + 1)),
                widths=(1, 2, 6, 4),
            ),
            Signatures(("主持人", "记录人")),
        ),
        is_form=True,
    )


def signed_on(day: dt.date | None) -> str:
    """Return a day as a record writes it, or room to write it."""
    return full_day(day) if day else "　　年　月　日"


def review_minutes(desk: Desk) -> Paper:
    """Return the minutes of a 民情分析会; of a draft, the material for the meeting."""
    review, found = desk.review, desk.figures
    blocks: list[Block] = [
        *_version(review),
        Facts(
            (
                (("时间", signed_on(review.held_on)), ("地点", review.place)),
                (("主持人", review.chair), ("记录人", review.recorder)),
                (("应到", _people(review.expected)), ("实到", _people(review.present))),
                (("参会人员", review.attendees),),
            )
        ),
        Heading("一、本月情况"),
        Paragraph(NOT_COUNTED if review.is_from_paper else month_words(found)),
        Heading("二、上次事项落实情况"),
        Paragraph(desk.last_month or NONE),
        Heading("三、民情研判和交办事项"),
        _matters(desk),
        Heading("四、党员和代表意见"),
        Paragraph(f"党员意见：{review.members_say or NONE}"),
        Paragraph(f"代表意见：{review.representatives_say or NONE}"),
        Heading("五、群众对“双约双评”的评价"),
        Paragraph(review.covenants_say or NONE),
        Heading("六、会议结论"),
        Paragraph(review.conclusion or NONE),
        Signatures(("主持人", "记录人")),
        Dated(desk.village.name, review.held_on or desk.on),
    ]
    is_draft = desk.review.submitted_at is None
    name = "会议材料" if is_draft else "记录"
    title = (
        f"{desk.village.name}{review.month.year}年{desk.title.replace(' ', '')}{name}"
    )
    return Paper(title, tuple(blocks), is_form=True)


def _version(review: Review) -> list[Block]:
    if review.state == ReviewState.REPLACED:
        return [Line("（已有更正，以更正后的为准）", is_centred=True)]
    if review.number > 1:
        return [Line(f"（第 {review.number} 版，更正前一版）", is_centred=True)]
    return []


def _people(count: int | None) -> str:
    return "" if count is None else f"{count} 人"


def month_words(found: Figures) -> str:
    """Return the month in one paragraph."""
    return (
        f"本月走访 {found.visits} 户次、{found.visited} 户，重点户走访 {found.key_visited} / "
        f"{found.key} 户，超期未走访 {found.overdue} 户。收集民情 {found.heard} 件，其中情绪不满 "
        f"{found.unhappy} 件；本月销号 {found.closed} 件，还没办结 {found.unresolved} 件，其中超期 "
        f"{found.late} 件；上次会议事项还没办结 {found.leftover} 件。本季度恳谈会应开 "
        f"{found.talks_owed} 次，已开 {found.talks} 次。"
    )


def _matters(desk: Desk) -> Block:
    matters = desk.queue.matters
    if desk.review.is_from_paper:
        return Paragraph(NOT_LISTED)
    if not matters:
        return Paragraph("本月没有需要研判的民情。")
    return Grid(
        ("序号", "事项", "反映户数", "决定", "责任人", "时限", "结论"),
        tuple(_matter_row(number, matter) for number, matter in enumerate(matters, 1)),
        widths=(1, 5, 2, 2, 2, 2, 5),
    )


def _matter_row(number: int, matter: Matter) -> tuple[str, ...]:
    item = matter.item
    due = f"{item.due_on.month}月{item.due_on.day}日" if item and item.due_on else ""
    return (
        str(number),
        matter.issue.words,
        f"{matter.households} 户",
        item.get_decision_display() if item else "",
        item.person if item else "",
        due,
        item.conclusion if item else "",
    )
