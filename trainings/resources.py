"""签到表 (ledger 8) on its way in: who came to which training, as a workbook has it.

A training that is not there yet is noted as held. Of one that waits for its sign-in this
is the sign-in; whoever is on its roster and not in the file stays as he is.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F
from django.utils import timezone

from accounts.models import Post
from accounts.permissions import Permission
from regions.codes import city_of
from regions.models import Region
from regions.scoping import current_scope, span
from representatives.importing import PlanningChecker, days_served
from representatives.models import Representative
from trainings.ledgers import SHEET_COLUMNS
from trainings.models import Attendance, Level, Sign, State, Training
from workbooks.declaration import Column, Declaration
from workbooks.importing import Change, Checked, Ledger, Verdict, register
from workbooks.ledger import Row, Table
from workbooks.undoing import Blocker, Undoing

NAMESPACE = uuid.UUID("0f6a2f3e-93f0-5d0b-8a54-430582000000")
PLACE, HOURS = "没有写", 4
"""What a training gets whose sheet does not say: a place, and a morning."""
MORE: dict[str, dict[str, Any]] = {
    "topic": {
        "titles": ("培训名称", "培训班", "名称"),
        "required": True,
        "longest": 80,
    },
    "level": {
        "titles": ("级别", "培训级别"),
        "required": True,
        "synonyms": (
            ("示范培训", "市级示范"),
            ("普遍培训", "乡镇普遍"),
            ("兜底培训", "村级兜底"),
        ),
    },
    "held_on": {
        "titles": ("时间", "培训时间", "日期"),
        "required": True,
        "past_only": True,
    },
    "place": {"longest": 60},
    "speakers": {"titles": ("主讲", "主讲人", "授课人"), "longest": 120},
    "hours": {"titles": ("课时", "学时"), "least": 1, "most": 80},
    "township": {"titles": ("乡镇(街道)", "乡镇", "街道", "镇")},
    "village": {"titles": ("村(社区)", "村", "村名", "社区"), "required": True},
    "name": {"required": True},
    "sign": {
        "titles": ("签到", "签名", "到会情况"),
        "required": True,
        "synonyms": (
            ("√", "到"),
            ("是", "到"),
            ("到会", "到"),
            ("已签到", "到"),
            ("参加", "到"),
            ("未到", "缺席"),
            ("否", "缺席"),
            ("没到", "缺席"),
        ),
    },
    "reason": {"titles": ("没到的原因", "原因", "备注"), "longest": 60},
}
UNREAD = ("office", "phone")
SIGNS = {sign.label: sign for sign in Sign}
LEVELS = {level.label: level for level in Level}


def _column(column: Column) -> Column:
    return replace(column, **MORE.get(column.key, {}))


DECLARATION = Declaration(
    title="培训签到表",
    columns=tuple(_column(one) for one in SHEET_COLUMNS if one.key not in UNREAD),
    unique=(("topic", "held_on", "township", "village", "name"),),
    ignored=("序号", "编号", "错误说明", "职务", "电话", "联系电话"),
    notes=("一人一行，“签到”写到、请假或缺席，请假的写原因。",),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """An attendance to be stored, and the training that it belongs to."""

    training: uuid.UUID
    host: int
    level: Level
    village: int
    person: int
    sign: Sign
    reason: str
    row: Row
    before: Attendance | None
    """The attendance that is there already."""


def changes_of(before: Attendance, plan: Plan) -> tuple[Change, ...]:
    """Return what a plan changes of the attendance that is there already."""
    pairs = (
        ("签到", before.get_sign_display(), plan.sign.label),
        ("没到的原因", before.reason, plan.reason),
    )
    return tuple(Change(title, old, new) for title, old, new in pairs if old != new)


class SignInChecker(PlanningChecker):
    """Verdicts on rows: the village and the person must be known, the host one's own."""

    labels = ("name",)

    def __init__(self, table: Table, on: dt.date) -> None:
        super().__init__(table, on)
        self.people: dict[tuple[int, str], list[int]] = defaultdict(list)
        for pk, village, name in Representative.objects.values_list(
            "pk", "region_id", "name"
        ):
            self.people[village, name].append(pk)
        self.served = days_served()
        self.trainings = {
            (row.region_id, row.topic, row.held_on): row
            # Of two that were noted the one that was not called off again.
            for row in sorted(Training.objects.order_by("pk"), key=_stands)
        }
        self.read: dict[tuple[uuid.UUID, int], int] = {}
        """Which row of the file is whose, of which training."""
        self.known = {row.pk for row in self.trainings.values()}
        self.attended = {
            (row.training, row.representative_id): row
            for row in Attendance.objects.filter(training__in=self.known)
        }

    def check(self, row: Row) -> Checked:
        """Return what the row comes to, with what it changes of a sign."""
        checked = super().check(row)
        if checked.verdict != Verdict.CHANGED:
            return checked
        return replace(checked, changes=changes_of(checked.plan.before, checked.plan))

    def _plan(self, row: Row) -> Plan:
        village, level = self._village(row), LEVELS[str(row.values["level"])]
        host, person = self._host(row, village, level), self._person(row, village)
        sign, reason = self._sign(row)
        key = (host, str(row.values["topic"]), row.values["held_on"])
        stored = self.trainings.get(key)  # type: ignore[arg-type]
        if stored and stored.state == State.CANCELLED:
            raise self._objection(
                row, "topic", "cancelled", "这期培训已经取消", "请核对培训名称和时间"
            )
        training = stored.pk if stored else uuid.uuid5(NAMESPACE, repr(key))
        before = self.attended.get((training, person))
        return Plan(
            training, host, level, village.code, person, sign, reason, row, before
        )

    def _compare(self, row: Row, plan: Plan) -> Verdict:
        first = self.read.setdefault((plan.training, plan.person), row.number)
        if first != row.number:
            raise self._objection(
                row, "name", "twice_in_file", f"和第 {first} 行是同一个人、同一期培训",
                "请只留一行",
            )  # fmt: skip
        if plan.before is None:
            return Verdict.NEW
        return Verdict.CHANGED if changes_of(plan.before, plan) else Verdict.SAME

    def _sign(self, row: Row) -> tuple[Sign, str]:
        sign, reason = SIGNS[str(row.values["sign"])], row.values.get("reason") or ""
        if sign == Sign.LEAVE and not reason:
            raise self._objection(
                row, "reason", "no_reason", "请假没有写原因",
                "请写请假的原因，例如生病、外出",
            )  # fmt: skip
        return sign, "" if sign == Sign.PRESENT else str(reason)

    def _host(self, row: Row, village: Region, level: Level) -> int:
        """Return who holds a training of this level for the village."""
        hosts = {
            Level.CITY_DEMO: city_of(village.code),
            Level.TOWNSHIP_GENERAL: village.parent_id or 0,
            Level.VILLAGE_CATCHALL: village.code,
        }
        opened = current_scope()
        if opened and opened.covers(span(hosts[level])):
            return hosts[level]
        raise self._objection(
            row, "level", "not_the_host", f"{level.label}的培训不由您这一级登记",
            "请主办单位导入；村里自己办的写村级兜底",
        )  # fmt: skip

    def _person(self, row: Row, village: Region) -> int:
        found = self.people.get((village.code, str(row.values["name"])), [])
        day = row.values["held_on"]
        serving = [pk for pk in found if self._serves(pk, day)]  # type: ignore[arg-type]
        if len(serving) == 1:
            return serving[0]
        if found and not serving:
            raise self._objection(
                row, "name", "not_serving", "这个人培训那天不是在任代表",
                "请核对姓名和时间；刚当选的请先在名册上登记",
            )  # fmt: skip
        words = "有几位代表同名，分不清是谁" if serving else "名册上没有这位代表"
        raise self._objection(
            row, "name", "unknown_person", words,
            "请核对姓名和村名；同名的请在签到页面上点",
        )  # fmt: skip

    def _serves(self, person: int, day: dt.date) -> bool:
        return any(first <= day < end for first, end in self.served[person])

    def apply(self, rows: Sequence[Checked], *, on: dt.date, by: Post) -> None:
        """Store trainings that are new, hold those that waited, then note who came."""
        plans: list[Plan] = [row.plan for row in rows]
        self._hold(plans, by)
        now = timezone.now()
        Attendance.objects.bulk_create(
            Attendance(
                region_id=plan.village,
                training=plan.training,
                representative_id=plan.person,
                sign=plan.sign,
                reason=plan.reason,
                entered_by_id=by.user_id,
                entered_at=now,
            )
            for plan in plans
            if plan.before is None
        )
        changed = {plan.before.pk: plan for plan in plans if plan.before is not None}
        stored = list(Attendance.objects.filter(pk__in=changed))
        for row in stored:
            plan = changed[row.pk]
            row.sign, row.reason = plan.sign, plan.reason
            row.entered_by_id, row.entered_at = by.user_id, now
        Attendance.objects.bulk_update(
            stored, ["sign", "reason", "entered_by", "entered_at"]
        )

    def _hold(self, plans: Sequence[Plan], by: Post) -> None:
        now = timezone.now()
        held = {"state": State.HELD, "signed_by_id": by.user_id, "signed_at": now}
        waiting = Training.objects.planned().filter(
            pk__in={plan.training for plan in plans}
        )
        waiting.update(**held, version=F("version") + 1)
        new = {p.training: p for p in reversed(plans) if p.training not in self.known}
        Training.objects.bulk_create(
            Training(
                id=plan.training,
                region_id=plan.host,
                level=plan.level,
                entered_by_id=by.user_id,
                entered_at=now,
                **_facts(plan.row),
                **held,
            )
            for plan in new.values()
        )
        self.known |= set(new)


def _stands(training: Training) -> bool:
    return training.state != State.CANCELLED


def _facts(row: Row) -> dict[str, Any]:
    values = row.values
    return {
        "topic": str(values["topic"]),
        "held_on": values["held_on"],
        "place": str(values.get("place") or PLACE),
        "speakers": str(values.get("speakers") or ""),
        "hours": values.get("hours") or HOURS,
    }


class SignInImport(Ledger):
    """The sign-in sheet of one or of several trainings."""

    kind = "trainings"
    declaration = DECLARATION
    checker = SignInChecker
    permission = Permission.WORKBOOK_IMPORT
    note = "一人一行，写明到、请假或缺席。没登记过的培训会一起登记。"

    def blockers(self, undoing: Undoing) -> Iterable[Blocker]:
        """Yield whoever was put on the roster of an imported training since, too."""
        yield from super().blockers(undoing)
        made, own = undoing.inserted(Training), undoing.inserted(Attendance)
        later = Attendance.objects.filter(training__in=made).exclude(pk__in=own)
        for row in later.select_related("representative", "region"):
            yield Blocker(
                f"参加培训 {row}",
                row.region.name,
                "导入以后加进名单的",
                f"{Attendance._meta.db_table} {row.pk}",
            )

    def undo(self, undoing: Undoing, *, on: dt.date) -> None:
        """Take the import back, rosters before their trainings."""
        undoing.take_back(first=(Attendance,))


LEDGER = register(SignInImport())
