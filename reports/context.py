"""The frame around every page: built once a request, from the active post."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Post, User
from accounts.permissions import Permission
from accounts.views.signing import SIZE_COOKIE
from inbox.services import unread_count
from regions.models import Region
from reports.navigation import phone_tabs, side_navigation
from ui.links import address_of, page_address
from ui.shell import TEXT_SIZES, Crumb, NavItem, Shell, TextSize


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return `shell` for the templates; while nobody is signed in, the device's 字号."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"shell": None, "text_size": request.COOKIES.get(SIZE_COOKIE, "")}
    post: Post | None = getattr(request, "post", None)
    return {"shell": _shell(request, user, post)}


def _shell(request: HttpRequest, user: User, post: Post | None) -> Shell:
    posts = getattr(request, "posts", [])
    place = getattr(request, "place", None)
    unread = unread_count(user) if post else 0
    looks = bool(post and post.may(Permission.OVERVIEW_VIEW))
    finds = bool(post and post.may(Permission.HOUSEHOLD_VIEW))
    return Shell(
        nav=side_navigation(request, post) if post else (),
        tabs=phone_tabs(request, post, unread) if post else (),
        crumbs=crumbs(post, place) if post else (),
        place=post.region.full_name if post else "没有职务",
        person=user.name,
        post=post.kind.label if post else "",
        posts_url=page_address("accounts:posts") if len(posts) > 1 else "",
        size=size_of(user),
        unread=unread,
        inbox_url=page_address("inbox:list") if post else "",
        picker_url=page_address("reports:picker") if looks else "",
        search_url=page_address("reports:search") if finds else "",
        today=timezone.localdate(),
        sign_out_url=page_address("accounts:sign-out"),
        home_url=page_address("reports:home"),
        menu=(NavItem("我的账号", page_address("accounts:me"), "user-circle"),),
    )


def size_of(user: User) -> TextSize:
    """Return the 字号 that the person chose, the standard one if it is unknown."""
    return next((size for size, _ in TEXT_SIZES if size == user.text_size), "m")


def crumbs(post: Post, place: Region | None) -> tuple[Crumb, ...]:
    """Return the path from the city to `place`; levels above the post are text.

    So is all of it for posts without an overview: auditors, system administrators.
    """
    looks = post.may(Permission.OVERVIEW_VIEW)
    path: list[Region] = []
    step: Region | None = place or post.region
    while step is not None:
        path.append(step)
        step = step.parent
    return tuple(
        Crumb(
            region.name,
            address_of("reports:region", region.code)
            if looks and region.code in post.region.scope
            else None,
        )
        for region in reversed(path)
    )
