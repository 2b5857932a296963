"""The public notice of a rating: the praised households, and by construction nobody else.

What is put on view is taken from the grades that the edition puts on view. The last
grade can never be one of these: rules, form and database refuse it.
"""

from evaluations.models import RatingRound, Scheme, VillageRating
from notices.rules import Content
from regions.models import Kind as RegionKind
from representatives.announcing import committee_of
from ui.words import full_day

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
        (str(row.household.group), row.household.head, row.tier.name) for row in rows
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
    return (
        scheme.notice_days,
        f"{scheme.owner.name}{scheme}规定公示不少于 {scheme.notice_days} 天",
    )


def village_announcement(rating: VillageRating) -> Content:
    """Return the notice of a praised village: its grade and its points, item by item."""
    village, township = rating.region, rating.region.parent
    issuer = f"{township.name}人民政府" if township else village.name
    if township and township.kind == RegionKind.SUBDISTRICT:
        issuer = f"{township.name}办事处"
    return Content(
        title=f"{village.name}{rating.year}年{rating.tier or ''}评定结果公示"[:60],
        issuer=issuer,
        paragraphs=(_village_opening(rating),),
        heads=("项目", "满分", "得分"),
        rows=tuple((one["words"], one["most"], one["points"]) for one in rating.lines),
    )


def _village_opening(rating: VillageRating) -> str:
    return (
        f"根据{rating.scheme}，{rating.region.name}{rating.year}年总分 {rating.total} 分，"
        f"评为{rating.tier or '—'}，现予公示。"
    )
