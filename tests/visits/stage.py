"""A representative with households to visit, written as the services would have."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.models import Post, User
from accounts.sealing import Sealed
from households.models import Category, CategoryTag, ContactLink, Household
from regions.models import VillagerGroup
from representatives.models import Representative
from tests.cast import VILLAGE, hashed
from visits.models import Visit

LINKED = dt.date(2026, 1, 1)
HEADS = (
    "刘桂英",
    "张志文",
    "李小红",
    "欧阳海棠",
    "刘铁生",
    "曾满秀",
    "周玉兰",
    "申建国",
)


@dataclass(frozen=True)
class Walker:
    """A representative who signs in, and his households by their heads."""

    post: Post
    person: Representative
    homes: dict[str, Household]

    @property
    def user(self) -> User:
        """Who signs in."""
        return self.post.user


def make_walker(
    username: str,
    heads: tuple[str, ...] = HEADS,
    *,
    key: int | None = None,
    since: dt.date = LINKED,
    post: Post | None = None,
) -> Walker:
    """Return a representative of our village; the first `key` households are 重点."""
    person = Representative.objects.create(region_id=VILLAGE, name=f"{username}代表")
    if post is None:
        user = User(username=username, name="张顺民", must_change_password=False)
        user.password = hashed()
        user.save()
        post = Post(
            user=user, role="representative", region_id=VILLAGE, started_on=LINKED
        )
    post.narrowed_to = person.pk
    post.save()
    homes = {
        head: make_home(person, head, number, since)
        for number, head in enumerate(heads)
    }
    for head in heads[: len(heads) if key is None else key]:
        make_key(homes[head], since)
    return Walker(post, person, homes)


def make_home(
    person: Representative, head: str, number: int, since: dt.date
) -> Household:
    """Return a household that `person` looks after since a day."""
    group, _ = VillagerGroup.objects.get_or_create(
        region_id=VILLAGE, number=91 + number % 3
    )
    home = Household.objects.create(
        region_id=VILLAGE,
        group=group,
        head=head,
        members=3,
        phone=Sealed.of(f"1380000{number:04d}", "phone"),
        registered_on=since,
    )
    link(home, person, since)
    return home


def link(home: Household, person: Representative, since: dt.date) -> ContactLink:
    """Give a household to a representative from a day on."""
    return ContactLink.objects.create(
        region_id=home.region_id,
        household=home,
        representative=person,
        started_on=since,
    )


def hand_to(home: Household, person: Representative, on: dt.date) -> None:
    """Give a household to somebody else from a day on."""
    held = home.links.get(ended_on=None)
    held.ended_on, held.end_reason = on, "reassigned"
    held.save()
    link(home, person, on)


def make_key(home: Household, since: dt.date) -> None:
    """Put a household into the first key category."""
    CategoryTag.objects.create(
        region_id=home.region_id,
        household=home,
        category=Category.objects.filter(is_key=True).order_by("order")[0],
        started_on=since,
    )


def seen(walker: Walker, head: str, on: dt.date) -> Visit:
    """Store a visit of a day as the representative's own."""
    now = timezone.now()
    return Visit.objects.create(
        id=uuid.uuid4(),
        region_id=VILLAGE,
        household=walker.homes[head],
        representative=walker.person,
        visited_on=on,
        counts=True,
        entered_by=walker.user,
        captured_at=timezone.make_aware(dt.datetime.combine(on, dt.time(9))),
        received_at=now,
        fingerprint="",
    )


def body(home: Household, **more: Any) -> dict[str, Any]:
    """Return what a phone sends for a quiet visit just now."""
    sent = {"household": home.pk, "captured_at": timezone.now().isoformat()}
    return sent | more
