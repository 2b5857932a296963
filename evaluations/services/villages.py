"""评村: begun by the township for its villages, marked, confirmed, put on view, filed."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from django.db import IntegrityError, transaction

from accounts.editing import save_next
from accounts.models import Post
from accounts.services import Refused
from attachments import services as attachments
from attachments.examining import Examined
from evaluations import telling
from evaluations.models import ManualPoints, SchemeItem, VillageRating
from evaluations.models.schemes import scheme_for
from evaluations.models.villages import VillageState
from evaluations.rules import villages as rules
from evaluations.rules.schemes import Edition, Scope
from evaluations.village_lines import counted
from notices import services as notices
from notices.models import PublicNotice, State
from notices.rules import Content, Kind
from notices.services import Terms
from regions.models import Region


def may_begin(year: int, on: dt.date) -> bool:
    """Say whether a year's rating may begin on a day: this year's, or the last's."""
    return on.year - 1 <= year <= on.year


@transaction.atomic
def begin(*, year: int, villages: Sequence[Region], on: dt.date, by: Post) -> int:
    """Begin the year's rating of some villages; return how many are new.

    Raises Refused without an edition in force, and for years that are long over.
    """
    if not may_begin(year, on):
        raise Refused("只能启动今年和去年的评村；更早的请用“导入表格”导入结果。")
    scheme = scheme_for(by.region, year, Scope.VILLAGE)
    if scheme is None:
        raise Refused(f"{year} 年还没有执行中的评村方案，请等市里发布。")
    held = set(VillageRating.objects.filter(year=year).values_list("region", flat=True))
    fresh = [village for village in villages if village.pk not in held]
    try:
        with transaction.atomic():
            VillageRating.objects.bulk_create(
                VillageRating(region=village, scheme=scheme, year=year)
                for village in fresh
            )
    except IntegrityError as begun:
        raise Refused("别人刚启动了评村，请返回重新打开后再看还缺哪些村。") from begun
    return len(fresh)


class Mark(NamedTuple):
    """Points by hand for one item, with words and at most one file."""

    item: SchemeItem
    points: Decimal
    words: str
    evidence: Sequence[Examined] = ()


@transaction.atomic
def mark_all(*, rating: VillageRating, marks: Sequence[Mark], by: Post) -> None:
    """Keep what was marked on one page, all of it or nothing. Raises Refused as `mark`."""
    for one in marks:
        mark(rating=rating, by=by, **one._asdict())


@transaction.atomic
def mark(
    *,
    rating: VillageRating,
    item: SchemeItem,
    points: Decimal,
    words: str,
    by: Post,
    evidence: Sequence[Examined] = (),
) -> None:
    """Give points by hand for one item, with what they are based on.

    A new file takes the place of the old one. Raises Refused beyond the item, without
    words, and once the rating is confirmed.
    """
    now = _scoring(rating)
    if item.measure or item.category.scheme_id != now.scheme_id:
        raise Refused("这一项由系统计算，不能手工打分。")
    if not 0 <= points <= item.most:
        raise Refused(f"“{item.words}”最多 {item.most} 分，请改。")
    if points and not words.strip():
        raise Refused(f"请写明“{item.words}”的依据。")
    kept = attachments.keep_all(files=evidence, region=now.region_id, by=by.user)
    ManualPoints.objects.update_or_create(
        region_id=now.region_id,
        rating=now,
        item=item,
        defaults={
            "points": points,
            "words": words.strip()[:200] or "没有得分",
            "given_by": by.user,
            **({"evidence": kept[0]} if kept else {}),
        },
    )


def _scoring(rating: VillageRating) -> VillageRating:
    now = _locked(rating)
    if now.state != VillageState.SCORING:
        raise Refused(f"这个村现在是“{now.get_state_display()}”，分数不能再改。")
    return now


def _locked(rating: VillageRating) -> VillageRating:
    rows = VillageRating.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("region", "scheme__owner", "notice").get(pk=rating.pk)


@transaction.atomic
def confirm(
    *, rating: VillageRating, remark: str, on: dt.date, by: Post
) -> VillageRating:
    """Freeze what was counted and marked, and give the grade that the points reach.

    A grade whose quota in the township is used up gives way to the next one. Raises
    Refused if the database finds that somebody took the last place meanwhile.
    """
    now = _scoring(rating)
    edition = now.scheme.edition()
    found, now.lines = counted(now, edition, on)
    now.total = rules.total(found)
    now.tier_id = _free_tier(now, edition)
    now.state, now.remark = VillageState.CONFIRMED, remark.strip()[:200]
    now.confirmed_on, now.confirmed_by = on, by.user
    now.version += 1
    try:
        with transaction.atomic():
            now.save()
    except IntegrityError as full:
        raise Refused("名额刚被别的村用完，请再点一次。") from full
    telling.tell_of_village(now, on=on, by=by)
    return now


def _free_tier(now: VillageRating, edition: Edition) -> int:
    """Return the best grade from the one reached on that has a place left."""
    reached = rules.tier_key(edition, now.total or Decimal(0))
    keys = [tier.key for tier in edition.tiers]
    below = keys[keys.index(reached) :]
    # The last grade has no quota: it takes whoever is left.
    return next(key for key in below if _has_place(now, edition, key))


def _has_place(now: VillageRating, edition: Edition, tier: int) -> bool:
    limit = places(now, edition, tier)
    if limit is None:
        return True
    taken = VillageRating.objects.filter(
        year=now.year, tier=tier, region__parent=now.region.parent
    )
    return taken.count() < limit


def places(now: VillageRating, edition: Edition, tier: int) -> int | None:
    """Return how many villages of the township may have a grade; at least one."""
    quota = next(one.quota for one in edition.tiers if one.key == tier)
    if quota is None:
        return None
    township = now.region.parent
    villages = Region.objects.villages().current().filter(parent=township).count()
    return max(villages * quota // 100, 1)


@transaction.atomic
def draft_notice(
    *, rating: VillageRating, content: Content, terms: Terms, on: dt.date
) -> PublicNotice:
    """Write the notice of a praised village. Raises Refused for any other."""
    now = _locked(rating)
    if now.state != VillageState.CONFIRMED or now.tier is None:
        raise Refused("确定等次以后才能公示。")
    if not now.tier.is_public:
        raise Refused(f"“{now.tier}”不公示，可以直接备案。")
    made = notices.redraft(now, kind=Kind.RATING, content=content, terms=terms, on=on)
    now.notice = made
    now.save(update_fields=["notice"])
    return made


@transaction.atomic
def file(*, rating: VillageRating, on: dt.date, by: Post) -> None:
    """File a village's rating. Raises Refused while its notice or an objection is open."""
    now = _locked(rating)
    if now.state != VillageState.CONFIRMED or now.tier is None:
        raise Refused(f"这个村现在是“{now.get_state_display()}”，不能备案。")
    if now.tier.is_public:
        _refuse_unnoticed(now, on)
    save_next(now, state=VillageState.FILED, filed_on=on)


@transaction.atomic
def reopen(*, rating: VillageRating, reason: str, on: dt.date, by: Post) -> None:
    """重新打分: take a confirmed village back to its points; an objection was right.

    Its place in the grade is free again, and a draft of its notice is void. Raises
    Refused without a reason, while the notice is on view, and once it is filed.
    """
    if not reason.strip():
        raise Refused("请写明为什么重新打分，村里看得到。")
    now = _locked(rating)
    if now.state != VillageState.CONFIRMED:
        raise Refused(f"这个村现在是“{now.get_state_display()}”，不能重新打分。")
    held = now.notice
    if held and held.stands(on):
        raise Refused("结果正在公示，请先撤下公示，再重新打分。")
    nothing = dict.fromkeys(("tier", "total", "confirmed_on", "confirmed_by", "notice"))
    words = f"重新打分：{reason.strip()}"[:200]
    save_next(now, state=VillageState.SCORING, remark=words, lines=[], **nothing)
    notices.discard(held)
    telling.tell_of_village(now, on=on, by=by)


def _refuse_unnoticed(now: VillageRating, on: dt.date) -> None:
    held = now.notice
    if held is None or held.state not in (State.PUBLISHED, State.ENDED):
        raise Refused("结果还没有公示，请先公示。")
    if on <= held.last_day:
        raise Refused(f"公示到 {held.last_day} 为止，期满才能备案。")
    if held.objections.filter(settled_on=None).exists():
        raise Refused("还有异议没有处理。")
