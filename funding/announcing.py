"""The public notice of a month's sheet: names, groups and amounts, and nothing else."""

from collections import defaultdict
from decimal import Decimal

from funding.models import SubsidySheet
from funding.models.subsidy import month_words
from funding.rules import NOUGHT, said
from notices.rules import Content
from representatives.announcing import committee_of, member_word
from ui.words import full_day


def announcement(sheet: SubsidySheet) -> Content:
    """Return what everybody reads of a sheet, one line for each person."""
    village, resolution = sheet.region, sheet.resolution
    month = month_words(sheet.month)
    word = member_word(village)
    rows = tuple(
        (str(number), name, group, f"{amount:,.2f}")
        for number, (name, group, amount) in enumerate(sums_of(sheet), 1)
    )
    decided = (
        f"根据{full_day(resolution.held_on)}{resolution.get_meeting_display()}的决定，"
        f"{resolution.pays}，从村集体经济可支配收入中安排。"
    )
    figures = (
        f"{month}发放{word}误工补贴{len(rows)}人，合计{said(sheet.total)}，现公示如下。"
    )
    return Content(
        title=f"{village.name}{month}{word}误工补贴公示",
        issuer=committee_of(village),
        paragraphs=(decided, figures),
        heads=("序号", "姓名", "小组", "金额（元）"),
        rows=rows,
    )


def sums_of(sheet: SubsidySheet) -> list[tuple[str, str, Decimal]]:
    """Return name, group and sum of everybody on a sheet, by group and name."""
    sums: dict[int, Decimal] = defaultdict(lambda: NOUGHT)
    people = {}
    lines = sheet.lines.select_related("representative__group")
    for line in lines:
        people[line.representative_id] = line.representative
        sums[line.representative_id] += line.amount
    order = sorted(
        people.values(),
        key=lambda one: (one.group.number if one.group else 999, one.initials, one.pk),
    )
    return [
        (one.name, str(one.group) if one.group else "", sums[one.pk]) for one in order
    ]
