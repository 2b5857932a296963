"""Honours: plaque, bonus or gift and who took it, the commendation, whom the party brings on."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from accounts.editing import save_edit
from accounts.models import Post
from accounts.services import Refused
from appraisals.models import (
    AppraisalPlan,
    AppraisalResult,
    Commendation,
    CommendationPhoto,
    Demonstration,
    Growth,
    Honour,
)
from appraisals.models.honours import Given, GrowthKind
from attachments import services as attachments
from attachments.examining import Examined
from regions.models import Region
from representatives.models import Representative


@dataclass(frozen=True)
class Award:
    """What one person gets: the plaque's number, and a bonus or a gift.

    `awarded_on` is a day of his own, where it is not the day of all. `version` is that
    of the honour as it was seen, 0 where there was none; without it nobody asks.
    """

    plaque: str
    given: str = Given.NOTHING
    amount: Decimal | None = None
    gift: str = ""
    awarded_on: dt.date | None = None
    version: int | None = None

    def kept(self, awarded_on: dt.date) -> dict[str, Any]:
        """Return what an honour keeps of it, nothing beside what is given."""
        return {
            "plaque": self.plaque,
            "given": self.given,
            "amount": self.amount if self.given == Given.BONUS else None,
            "gift": self.gift if self.given == Given.GIFT else "",
            "awarded_on": self.awarded_on or awarded_on,
        }


@transaction.atomic
def award(
    *, awards: Mapping[int, Award], year: int, awarded_on: dt.date, by: Post
) -> list[Honour]:
    """Honour the 优秀代表 of a year; `awards` by result. Twice is a correction.

    Raises Refused for whoever is not filed as 优秀, for a plaque that is given twice, and
    for a bonus without an amount; EditedMeanwhile where a version has passed.
    """
    results = AppraisalResult.objects.excellent(year).in_bulk(list(awards))
    if set(results) != set(awards):
        raise Refused("名单里有人不是已备案的优秀代表，请返回重新打开后再登记。")
    for one in awards.values():
        refuse_award(one)
    try:
        with transaction.atomic():
            return [
                _honour(results[pk], one, awarded_on, by) for pk, one in awards.items()
            ]
    except IntegrityError as twice:
        raise Refused("号牌编号有重复，一个编号只发给一人。请核对。") from twice


def refuse_award(one: Award) -> None:
    """Raise Refused for what is not whole: no plaque, no amount, no name of a gift."""
    if not one.plaque.strip():
        raise Refused("请填号牌编号。")
    if one.given == Given.BONUS and not (one.amount and one.amount > 0):
        raise Refused(f"号牌 {one.plaque} 选了奖金，请填金额。")
    if one.given == Given.GIFT and not one.gift.strip():
        raise Refused(f"号牌 {one.plaque} 选了纪念品，请写是什么。")


def _honour(
    result: AppraisalResult, one: Award, awarded_on: dt.date, by: Post
) -> Honour:
    said = one.kept(awarded_on)
    columns = said | {"entered_by": by.user}
    held, is_new = Honour.objects.get_or_create(
        result=result,
        defaults=columns
        | {
            "region_id": result.region_id,
            "representative_id": result.representative_id,
            "year": result.appraisal.year,
        },
    )
    if not is_new and any(getattr(held, name) != said[name] for name in said):
        version = held.version if one.version is None else one.version
        save_edit(held, changes=columns, version=version)
    return held


@transaction.atomic
def receive(
    *, honour: Honour, received_on: dt.date, receiver: str, version: int, on: dt.date
) -> None:
    """Note who took plaque and bonus, and when. Raises Refused or EditedMeanwhile."""
    refuse_receipt(received_on, receiver, awarded_on=honour.awarded_on, on=on)
    changes = {"received_on": received_on, "receiver": receiver.strip()}
    save_edit(honour, changes=changes, version=version)


def refuse_receipt(
    received_on: dt.date, receiver: str, *, awarded_on: dt.date, on: dt.date
) -> None:
    """Raise Refused for a day to come, one before the honour, and for nobody."""
    if received_on > on:
        raise Refused("领取日期不能晚于今天。")
    if received_on < awarded_on:
        raise Refused(f"领取日期不能早于表彰日期 {awarded_on}。")
    if not receiver.strip():
        raise Refused("请写是谁领的；代领的写代领人。")


@transaction.atomic
def commend(
    *,
    region: Region,
    year: int,
    held_on: dt.date,
    place: str,
    words: str,
    photos: Iterable[Examined],
    by: Post,
) -> Commendation:
    """Note the commendation of a year, or correct it, and keep its group photos."""
    row, _ = Commendation.objects.update_or_create(
        region=region,
        year=year,
        defaults={"held_on": held_on, "place": place, "words": words},
        create_defaults={
            "held_on": held_on,
            "place": place,
            "words": words,
            "entered_by": by.user,
        },
    )
    kept = attachments.keep_all(files=photos, region=region.code, by=by.user)
    CommendationPhoto.objects.bulk_create(
        CommendationPhoto(region=region, commendation=row, attachment=one)
        for one in kept
    )
    return row


# --- 培养 -----------------------------------------------------------------------------


@transaction.atomic
def bring_on(
    *,
    representative: Representative,
    kind: GrowthKind,
    started_on: dt.date,
    decided: str,
    on: dt.date,
    by: Post,
) -> Growth:
    """Put somebody on the party's list. Raises Refused if he stands there already."""
    if started_on > on:
        raise Refused("确定日期不能晚于今天。")
    if not decided.strip():
        raise Refused("请写依据，例如哪一次支部会议确定的。")
    try:
        with transaction.atomic():
            return Growth.objects.create(
                region_id=representative.region_id,
                representative=representative,
                kind=kind,
                started_on=started_on,
                decided=decided.strip(),
                set_by=by.user,
            )
    except IntegrityError as there:
        raise Refused(f"{representative.name}已经是{kind.label}。") from there


@transaction.atomic
def end_growth(
    *, growth: Growth, ended_on: dt.date, outcome: str, on: dt.date, by: Post
) -> None:
    """End an entry of the party's list, with what came of it."""
    if not growth.started_on <= ended_on <= on:
        raise Refused(f"结束日期要在 {growth.started_on} 到今天之间。")
    if not outcome.strip():
        raise Refused("请写为什么结束，例如：已发展为预备党员。")
    changed = Growth.objects.filter(pk=growth.pk, ended_on=None).update(
        ended_on=ended_on, outcome=outcome.strip(), ended_by=by.user
    )
    if not changed:
        raise Refused("这一条已经结束，请返回重新打开后查看。")


# --- 示范村 ---------------------------------------------------------------------------


@transaction.atomic
def choose_demonstration(
    *, village: Region, year: int, lessons: str, on: dt.date, by: Post
) -> Demonstration:
    """Make a village a 示范村 of its township, or correct its lessons.

    Raises Refused above the plan's number; the database holds it too.
    """
    if not lessons.strip():
        raise Refused("请写明这个村有什么做法值得别的村学。")
    plan = AppraisalPlan.objects.of_year(year, on)
    most = plan.demonstrations if plan else 0
    try:
        with transaction.atomic():
            row, _ = Demonstration.objects.update_or_create(
                region=village,
                year=year,
                defaults={"lessons": lessons.strip()},
                create_defaults={
                    "lessons": lessons.strip(),
                    "chosen_on": on,
                    "chosen_by": by.user,
                },
            )
    except IntegrityError as full:
        raise Refused(
            f"{year} 年的示范村已经有 {most} 个，方案规定每镇最多 {most} 个。请先取消一个。"
        ) from full
    return row


@transaction.atomic
def drop_demonstration(*, row: Demonstration) -> None:
    """Take a 示范村 back; the row history keeps it."""
    row.delete()
