"""Writing about trainings: planning one, its roster, the sign-in, calling it off."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.editing import save_edit
from accounts.models import Post
from accounts.services import Refused
from attachments import services as attachments
from attachments.examining import Examined
from regions.models import Level as Tier
from regions.models import Region, inside
from regions.scoping import current_scope, span
from representatives.models import Mandate, Representative
from trainings import reminding
from trainings.models import Attendance, Kind, Material, Sign, State, Training
from trainings.rules import grade_of, senders_of

MOST = 500
"""People on one roster; a hall holds no more."""
NAMED = 5
"""Names that a refusal lists."""


@dataclass(frozen=True)
class Plan:
    """What is noted of a training; divisions by their codes."""

    topic: str
    held_on: dt.date
    place: str
    hours: int
    speakers: str = ""
    kind: str = Kind.LESSON
    sent_by: int | None = None
    host_village: int | None = None
    lessons: str = ""

    def columns(self) -> dict[str, Any]:
        """Return what the training's own row keeps."""
        columns = asdict(self)
        columns["sent_by_id"] = columns.pop("sent_by")
        columns["host_village_id"] = columns.pop("host_village")
        return columns


@dataclass(frozen=True)
class Mark:
    """Whether somebody came: 到, 请假 or 缺席, and why not."""

    sign: Sign
    reason: str = ""


class OtherContent(Refused):
    """A training with this id is kept already, and says something else."""

    status = 409
    code = "other_content"


@transaction.atomic
def plan(
    *,
    training_id: uuid.UUID,
    host: int,
    content: Plan,
    by: Post,
    files: Iterable[Examined] = (),
) -> tuple[Training, bool]:
    """Keep a training once; return it and whether it is new.

    `host` is the division that holds it, which gives the level. Raises Refused, and
    OtherContent when the id was used for another one.
    """
    _check(content, host)
    columns = content.columns()
    training, created = Training.objects.get_or_create(
        pk=training_id,
        defaults={
            **columns,
            "region_id": host,
            "level": grade_of(host).code,
            "entered_by": by.user,
            "entered_at": timezone.now(),
        },
    )
    if not created and differs(training, columns, host):
        raise OtherContent("这期培训已经登记过，内容不一样。请打开那一期，点“修改”。")
    if created:
        _hand_out(training, files, by)
    return training, created


def differs(training: Training, columns: Mapping[str, Any], host: int) -> bool:
    """Return whether a kept training says something else than what was sent."""
    return training.region_id != host or any(
        getattr(training, name) != value for name, value in columns.items()
    )


@transaction.atomic
def amend(
    *,
    training: Training,
    content: Plan,
    version: int,
    by: Post,
    files: Iterable[Examined] = (),
) -> None:
    """Correct what is noted of a training, and add files.

    Raises EditedMeanwhile when somebody else saved first, Refused with a sentence.
    """
    _refuse_cancelled(training)
    _check(content, training.region_id)
    if signed := training.signed_at if training.state == State.HELD else None:
        last = timezone.localdate(signed)
        if content.held_on > last:
            raise Refused(f"这期培训 {last} 已经签到，时间不能改到那天以后。")
    save_edit(training, changes=content.columns(), version=version)
    _hand_out(training, files, by)


@transaction.atomic
def cancel(*, training: Training, reason: str, version: int, by: Post) -> None:
    """Call a training off: it stays readable, and nobody counts as trained by it.

    Whoever was reminded of it is told.
    """
    _refuse_cancelled(training)
    if not reason.strip():
        raise Refused("请写明取消的原因。")
    changes = {
        "state": State.CANCELLED,
        "cancelled_on": timezone.localdate(),
        "cancelled_by": by.user,
        "cancellation": reason.strip()[:200],
    }
    save_edit(training, changes=changes, version=version)
    training.refresh_from_db()
    reminding.tell_of_cancellation(training, by=by, on=timezone.localdate())


@transaction.atomic
def enrol(*, training: Training, people: Collection[int], by: Post) -> int:
    """Put representatives on the roster; return how many are new on it.

    Of a training that was held, they came. Somebody who is on it already stays as he
    is, also where two people put the same ones on at once. Raises Refused.
    """
    _refuse_cancelled(training)
    _lock(training)
    known = set(
        Attendance.objects.of(training.pk).values_list("representative", flat=True)
    )
    new = set(people) - known
    if len(known) + len(new) > MOST:
        raise Refused(f"一期培训最多 {MOST} 人，请分几期办。")
    found = _fit(training, new)
    sign = Sign.PRESENT if training.state == State.HELD else Sign.LISTED
    Attendance.objects.bulk_create(
        Attendance(
            region_id=person.region_id,
            training=training.pk,
            representative=person,
            sign=sign,
            entered_by=by.user,
            entered_at=timezone.now(),
        )
        for person in found
    )
    return len(found)


@transaction.atomic
def take_off(*, training: Training, people: Collection[int]) -> int:
    """Take representatives off the roster; return how many."""
    _refuse_cancelled(training)
    rows = Attendance.objects.of(training.pk).filter(representative__in=people)
    return rows.delete()[0]


@transaction.atomic
def sign_in(
    *, training: Training, marks: Mapping[int, Mark], version: int, by: Post
) -> None:
    """Note who came; `marks` by representative. Whoever is not marked was there.

    The training counts as held from then on. Raises Refused with a sentence, and
    EditedMeanwhile when somebody else signed or changed it first.
    """
    _refuse_cancelled(training)
    _check_marks(training, marks)
    now = timezone.now()
    changes = {"state": State.HELD, "signed_by": by.user, "signed_at": now}
    save_edit(training, changes=changes, version=version)
    roster = list(Attendance.objects.of(training.pk))
    if not roster:
        raise Refused("名单上还没有人，请先选名单。")
    if strangers := len(marks.keys() - {row.representative_id for row in roster}):
        raise Refused(f"签到的人里有 {strangers} 个不在名单上，没有签到。请核对名单。")
    changed = [row for row in roster if _mark(row, marks)]
    for row in changed:
        row.entered_by, row.entered_at = by.user, now
    Attendance.objects.bulk_update(
        changed, ["sign", "reason", "entered_by", "entered_at"]
    )


@transaction.atomic
def take_away(*, material: Material, by: Post) -> None:
    """Take a file of a training back."""
    attachments.withdraw(attachment=material.attachment, by=by.user)


def _mark(row: Attendance, marks: Mapping[int, Mark]) -> bool:
    """Set what is noted of somebody; return whether that is something else."""
    before = row.sign, row.reason
    stays = Mark(Sign(row.sign), row.reason)
    default = Mark(Sign.PRESENT) if row.sign == Sign.LISTED else stays
    mark = marks.get(row.representative_id, default)
    row.sign, row.reason = mark.sign, mark.reason.strip()
    return (row.sign, row.reason) != before


def _check_marks(training: Training, marks: Mapping[int, Mark]) -> None:
    if training.held_on > timezone.localdate():
        raise Refused(
            f"培训要到 {training.held_on} 才办，那天再签到；时间改了请先修改。"
        )
    for mark in marks.values():
        if mark.sign == Sign.LEAVE and not mark.reason.strip():
            raise Refused("请假的请写明原因，例如生病、外出。")
        if mark.sign == Sign.PRESENT and mark.reason.strip():
            raise Refused("到了的不用写原因；没有到的请点“请假”或“缺席”。")


def _check(content: Plan, host: int) -> None:
    """Raise Refused for a training that cannot be."""
    opened = current_scope()
    is_own = opened is not None and opened.covers(span(host))
    if not is_own or not Region.objects.current().filter(code=host).exists():
        raise Refused("主办单位不在您管理的范围内，请重新选。")
    if not 1 <= content.hours <= 80:
        raise Refused("课时填 1 到 80。")
    if content.sent_by and content.sent_by not in senders_of(host):
        raise Refused("派员单位只能是这个村的镇或者市。")
    if content.sent_by and grade_of(host).host != Tier.VILLAGE:
        raise Refused("派人到村授课的，主办单位请选那个村。")
    _check_tour(content)


def _check_tour(content: Plan) -> None:
    if content.kind == Kind.TOUR:
        villages = Region.objects.villages().filter(code=content.host_village or 0)
        if not villages.exists():
            raise Refused("观摩学习会请选到哪个村观摩。")
    elif content.host_village or content.lessons:
        raise Refused("只有观摩学习会才填观摩的村和学到的经验。")


def _fit(training: Training, people: Collection[int]) -> list[Representative]:
    """Return these representatives if each may come; raise Refused, naming who may not."""
    host = span(training.region_id)
    found = inside(Representative.objects.filter(pk__in=people), host)
    rows = list(found.order_by("pk"))
    if len(rows) != len(people):
        raise Refused("有的人不归这期培训的主办单位管，请返回重新打开后重新选。")
    serving = Mandate.objects.active(training.held_on).filter(representative__in=rows)
    known = set(serving.values_list("representative", flat=True))
    if gone := [row.name for row in rows if row.pk not in known]:
        names = "、".join(gone[:NAMED]) + ("等" if len(gone) > NAMED else "")
        raise Refused(f"{names}在 {training.held_on} 不是在任代表，请从名单里去掉。")
    return rows


def _refuse_cancelled(training: Training) -> None:
    if training.state == State.CANCELLED:
        raise Refused("这期培训已经取消。")


def _lock(training: Training) -> None:
    """Let one person at a time change a roster; bring the training up to date."""
    current = Training.objects.select_for_update().get(pk=training.pk)
    training.state, training.version = current.state, current.version
    _refuse_cancelled(training)


def _hand_out(training: Training, files: Iterable[Examined], by: Post) -> None:
    kept = attachments.keep_all(files=files, region=training.region_id, by=by.user)
    Material.objects.bulk_create(
        Material(region_id=training.region_id, training=training, attachment=one)
        for one in kept
    )
