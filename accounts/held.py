"""The posts that a person holds: every request begins by reading them."""

import datetime as dt
from functools import cache

from django.db import connection, transaction

from accounts.models import Post, User
from regions.models import Region
from regions.postgresql.columns import attributes, columns
from regions.scoping import Scope, scope

HELD = """
SELECT {post}, {region}, {parent}, {above}
FROM accounts_post post
JOIN regions_region region ON region.code = post.region_code
LEFT JOIN regions_region parent ON parent.code = region.parent_id
LEFT JOIN regions_region above ON above.code = parent.parent_id
WHERE post.user_id = %(user)s AND post.started_on <= %(on)s
    AND (post.ended_on IS NULL OR post.ended_on > %(on)s)
ORDER BY post.started_on, post.id
"""
"""`user.posts.active(on)` with its divisions up to the city. Written out, because putting
it together on every request took six times as long as asking it."""


def held_posts(user: User, on: dt.date) -> list[Post]:
    """Return the posts that a user holds on the day `on`, the oldest first.

    A person may read his own posts before any scope is known; it is they that open
    one.
    """
    with (
        scope(Scope(0, 0, user=user.pk)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(_statement(), {"user": user.pk, "on": on})
        return [_post(row, user) for row in cursor.fetchall()]


@cache
def _statement() -> str:
    listed = {alias: columns(Region, alias) for alias in ("region", "parent", "above")}
    return HELD.format(post=columns(Post, "post"), **listed)


def _post(row: tuple[object, ...], user: User) -> Post:
    names = attributes(Post)
    post = Post.from_db(connection.alias, names, row[: len(names)])
    post.user, post.region = user, _path(row[len(names) :])
    return post


def _path(row: tuple[object, ...]) -> Region:
    """Return the division whose columns stand first, with those above it."""
    names = attributes(Region)
    region = Region.from_db(connection.alias, names, row[: len(names)])
    if region.parent_id is not None:
        region.parent = _path(row[len(names) :])
    return region
