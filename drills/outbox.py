"""A phone's outbox on a line that keeps failing: sent until all is acknowledged."""

import json
import random
import socket
import uuid
from contextlib import suppress
from typing import Any

from drills.people import Visitor, now

CUT, UNHEARD, ROUNDS = 0.1, 0.2, 30


def emptied(number: int, walker: Visitor, size: int = 10) -> int:
    """Send one phone's queue until all of it is acknowledged; return its size."""
    chance = random.Random(number)  # noqa: S311
    queue = {
        str(uuid.UUID(int=chance.getrandbits(128), version=4)): None
        for _ in range(size)
    }
    bodies = {
        pk: {
            "household": chance.choice(walker.person["homes"]),
            "captured_at": now(),
        }
        for pk in queue
    }
    waiting = set(queue)
    for _ in range(ROUNDS):
        for pk in chance.sample(sorted(waiting), len(waiting)):
            if chance.random() < CUT:
                cut(walker, pk, bodies[pk])
                continue
            answered = walker.put(pk, bodies[pk]) in {200, 201}
            if (
                answered and chance.random() > UNHEARD
            ):  # else the answer is lost on its way
                waiting.discard(pk)
    if waiting:
        raise AssertionError(f"{len(waiting)} visits were never acknowledged")
    return size


def cut(walker: Visitor, pk: str, body: dict[str, Any]) -> None:
    """Send half of a request and hang up."""
    text = json.dumps(body)
    head = (
        f"PUT /api/v1/visits/{pk}/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Length: {len(text)}\r\nContent-Type: application/json\r\n\r\n"
    )
    with (
        suppress(OSError),
        socket.create_connection(("127.0.0.1", walker.port), 5) as line,
    ):
        line.sendall((head + text[: len(text) // 2]).encode())
