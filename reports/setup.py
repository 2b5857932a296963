"""What is still missing before a place can work: accounts, first passwords, locks.

A figure counts people whose account is open: of the divisions, those who hold the post
today; who cannot work yet, also those whose post is to begin, as the list of accounts
has them. The number of statements is the same for a village and for the whole city.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from accounts.desks import VILLAGE, seated
from accounts.locks import locked_usernames
from accounts.models import Post, User
from regions.models import Level, Region


@dataclass(frozen=True)
class Setup:
    """Divisions without the account they need first, and people who cannot work yet."""

    without_lead: int
    without_secretary: int
    locked: int
    unused: int


def setup_of(place: Region, today: dt.date) -> Setup:
    """Return what is missing in `place`, in two statements; asks for a scope over it."""
    return Setup(**missing_leads(place, today), **account_states(place, today))


def missing_leads(place: Region, today: dt.date) -> dict[str, int]:
    """Return how many divisions have nobody in the role that works there first."""
    inside = Region.objects.current().within(place.scope)
    found: dict[str, int] = inside.aggregate(
        without_lead=_without(Level.TOWNSHIP, "township_lead", today),
        without_secretary=_without(Level.VILLAGE, "village_secretary", today),
    )
    return found


def _without(level: Level, role: str, today: dt.date) -> Count:
    """Count the divisions of a level in which nobody holds the role with an open account."""
    held = Post.objects.active(today).filter(role=role, user__is_active=True)
    return Count("pk", filter=Q(level=level) & ~Q(pk__in=held.values("region")))


def account_states(place: Region, today: dt.date) -> dict[str, int]:
    """Return how many are locked out, or never changed the first password."""
    serving = Post.objects.within(place.scope).unended(today).values("user")
    locked = locked_usernames(timezone.now())
    counted = User.objects.filter(pk__in=serving, is_active=True).aggregate(
        locked=Count("pk", filter=Q(username__in=locked)),
        unused=Count("pk", filter=Q(must_change_password=True)),
    )
    return {name: int(value) for name, value in counted.items()}


def keepers_of(village: Region, today: dt.date) -> list[Post]:
    """Return who keeps a village's books: the secretary first, then by name."""
    held = seated(today, *VILLAGE).within(village.scope).select_related("user")
    return sorted(held, key=lambda p: (VILLAGE.index(p.role), p.user.name, p.pk))
