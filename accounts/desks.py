"""Who sits at the desk of a division: those who are told of its work."""

import datetime as dt
from collections import defaultdict

from accounts.models import Post, PostQuerySet
from regions.models import Region

VILLAGE = ("village_secretary", "village_clerk")
TOWNSHIP = ("township_staff", "township_lead")
CITY = ("city_staff", "city_lead")
Desks = dict[int, list[Post]]


def desks(on: dt.date, *roles: str) -> Desks:
    """Return the posts with these roles on the day `on`, by division of the open scope."""
    found: Desks = defaultdict(list)
    posts = seated(on, *roles).select_related("user", "region__parent")
    for post in posts.order_by("pk"):
        found[post.region_id].append(post)
    return found


def seated(on: dt.date, *roles: str) -> PostQuerySet:
    """Return the posts with these roles that can be told something on the day `on`.

    Their division has not ended, and the account of whoever holds them is open.
    """
    current = Region.objects.current().values("code")
    posts = Post.objects.active(on).filter(role__in=roles, region__in=current)
    return posts.filter(user__is_active=True)
