"""Outboxes that are sent the hard way: shuffled, doubled, cut off, two at once.

What is promised is a set union by the phone's own id (reliability 4.2, rule 7): order
and repetition cannot matter, and what was not acknowledged is sent again. How many
are sent is `--storm`; ten thousand: `make test ARGS="--storm=10000 -k storm"`.
"""

import datetime as dt
import random
import uuid
from contextlib import suppress

import pytest
from django.db import transaction
from django.utils import timezone

from regions.scoping import scope
from tests.cast import Cast, everywhere
from tests.visits.stage import Walker, make_walker
from visits import services
from visits.models import Visit

HOMES = 200
Outbox = dict[uuid.UUID, tuple[services.Content, dt.datetime]]


class Cut(Exception):
    """The line went dead."""


def test_storm_of_two_cut_off_phones_is_stored_once_each(
    cast: Cast, request: pytest.FixtureRequest
) -> None:
    """The phones' outboxes overlap by a fifth; one sending in fifty is cut off
    before the server has committed, one in ten before the phone hears of it.

    By the service that the API calls; test_api_storm has the whole stack.
    """
    sent: int = request.config.getoption("--storm")
    heads = tuple(f"第{number}户" for number in range(HOMES))
    with everywhere():
        walker = make_walker("walker", heads, key=0, post=cast.representative)
    chance = random.Random(20261123)  # noqa: S311
    queue, order = filled(walker, sent, chance)
    half, fifth = sent // 2, sent // 10
    phones = [
        {pk: queue[pk] for pk in order[: half + fifth]},
        {pk: queue[pk] for pk in order[half - fifth :]},
    ]
    told = {"new": 0, "known": 0, "cut": 0}

    with scope(walker.post.scope()), transaction.atomic():
        while any(phones):
            for outbox in phones:
                send(outbox, walker, chance, told)
        stored = list(Visit.objects.values_list("pk", flat=True))

    assert len(stored) == sent
    assert set(stored) == set(queue)
    assert told["new"] <= sent < told["new"] + told["known"]
    assert told["known"] > 2 * fifth
    assert told["cut"] > fifth


def filled(
    walker: Walker, sent: int, chance: random.Random
) -> tuple[Outbox, list[uuid.UUID]]:
    """Return visits by id, and the ids in any order."""
    homes = list(walker.homes.values())
    first = dt.datetime(2026, 3, 1, 1, tzinfo=dt.UTC)
    queue = {}
    for number in range(sent):
        at_door = first + dt.timedelta(days=number // HOMES)
        content = services.Content(
            homes[number % HOMES].pk, timezone.localdate(at_door)
        )
        pk = uuid.UUID(int=chance.getrandbits(128), version=4)
        queue[pk] = (content, at_door)
    order = list(queue)
    chance.shuffle(order)
    return queue, order


def send(
    outbox: Outbox, walker: Walker, chance: random.Random, told: dict[str, int]
) -> None:
    """Send a part of an outbox in any order; delete only what is acknowledged."""
    for pk in chance.sample(list(outbox), min(len(outbox), 2000)):
        luck = chance.random()
        if luck < 0.02:
            send_and_cut(walker, pk, *outbox[pk])
            told["cut"] += 1
            continue
        is_new = send_one(walker, pk, *outbox[pk])
        if luck < 0.12:  # stored, but the answer is lost on its way
            told["cut"] += 1
            continue
        told["new" if is_new else "known"] += 1
        del outbox[pk]


def send_one(
    walker: Walker, pk: uuid.UUID, content: services.Content, captured_at: dt.datetime
) -> bool:
    """Send one visit; return whether it is new."""
    return services.record(
        visit_id=pk, content=content, captured_at=captured_at, by=walker.post
    )[1]


def send_and_cut(
    walker: Walker, pk: uuid.UUID, content: services.Content, captured_at: dt.datetime
) -> None:
    """Send one visit and lose the line before the server has committed."""
    with suppress(Cut), transaction.atomic():
        send_one(walker, pk, content, captured_at)
        raise Cut
