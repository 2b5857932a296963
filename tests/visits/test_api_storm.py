"""Outboxes sent by the API the hard way: shuffled, doubled, cut off, two at once.

What is promised is a set union by the phone's own id (reliability 4.2, rule 7): order
and repetition cannot matter, and what was not acknowledged is sent again. Through the
whole stack, with real commits, voice notes too; test_services_outbox sends many more.
"""

import datetime as dt
import random
import threading
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from attachments.models import AttachmentContent
from tests.attachments import making
from tests.cast import assemble, at, everywhere, signed_in
from tests.visits.stage import Walker, body, make_walker
from visits import services
from visits.models import Enclosure, Visit
from visits.services import enclosing

SENT = 120
HOMES = 60
WITH_VOICE = 10  # every so many visits bring a voice note
VOICE = making.amr(1)
first_day = dt.datetime(2026, 2, 1, 9, tzinfo=dt.UTC)
cutting = threading.local()


class Cut(Exception):
    """The line went dead before the server had committed."""


@dataclass
class Phone:
    """One phone's outbox: what waits, by id; deleted when it is acknowledged."""

    walker: Walker
    visits: dict[uuid.UUID, dict[str, Any]]
    voices: dict[uuid.UUID, uuid.UUID]  # by its own id, the visit it came with
    chance: random.Random
    told: Counter[str] = field(default_factory=Counter)

    def empty(self, start: threading.Barrier) -> None:
        """Send until nothing is left, in any order, with a line that keeps failing."""
        try:
            client = signed_in(self.walker.post)
            client.raise_request_exception = False
            start.wait()
            while self.visits or self.voices:
                for pk in self.chance.sample(list(self.visits), len(self.visits)):
                    self.send(self.visits, pk, client)
                for pk in self.chance.sample(list(self.voices), len(self.voices)):
                    if self.voices[pk] not in self.visits:
                        self.send(self.voices, pk, client)
        finally:
            connection.close()

    def send(self, box: dict[uuid.UUID, Any], pk: uuid.UUID, client: Client) -> None:
        """Send one thing; one time in fifty it is cut off, one in ten unheard."""
        luck = self.chance.random()
        cutting.now = luck < 0.02
        status = put(client, pk, box[pk])
        if cutting.now:
            self.told["cut"] += 1
        elif luck < 0.12:
            self.told["unheard"] += 1
        else:
            self.told[str(status)] += 1
            del box[pk]


def put(client: Client, pk: uuid.UUID, thing: Any) -> int:
    """PUT a visit (its content) or a voice note (the id of its visit)."""
    if isinstance(thing, dict):
        address, sent, kind = f"/api/v1/visits/{pk}/", thing, "application/json"
    else:
        address = f"/api/v1/visits/{thing}/attachments/{pk}/"
        sent, kind = VOICE, "application/octet-stream"
    return client.put(address, sent, content_type=kind).status_code


@pytest.fixture
def cut_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the line go dead when a phone says so: after the work, before the commit."""
    record, keep = services.record, enclosing.enclose

    def then_cut(work: Any) -> Any:
        def worked(**told: Any) -> Any:
            done = work(**told)
            if getattr(cutting, "now", False):
                raise Cut
            return done

        return worked

    monkeypatch.setattr(services, "record", then_cut(record))
    monkeypatch.setattr(enclosing, "enclose", then_cut(keep))


def test_storm_of_two_cut_off_phones_is_stored_once_each(
    own_database: str,
    cut_line: None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The outboxes overlap by a fifth, as after a phone was copied to a new one."""
    caplog.set_level("CRITICAL", "django.request")
    with everywhere():
        cast = assemble()
        heads = tuple(f"第{number}户" for number in range(HOMES))
        walker = make_walker("walker", heads, key=0, post=cast.representative)
    chance = random.Random(20261123)  # noqa: S311
    visits, voices = filled(walker, SENT, chance)
    phones = shared_out(walker, visits, voices, chance)
    start = threading.Barrier(len(phones))
    threads = [threading.Thread(target=one.empty, args=(start,)) for one in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    told = phones[0].told + phones[1].told
    with at(walker.post):
        assert set(Visit.objects.values_list("pk", flat=True)) == set(visits)
        assert Visit.objects.count() == SENT
        ties = Enclosure.objects.values_list("attachment_id", "visit_id")
        assert sorted(ties) == sorted(voices.items())
        assert AttachmentContent.objects.count() == len(voices)
    assert set(told) == {"201", "200", "cut", "unheard"}
    assert told["201"] <= SENT + len(voices) < told["201"] + told["200"]


def filled(
    walker: Walker, count: int, chance: random.Random
) -> tuple[dict[uuid.UUID, dict[str, Any]], dict[uuid.UUID, uuid.UUID]]:
    """Return visits by id, a day after the other, and the voice notes of some."""
    homes = list(walker.homes.values())
    visits = {}
    for number in range(count):
        tapped = first_day + dt.timedelta(days=number // HOMES % 250)
        content = body(homes[number % HOMES], captured_at=tapped.isoformat())
        visits[made(chance)] = content
    return visits, {made(chance): pk for pk in list(visits)[::WITH_VOICE]}


def made(chance: random.Random) -> uuid.UUID:
    """Return an id as a phone makes one."""
    return uuid.UUID(int=chance.getrandbits(128), version=4)


def shared_out(
    walker: Walker,
    visits: dict[uuid.UUID, dict[str, Any]],
    voices: dict[uuid.UUID, uuid.UUID],
    chance: random.Random,
) -> list[Phone]:
    """Return two phones with all of it between them, a fifth of it on both."""
    order = list(visits)
    half, tenth = len(order) // 2, len(order) // 10
    phones = []
    for mine in (order[: half + tenth], order[half - tenth :]):
        held = set(mine)
        phones.append(
            Phone(
                walker,
                {pk: visits[pk] for pk in mine},
                {pk: visit for pk, visit in voices.items() if visit in held},
                random.Random(chance.random()),  # noqa: S311
            )
        )
    return phones
