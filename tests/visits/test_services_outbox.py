"""Outboxes that are sent the hard way: shuffled, doubled, cut off, two at once.

What is promised is a set union by the phone's own id (reliability 4.2, rule 7): order
and repetition cannot matter, and what was not acknowledged is sent again.
"""

import datetime as dt
import random
import threading
import uuid
from contextlib import suppress
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from regions.scoping import scope
from tests.cast import Cast, assemble, at, everywhere, signed_in
from tests.visits.stage import Walker, body, make_walker
from visits import services
from visits.models import Visit

SENT = 10_000
HOMES = 500
Outbox = dict[uuid.UUID, tuple[services.Content, dt.datetime]]


class Cut(Exception):
    """The line went dead."""


def test_ten_thousand_visits_of_two_cut_off_phones_are_stored_once_each(
    cast: Cast,
) -> None:
    """The phones' outboxes overlap by a fifth; one sending in fifty is cut off
    before the server has committed, one in ten before the phone hears of it.

    By the service that the API calls: ten thousand requests through the whole stack
    would take minutes and prove nothing more. The stack has its own test below.
    """
    heads = tuple(f"第{number}户" for number in range(HOMES))
    with everywhere():
        walker = make_walker("walker", heads, key=0, post=cast.representative)
    chance = random.Random(20261123)  # noqa: S311
    queue, order = filled(walker, chance)
    half, fifth = SENT // 2, SENT // 10
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

    assert len(stored) == SENT
    assert set(stored) == set(queue)
    assert told["new"] <= SENT < told["new"] + told["known"]
    assert told["known"] > 2 * fifth
    assert told["cut"] > fifth


def filled(walker: Walker, chance: random.Random) -> tuple[Outbox, list[uuid.UUID]]:
    """Return ten thousand visits by id, and the ids in any order."""
    homes = list(walker.homes.values())
    first = dt.datetime(2026, 3, 1, 1, tzinfo=dt.UTC)
    queue = {}
    for number in range(SENT):
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


def test_two_phones_that_send_the_same_at_once_store_it_once(own_database: str) -> None:
    with everywhere():
        cast = assemble()
        walker = make_walker(
            "walker", tuple(f"第{n}户" for n in range(20)), post=cast.representative
        )
    homes = list(walker.homes.values())
    queue = {uuid.uuid4(): body(homes[number % 20]) for number in range(100)}
    answers: list[int] = []
    start = threading.Barrier(2)
    phones = [
        threading.Thread(target=send_all, args=(walker, queue, order, start, answers))
        for order in (list(queue), list(queue))
    ]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()

    assert sorted(answers) == [200] * 100 + [201] * 100
    with at(walker.post):
        assert set(Visit.objects.values_list("pk", flat=True)) == set(queue)


def send_all(
    walker: Walker,
    queue: dict[uuid.UUID, Any],
    order: list[uuid.UUID],
    start: threading.Barrier,
    answers: list[int],
) -> None:
    """Send all, in step with the other phone."""
    try:
        client = signed_in(walker.post)
        start.wait()
        for pk in order:
            address = f"/api/v1/visits/{pk}/"
            answer = client.put(address, queue[pk], content_type="application/json")
            answers.append(answer.status_code)
    finally:
        connection.close()
