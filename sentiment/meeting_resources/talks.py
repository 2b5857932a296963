"""恳谈会台账 on its way in: the talk meetings that were held before the system was there.

Opinions stay where they are: the ledger of issues has its own import. Nobody is put down
as present, for the paper counts people and names no households.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from accounts.models import Post
from accounts.permissions import Permission
from regions.places import Named
from representatives.importing import PLACES, Objection, days_served
from representatives.models import Representative
from sentiment.forms.talks import MOST_PRESENT
from sentiment.meeting_resources.meetings import (
    CONFLICT,
    MeetingChecker,
    day_of,
    said_in,
)
from sentiment.models import MeetingKind, TalkMeeting
from workbooks import loading
from workbooks.declaration import Column, Declaration, Kind
from workbooks.importing import Checked, Ledger, Verdict
from workbooks.ledger import Row, Table

ONE_DAY = dt.timedelta(days=1)
KINDS = {kind.label: kind.value for kind in MeetingKind}
BLANK: dict[str, Any] = {
    "kind": MeetingKind.TALK.value,
    "place": "",
    "recorder": "",
    "topics": "",
    "replies": "",
    "others_present": 0,
}
"""What a meeting keeps, and what it keeps of a cell that is blank."""
DECLARATION = Declaration(
    title="恳谈会台账（以前的）",
    columns=(
        *PLACES,
        Column(
            "representative",
            ("召集代表", "代表姓名", "代表", "召集人", "姓名"),
            Kind.NAME,
            required=True,
            example="张顺民",
        ),
        Column(
            "group",
            ("村(居)民小组", "小组", "组别", "所在组"),
            Kind.CODE,
            example="3组",
            note="本村有同名代表的才要填。",
        ),
        Column(
            "kind",
            ("形式", "会议形式", "类型"),
            Kind.CHOICE,
            choices=tuple(KINDS),
            synonyms=(
                ("村民恳谈会", "恳谈会"),
                ("居民恳谈会", "恳谈会"),
                ("村(居)民恳谈会", "恳谈会"),
                ("民情恳谈会", "恳谈会"),
                ("座谈会", "恳谈会"),
                ("屋场恳谈会", "屋场会"),
                ("屋场", "屋场会"),
                ("院落恳谈会", "院落会"),
                ("院子会", "院落会"),
                ("院落", "院落会"),
                ("板凳恳谈会", "板凳会"),
                ("板凳", "板凳会"),
                ("夜谈", "夜谈会"),
                ("夜话会", "夜谈会"),
            ),
            example="屋场会",
            note="不填的算恳谈会。",
        ),
        Column(
            "held_on",
            ("时间", "召开时间", "开会时间", "会议时间", "召开日期", "日期"),
            Kind.DATE,
            required=True,
            past_only=True,
            width=14,
            example="2025-03-14",
        ),
        Column(
            "place",
            ("地点", "召开地点", "会议地点"),
            required=True,
            longest=60,
            width=16,
            example="申家院子",
        ),
        Column("recorder", ("记录人",), longest=30, example="李红英"),
        Column(
            "topics",
            ("议题", "会议议题", "主要议题", "内容"),
            required=True,
            longest=300,
            width=28,
            example="冬季用水、医保缴费",
        ),
        Column(
            "replies",
            ("现场答复", "答复", "答复情况", "现场答复情况"),
            longest=1000,
            width=28,
            example="水管下周来修",
        ),
        Column(
            "others_present",
            ("到会人数", "参会人数", "参加人数", "实到人数", "其他到会"),
            Kind.INTEGER,
            most=MOST_PRESENT,
            example="18",
        ),
    ),
    notes=("一场会一行。会上群众的意见不在这里，用“社情民意台账”导入。",),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A meeting to be stored: whose, when, and what its row says of it."""

    village: int
    person: int
    held_on: dt.date
    said: dict[str, Any] = field(default_factory=dict)


class TalkChecker(MeetingChecker):
    """Verdicts on past talks: the convener must have served on that day."""

    labels = ("representative",)

    def __init__(self, table: Table, on: dt.date) -> None:
        super().__init__(table, on)
        self.people = Named(Representative.objects.all(), "name", self.places)
        self.served = days_served()
        self.kept = _kept()

    def _plan(self, row: Row) -> Plan:
        village = self._village(row)
        person = self._convener(row, village.code)
        said = said_in(row, BLANK)
        if "kind" in said:
            said["kind"] = KINDS[said["kind"]]
        return Plan(village.code, person, day_of(row), said)

    def _convener(self, row: Row, village: int) -> int:
        """Return who called the meeting: of one name, whoever served on its day."""
        name, group = str(row.values["representative"]), row.values.get("group")
        found = self.people.those(village, name, str(group or ""))
        serving = [pk for pk in found if self._serves(pk, day_of(row))]
        if len(serving) == 1:
            return serving[0]
        if serving:
            raise self._objection(
                row, "representative", "ambiguous_person",
                f"有 {len(serving)} 位代表都叫{name}，分不清是谁",
                "请填小组；同一个组的，请在“恳谈会”里代录",
            )  # fmt: skip
        raise self._not_serving(row, found) if found else self._objection(
            row, "representative", "unknown_person", "本村名册上没有这位代表",
            "请核对姓名、小组和村名；还没上名册的，先导入代表花名册",
        )  # fmt: skip

    def _serves(self, person: int, day: dt.date) -> bool:
        return any(first <= day < end for first, end in self.served[person])

    def _not_serving(self, row: Row, found: Sequence[int]) -> Objection:
        """Return the objection of a day on which nobody of the name served."""
        spans = sorted(span for person in found for span in self.served[person])
        known = "；".join(f"{first} 至 {end - ONE_DAY}" for first, end in spans)
        hint = f"名册上的任职是 {known}。" if known else "名册上没有任职。"
        return self._objection(
            row, "held_on", "not_serving",
            f"{row.values['representative']} {day_of(row)} 不在任",
            f"{hint}请核对日期或换一位代表",
        )  # fmt: skip

    def _compare(self, row: Row, plan: Plan) -> Verdict:
        meeting = (plan.person, plan.held_on)
        self._once(row, meeting, "held_on", "是同一位代表同一天的会")
        kept = [
            (self._differences(plan.said, one), one["withdrawn_at"])
            for one in self.kept[meeting]
        ]
        standing = [wrong for wrong, gone in kept if not gone]
        if "" in standing:
            return Verdict.SAME
        if standing:
            raise self._objection(
                row, "held_on", "held_differently",
                f"系统里已经有这位代表 {plan.held_on} 的会，{standing[0]}和这一行不一样",
                "请核对；系统里记错了的，在“恳谈会”里打开那一次点“更正”",
            )  # fmt: skip
        if any(not wrong for wrong, _ in kept):
            raise self._objection(
                row, "held_on", "withdrawn_before", "这次会记过，后来撤回了",
                "没有开的请删去这一行；确实开过的，请在“恳谈会”里重新记",
            )  # fmt: skip
        return Verdict.NEW

    def apply(self, rows: Sequence[Checked], *, on: dt.date, by: Post) -> None:
        """Store the meetings, in one statement."""
        plans: list[Plan] = [row.plan for row in rows]
        same = {
            "entered_by_id": by.user_id, "on_behalf": True,
            "entered_at": timezone.now(), "withdrawal": "", "version": 1,
        }  # fmt: skip
        names = ("id", "region_code", "representative_id", "held_on", *BLANK, *same)
        values = (
            (
                uuid.uuid4(), one.village, one.person, one.held_on,
                *(BLANK | one.said).values(), *same.values(),
            )
            for one in plans
        )  # fmt: skip
        loading.insert_many(TalkMeeting, names, values)


def _kept() -> dict[tuple[int, dt.date], list[dict[str, Any]]]:
    """Return the meetings of the open scope by convener and day, withdrawn ones too."""
    found: dict[tuple[int, dt.date], list[dict[str, Any]]] = defaultdict(list)
    names = ("representative_id", "held_on", "withdrawn_at", *BLANK)
    for talk in TalkMeeting.objects.values(*names):
        found[talk["representative_id"], talk["held_on"]].append(talk)
    return found


class TalkImport(Ledger):
    """Talk meetings of before the system. Rows are added, never changed."""

    kind = "talks"
    declaration = DECLARATION
    checker = TalkChecker
    permission = Permission.WORKBOOK_IMPORT
    note = "以前开的，一场会一行。群众的意见用“社情民意台账”导。"
    conflict = CONFLICT
