"""The papers of a by-election, filled in: 方案, 推选登记表, 结果报告单, 公示, 备案表."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404

from accounts.masking import mask_id_number
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
from representatives.announcing import (
    announcement,
    committee_of,
    member_word,
)
from representatives.by_elections import Course, notice_ends
from representatives.candidacy import ruled
from representatives.models import Candidate, Mode, NominatedBy, VoterKind
from representatives.rules import age_on, priorities
from ui.words import full_day

BLANK = "　"


@dataclass(frozen=True)
class Form:
    """A kind of paper: how it is made, and from when on there is something to fill in."""

    title: str
    make: Callable[[Course], Paper]
    is_ready: Callable[[Course], bool]


def paper_or_404(course: Course, slug: str) -> Paper:
    """Return a paper of a by-election; Http404 for one that cannot be filled in yet."""
    form = PAPERS.get(slug)
    if form is None or not form.is_ready(course):
        raise Http404
    return form.make(course)


def plan_paper(course: Course) -> Paper:
    """补选方案, as the village sends it to the township."""
    row, village = course.row, course.row.region
    seats = len(course.vacancies)
    why = "；".join(
        f"第{v.seat.number}席自{full_day(v.since)}起因{v.cause_label}出缺（依据：{v.evidence}）"
        for v in course.vacancies
    )
    blocks: tuple[Block, ...] = (
        Heading("一、出缺情况"),
        Paragraph(f"推选单元“{row.constituency}”出缺{seats}个席位：{why}。"),
        Heading("二、补选名额和方式"),
        Paragraph(
            f"补选{member_word(village)}{seats}名，{Mode(row.mode).label}，"
            f"由本推选单元{VoterKind(row.voters).label}参加推选，应到{row.entitled or BLANK}人。"
        ),
        Heading("三、时间、地点和主持人"),
        Paragraph(
            f"推选会议定于{full_day(row.meets_on) if row.meets_on else BLANK}"
            f"在{row.place or BLANK}召开，由{row.presider or BLANK}主持。"
        ),
        Heading("四、候选人条件"),
        Paragraph(
            "年满十八周岁、未被剥夺政治权利的本推选单元村（居）民。同等条件下，"
            "党员优先，履职好、领取固定补贴的村民小组长、护林员、村医等优先。"
            "村（居）民委员会成员不作为候选人。"
        ),
        Heading("五、推选和公示"),
        Paragraph(
            "到会人数达到应到人数的三分之二以上，会议有效；赞成票超过到会人数的半数，"
            "始得当选；票数相等的，当场重新投票。推选结果在村务公开栏公示，"
            "公示期满无异议的，报镇备案后就任，任期到本届村（居）民委员会届满为止。"
        ),
        *((Paragraph(f"说明：{row.plan_note}。"),) if row.plan_note else ()),
        Dated(committee_of(village), row.submitted_on or course.on),
    )
    return Paper(f"{village.name}{member_word(village)}补选方案", blocks)


def register_paper(course: Course) -> Paper:
    """推选登记表, one form for each person who stands."""
    forms: list[Block] = [Line(f"填报单位（盖章）：{committee_of(course.row.region)}")]
    for number, one in enumerate(course.candidates, 1):
        forms.append(Heading(f"第{number}号候选人"))
        forms.append(_person(course, one))
    forms.append(Signatures(("推选会议主持人", "村（社区）党组织书记")))
    title = f"{member_word(course.row.region)}补选推选登记表"
    return Paper(title, tuple(forms), is_form=True)


def _person(course: Course, one: Candidate) -> Facts:
    day = course.row.meets_on or course.on
    born = ruled(one).born
    age = f"（{age_on(born, day)}周岁）" if born else ""
    number = mask_id_number(one.id_number.reveal()) if one.id_number else "—"
    return Facts(
        (
            (("姓名", one.name), ("性别", one.get_sex_display())),
            (("民族", one.nation), ("出生年份", f"{one.birth_year or BLANK}{age}")),
            (
                ("政治面貌", one.get_politics_display()),
                ("文化程度", one.get_education_display() or "—"),
            ),
            (("身份证号", number), ("所在小组", str(one.group or "—"))),
            (
                ("兼任", "、".join(one.offices) or "—"),
                ("领取固定补贴", "是" if one.draws_allowance else "否"),
            ),
            (
                ("推荐方式", NominatedBy(one.nominated_by).label),
                ("优先情形", "；".join(priorities(ruled(one))) or "—"),
            ),
            (("推选单元", str(course.row.constituency)), ("本人签名", BLANK)),
        )
    )


def result_paper(course: Course) -> Paper:
    """结果报告单 of the vote, one part for each round."""
    row = course.row
    blocks: list[Block] = [Line(f"推选单元：{row.constituency}　地点：{row.place}")]
    for counted in course.count.rounds:
        one = counted.row
        blocks += [
            Heading(f"第{one.number}轮（{full_day(one.held_on)}）"),
            Facts(
                (
                    (("应到", f"{one.entitled}"), ("实到", f"{one.present}")),
                    (("发出票", f"{one.issued}"), ("收回票", f"{one.returned}")),
                    (("有效票", f"{one.valid}"), ("无效票", f"{one.invalid}")),
                )
            ),
            Grid(
                ("姓名", "赞成", "反对", "弃权", "结果"),
                tuple(
                    (
                        person.name,
                        str(tally.votes_for),
                        str(tally.votes_against),
                        str(tally.votes_abstaining),
                        _fate(tally.candidate, counted.outcome),
                    )
                    for person, tally in counted.lines
                ),
                widths=(3, 2, 2, 2, 3),
                numeric=frozenset({1, 2, 3}),
            ),
        ]
        if one.quorum_reason:
            blocks.append(
                Line(f"到会不足三分之二、仍然有效的理由：{one.quorum_reason}")
            )
    names = "、".join(one.name for one in course.count.elected) or "没有人"
    blocks += [
        Line(f"当选：{names}。"),
        Signatures(("主持人", "监票人", "计票人")),
    ]
    title = f"{member_word(row.region)}补选结果报告单"
    return Paper(title, tuple(blocks), is_form=True)


def _fate(key: str, outcome: object) -> str:
    if key in outcome.elected:  # type: ignore[attr-defined]
        return "当选"
    return "票数相等，重新投票" if key in outcome.tied else "未当选"  # type: ignore[attr-defined]


def notice_paper(course: Course) -> Paper:
    """公示, in red, as it hangs on the wall."""
    notice = course.row.notice
    content = notice.content if notice else announcement(course)
    until = (
        (
            Paragraph(
                f"公示时间：{full_day(notice.first_day)}至{full_day(notice.last_day)}。"
                f"有异议的，请在公示期内向{notice.contact_name}反映，"
                f"电话 {notice.contact_phone}。"
            ),
        )
        if notice
        else ()
    )
    blocks: tuple[Block, ...] = (
        *(Paragraph(text) for text in content.paragraphs),
        Grid(content.heads, content.rows),
        *until,
        Dated(content.issuer, notice.first_day if notice else course.on),
    )
    return Paper(content.title, blocks, is_red=True)


def filing_paper(course: Course) -> Paper:
    """备案表, which the township keeps."""
    row, village = course.row, course.row.region
    township = village.parent.name if village.parent else ""
    stamps = (
        (("村（居）民委员会意见（盖章）", f"{BLANK}\n{BLANK}"),),
        (("乡镇（街道）备案意见（盖章）", f"{BLANK}\n{BLANK}"),),
    )
    blocks: tuple[Block, ...] = (
        _facts_of_filing(course),
        _grid_of_elected(course),
        Facts(stamps),
        Dated(township, row.filed_on or course.on),
    )
    return Paper(f"{member_word(village)}补选备案表", blocks, is_form=True)


def _facts_of_filing(course: Course) -> Facts:
    row, notice, term = course.row, course.row.notice, course.term
    last = course.count.rounds[-1].row
    on_view = (
        f"{full_day(notice.first_day)}至{full_day(notice.last_day)}" if notice else "—"
    )
    return Facts(
        (
            (("村（社区）", row.region.name), ("推选单元", str(row.constituency))),
            (
                ("推选日期", full_day(last.held_on)),
                ("推选方式", Mode(row.mode).label),
            ),
            (("应到/实到", f"{last.entitled}/{last.present}"), ("公示时间", on_view)),
            (
                ("任期至", full_day(term.ends_on) if term else "—"),
                ("纸质档案号", row.archive_number or BLANK),
            ),
        )
    )


def _grid_of_elected(course: Course) -> Grid:
    rows = tuple(
        (
            one.name,
            one.get_sex_display(),
            str(one.birth_year or "—"),
            one.get_politics_display(),
            "、".join(one.offices) or "—",
            str(course.row.constituency),
        )
        for one in course.count.elected
    )
    return Grid(
        ("姓名", "性别", "出生年份", "政治面貌", "兼任", "推选单元"),
        rows,
        widths=(2, 1, 2, 2, 3, 3),
    )


def _has_result(course: Course) -> bool:
    return bool(course.count.elected)


PAPERS: dict[str, Form] = {
    "plan": Form(
        "补选方案", plan_paper, lambda course: course.row.meets_on is not None
    ),
    "register": Form(
        "推选登记表", register_paper, lambda course: bool(course.candidates)
    ),
    "result": Form(
        "结果报告单", result_paper, lambda course: bool(course.count.rounds)
    ),
    "notice": Form("公示", notice_paper, _has_result),
    "filing": Form(
        "备案表",
        filing_paper,
        lambda course: (
            _has_result(course) and notice_ends(course.row.notice) is not None
        ),
    ),
}
