"""The roll of households, and the page of one of them."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.models import Post
from accounts.permissions import Permission
from accounts.places import acting
from households.board import unattended
from households.forms.roll import RollFilter
from households.listing import ids, lines
from households.models import (
    ContactLink,
    Household,
    Status,
    Transfer,
    TransferState,
)
from households.timeline import events_of
from regions.models import Level
from regions.postgresql.compiled import ValuesList, rows_of
from representatives.views.revealing import reveal
from ui.parts import Pair

PER_PAGE = 50


@requires(Permission.HOUSEHOLD_VIEW)
def household_list(request: PostRequest) -> HttpResponse:
    """List the households of one's range."""
    today, post = timezone.localdate(), acting(request)
    one_village = post.region.level == Level.VILLAGE
    filters = RollFilter(request.GET, one_village=one_village)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    whole_city = post.region.level == Level.CITY and not wanted.get("place")
    order = request.GET.get("sort", "")
    found = [] if filters.errors else ids(wanted, today, order, whole_city=whole_city)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "filtered": any(wanted.values()),
        "page": page,
        "rows": lines(list(page.object_list), today),
        "one_village": one_village,
        **({} if wanted.get("contact") else unattended(today)),
        "offered": len(rows_of(offered)),
        "may_edit": post.may(Permission.HOUSEHOLD_EDIT),
        "may_export": post.may(Permission.ROLL_EXPORT),
    }
    return render(request, "households/list.html", context)


def offered() -> ValuesList:
    """Build the moves that wait for somebody here to accept them."""
    rows = Transfer.objects.filter(state=TransferState.OFFERED, is_outgoing=False)
    return rows.values_list("pk")


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
    open_offers = household.transfers.filter(
        state=TransferState.OFFERED, is_outgoing=True
    )
    living = household.status == Status.LIVING
    return {
        "household": household,
        "row": lines([household.pk], today)[0],
        "facts": facts(household),
        "labels": labels(household.links.active(today).first()),
        "offer": open_offers.first() if living else None,
        "events": events_of(household),
        "living": living,
        "may_edit": living and post.may(Permission.HOUSEHOLD_EDIT),
        "may_reveal": post.may(Permission.SENSITIVE_REVEAL),
        "may_see_issues": post.may(Permission.ISSUE_VIEW),
    }


def labels(link: ContactLink | None) -> list[Pair]:
    """Return what the link in force is labelled with; nothing where nothing is said."""
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
