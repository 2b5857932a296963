"""The public notice of a rating: the praised households, and by construction nobody else.

What is put on view is taken from the grades that the edition puts on view. The last
grade can never be one of these: rules, form and database refuse it.
"""

import datetime as dt

from evaluations.models import RatingRound, Scheme
from notices.models import PublicNotice
from notices.rules import MOST_ROWS, Content, Kind
from regions.models import Region
from representatives.announcing import committee_of, full_day

BASIS = "双约双评方案规定的公示天数"


def announcement(round_: RatingRound) -> Content:
    """Return the notice of a round: group, head of household, grade; no scores."""
    village = round_.region
    rows = (
        round_.ratings.public()
        .select_related("household__group", "tier")
        .order_by("tier__order", "household__group__number", "household__head")
    )
    praised = tuple(
        (str(row.household.group), row.household.head, row.tier.name)
        for row in rows[:MOST_ROWS]
    )
    names = "、".join(dict.fromkeys(grade for _, _, grade in praised))
    return Content(
        title=f"{village.name}{round_.title}{names}评定结果公示"[:60],
        issuer=committee_of(village),
        paragraphs=(opening(round_, len(praised), names), *covenant_lines(round_)),
        heads=("组别", "户主", "评定等次"),
        rows=praised,
    )


def opening(round_: RatingRound, count: int, names: str) -> str:
    """Return how the result came about."""
    confirmed = round_.confirmed_on
    when = f"，{full_day(confirmed)}村（社区）“两委”确认" if confirmed else ""
    return (
        f"根据{round_.scheme}，经代表记录、评议小组评议{when}，"
        f"评出{round_.title}{names}{count}户，现予公示。"
    )


def covenant_lines(round_: RatingRound) -> tuple[str, ...]:
    """Return which covenants were rated by, if they are registered."""
    used = [round_.covenant_one, round_.covenant_two]
    titles = [f"《{one.covenant.title}》" for one in used if one]
    return (f"评定依据：{'、'.join(titles)}。",) if titles else ()


def notice_days(scheme: Scheme) -> tuple[int, str]:
    """Return how many days a notice stands at least, and by which rule."""
    return scheme.notice_days, f"{scheme.owner.name}{scheme}规定公示不少于 {scheme.notice_days} 天"


def contact_before(village: Region, held: PublicNotice | None) -> dict[str, str]:
    """Return whom the village's last notice named, so that it is typed once."""
    last = held or (
        PublicNotice.objects.filter(region=village, kind=Kind.RATING.value)
        .order_by("-pk")
        .first()
    )
    names = ("contact_name", "contact_phone", "contact_place")
    return {name: getattr(last, name) for name in names} if last else {}


def last_day_for(scheme: Scheme, first: dt.date) -> dt.date:
    """Return the last day of a notice of the scheme's length."""
    return first + dt.timedelta(days=scheme.notice_days - 1)
