"""The roll of representatives, and the page of one of them."""

import datetime as dt
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
from regions.models import Level
from representatives.forms.people import RosterFilter
from representatives.listing import (
    listed,
    matching,
    sign_in_state,
    sorted_by,
    standing,
    with_mandates,
)
from representatives.loads import Load, bounds_on
from representatives.models import Mandate, Representative
from representatives.timeline import row_history
from ui.parts import Event, Pair

PER_PAGE = 50


@requires(Permission.REPRESENTATIVE_VIEW)
def representative_list(request: PostRequest) -> HttpResponse:
    """List the representatives of one's range."""
    today, post = timezone.localdate(), acting(request)
    one_village = post.region.level == Level.VILLAGE
    filters = RosterFilter(request.GET, one_village=one_village)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    found = Representative.objects.none() if filters.errors else matching(wanted, today)
    ordered = sorted_by(found, request.GET.get("sort", ""), today)
    ids = ordered.values_list("pk", flat=True)
    page = Paginator(ids, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "filtered": any(wanted.values()),
        "page": page,
        "rows": listed(list(page.object_list), today),
        "one_village": one_village,
        "bounds": bounds_on(today),
        "may_edit": post.may(Permission.REPRESENTATIVE_EDIT),
        "may_export": post.may(Permission.ROLL_EXPORT),
    }
    return render(request, "representatives/list.html", context)


@requires(Permission.REPRESENTATIVE_VIEW)
def representative_detail(request: PostRequest, pk: int) -> HttpResponse:
    """Show a representative: card, households, mandates, changes."""
    person, post = representative_or_404(request, pk), acting(request)
    return render(request, "representatives/detail.html", detail_context(person, post))


def representative_or_404(request: PostRequest, pk: int) -> Representative:
    """Return a representative of one's range, and put the village on the path."""
    people = Representative.objects.select_related(
        "region__parent__parent", "group", "user", "photo"
    )
    person = get_object_or_404(with_mandates(people), pk=pk)
    request.place = person.region  # type: ignore[attr-defined]
    return person


def detail_context(person: Representative, post: Post) -> dict[str, Any]:
    """Return what the page of a representative shows to the holder of `post`."""
    today = timezone.localdate()
    mandates = list(person.mandates.all())
    latest = next(iter(mandates), None)
    tone, state = standing(latest, today)
    serves = tone == "ok"
    edits = post.may(Permission.REPRESENTATIVE_EDIT)
    links = links_of(person, today)
    return {
        "person": person,
        "mandate": latest,
        "tone": tone,
        "state": state,
        "facts": facts(person, today),
        "links": links,
        "load": Load(len(links), bounds_on(today)) if serves else None,
        "terms": [term_event(mandate, today) for mandate in mandates],
        "events": row_history(person),
        "account": sign_in_state(person, today),
        "may_edit": edits,
        "may_leave": edits and latest is not None and latest.ended_on is None,
        "may_assign": post.may(Permission.HOUSEHOLD_EDIT) and serves,
        "sees_households": post.may(Permission.HOUSEHOLD_VIEW),
        "may_see_trainings": post.may(Permission.TRAINING_VIEW),
        "may_reveal": post.may(Permission.SENSITIVE_REVEAL),
        "may_open": post.may(Permission.ACCOUNT_MANAGE) and serves,
    }


def links_of(person: Representative, on: dt.date) -> list[Any]:
    """Return the links in force, by group and head: rows of the app above this one."""
    links = person.links.active(on).select_related("household__group")
    tagged = links.prefetch_related("household__tags__category")
    return list(tagged.order_by("household__group__number", "household__head"))


def facts(person: Representative, on: dt.date) -> list[Pair]:
    """Return what the card says of the person, but for the sealed values."""
    year = person.birth_year
    born = f"{year} 年（{on.year - year} 岁左右）" if year else None
    return [
        Pair("性别", person.get_sex_display() or None),
        Pair("民族", person.nation),
        Pair("出生年份", born),
        Pair("文化程度", person.get_education_display() or None),
        Pair("政治面貌", person.get_politics_display() or None),
        Pair("所在小组", str(person.group) if person.group else None),
        Pair("兼任", "、".join(person.offices) or None),
        Pair("固定补贴", "领取" if person.draws_allowance else "不领取"),
        Pair("备注", person.remark or None),
    ]


def term_event(mandate: Mandate, on: dt.date) -> Event:
    """Return a mandate as an entry of the person's history in office."""
    tone, state = standing(mandate, on)
    chosen = "补选" if mandate.is_by_election else "当选"
    end = mandate.ended_on or mandate.until
    words = [f"{mandate.started_on} 至 {end}", mandate.get_mode_display(), state]
    return Event(
        when=mandate.started_on,
        title=f"{mandate.seat}（{chosen}）",
        text=" · ".join(words)
        + (f" · 依据：{mandate.end_evidence}" if mandate.end_evidence else ""),
        tone=tone,
    )
