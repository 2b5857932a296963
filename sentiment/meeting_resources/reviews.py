"""民情分析会记录 on its way in: what villages held before the system was there.

Each row is one village's month, submitted. It decides on no issue and has no figures of
its month: what the paper says is all there is. This month's is held in the system.
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from accounts.models import Post
from accounts.permissions import Permission
from representatives.importing import PLACES
from sentiment.forms.reviews import MOST_PEOPLE
from sentiment.meeting_resources.meetings import (
    CONFLICT,
    MeetingChecker,
    day_of,
    said_in,
)
from sentiment.models import Review, ReviewState
from sentiment.models.reviews import FROM_PAPER
from sentiment.services.reviews import LATEST, is_too_late
from workbooks import loading
from workbooks.declaration import Column, Declaration, Kind
from workbooks.importing import Checked, Ledger, Verdict
from workbooks.ledger import Row, Table
from workbooks.values.dates import month_of

BLANK: dict[str, Any] = {
    "held_on": None,
    "place": "",
    "chair": "",
    "recorder": "",
    "expected": None,
    "present": None,
    "attendees": "",
    "members_say": "",
    "representatives_say": "",
    "last_month": "",
    "conclusion": "",
}
"""What a meeting keeps, and what it keeps of a cell that is blank."""
DECLARATION = Declaration(
    title="民情分析会记录（以前的）",
    columns=(
        *PLACES,
        Column(
            "month",
            ("月份", "会议月份", "哪个月的"),
            required=True,
            longest=20,
            example="2025年3月",
            note="一个村一个月一行，写成 2025年3月 或 2025-03。",
        ),
        Column(
            "held_on",
            ("召开日期", "时间", "召开时间", "开会时间", "会议时间", "日期"),
            Kind.DATE,
            required=True,
            past_only=True,
            width=14,
            example="2025-03-28",
        ),
        Column(
            "place",
            ("地点", "召开地点", "会议地点"),
            longest=60,
            width=16,
            example="村部会议室",
        ),
        Column("chair", ("主持人", "主持"), longest=30, example="周建国"),
        Column("recorder", ("记录人",), longest=30, example="李红英"),
        Column(
            "expected",
            ("应到", "应到人数"),
            Kind.INTEGER,
            most=MOST_PEOPLE,
            example="32",
        ),
        Column(
            "present",
            ("实到", "实到人数", "到会人数"),
            Kind.INTEGER,
            most=MOST_PEOPLE,
            example="28",
        ),
        Column(
            "attendees",
            ("参会人员", "到会人员", "参加人员"),
            width=28,
            example="张顺民、李红英；党员18人",
        ),
        Column("members_say", ("党员意见",), longest=1000, width=28),
        Column("representatives_say", ("代表意见",), longest=1000, width=28),
        Column(
            "last_month",
            ("上次事项落实情况", "上次会议事项落实情况", "落实情况"),
            longest=1000,
            width=28,
        ),
        Column(
            "conclusion",
            ("会议结论", "发言摘要", "会议结论/发言摘要", "结论", "会议内容"),
            longest=1000,
            width=28,
            example="路灯由村里月底前修好",
        ),
    ),
    notes=("只导入以前各月的；这个月的在“民情分析会”里准备、提交。",),
)
HELD_IN_SYSTEM = {
    ReviewState.DRAFT: (
        "in_work", "这个月的正在系统里准备",
        "请在“民情分析会”里接着准备、提交，删去这一行",
    ),
    ReviewState.RETURNED: (
        "returned", "这个月的系统里有，镇里退回了",
        "请村里打开那一份点“更正”，删去这一行",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """A review to be stored: of which village and month, and what its row says."""

    village: int
    month: dt.date
    said: dict[str, Any] = field(default_factory=dict)


class ReviewChecker(MeetingChecker):
    """Verdicts on past reviews: the month must be over, and nobody's yet."""

    def __init__(self, table: Table, on: dt.date) -> None:
        super().__init__(table, on)
        names = ("region_id", "month", "state", *BLANK)
        self.kept = {
            (one["region_id"], one["month"]): one
            for one in Review.objects.current().values(*names)
        }

    def _label(self, row: Row) -> str:
        values = row.values
        return f"{values.get('village') or ''} {values.get('month') or ''}".strip()

    def _plan(self, row: Row) -> Plan:
        village, month = self._village(row), self._month(row)
        self._check_day(row, month)
        said = said_in(row, BLANK)
        if said.get("present", 0) > said.get("expected", MOST_PEOPLE):
            raise self._objection(
                row, "present", "more_than_expected",
                f"实到 {said['present']} 人，比应到的 {said['expected']} 人还多",
                "请核对这两个数",
            )  # fmt: skip
        return Plan(village.code, month, said)

    def _month(self, row: Row) -> dt.date:
        """Return the first day of the row's month, which must be over."""
        month = month_of(str(row.values["month"]))
        if month is None:
            raise self._objection(
                row, "month", "not_a_month", "没有看懂是哪个月", "请写成 2025年3月"
            )
        if month >= self.on.replace(day=1):
            raise self._objection(
                row, "month", "not_over", f"{month:%Y-%m} 还没有过完",
                "只导入以前各月的；这个月的在“民情分析会”里准备、提交",
            )  # fmt: skip
        return month

    def _check_day(self, row: Row, month: dt.date) -> None:
        """Raise Objection for a day on which a month's meeting is not held."""
        day = day_of(row)
        if day < month:
            raise self._objection(
                row, "held_on", "before_its_month",
                f"开会日期 {day} 早于 {month:%Y-%m}", "请核对月份和日期",
            )  # fmt: skip
        if is_too_late(month, day):
            raise self._objection(
                row, "held_on", "long_after_its_month",
                f"开会日期 {day} 离 {month:%Y-%m} 太远",
                f"补开的也在 {LATEST} 个月以内；请核对月份和日期",
            )  # fmt: skip

    def _compare(self, row: Row, plan: Plan) -> Verdict:
        meeting = (plan.village, plan.month)
        self._once(row, meeting, "month", "是同一个村同一个月的")
        kept = self.kept.get(meeting)
        if kept is None:
            return Verdict.NEW
        if kept["state"] in HELD_IN_SYSTEM:
            raise self._objection(row, "month", *HELD_IN_SYSTEM[kept["state"]])
        wrong = self._differences(plan.said, kept)
        if not wrong:
            return Verdict.SAME
        raise self._objection(
            row, "month", "held_differently",
            f"系统里已经有这个村 {plan.month:%Y-%m} 的，{wrong}和这一行不一样",
            "请核对；系统里记错了的，请书记打开那一份点“更正”",
        )  # fmt: skip

    def apply(self, rows: Sequence[Checked], *, on: dt.date, by: Post) -> None:
        """Store the reviews as submitted, in one statement."""
        plans: list[Plan] = [row.plan for row in rows]
        same = {
            "number": 1, "state": ReviewState.SUBMITTED.value,
            "figures": json.dumps(FROM_PAPER), "covenants_say": "",
            "submitted_at": timezone.now(), "submitted_by_id": by.user_id,
            "return_reason": "", "version": 1,
        }  # fmt: skip
        names = ("region_code", "month", *BLANK, *same)
        values = (
            (one.village, one.month, *(BLANK | one.said).values(), *same.values())
            for one in plans
        )
        loading.insert_many(Review, names, values)


class ReviewImport(Ledger):
    """Reviews of before the system. Rows are added, never changed."""

    kind = "reviews"
    declaration = DECLARATION
    checker = ReviewChecker
    permission = Permission.WORKBOOK_IMPORT
    note = "以前各月的，一个村一个月一行。这个月的在系统里开。"
    conflict = CONFLICT
