"""Who sits at the desk of a village or township: those who are told of its work."""

import datetime as dt
from collections import defaultdict

from accounts.models import Post
from regions.models import Region

VILLAGE = ("village_secretary", "village_clerk")
TOWNSHIP = ("township_staff", "township_lead")
Desks = dict[int, list[Post]]


def desks(on: dt.date, *roles: str) -> Desks:
    """Return the posts with these roles on the day `on`, by division of the open scope."""
    current = Region.objects.current().values("code")
    posts = Post.objects.active(on).filter(role__in=roles, region__in=current)
    found: Desks = defaultdict(list)
    for post in posts.select_related("user", "region__parent").order_by("pk"):
        found[post.region_id].append(post)
    return found
