"""What is known of a division and the divisions below it: who serves where.

A figure counts people who hold an active post and whose account is open. The number
of statements is the same for a village and for the whole city.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from accounts.locks import locked_usernames
from accounts.models import Post, User
from regions.models import Level, Region
from ui.parts import Tone

STAFF_ROLES = ("township_lead", "township_staff")
WORST_FIRST: tuple[Tone, ...] = ("bad", "warn", "ok")


@dataclass(frozen=True)
class Line:
    """A division below, and how far its accounts are opened.

    `staffed` is the number of its villages that have a secretary's account.
    """

    place: Region
    villages: int
    staffed: int
    leads: int
    staff: int
    secretaries: int
    clerks: int
    representatives: int

    @property
    def tone(self) -> Tone:
        """The light: see `RULES` for what it means."""
        if self.place.level == Level.TOWNSHIP:
            return _tone(self.leads > 0, self.staffed == self.villages)
        return _tone(self.secretaries > 0, self.representatives > 0)

    @property
    def share(self) -> float | None:
        """The share of villages with a secretary's account, in percent."""
        return self.staffed * 100 / self.villages if self.villages else None


RULES = {
    Level.CITY: (
        "预警：乡镇（街道）还没有负责人账号；"
        "关注：有负责人账号，还有村（社区）没有书记账号；正常：都有了。"
    ),
    Level.TOWNSHIP: (
        "预警：村（社区）还没有书记账号；"
        "关注：有书记账号，还没有代表账号；正常：都有了。"
    ),
}


def _tone(first: bool, second: bool) -> Tone:  # noqa: FBT001
    if not first:
        return "bad"
    return "ok" if second else "warn"


@dataclass(frozen=True)
class Overview:
    """A division with its figures and the lines of the divisions below it."""

    place: Region
    lines: tuple[Line, ...]
    total: Line
    people: int
    locked: int
    unused: int

    @property
    def without_lead(self) -> int:
        """How many townships below have no lead's account."""
        return sum(
            line.leads == 0 for line in self.lines if line.place.level == Level.TOWNSHIP
        )

    @property
    def without_secretary(self) -> int:
        """How many villages have no secretary's account."""
        return self.total.villages - self.total.staffed


def overview(place: Region, today: dt.date) -> Overview:
    """Return what is known of `place`; must run in a scope over it."""
    within = place.scope
    below = list(Region.objects.current().within(within).order_by("code"))
    children = [region for region in below if region.parent_id == place.code]
    villages = [region for region in below if region.level == Level.VILLAGE]
    roles = serving_by_role(place, today)
    lines = [line(child, villages, roles) for child in children]
    lines.sort(key=lambda one: (WORST_FIRST.index(one.tone), one.place.code))
    states = account_states(place, today)
    return Overview(place, tuple(lines), line(place, villages, roles), **states)


def serving_by_role(place: Region, today: dt.date) -> Counter[tuple[int, str]]:
    """Return how many people serve, by division and role."""
    serving = Post.objects.within(place.scope).active(today)
    counted = (
        serving.filter(user__is_active=True)
        .order_by()
        .values_list("region_id", "role")
        .annotate(people=Count("user", distinct=True))
    )
    return Counter({(code, role): people for code, role, people in counted})


def line(
    place: Region, villages: Iterable[Region], roles: Counter[tuple[int, str]]
) -> Line:
    """Add up one division and what is below it."""
    inside = [village for village in villages if village.code in place.scope]
    sums: Counter[str] = Counter()
    for (code, role), people in roles.items():
        if code in place.scope:
            sums[role] += people
    return Line(
        place=place,
        villages=len(inside),
        staffed=sum(roles[village.code, "village_secretary"] > 0 for village in inside),
        leads=sums["township_lead"],
        staff=sum(sums[role] for role in STAFF_ROLES),
        secretaries=sums["village_secretary"],
        clerks=sums["village_clerk"],
        representatives=sums["representative"],
    )


def account_states(place: Region, today: dt.date) -> dict[str, int]:
    """Return how many people serve, are locked out, or never changed the first password."""
    serving = Post.objects.within(place.scope).active(today).values("user")
    locked = locked_usernames(timezone.now())
    counted = User.objects.filter(pk__in=serving, is_active=True).aggregate(
        people=Count("pk"),
        locked=Count("pk", filter=Q(username__in=locked)),
        unused=Count("pk", filter=Q(must_change_password=True)),
    )
    return {name: int(value) for name, value in counted.items()}


def serving_in(village: Region, today: dt.date) -> list[Post]:
    """Return who serves in a village: the secretary first, then by name."""
    posts = Post.objects.within(village.scope).active(today)
    held = list(posts.filter(user__is_active=True).select_related("user"))
    order = {"village_secretary": 0, "village_clerk": 1, "representative": 2}
    return sorted(held, key=lambda p: (order.get(p.role, 3), p.user.name, p.pk))
