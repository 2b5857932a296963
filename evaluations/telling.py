"""Messages of a rating: whose turn it is, what was sent back and why, what is over.

Whoever has just taken the step knows it and is told nothing. What somebody is told once
is never told again: the round's version is in the key.
"""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.urls import reverse

from accounts.models import Post
from accounts.permissions import Permission as P
from evaluations.models import RatingRound, VillageRating
from evaluations.models.villages import VillageState
from evaluations.rules.rounds import Act, Stage
from evaluations.waiting import behind, stage_of
from inbox.recipients import holders, holders_by_region
from inbox.services import Letter, send_all
from notices.models import State

TURN, OVER, BEHIND, VILLAGE = (
    "evaluations.turn",
    "evaluations.notice_over",
    "evaluations.behind",
    "evaluations.village",
)
SHOWN = (State.PUBLISHED, State.ENDED)
NEXT: dict[Act, tuple[P, str]] = {
    Act.STRIKE: (P.RATING_KEEP, "记录完了，请组织小组评议"),
    Act.GIVE_BACK: (P.RATING_KEEP, "退回补充记录"),
    Act.AGREE: (P.RATING_CONFIRM, "小组评议完了，请“两委”确认"),
    Act.SEND_BACK: (P.RATING_KEEP, "“两委”退回，请评议小组再看"),
    Act.CONFIRM: (P.RATING_KEEP, "“两委”确认了，请写公示"),
    Act.REDO: (P.RATING_KEEP, "异议成立，请重新评议"),
    Act.FILE: (P.RATING_KEEP, "镇里已备案"),
}
"""Whose turn it is after a step, and in which words. Cancelling leaves nobody a turn."""


def tell_of_beginning(round_: RatingRound, *, on: dt.date, by: Post) -> int:
    """Ask representatives and the village for entries; each is led to his own page."""
    told = holders(round_.region_id, P.RATING_RECORD, on=on, but=by)
    office = tuple(post for post in told if post.may(P.RATING_VIEW))
    people = tuple(post for post in told if post not in office)
    title = f"{round_}开始了，请记加分和减分"
    key = f"{TURN}:{round_.pk}:{round_.version}"
    region = round_.region_id
    letters = (
        Letter(people, TURN, title, region, url=reverse("evaluations:mine"), unique_key=key),
        Letter(office, TURN, title, region, url=round_.get_absolute_url(), unique_key=key),
    )  # fmt: skip
    return send_all(letters, on=on)


def tell_of_step(
    round_: RatingRound, act: Act, words: str, *, on: dt.date, by: Post
) -> int:
    """Tell those whose turn it is after a step, with the words it was taken with."""
    if act not in NEXT:
        return 0
    who, title = NEXT[act]
    letter = Letter(
        to=holders(round_.region_id, who, on=on, but=by),
        kind=TURN,
        title=f"{round_}：{title}",
        body=words.strip(),
        url=round_.get_absolute_url(),
        region=round_.region_id,
        unique_key=f"{TURN}:{round_.pk}:{round_.version}",
    )
    return send_all([letter], on=on)


def tell_of_village(rating: VillageRating, *, on: dt.date, by: Post) -> int:
    """Tell a village what it was graded and where each point comes from, or why anew."""
    title, body = f"{rating}{rating.remark}", "重新确定等次以后，再告诉您结果。"
    if rating.state != VillageState.SCORING:
        title = f"{rating}确定：{rating.tier}，{rating.total} 分"
        body = "每一项的得分和依据都在评定页上。有不同意见的，请向镇里提出。"
    letter = Letter(
        to=holders(rating.region_id, P.RATING_KEEP, on=on, but=by),
        kind=VILLAGE,
        title=title,
        body=body,
        url=rating.get_absolute_url(),
        region=rating.region_id,
        unique_key=f"{VILLAGE}:{rating.pk}:{rating.version}",
    )
    return send_all([letter], on=on)


# --- the morning ------------------------------------------------------------------------


@transaction.atomic
def remind(on: dt.date) -> int:
    """Tell of notices that are over and of rounds that are behind; count the new."""
    rows = RatingRound.objects.running().select_related("scheme", "notice", "region")
    waiting = list(rows.filter(is_imported=False))
    letters = (*_over(waiting, on), *_behind(waiting, on), *_villages_over(on))
    return send_all(letters, on=on)


def _over(rows: list[RatingRound], on: dt.date) -> Iterator[Letter]:
    due = [
        row
        for row in rows
        if stage_of(row, on) is Stage.FILING and row.notice.state in SHOWN
    ]
    filers = holders_by_region({row.region_id for row in due}, P.RATING_FILE, on=on)
    for row in due:
        yield Letter(
            to=filers[row.region_id],
            kind=OVER,
            title=f"{row.region.name}{row}公示期满，等镇里备案",
            url=row.get_absolute_url(),
            region=row.region_id,
            unique_key=f"{OVER}:{row.pk}:{row.notice.pk}",
        )


def _villages_over(on: dt.date) -> Iterator[Letter]:
    rows = VillageRating.objects.filter(
        state=VillageState.CONFIRMED, notice__state__in=SHOWN, notice__last_day__lt=on
    )
    due = list(rows.select_related("region", "notice"))
    filers = holders_by_region({row.region_id for row in due}, P.RATING_FILE, on=on)
    for row in due:
        yield Letter(
            to=filers[row.region_id],
            kind=OVER,
            title=f"{row.region.name}{row}公示期满，可以备案",
            url=row.get_absolute_url(),
            region=row.region_id,
            unique_key=f"{OVER}:village:{row.pk}:{row.notice.pk}",
        )


def _behind(rows: list[RatingRound], on: dt.date) -> Iterator[Letter]:
    late = [row for row in rows if behind(row, on)]
    keepers = holders_by_region({row.region_id for row in late}, P.RATING_KEEP, on=on)
    for row in late:
        yield Letter(
            to=keepers[row.region_id],
            kind=BEHIND,
            title=f"{row}到期没有备案，现在是“{stage_of(row, on).label}”",
            body=f"这一期 {row.last_day} 就结束了，请接着办完。",
            url=row.get_absolute_url(),
            region=row.region_id,
            unique_key=f"{BEHIND}:{row.pk}",
        )
