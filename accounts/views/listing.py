"""The list of accounts: the people who hold posts in one's range."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import requires
from accounts.forms.managing import AccountFilter
from accounts.locks import locked_usernames
from accounts.middleware import PostRequest
from accounts.models import Post, PostQuerySet, User
from accounts.permissions import Permission
from accounts.roles import ROLES
from accounts.sealing import blind_index
from regions.models import Region
from regions.scoping import Scope, current_scope
from ui.parts import Tone

PER_PAGE = 50


@dataclass(frozen=True)
class Listed:
    """A person in the list: the posts held in one's range, and the state in a word."""

    person: User
    posts: tuple[Post, ...]
    tone: Tone
    state: str


@requires(Permission.ACCOUNT_VIEW)
def account_list(request: PostRequest) -> HttpResponse:
    """List the people who hold posts in one's range."""
    now, within = timezone.now(), own_range()
    filters = AccountFilter(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    found = User.objects.none() if filters.errors else matching(wanted, within)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    locked = User.objects.filter(
        Exists(unended(within).filter(user=OuterRef("pk"))),
        username__in=locked_usernames(now),
    )
    context = {
        "filters": filters,
        "filtered": any(wanted.values()),
        "page": page,
        "rows": listed(list(page), within, now),
        "locked": locked.count(),
        "may_open": bool(request.post and request.post.may(Permission.ACCOUNT_MANAGE)),
    }
    return render(request, "accounts/list.html", context)


def own_range() -> Scope:
    """Return the open scope; the access declaration makes sure that there is one."""
    opened = current_scope()
    if opened is None:
        raise Http404
    return opened


def unended(within: Scope) -> PostQuerySet:
    """Return the posts of the range that are held, or will be from a day to come."""
    return Post.objects.within(within).exclude(ended_on__lte=timezone.localdate())


def matching(wanted: dict[str, Any], within: Scope) -> QuerySet[User]:
    """Return the people whom the filters describe, in administrative order."""
    status = wanted.get("status") or ""
    everyone = status in {"left", "all"}
    posts = Post.objects.within(within) if everyone else unended(within)
    if role := wanted.get("role"):
        posts = posts.filter(role=role)
    if level := wanted.get("level"):
        at_level = [role.code for role in ROLES.values() if role.level == level]
        posts = posts.filter(role__in=at_level)
    if isinstance(place := wanted.get("place"), Region):
        posts = posts.within(place.scope)
    theirs = posts.filter(user=OuterRef("pk"))
    first = theirs.order_by("region_id").values("region_id")[:1]
    people = User.objects.filter(Exists(theirs)).filter(named(wanted.get("q") or ""))
    people = with_status(people, status, within)
    return people.annotate(place=Subquery(first)).order_by("place", "username")


def named(typed: str) -> Q:
    """Match part of the name or user name, or the whole phone number."""
    typed = "".join(typed.split())
    if not typed:
        return Q()
    by_phone = Q(phone_index=blind_index(typed))
    return Q(name__contains=typed) | Q(username__contains=typed.lower()) | by_phone


def with_status(people: QuerySet[User], status: str, within: Scope) -> QuerySet[User]:
    """Narrow the list to people in a state."""
    if status == "locked":
        return people.filter(username__in=locked_usernames(timezone.now()))
    if status == "closed":
        return people.filter(is_active=False)
    if status == "unused":
        return people.filter(must_change_password=True, is_active=True)
    if status == "left":
        return people.exclude(Exists(unended(within).filter(user=OuterRef("pk"))))
    return people


def listed(people: list[User], within: Scope, now: dt.datetime) -> list[Listed]:
    """Return the rows of a page: two statements however many rows there are."""
    held: dict[int, list[Post]] = defaultdict(list)
    posts = Post.objects.within(within).filter(user__in=people)
    for post in posts.select_related("region__parent").order_by("region_id", "id"):
        held[post.user_id].append(post)
    names = [person.username for person in people]
    shut = locked_usernames(now).filter(username__in=names)
    locked = set(shut.values_list("username", flat=True))
    today = timezone.localdate(now)
    return [_row(person, held[person.pk], locked, today) for person in people]


def _row(person: User, posts: list[Post], locked: set[str], today: dt.date) -> Listed:
    """Return one row; ended posts are shown only if there is no other."""
    unended = [post for post in posts if not post.ended_on or post.ended_on > today]
    tone, state = standing(
        person, locked=person.username in locked, in_office=bool(unended)
    )
    return Listed(person, tuple(unended or posts), tone, state)


def standing(person: User, *, locked: bool, in_office: bool) -> tuple[Tone, str]:
    """Return the state of an account in a word, the worst first."""
    states: tuple[tuple[bool, Tone, str], ...] = (
        (not person.is_active, "off", "已停用"),
        (locked, "bad", "已锁定"),
        (not in_office, "off", "已离任"),
        (person.must_change_password, "warn", "初始密码没改"),
    )
    return next(((tone, word) for holds, tone, word in states if holds), ("ok", "正常"))
