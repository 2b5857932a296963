"""Trainings of the demo: most of the representatives reached, some never, two to come.

Set-based, a few statements for a township. One training waits for its sign-in today, as
a clerk meets it on the day; one is planned, with those whom no other has reached.
"""

import datetime as dt
import uuid
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from regions.codes import city_of
from regions.models import Region
from regions.scoping import narrowed
from representatives.models import Mandate
from trainings.models import Attendance, Sign, State, Training
from trainings.rules import grade_of

REASONS = ("生病", "外出务工", "家里有事", "农忙", "带孙子走不开")
GENERAL = (
    (300, 0.40, "代表走访和民情记录培训", "镇政府三楼", "刘敏、申建军"),
    (70, 0.45, "医保、养老和低保政策培训", "镇文化站", "医保局 周红"),
)
CATCHALL = "没参加镇里培训的代表补训"
LESSONS = (
    "院落长包干到户，每月评一次最清洁户、公布在村务公开栏；代表联系户贴联系牌，群众有事先找代表。"
    "回去以后：各村年前把联系牌贴齐，院落会每季度开一次。"
)
PLANNED_IN = 6
ROSTER = 40


@dataclass
class Desk:
    """Who enters it, when, and the rows as they gather."""

    keeper: User
    today: dt.date
    random: Random
    trainings: list[Training] = field(default_factory=list)
    attendances: list[Attendance] = field(default_factory=list)

    def ago(self, days: int) -> dt.date:
        """Return a day before today, in this year."""
        return max(self.today - dt.timedelta(days=days), dt.date(self.today.year, 1, 1))

    def training(self, host: int, day: dt.date, **facts: Any) -> Training:
        """Add a training; one of a day before today was held."""
        is_held = day < self.today
        made = Training(
            id=uuid.UUID(int=self.random.getrandbits(128), version=4),
            region_id=host,
            level=grade_of(host).code,
            held_on=day,
            hours=facts.pop("hours", 4),
            entered_by=self.keeper,
            entered_at=_evening(day),
            state=State.HELD if is_held else State.PLANNED,
            signed_by=self.keeper if is_held else None,
            signed_at=_evening(day) if is_held else None,
            **facts,
        )
        self.trainings.append(made)
        return made

    def call(self, made: Training, people: Collection[tuple[int, int]]) -> set[int]:
        """Put people (id, village) on the roster; return the ids of those who came."""
        came = set()
        for person, village in people:
            sign, reason = self._sign(made)
            if sign == Sign.PRESENT:
                came.add(person)
            self.attendances.append(
                Attendance(
                    region_id=village,
                    training=made.pk,
                    representative_id=person,
                    sign=sign,
                    reason=reason,
                    entered_by=self.keeper,
                    entered_at=made.signed_at or made.entered_at,
                )
            )
        return came

    def _sign(self, made: Training) -> tuple[Sign, str]:
        if made.state == State.PLANNED:
            return Sign.LISTED, ""
        dice = self.random.random()
        if dice < 0.93:
            return Sign.PRESENT, ""
        if dice < 0.98:
            return Sign.LEAVE, self.random.choice(REASONS)
        return Sign.ABSENT, ""

    def write(self) -> None:
        """Write what has gathered."""
        Training.objects.bulk_create(self.trainings)
        Attendance.objects.bulk_create(self.attendances)


def hold(code: int, keeper: User, today: dt.date) -> int:
    """Write a township's trainings; return how many. Those that are there stay alone."""
    with narrowed(code), transaction.atomic():
        if Training.objects.exists():
            return 0
        random = Random(zlib.crc32(f"trainings {code}".encode()))  # noqa: S311 - a demo's dice
        desk = Desk(keeper, today, random)
        serving = _serving(today)
        reached = _general(desk, code, serving)
        reached |= _tour(desk, code, serving)
        reached |= _catch_all(desk, code, serving, reached)
        _to_come(desk, code, [one for one in serving if one[0] not in reached], serving)
        desk.write()
        return len(desk.trainings)


@transaction.atomic
def demonstrate(codes: Sequence[int], keeper: User, today: dt.date) -> None:
    """Write the city's 示范班 of the year, with one of each village."""
    city = city_of(codes[0])
    if Training.objects.filter(region_id=city).exists():
        return
    desk = Desk(keeper, today, Random(430582))  # noqa: S311 - a demo's dice
    made = desk.training(
        city,
        desk.ago(160),
        topic="全市村（居）民代表示范培训班",
        place="市委党校",
        speakers="市委组织部、市民政局",
        hours=8,
    )
    by_village: dict[int, list[tuple[int, int]]] = {}
    for code in codes:
        with narrowed(code):
            for one in _serving(made.held_on):
                by_village.setdefault(one[1], []).append(one)
    chosen = [people[0] for people in by_village.values()]
    desk.call(made, chosen)
    desk.write()


def _general(desk: Desk, code: int, serving: list[tuple[int, int]]) -> set[int]:
    """Hold the township's two general trainings, and last year's; return who came."""
    last_year = dt.date(desk.today.year - 1, 11, 20)
    before = _serving(last_year)
    if before:
        made = desk.training(
            code, last_year, topic="代表履职培训", place="镇政府三楼", speakers="申建军"
        )
        desk.call(made, desk.random.sample(before, len(before) // 2))
    waiting, reached = list(serving), set()
    desk.random.shuffle(waiting)
    for days, share, topic, place, speakers in GENERAL:
        made = desk.training(
            code, desk.ago(days), topic=topic, place=place, speakers=speakers
        )
        number = int(len(serving) * share)
        called, waiting = waiting[:number], waiting[number:]
        reached |= desk.call(made, _serving_then(called, made.held_on))
    return reached


def _tour(desk: Desk, code: int, serving: list[tuple[int, int]]) -> set[int]:
    village = _villages(code)[-1]
    made = desk.training(
        code,
        desk.ago(35),
        topic=f"到{village.name}学院落自治",
        place=f"{village.name}村部",
        speakers=f"{village.name}书记",
        kind="tour",
        host_village=village,
        lessons=LESSONS,
        hours=3,
    )
    people = desk.random.sample(serving, min(16, len(serving)))
    return desk.call(made, people)


def _catch_all(
    desk: Desk, code: int, serving: list[tuple[int, int]], reached: set[int]
) -> set[int]:
    """Let some villages train those whom the township has not reached."""
    came: set[int] = set()
    for number, village in enumerate(_villages(code)[::4]):
        missing = [one for one in serving if one[1] == village.code]
        missing = [one for one in missing if one[0] not in reached]
        if not missing:
            continue
        sent = {"sent_by_id": code, "speakers": "申建军"} if number % 2 == 0 else {}
        made = desk.training(
            village.code, desk.ago(12), topic=CATCHALL, place="村部", hours=2, **sent
        )
        came |= desk.call(made, missing)
    return came


def _to_come(
    desk: Desk,
    code: int,
    missing: list[tuple[int, int]],
    serving: list[tuple[int, int]],
) -> None:
    """Plan a training for those nobody has reached; one of today waits for its sign-in."""
    day = desk.today + dt.timedelta(days=PLANNED_IN)
    made = desk.training(
        code,
        day,
        topic="年底补训：走访和民情记录",
        place="镇政府三楼",
        speakers="申建军",
    )
    desk.call(made, missing[:ROSTER])
    due = desk.training(
        code,
        desk.today,
        topic="冬季安全和用水用电",
        place="镇文化站",
        speakers="应急办 李强",
    )
    desk.call(due, desk.random.sample(serving, min(ROSTER, len(serving))))


def _serving(day: dt.date) -> list[tuple[int, int]]:
    """Return (id, village) of who serves on a day, in the open scope."""
    active = Mandate.objects.active(day).order_by("region_id", "pk")
    return list(active.values_list("representative_id", "region_id"))


def _serving_then(
    people: Sequence[tuple[int, int]], day: dt.date
) -> list[tuple[int, int]]:
    known = set(_serving(day))
    return [one for one in people if one in known]


def _villages(code: int) -> list[Region]:
    villages = Region.objects.current().villages().filter(parent_id=code)
    return list(villages.order_by("code"))


def _evening(day: dt.date) -> dt.datetime:
    at = dt.datetime.combine(day, dt.time(18), timezone.get_current_timezone())
    return min(at, timezone.now())
