"""Who is signed in and which posts he holds: every request begins by reading it."""

import datetime as dt
from functools import cache

from django.db import connection, transaction

from accounts.models import Post, User
from regions.models import Region
from regions.postgresql.columns import attributes, columns
from regions.scoping import Scope, scope

POSTS = """
regions_region region ON region.code = post.region_code
LEFT JOIN regions_region parent ON parent.code = region.parent_id
LEFT JOIN regions_region above ON above.code = parent.parent_id
"""
IN_FORCE = """
post.started_on <= %(on)s AND (post.ended_on IS NULL OR post.ended_on > %(on)s)
"""
HELD = """
SELECT {post}, {region}, {parent}, {above}
FROM accounts_post post JOIN {posts}
WHERE post.user_id = %(user)s AND {in_force}
ORDER BY post.started_on, post.id
"""
"""`user.posts.active(on)` with its divisions up to the city. Written out, because putting
it together on every request took six times as long as asking it."""
SIGNED_IN = """
SELECT {account}, EXISTS (
    SELECT FROM otp_totp_totpdevice factor
    WHERE factor.user_id = account.id AND factor.confirmed),
    {post}, {region}, {parent}, {above}
FROM accounts_user account
LEFT JOIN accounts_post post ON post.user_id = account.id AND {in_force}
LEFT JOIN {posts}
WHERE account.id = %(user)s AND account.is_active
ORDER BY post.started_on, post.id
"""
"""The account itself with the same posts: one way to the database for both."""


def held_posts(user: User, on: dt.date) -> list[Post]:
    """Return the posts that a user holds on the day `on`, the oldest first.

    A person may read his own posts before any scope is known; it is they that open
    one.
    """
    return [_post(row, user) for row in _asked(HELD, user.pk, on)]


def account_with_posts(user_id: int, on: dt.date) -> User | None:
    """Return an open account as a request begins with it, or None.

    It has `has_factor`, whether a second factor is set up, and `held`, what `held_posts`
    returns for that day: the door asks for both on every request.
    """
    rows = _asked(SIGNED_IN, user_id, on)
    if not rows:
        return None
    names = attributes(User)
    own, width = rows[0], len(names)
    user = User.from_db(connection.alias, names, own[:width])
    user.has_factor = bool(own[width])
    posts = (row[width + 1 :] for row in rows)
    user.held = [_post(post, user) for post in posts if post[0] is not None]
    return user


def _asked(statement: str, user_id: int, on: dt.date) -> list[tuple[object, ...]]:
    with (
        scope(Scope(0, 0, user=user_id)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(_written(statement), {"user": user_id, "on": on})
        found: list[tuple[object, ...]] = cursor.fetchall()
    return found


@cache
def _written(statement: str) -> str:
    listed = {alias: columns(Region, alias) for alias in ("region", "parent", "above")}
    return statement.format(
        account=columns(User, "account"),
        post=columns(Post, "post"),
        posts=POSTS,
        in_force=IN_FORCE,
        **listed,
    )


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
