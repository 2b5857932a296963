"""Fills a drill's site with a city and its signed-in people; run as a program.

`python -m drills.city HOUSEHOLDS VISITS PEOPLE` prints one JSON object: how many of each
there are, and a session with what its holder may open for every person.
"""

import datetime as dt
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice

import django

SINCE = dt.date(2026, 1, 1)
OFFICERS, CLERKS, SECRETARIES = 1, 9, 40  # of a hundred; the others are representatives
FEW_HOMES = 6


@dataclass(frozen=True)
class Person:
    """A signed-in person: session cookie, role, and households to look at."""

    session: str
    role: str
    region: int
    homes: list[int]


def furnish(households: int, visits: int, people: int) -> dict[str, object]:
    """Fill the city and sign people in; return what was made."""
    from django.db import transaction
    from django.utils import timezone

    from accounts.audit import system_scope
    from reports.demo import city
    from reports.demo.accounts import record_keeper

    with system_scope("演练的准备"):
        record_keeper()
        made = city.fill(households, visits, timezone.localdate())
        with transaction.atomic():
            signed_in = [asdict(person) for person in _people(people)]
    return {"households": made.households, "visits": made.visits, "people": signed_in}


def _people(wanted: int) -> Iterator[Person]:
    """Yield officers, clerks, secretaries and representatives, in their proportions."""
    from regions.models import Region

    townships = list(Region.objects.current().townships().order_by("code"))
    villages = list(Region.objects.current().villages().order_by("code"))
    city = townships[0].parent_id or 0
    shares = (
        ("city_staff", [city], OFFICERS),
        ("township_staff", [one.code for one in townships], CLERKS),
        ("village_secretary", [one.code for one in villages], SECRETARIES),
    )
    left = wanted
    for role, codes, share in shares:
        count = max(1, wanted * share // 100)
        left -= count
        yield from (
            signed_in_as(f"{role}{n}", role, codes[n % len(codes)])
            for n in range(count)
        )
    yield from islice(_representatives(), max(left, 1))


def _representatives() -> Iterator[Person]:
    from visits.models import Duty

    # Nothing is joined: so soon after the filling the planner knows nothing of it.
    busy = Duty.objects.exclude(representative=None)
    walkers = sorted(set(busy.values_list("representative", "region")))
    # Every so many, so that they come from all over the city.
    for person, region in walkers[:: max(1, len(walkers) // 2000)]:
        yield signed_in_as(f"walker{person}", "representative", region, person)


def signed_in_as(
    name: str, role: str, region: int, narrowed: int | None = None
) -> Person:
    from accounts.models import Post, User
    from visits.models import Duty

    user = User(username=name, name="演练", must_change_password=False)
    user.set_unusable_password()
    user.save()
    post = Post.objects.create(
        user=user,
        role=role,
        region_id=region,
        started_on=SINCE,
        narrowed_to=narrowed,
    )
    homes: Iterable[int] = ()
    if narrowed:
        duties = Duty.objects.filter(representative=narrowed)
        homes = duties.values_list("household", flat=True)[:FEW_HOMES]
    return Person(_session(post), role, region, list(homes))


def _session(post: object) -> str:
    from bench.watch import signed_in

    client = signed_in(post)  # type: ignore[arg-type]
    return str(client.cookies["sessionid"].value)


if __name__ == "__main__":
    django.setup()
    sizes = [int(argument) for argument in sys.argv[1:4]]
    print(json.dumps(furnish(*sizes)))
