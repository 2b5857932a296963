"""Nonsense for every endpoint of the API and every filter, as every role: no 500.

The addresses of the API and the names in their queries come from the published schema;
the filters of the pages from the forms and links that the pages themselves show. What is
put into them comes from neither.
"""

import http.client
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, quote

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
IN_QUERIES = (
    "", "%00", "9999-12", "0001-01", "9999-12-31", "0001-01-01", "02026000", "%20",
    "9" * 19, "9" * 5000, "%ff%fe%zz%u0000",
)  # fmt: skip
"""What is put behind a name in an address; empty for one of the above."""
IDS = (
    "0",
    "-1",
    "x",
    "430582113219",
    "99999999999999999999",
    "%00",
    "ffffffff-ffff-4fff-8fff-ffffffffffff",
)


Asked = tuple[str, str, str, str | None]
"""A request: the session that sends it, its method, its address, its body."""


def told_nonsense(port: int, people: list[dict[str, Any]], count: int) -> Iterator[Row]:
    """Send so many requests with the sessions of every role; yield what came back.

    Half as many go to the filters of the pages.
    """
    chance = random.Random(SEED)  # noqa: S311
    by_role = {person["role"]: person["session"] for person in people}
    sessions = [*by_role.values(), "nobody"]
    paths = addresses()
    say(f"{count} 次胡乱的请求，{len(paths)} 个地址，{len(sessions)} 种身份……")
    requests = [
        (
            chance.choice(sessions),
            chance.choice(METHODS),
            filled(*chance.choice(list(paths.items())), chance),
            body(chance),
        )
        for _ in range(count)
    ]
    what = f"nonsense to {len(paths)} addresses of the API as {len(sessions)} roles"
    yield answered(port, what, requests)
    found = filters(port, list(by_role.values()))
    say(f"{count // 2} 次胡乱的筛选，{len(found)} 个页面的筛选……")
    asked = [
        (session, "GET", f"{page}?{name}={odd(chance)}", None)
        for session, page, name in chance.choices(found, k=count // 2)
    ]
    yield answered(port, f"nonsense to {len(found)} filters of pages", asked)


def answered(port: int, what: str, requests: Iterable[Asked]) -> Row:
    """Send some requests; return how often which status came back."""
    statuses: Counter[int] = Counter()
    worst: list[str] = []
    for session, method, path, sent in requests:
        status = send(port, session, method, path, sent)
        statuses[status] += 1
        if status >= 500 or status == 0:
            worst.append(f"{method} {path} {status}")
    said = ", ".join(
        f"{status}: {number}" for status, number in sorted(statuses.items())
    )
    return Row(
        what,
        f"{said}" + (f"; {'; '.join(worst[:3])}" if worst else ""),
        "0 of 500 and above",
        kept=not worst,
    )


def addresses() -> dict[str, list[str]]:
    """Return the paths of the published schema, each with the names in its query."""
    from drf_spectacular.generators import SchemaGenerator

    generator: Any = SchemaGenerator
    schema = generator().get_schema(request=None, public=True)
    return {
        path: sorted(
            {
                asked["name"]
                for one in methods.values()
                for asked in one.get("parameters", ())
                if asked["in"] == "query"
            }
        )
        for path, methods in sorted(schema["paths"].items())
    }


def filled(path: str, names: list[str], chance: random.Random) -> str:
    """Put something into every argument of a path, and mostly a query behind it."""
    path = re.sub(r"\{[^}]+\}", lambda _: chance.choice(IDS), path)
    if chance.random() < 0.7:
        path += f"?{chance.choice([*names, 'page', *FIELDS[:2]])}={odd(chance)}"
    return path


def odd(chance: random.Random) -> str:
    """Return something odd as it stands in a query."""
    return chance.choice(IN_QUERIES) or quote(str(chance.choice(ODD))[:2000])


def filters(port: int, sessions: list[str]) -> list[tuple[str, str, str]]:
    """Return each name that a page's filters and links ask by: session, page, name."""
    from django.urls import reverse

    from tests.policy.walk import routes

    pages = sorted(reverse(one.name) for one in routes() if not one.arguments)
    return [
        (session, page, name)
        for session in sessions
        for page in pages
        if not page.startswith("/api/")
        for name in sorted(names_in(shown(port, session, page)))
    ]


def names_in(markup: str) -> set[str]:
    """Return the names of the filter forms of a page and of its links to itself."""
    forms = re.findall(r'<form[^>]*method="get"[\s\S]*?</form>', markup)
    named = {name for form in forms for name in re.findall(r'\sname="([^"]+)"', form)}
    links = re.findall(r'href="\?([^"]*)"', markup)
    return named | {name for link in links for name, _ in parse_qsl(unescape(link))}


def shown(port: int, session: str, page: str) -> str:
    """Return the markup of a page, empty where it is not shown."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request("GET", page, headers={"Cookie": f"sessionid={session}"})
        answer = line.getresponse()
        text = answer.read().decode(errors="replace")
    finally:
        line.close()
    return text if answer.status == http.client.OK else ""


def body(chance: random.Random) -> str:
    """Return a body: an object of odd values, an odd value, or no JSON at all."""
    luck = chance.random()
    if luck < 0.1:
        return '{"household": '
    if luck < 0.2:
        return json.dumps(chance.choice(ODD))
    names = chance.sample(FIELDS, chance.randrange(1, 6))
    return json.dumps({name: chance.choice(ODD) for name in names})
