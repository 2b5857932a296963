"""A village that rates its households: the city's scheme in force, a round that records."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from accounts.models import Post
from evaluations.announcing import announcement
from evaluations.models import (
    Entry,
    HouseholdRating,
    RatingRound,
    Scheme,
    SchemeItem,
    SchemeTier,
)
from evaluations.rules.rounds import Act, number_on
from evaluations.rules.schemes import Scope
from evaluations.services import entries, rounds, schemes
from evaluations.services.entries import Deed
from households.models import Household
from notices.models import PublicNotice
from notices.services import Terms
from tests.cast import Cast, at
from tests.days import today
from tests.rolls import Rolls

VOLUNTEERING, DONATION = "参加义务劳动、志愿服务", "为公益事业出钱出力"
MESS, VETO = "乱搭乱建、乱堆乱放", "家庭成员犯罪被追究刑事责任"
HONEST = "孝老爱亲、邻里互助，大家公认"
MODEL, COMPLIANT, IMPROVING = "文明模范家庭", "遵规守约家庭", "有待进步家庭"
WORDS = {
    Act.AGREE: "评议小组 7 人到会，逐户评议",
    Act.CONFIRM: "11 月 20 日村“两委”会议，5 人到会，一致同意",
}


def in_force(cast: Cast, scope: Scope = Scope.HOUSEHOLD) -> Scheme:
    """Let the city put the recommended edition of this year in force."""
    with at(cast.city_staff):
        scheme = schemes.use_recommended(
            year=today().year, scope=scope, on=today(), by=cast.city_staff
        )
        return schemes.put_in_force(
            scheme=scheme, version=scheme.version, on=today(), by=cast.city_staff
        )


def begun(cast: Cast, rolls: Rolls, scheme: Scheme) -> RatingRound:
    """Begin the round of today; the caller has opened the village's scope."""
    return rounds.begin(
        village=rolls.village,
        scheme=scheme,
        number=number_on(today(), scheme.rounds),
        on=today(),
        by=cast.clerk,
    )


def item(round_: RatingRound, words: str) -> SchemeItem:
    """Return an item of a round's edition."""
    rows = SchemeItem.objects.select_related("category")
    return rows.get(category__scheme=round_.scheme, words=words)


def tier(round_: RatingRound, name: str) -> SchemeTier:
    """Return a grade of a round's edition."""
    return SchemeTier.objects.get(scheme=round_.scheme, name=name)


def write(
    round_: RatingRound,
    homes: Sequence[Household],
    words: str,
    by: Post,
    times: int = 1,
    **more: Any,
) -> list[Entry]:
    """Write an entry for some households, a number of times."""
    row = item(round_, words)
    deed = Deed(
        row,
        more.pop("points", row.most),
        more.pop("on", today()),
        more.pop("said", "村里登记"),
    )
    return [
        entry
        for _ in range(times)
        for entry in entries.enter(
            round_=round_, households=homes, deed=deed, today=today(), by=by, **more
        )
    ]


def praise(round_: RatingRound, homes: Sequence[Household], by: Post) -> None:
    """Lift households to 111 points."""
    write(round_, homes, VOLUNTEERING, by, times=3)
    write(round_, homes, DONATION, by)


def scold(round_: RatingRound, homes: Sequence[Household], by: Post) -> None:
    """Put households below 80 points."""
    write(round_, homes, "家庭成员受到行政处罚", by, times=2)
    write(round_, homes, MESS, by)


def take(round_: RatingRound, act: Act, by: Post, words: str = "", **more: Any) -> None:
    """Take a step as whoever opened the page just now."""
    round_.refresh_from_db()
    rounds.step(
        round_=round_,
        act=act,
        words=words or WORDS.get(act, "说明"),
        version=round_.version,
        on=more.pop("on", today()),
        by=by,
    )
    round_.refresh_from_db()


def to_notice(cast: Cast, round_: RatingRound) -> None:
    """Take a round as far as its notice."""
    for act, by in (
        (Act.STRIKE, cast.clerk),
        (Act.AGREE, cast.clerk),
        (Act.CONFIRM, cast.secretary),
    ):
        take(round_, act, by)


def terms(days: int = 7, first: dt.date | None = None) -> Terms:
    """Return a week on view, and whom to tell."""
    begins = first or today()
    last = begins + dt.timedelta(days=days - 1)
    return Terms(begins, last, "申主任", "0739-2721234", least=7, basis="方案")


def noticed(round_: RatingRound, first: dt.date | None = None) -> PublicNotice:
    """Write the notice of a round's result, today or on the day `first`."""
    return rounds.draft_notice(
        round_=round_,
        content=announcement(round_),
        terms=terms(first=first),
        version=round_.version,
        on=first or today(),
    )


def rating(round_: RatingRound, home: Household) -> HouseholdRating:
    """Return what a household came to."""
    return HouseholdRating.objects.select_related("tier", "round", "household").get(
        round=round_, household=home
    )
