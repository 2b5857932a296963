"""Entries: written for one household or many at once, taken back with a reason."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import Post
from accounts.services import Refused
from attachments import services as attachments
from attachments.examining import Examined
from evaluations.models import (
    Entry,
    RatingRound,
    SchemeItem,
    SelfAssessment,
    VillageSetting,
)
from evaluations.rules.rounds import Stage, entry_faults
from households.models import Household
from regions.models import Region


@dataclass(frozen=True)
class Deed:
    """What is written: which item, how many points, of which day, in which words."""

    item: SchemeItem
    points: int
    on: dt.date
    words: str = ""


@transaction.atomic
def enter(
    *,
    round_: RatingRound,
    households: Collection[Household],
    deed: Deed,
    evidence: Sequence[Examined] = (),
    today: dt.date,
    by: Post,
) -> list[Entry]:
    """Write the same entry for one household or for many that were ticked.

    Raises Refused if the round does not record, the item is another edition's, the points
    are outside its range, its evidence is missing, or the day is not the round's.
    """
    now = _recording(round_)
    _refuse(now, deed, evidence, today)
    if not households:
        raise Refused("请至少勾选一户。")
    if any(home.region_id != now.region_id for home in households):
        raise Refused("勾选的户不在这个村，请返回重新打开后重新勾选。")
    kept = attachments.keep_all(files=evidence, region=now.region_id, by=by.user)
    return Entry.objects.bulk_create(
        Entry(
            region_id=now.region_id,
            round=now,
            household=home,
            item=deed.item,
            points=0 if deed.item.is_veto else deed.points,
            on=deed.on,
            words=deed.words.strip(),
            evidence=kept[0] if kept else None,
            entered_by=by.user,
            entered_at=timezone.now(),
        )
        for home in households
    )


def _recording(round_: RatingRound) -> RatingRound:
    rows = RatingRound.objects.select_for_update(no_key=True)
    now = rows.get(pk=round_.pk)
    if now.at is not Stage.RECORD:
        raise Refused(f"这一期现在是“{now.at.label}”，不再记录加分和减分。")
    return now


def _refuse(
    now: RatingRound, deed: Deed, evidence: Sequence[Examined], today: dt.date
) -> None:
    item = deed.item.value()
    if deed.item.category.scheme_id != now.scheme_id:
        raise Refused("这个项目不在这一期的方案里，请重新选。")
    if not item.is_veto and not item.holds(deed.points):
        raise Refused(f"“{item.words}”的分值是 {item.points_words}，请改。")
    if item.needs_evidence and not deed.words.strip() and not evidence:
        raise Refused(f"“{item.words}”要写明依据，例如文书名称和日期。")
    if wrong := entry_faults(deed.on, now.days, today):
        raise Refused(wrong)


@transaction.atomic
def withdraw(*, entry: Entry, reason: str, by: Post) -> None:
    """Take an entry back: it counts no more, and stays to be seen. Raises Refused."""
    if not reason.strip():
        raise Refused("请写明为什么撤回。")
    _recording(entry.round)
    standing = Entry.objects.standing().filter(pk=entry.pk)
    taken = standing.update(
        withdrawn_at=timezone.now(),
        withdrawn_by=by.user,
        withdrawal=reason.strip()[:200],
    )
    if not taken:
        raise Refused("这一条已经撤回，请返回重新打开。")


@transaction.atomic
def assess(
    *,
    round_: RatingRound,
    household: Household,
    words: str,
    points: int | None,
    by: Post,
) -> SelfAssessment:
    """Keep what a household says of itself; said again it replaces the first."""
    now = _recording(round_)
    if not words.strip():
        raise Refused("请写下农户自己怎么说。")
    kept, _ = SelfAssessment.objects.update_or_create(
        region_id=now.region_id,
        round=now,
        household=household,
        defaults={
            "words": words.strip()[:300],
            "points": points,
            "entered_by": by.user,
            "entered_at": timezone.now(),
        },
    )
    return kept


@transaction.atomic
def set_printing(
    *, village: Region, prints_last: bool, basis: str, on: dt.date, by: Post
) -> VillageSetting:
    """Decide whether a village may print its last grade, by household numbers only."""
    if not basis.strip():
        raise Refused("请写明哪次会议决定的。")
    setting, _ = VillageSetting.objects.update_or_create(
        region=village,
        defaults={
            "prints_last": prints_last,
            "basis": basis.strip()[:100],
            "decided_on": on,
            "decided_by": by.user,
        },
    )
    return setting
