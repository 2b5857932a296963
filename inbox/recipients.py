"""Who is told that it is his turn: the posts that may take a step."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from accounts.models import Post
from accounts.permissions import Permission
from regions.codes import lineage
from regions.scoping import EVERYWHERE_HI, Scope, scope

WHY = "inbox.recipients"


def holders(
    region: int, permission: Permission, *, on: dt.date, but: Post | None = None
) -> tuple[Post, ...]:
    """Return who may do something about a division; `but` is whoever knows already.

    See `holders_by_region`.
    """
    found = holders_by_region([region], permission, on=on)[region]
    return tuple(post for post in found if but is None or post.user_id != but.user_id)


def holders_by_region(
    regions: Collection[int], permission: Permission, *, on: dt.date
) -> Mapping[int, tuple[Post, ...]]:
    """Return who may do something, by division: its own posts, or those next above.

    Whose account is closed cannot do it: an office of such people is passed over.
    Posts above lie outside the range of who acts: the scope is opened wide for one
    statement, which returns holders of posts and nothing of what they look after.
    """
    places = {code for region in regions for code in lineage(region)}
    with scope(Scope(0, EVERYWHERE_HI, why=WHY)):
        posts = Post.objects.active(on).filter(region__in=places, user__is_active=True)
        able = [one for one in posts.select_related("user") if one.may(permission)]
    return {region: _nearest(region, able) for region in regions}


def _nearest(region: int, able: Iterable[Post]) -> tuple[Post, ...]:
    by_place: dict[int, list[Post]] = {}
    for post in able:
        by_place.setdefault(post.region_id, []).append(post)
    return next(
        (tuple(by_place[code]) for code in lineage(region) if code in by_place), ()
    )
