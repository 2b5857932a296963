"""Nonsense for every endpoint of the API, as every role: no answer may be a 500.

The addresses come from the published schema; what is put into them does not.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bench.proof import Row
from drills.people import send
from drills.site import say

SEED = 20261123
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 2**63, 1e308, "", " ", "null", "\u0000", "𠮷" * 300, "a" * 5000,
    "2026-02-30", "9999-12-31T23:59:60Z", "0000-00-00", "' OR 1=1 --", "<script>", "{{7*7}}",
    [], {}, [[[]]], {"a": {"b": []}}, "../../etc/passwd", "43058211321900000", "٣",
)  # fmt: skip
FIELDS = (
    "household", "captured_at", "words", "region", "on", "id", "village", "topic", "reason",
    "way", "version", "kind", "title", "answer", "representative", "amount", "period",
)  # fmt: skip
IDS = (
    "0",
    "-1",
    "x",
    "430582113219",
    "99999999999999999999",
    "%00",
    "ffffffff-ffff-4fff-8fff-ffffffffffff",
)


def told_nonsense(port: int, people: list[dict[str, Any]], count: int) -> Iterator[Row]:
    """Send so many requests with the sessions of every role; yield what came back."""
    chance = random.Random(SEED)  # noqa: S311
    by_role = {person["role"]: person["session"] for person in people}
    sessions = [*by_role.values(), "nobody"]
    paths = addresses()
    say(f"{count} 次胡乱的请求，{len(paths)} 个地址，{len(sessions)} 种身份……")
    statuses: Counter[int] = Counter()
    worst: list[str] = []
    for _ in range(count):
        method, path = chance.choice(METHODS), filled(chance.choice(paths), chance)
        status = send(port, chance.choice(sessions), method, path, body(chance))
        statuses[status] += 1
        if status >= 500 or status == 0:
            worst.append(f"{method} {path} {status}")
    said = ", ".join(
        f"{status}: {number}" for status, number in sorted(statuses.items())
    )
    yield Row(
        f"nonsense to {len(paths)} addresses of the API as {len(sessions)} roles",
        f"{said}" + (f"; {'; '.join(worst[:3])}" if worst else ""),
        "0 of 500 and above",
        kept=not worst,
    )


def addresses() -> list[str]:
    """Return the paths of the published schema."""
    from drf_spectacular.generators import SchemaGenerator

    generator: Any = SchemaGenerator
    schema = generator().get_schema(request=None, public=True)
    return sorted(schema["paths"])


def filled(path: str, chance: random.Random) -> str:
    """Put something into every argument of a path, and sometimes a query behind it."""
    path = re.sub(r"\{[^}]+\}", lambda _: chance.choice(IDS), path)
    if chance.random() < 0.4:
        value = str(chance.choice(ODD)).encode().hex()
        path += f"?{chance.choice(FIELDS)}={chance.choice(IDS)}&page={value[:6]}"
    return path


def body(chance: random.Random) -> str:
    """Return a body: an object of odd values, an odd value, or no JSON at all."""
    luck = chance.random()
    if luck < 0.1:
        return '{"household": '
    if luck < 0.2:
        return json.dumps(chance.choice(ODD))
    names = chance.sample(FIELDS, chance.randrange(1, 6))
    return json.dumps({name: chance.choice(ODD) for name in names})
