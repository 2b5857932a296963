"""Who may give the second word on an export of many whole numbers, and saying so."""

from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Post
from accounts.permissions import Permission
from accounts.roles import ROLES
from regions.models import Level, Region
from regions.scoping import EVERYWHERE_HI, Scope, scope

WHY = "who may approve an export"
NAMED = 4
"""More are counted, not named."""


@dataclass(frozen=True)
class Second:
    """The second person that an export waits for, as pages speak of it.

    `names` is empty where nobody can decide; then `remedy` says whose account to open.
    """

    names: str
    remedy: str
    rows: int = 0
    """From more than how many rows on it is asked for; 0 is always."""


def deciders(region: int, *, but: int, right: Permission) -> list[Post]:
    """Return who may decide on requests of a division: its own office first, then above.

    Posts above lie outside the range of who asks; only their holders are looked up, so
    that a village whose one lead asks himself is not left without anybody.
    """
    chain = _upwards(region)
    with scope(Scope(0, EVERYWHERE_HI, why=WHY)):
        posts = Post.objects.active(timezone.localdate()).filter(region__in=chain)
        able = [
            post
            for post in posts.exclude(user=but).select_related("user", "region__parent")
            if post.user.is_active and post.may(right)
        ]
    able.sort(key=lambda post: (chain.index(post.region_id), post.pk))
    nearest: dict[int, Post] = {}
    for post in able:
        nearest.setdefault(post.user_id, post)
    return list(nearest.values())


def _upwards(region: int) -> list[int]:
    """Return the codes of a division and of those above it, its own first."""
    step: Region | None = Region.objects.select_related("parent__parent").get(pk=region)
    codes = []
    while step is not None:
        codes.append(step.pk)
        step = step.parent
    return codes


def second_for(post: Post, right: Permission, *, rows: int = 0) -> Second:
    """Return who could decide on what the holder of `post` asks for."""
    found = deciders(post.region_id, but=post.user_id, right=right)
    return Second(names_of(found), remedy_for(post.region, right), rows)


def names_of(posts: list[Post]) -> str:
    """Return people with their offices: 李明（魏家桥镇 乡镇（街道）负责人）."""
    said = "、".join(f"{post.user.name}（{post}）" for post in posts[:NAMED])
    return f"{said}等 {len(posts)} 人" if len(posts) > NAMED else said


def remedy_for(place: Region, right: Permission) -> str:
    """Return what is wrong where nobody can decide, and how to mend it."""
    levels = list(Level)
    reach = levels[: levels.index(Level(place.level)) + 1]
    able = [
        role.label
        for role in ROLES.values()
        if right in role.permissions and role.level in reach
    ]
    which = "、".join(able) + ("都可以" if len(able) > 1 else "")
    return (
        f"现在没有人能批准：除了您，{place.name}和上级都没有别人能做这件事。"
        f"请先请管账号的人给另一位负责人开账号（{which}），再来申请。"
    )
