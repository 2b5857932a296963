"""What is still missing before a place can work: accounts, first passwords, locks.

A figure counts people who hold an active post and whose account is open. The number
of statements is the same for a village and for the whole city.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from accounts.locks import locked_usernames
from accounts.models import Post, User
from regions.models import Level, Region

KEEPERS = ("village_secretary", "village_clerk")


@dataclass(frozen=True)
class Setup:
    """Divisions without the account they need first, and people who cannot work yet."""

    without_lead: int
    without_secretary: int
    locked: int
    unused: int


def setup_of(place: Region, today: dt.date) -> Setup:
    """Return what is missing in `place`; must run in a scope over it."""
    held = roles_by_place(place, today)
    inside = Region.objects.current().within(place.scope)
    below = list(inside.values_list("code", "level"))
    return Setup(
        without_lead=_without(below, Level.TOWNSHIP, "township_lead", held),
        without_secretary=_without(below, Level.VILLAGE, "village_secretary", held),
        **account_states(place, today),
    )


def _without(
    below: list[tuple[int, str]], level: Level, role: str, held: set[tuple[int, str]]
) -> int:
    return sum(its == level and (code, role) not in held for code, its in below)


def roles_by_place(place: Region, today: dt.date) -> set[tuple[int, str]]:
    """Return which roles are filled where."""
    serving = Post.objects.within(place.scope).active(today)
    open_accounts = serving.filter(user__is_active=True).order_by()
    return set(open_accounts.values_list("region_id", "role").distinct())


def account_states(place: Region, today: dt.date) -> dict[str, int]:
    """Return how many are locked out, or never changed the first password."""
    serving = Post.objects.within(place.scope).active(today).values("user")
    locked = locked_usernames(timezone.now())
    counted = User.objects.filter(pk__in=serving, is_active=True).aggregate(
        locked=Count("pk", filter=Q(username__in=locked)),
        unused=Count("pk", filter=Q(must_change_password=True)),
    )
    return {name: int(value) for name, value in counted.items()}


def keepers_of(village: Region, today: dt.date) -> list[Post]:
    """Return who keeps a village's books: the secretary first, then by name."""
    posts = Post.objects.within(village.scope).active(today).filter(role__in=KEEPERS)
    held = list(posts.filter(user__is_active=True).select_related("user"))
    return sorted(held, key=lambda p: (KEEPERS.index(p.role), p.user.name, p.pk))
