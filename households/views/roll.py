"""The roll of households, and the page of one of them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.models import Post
from accounts.permissions import Permission
from households.board import alone_by_village, idle_links
from households.forms.roll import RollFilter
from households.models import (
    CategoryTag,
    ContactLink,
    Household,
    HouseholdQuerySet,
    Status,
    Transfer,
    TransferState,
)
from households.timeline import events_of
from regions.models import Level, Region
from representatives.models import Mandate, Representative
from representatives.places import acting
from representatives.views.revealing import reveal
from ui.parts import Pair

PER_PAGE = 50
SORTS = {
    "head": ("initials", "head"),
    "group": ("region_id", "group__number", "initials"),
    "members": ("members", "region_id", "head"),
}


@dataclass(frozen=True)
class Listed:
    """A line of the roll: the household, who looks after it, its categories."""

    household: Household
    representative: Representative | None
    serves: bool
    categories: tuple[str, ...]

    @property
    def tone(self) -> str:
        """The edge of the line: nobody there is what has to be seen first."""
        if self.household.status != Status.LIVING:
            return "gone"
        return "" if self.representative and self.serves else "bad"


@requires(Permission.HOUSEHOLD_VIEW)
def household_list(request: PostRequest) -> HttpResponse:
    """List the households of one's range."""
    today, post = timezone.localdate(), acting(request)
    one_village = post.region.level == Level.VILLAGE
    filters = RollFilter(request.GET, one_village=one_village)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    found = Household.objects.none() if filters.errors else matching(wanted, today)
    whole_city = post.region.level == Level.CITY and not wanted.get("place")
    ordered = sorted_by(found, request.GET.get("sort", ""), whole_city=whole_city)
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    offered = Transfer.objects.filter(state=TransferState.OFFERED, is_outgoing=False)
    context = {
        "filters": filters,
        "filtered": any(wanted.values()),
        "page": page,
        "rows": listed(list(page), today),
        "one_village": one_village,
        **({} if wanted.get("contact") else unattended(today)),
        "offered": offered.count(),
        "may_edit": post.may(Permission.HOUSEHOLD_EDIT),
        "may_export": post.may(Permission.ROLL_EXPORT),
    }
    return render(request, "households/list.html", context)


def unattended(on: dt.date) -> dict[str, int]:
    """Return how many households nobody serving looks after, for the line on top.

    `without` have no link, `idle` one to somebody who left office or whose term ran
    out.
    """
    idle = idle_links(on).filter(household__status=Status.LIVING).count()
    return {"without": sum(alone_by_village(on).values()), "idle": idle}


def matching(wanted: dict[str, Any], on: dt.date) -> HouseholdQuerySet:
    """Return the households that the filters describe."""
    status = wanted.get("status") or Status.LIVING
    rows = Household.objects.all()
    if status != "all":
        rows = rows.filter(status=status)
    if isinstance(place := wanted.get("place"), Region):
        rows = rows.filter(region_id__gte=place.scope.lo, region_id__lt=place.scope.hi)
    if typed := (wanted.get("q") or "").strip():
        rows = rows.search(typed)
    if number := wanted.get("group"):
        rows = rows.filter(group__number=number)
    if away := wanted.get("away"):
        rows = rows.filter(is_away=away == "yes")
    rows = in_category(rows, wanted.get("category") or "", on)
    return with_contact(
        rows, wanted.get("contact") or "", wanted.get("representative") or "", on
    )


def in_category(rows: HouseholdQuerySet, code: str, on: dt.date) -> HouseholdQuerySet:
    """Narrow to 重点户, to the others, or to one category."""
    key = CategoryTag.objects.key(on).values("household")
    if code == "*":
        return rows.filter(pk__in=key)
    if code == "-":
        return rows.exclude(pk__in=key)
    if code:
        held = CategoryTag.objects.active(on).filter(category=code)
        return rows.filter(pk__in=held.values("household"))
    return rows


def with_contact(
    rows: HouseholdQuerySet, contact: str, name: str, on: dt.date
) -> HouseholdQuerySet:
    """Narrow by whether somebody looks after them, and by whom."""
    links = ContactLink.objects.active(on)
    if name := name.strip():
        people = Representative.objects.filter(name__contains=name).values("pk")
        named = links.filter(representative__in=people).values("household")
        rows = rows.filter(pk__in=named)
    if contact == "idle":
        return rows.filter(pk__in=idle_links(on).values("household"))
    if contact == "no":
        return rows.exclude(pk__in=links.values("household"))
    if contact:
        return rows.filter(pk__in=links.values("household"))
    return rows


def sorted_by(
    rows: HouseholdQuerySet, asked: str, *, whole_city: bool = False
) -> HouseholdQuerySet:
    """Return the households in the order asked for; else in administrative order.

    Over the whole city that order is the index's, which has the groups as they were
    set up: the numbers are in another table, and 300,000 rows would be sorted by them.
    """
    keys = SORTS.get(asked.removeprefix("-"), SORTS["group"])
    if whole_city and keys == SORTS["group"]:
        keys = ("region_id", "group_id", "head")
    down = asked.startswith("-")
    return rows.order_by(*(f"-{key}" if down else key for key in keys), "pk")


def listed(rows: list[Household], on: dt.date) -> list[Listed]:
    """Return the lines of a page; the statements do not grow with them."""
    ids = [row.pk for row in rows]
    found = Household.objects.filter(pk__in=ids).select_related(
        "region__parent", "group"
    )
    by_id = {row.pk: row for row in found.with_contact(on).with_categories(on)}
    links = [link for row in by_id.values() for link in row.current_links]  # type: ignore[attr-defined]
    people = [link.representative_id for link in links]
    active = Mandate.objects.active(on).filter(representative__in=people)
    serving = set(active.values_list("representative_id", flat=True))
    return [_row(by_id[pk], serving) for pk in ids]


def _row(household: Household, serving: set[int]) -> Listed:
    link = next(iter(household.current_links), None)  # type: ignore[attr-defined]
    return Listed(
        household,
        link.representative if link else None,
        bool(link and link.representative_id in serving),
        tuple(tag.category.name for tag in household.current_tags),  # type: ignore[attr-defined]
    )


@requires(Permission.HOUSEHOLD_VIEW)
def household_detail(request: PostRequest, pk: int) -> HttpResponse:
    """Show a household: facts, who looks after it, what happened."""
    household, post = household_or_404(request, pk), acting(request)
    return render(request, "households/detail.html", detail_context(household, post))


def household_or_404(request: PostRequest, pk: int) -> Household:
    """Return a household of one's range, and put its village on the path."""
    rows = Household.objects.select_related(
        "region__parent__parent", "group", "constituency", "merged_into"
    )
    household = get_object_or_404(rows, pk=pk)
    request.place = household.region  # type: ignore[attr-defined]
    return household


def detail_context(household: Household, post: Post) -> dict[str, Any]:
    """Return what the page of a household shows to the holder of `post`."""
    today = timezone.localdate()
    row = listed([household], today)[0]
    open_offers = household.transfers.filter(
        state=TransferState.OFFERED, is_outgoing=True
    )
    living = household.status == Status.LIVING
    return {
        "household": household,
        "row": row,
        "facts": facts(household),
        "labels": labels(row.household),
        "offer": open_offers.first() if living else None,
        "events": events_of(household),
        "living": living,
        "may_edit": living and post.may(Permission.HOUSEHOLD_EDIT),
        "may_reveal": post.may(Permission.SENSITIVE_REVEAL),
        "may_see_issues": post.may(Permission.ISSUE_VIEW),
    }


def labels(household: Household) -> list[Pair]:
    """Return what the link in force is labelled with; nothing where nothing is said."""
    link = next(iter(household.current_links), None)  # type: ignore[attr-defined]
    named = (
        ("联系党员", "party_member"), ("片", "patch"), ("邻", "neighbourhood"),
        ("网格", "grid"),
    )  # fmt: skip
    return [
        Pair(label, held) for label, name in named if (held := getattr(link, name, ""))
    ]


def facts(household: Household) -> list[Pair]:
    """Return what the card says of the household, but for the sealed values."""
    residents = household.residents
    return [
        Pair("小组", str(household.group)),
        Pair("推选单元", str(household.constituency or "") or None),
        Pair("人口", f"{household.members} 人"),
        Pair("常住人口", None if residents is None else f"{residents} 人"),
        Pair("外出或空户", "是" if household.is_away else "否"),
        Pair("住址", household.address or None),
        Pair("入册日期", str(household.registered_on)),
        Pair("家庭基本情况", household.situation or None),
        Pair("备注", household.remark or None),
    ]


@requires(Permission.SENSITIVE_REVEAL)
def household_reveal(request: PostRequest, pk: int, field: str) -> HttpResponse:
    """Ask for a reason, then show the head's ID number or the phone."""
    return reveal(request, household_or_404(request, pk), field)
