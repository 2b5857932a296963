"""Papers of trainings (ledger 8): the sheet to sign, 登记表, one person's record."""

import datetime as dt
from collections.abc import Sequence

from papers.blocks import (
    Block,
    Code,
    Dated,
    Facts,
    Grid,
    Heading,
    Line,
    Paper,
    Paragraph,
    Signatures,
)
from regions.models import Level as Tier
from regions.models import Region
from representatives.announcing import member_word
from representatives.models import Representative
from trainings.listing import tally_of
from trainings.models import Attendance, Kind, Sign, State, Training
from ui.words import full_day

SPARE_ROWS = 5
"""Empty lines at the end of a sheet, for those who come without being on the roster."""
NONE = "无"


def sign_in_sheet(training: Training, roster: Sequence[Attendance], url: str) -> Paper:
    """Return the sheet that people sign; its code leads a clerk to `url`."""
    rows = [
        (
            str(number),
            row.representative.name,
            row.place_name,
            "、".join(row.representative.offices) or member_word(row.region),
            str(row.representative.phone or ""),
            "",
        )
        for number, row in enumerate(roster, 1)
    ]
    spare = [(str(len(rows) + n), *[""] * 5) for n in range(1, SPARE_ROWS + 1)]
    blocks: tuple[Block, ...] = (
        facts_of(training),
        Grid(
            ("序号", "姓名", "村（社区）", "职务", "电话", "签名"),
            tuple(rows + spare),
            widths=(1, 2, 3, 3, 3, 3),
        ),
        Line(f"应到 {len(roster)} 人，实到＿＿＿＿人。"),
        Signatures(("签到负责人",)),
        Code(url, "经办人员扫码，登记谁没到"),
    )
    return Paper(f"{training.topic}签到表", blocks, is_form=True)


def facts_of(training: Training) -> Facts:
    """Return when, where and by whom, as the head of every paper has it."""
    return Facts(
        (
            (("培训名称", training.topic), ("级别", training.get_level_display())),
            (
                ("时间", full_day(training.held_on)),
                ("地点", training.place),
            ),
            (("主讲", training.speakers or NONE), ("课时", f"{training.hours}")),
        )
    )


def training_record(training: Training, roster: Sequence[Attendance]) -> Paper:
    """Return 培训情况登记表: the facts, how many came, who did not and why."""
    tally = tally_of(roster)
    blocks: list[Block] = [
        facts_of(training),
        Facts(
            (
                (("应到", f"{tally.expected} 人"), ("实到", f"{tally.present} 人")),
                (("请假", f"{tally.leave} 人"), ("缺席", f"{tally.absent} 人")),
            )
        ),
    ]
    if training.sent_by:
        blocks.append(Line(f"本期由{training.sent_by.name}派人到村授课。"))
    if training.kind == Kind.TOUR and training.host_village:
        blocks += [
            Heading("一、观摩的村"),
            Paragraph(training.host_village.full_name),
            Heading("二、学到的经验"),
            Paragraph(training.lessons or NONE),
        ]
    blocks += [
        Heading("参训人员"),
        *_who_came(roster),
        Heading("没有到的"),
        _who_not(roster),
    ]
    blocks += [
        Signatures(("填表人", "审核人")),
        Dated(office_of(training.region), training.held_on),
    ]
    if training.state == State.CANCELLED:
        blocks.insert(0, Line(f"（已取消：{training.cancellation}）", is_centred=True))
    return Paper("村（居）民代表培训情况登记表", tuple(blocks), is_form=True)


def _who_came(roster: Sequence[Attendance]) -> list[Block]:
    """Return the names by village, a paragraph each."""
    by_village: dict[str, list[str]] = {}
    for row in roster:
        if row.sign == Sign.PRESENT:
            by_village.setdefault(row.place_name, []).append(row.representative.name)
    return [
        Paragraph(f"{village}（{len(names)} 人）：{'、'.join(names)}")
        for village, names in by_village.items()
    ] or [Paragraph(NONE)]


def _who_not(roster: Sequence[Attendance]) -> Block:
    away = [row for row in roster if row.sign in {Sign.LEAVE, Sign.ABSENT}]
    if not away:
        return Paragraph(NONE)
    return Grid(
        ("姓名", "村（社区）", "情况", "原因"),
        tuple(
            (
                row.representative.name,
                row.place_name,
                row.get_sign_display(),
                row.reason or "没有说明",
            )
            for row in away
        ),
        widths=(2, 3, 2, 5),
    )


def person_record(
    person: Representative, came: Sequence[Attendance], on: dt.date
) -> Paper:
    """Return one person's training record: what he came to, the latest first."""
    hours = sum(row.hours or 0 for row in came)
    rows = tuple(
        (
            str(number),
            full_day(row.held_on) if row.held_on else "",
            row.topic,
            row.get_level_display(),
            f"{row.hours}",
        )
        for number, row in enumerate(came, 1)
    )
    blocks: tuple[Block, ...] = (
        Facts(
            (
                (("姓名", person.name), ("性别", person.get_sex_display())),
                (
                    ("村（社区）", person.region.full_name),
                    ("小组", str(person.group or "")),
                ),
                (("参加培训", f"{len(came)} 期"), ("课时合计", f"{hours}")),
            )
        ),
        Grid(
            ("序号", "时间", "培训名称", "级别", "课时"),
            rows,
            widths=(1, 3, 6, 2, 1),
            numeric=frozenset({4}),
        )
        if rows
        else Paragraph("还没有参加过培训。"),
        Dated(office_of(person.region.parent or person.region), on),
    )
    title = f"{member_word(person.region)}培训证明"
    return Paper(title, blocks, is_form=True)


def office_of(place: Region) -> str:
    """Return who puts its name under a paper of trainings."""
    return {Tier.CITY: f"{place.name}民政局"}.get(Tier(place.level), place.name)
