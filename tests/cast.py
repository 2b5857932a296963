"""The cast: the same people in every test, each with a real role.

Two townships of the real tree. 魏家桥镇 is "ours": 长冲口村 is our village, 龙山村 a
sibling. 界岭镇 is the other township. `at(person)` opens the scope of someone's post.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.contrib.auth import (
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
)
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Post, User
from regions.models import Region
from regions.scoping import EVERYWHERE_HI, Scope, scope

CITY = 430582000000
TOWNSHIP = 430582113000
VILLAGE = 430582113219
OTHER_TOWNSHIP = 430582102000
SINCE = dt.date(2026, 1, 1)
PASSWORD = "lianhu-2026"


@dataclass(frozen=True)
class Cast:
    """Everybody, by the part they play. Each is an active post; `.user` signs in."""

    city_lead: Post
    city_staff: Post
    auditor: Post
    system_admin: Post
    township_lead: Post
    township_staff: Post
    secretary: Post
    clerk: Post
    representative: Post
    sibling_secretary: Post
    other_lead: Post
    other_staff: Post
    other_secretary: Post

    def __iter__(self) -> Iterator[Post]:
        return iter(vars(self).values())


def assemble() -> Cast:
    """Open every account of the cast in the current transaction."""
    sibling, other_village = sibling_code(), first_village(OTHER_TOWNSHIP)
    parts = {
        "city_lead": ("city_lead", CITY),
        "city_staff": ("city_staff", CITY),
        "auditor": ("auditor", CITY),
        "system_admin": ("system_admin", CITY),
        "township_lead": ("township_lead", TOWNSHIP),
        "township_staff": ("township_staff", TOWNSHIP),
        "secretary": ("village_secretary", VILLAGE),
        "clerk": ("village_clerk", VILLAGE),
        "representative": ("representative", VILLAGE),
        "sibling_secretary": ("village_secretary", sibling),
        "other_lead": ("township_lead", OTHER_TOWNSHIP),
        "other_staff": ("township_staff", OTHER_TOWNSHIP),
        "other_secretary": ("village_secretary", other_village),
    }
    with everywhere():
        return Cast(**_entered(parts))


def _entered(parts: dict[str, tuple[str, int]]) -> dict[str, Post]:
    """Open all accounts and posts at once: a thousand tests begin with it."""
    users = User.objects.bulk_create(
        User(
            username=part,
            name=f"{part}先生",
            must_change_password=False,
            password=hashed(),
        )
        for part in parts
    )
    posts = Post.objects.bulk_create(
        Post(user=user, role=role, region_id=region, started_on=SINCE)
        for user, (role, region) in zip(users, parts.values(), strict=True)
    )
    keys = [post.pk for post in posts]
    found = Post.objects.select_related("user", "region__parent").in_bulk(keys)
    return {part: found[key] for part, key in zip(parts, keys, strict=True)}


@cache
def hashed() -> str:
    """Return PASSWORD as it is kept; hashed once, not for each person in each test.

    Not at import: the cheap hasher of `tests.conftest` is not named by then.
    """
    return make_password(PASSWORD)


@contextmanager
def everywhere() -> Iterator[None]:
    """Open the scope of everything in a transaction, to set a stage."""
    with scope(Scope(0, EVERYWHERE_HI, why="test stage")), transaction.atomic():
        yield


@contextmanager
def at(post: Post) -> Iterator[None]:
    """Open the scope of someone's post in a transaction."""
    with scope(post.scope()), transaction.atomic():
        yield


def signed_in(post: Post) -> Client:
    """Return a browser in which the holder of `post` is signed in."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = begin_session(post)
    return client


def begin_session(post: Post) -> str:
    """Keep a session as signing in leaves it; return its key.

    How one gets there is shown by `tests.accounts` and `tests.journeys.test_signing_in`,
    and cost every other test three statements, or three pages.
    """
    now = timezone.now().timestamp()
    session = SessionStore()
    session[SESSION_KEY] = str(post.user_id)
    session[BACKEND_SESSION_KEY] = "accounts.backends.NameOrPhoneBackend"
    session[HASH_SESSION_KEY] = post.user.get_session_auth_hash()
    session["began"] = session["seen"] = now
    session["post"] = post.pk
    session.create()
    return str(session.session_key)


def first_village(township: int) -> int:
    """Return the code of a township's first village."""
    return Region.objects.filter(parent_id=township).order_by("code")[0].code


def sibling_code() -> int:
    """Return another village of our township."""
    villages = Region.objects.filter(parent_id=TOWNSHIP, level="village")
    return villages.exclude(code=VILLAGE).order_by("code")[0].code
