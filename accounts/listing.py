"""Accounts as they are asked for: the people who hold posts in one's range.

Pages and programs read them here, so that they list the same people.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts import services
from accounts.forms.signing import plain_login
from accounts.locks import locked_usernames
from accounts.models import Post, PostQuerySet, User
from accounts.permissions import Permission
from accounts.roles import ROLES
from accounts.sealing import blind_index
from regions.models import Region
from regions.scoping import Scope, current_scope
from ui.parts import Tone


@dataclass(frozen=True)
class Listed:
    """A person in the list: the posts held in one's range, and the state in a word."""

    person: User
    posts: tuple[Post, ...]
    tone: Tone
    state: str


def own_range() -> Scope:
    """Return the open scope; the access declaration makes sure that there is one."""
    opened = current_scope()
    if opened is None:
        raise Http404
    return opened


def unended(within: Scope) -> PostQuerySet:
    """Return the posts of the range that are held, or will be from a day to come."""
    return Post.objects.within(within).unended(timezone.localdate())


def matching(wanted: dict[str, Any], within: Scope) -> QuerySet[User]:
    """Return the people whom the filters describe, in administrative order."""
    status = wanted.get("status") or ""
    everyone = status in {"closed", "left", "all"}
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
    by_phone = Q(phone_index=blind_index(plain_login(typed)))
    return Q(name__contains=typed) | Q(username__contains=typed.lower()) | by_phone


def with_status(people: QuerySet[User], status: str, within: Scope) -> QuerySet[User]:
    """Narrow the list to people in a state."""
    if status == "locked":
        locked = locked_usernames(timezone.now())
        return people.filter(username__in=locked, is_active=True)
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
    unended = [post for post in posts if not post.is_over(today)]
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


def person_in_range(pk: int) -> User:
    """Return who holds or held a post in one's range; Http404 for anybody else."""
    theirs = Post.objects.within(own_range()).filter(user=OuterRef("pk"))
    return get_object_or_404(User, Exists(theirs), pk=pk)


@dataclass(frozen=True)
class Held:
    """A post on the page of an account: whether it is held today, and may be ended."""

    post: Post
    tone: Tone
    state: str
    may_end: bool


def held_row(post: Post, by: Post, today: dt.date) -> Held:
    """Return how a post stands today and whether `by` may end it."""
    ended = post.is_over(today)
    may_end = not post.ended_on and by.may(Permission.ACCOUNT_MANAGE)
    may_end = may_end and services.may_end(post, by) and post.user_id != by.user_id
    tone: Tone = "off" if ended else "ok"
    if ended:
        return Held(post, tone, "已免去", may_end=False)
    if post.started_on > today:
        return Held(post, "info", "还没到任", may_end=may_end)
    return Held(post, tone, "在任", may_end=may_end)
