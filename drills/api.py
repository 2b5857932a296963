"""The API against its own OpenAPI document, as everybody who can call it.

Schemathesis makes requests of what the document says, right ones and wrong ones, and
compares each answer with it. It speaks WSGI: no server, no port, no network.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bench.proof import Row

DOCUMENT = "/api/v1/schema/?format=json"
MATCHING = (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
UNSIGNED = frozenset({401, 404})
"""What nobody is answered: to sign in, or that there is no such address."""
PLAIN = {"Accept-Encoding": "identity"}
"""Over WSGI nobody unpacks what was packed for the line."""
SHOWN = 5
"""Of what went wrong so many are named; the rest is in the count."""


@dataclass
class Tally:
    """What one caller's requests came to."""

    calls: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    server_errors: list[str] = field(default_factory=list)
    mismatches: list[str] = field(default_factory=list)
    let_in: list[str] = field(default_factory=list)


def findings(
    app: Any,
    callers: Mapping[str, Mapping[str, str]],
    *,
    examples: int,
    at_once: int | None = None,
) -> list[Row]:
    """Return what came of `examples` requests for each operation by each caller.

    By `at_once` of them in turn, if it is given: the next operation by the next ones.

    `app` is the WSGI application, `callers` the headers that sign each of them in. Nobody
    is a caller too: every operation but the public ones must refuse him.
    """
    schema: Any = schemathesis.openapi.from_wsgi(DOCUMENT, app)
    tallies = {name: Tally() for name in callers}
    stranger, turn = Tally(), cycle(callers.items())
    for found in schema.get_all_operations():
        asking = dict(islice(turn, at_once or len(callers)))
        _probe(found.ok(), asking, tallies, stranger, examples)
    rows = [row for name, tally in tallies.items() for row in _rows(name, tally)]
    rows.append(_finding("没有登录", "被放进去", stranger.calls, stranger.let_in))
    return rows


def _probe(
    operation: Any,
    callers: Mapping[str, Mapping[str, str]],
    tallies: Mapping[str, Tally],
    stranger: Tally,
    examples: int,
) -> None:
    """Send the same requests for an operation as everybody."""

    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        for name, headers in callers.items():
            _try(case, headers, operation.label, tallies[name])
        if _is_guarded(operation):
            _try_unsigned(case, operation.label, stranger)

    send()


def _is_guarded(operation: Any) -> bool:
    """Say whether the document asks the caller of an operation to sign in."""
    asked = operation.definition.raw.get("security", [])
    return bool(asked) and {} not in asked


def _try(case: Any, headers: Mapping[str, str], label: str, tally: Tally) -> None:
    response = case.call(headers={**PLAIN, **headers})
    tally.calls += 1
    tally.statuses[response.status_code] += 1
    _judge(case, response, label, tally)


def _try_unsigned(case: Any, label: str, tally: Tally) -> None:
    response = case.call(headers={"Host": "127.0.0.1"})
    tally.calls += 1
    if response.status_code not in UNSIGNED:
        tally.let_in.append(f"{label}: {response.status_code}")


def _judge(case: Any, response: Any, label: str, tally: Tally) -> None:
    for check, found in (
        ((not_a_server_error,), tally.server_errors),
        (MATCHING, tally.mismatches),
    ):
        try:
            case.validate_response(response, checks=list(check))
        except (Failure, FailureGroup) as failed:
            found += [f"{label}: {words}" for words in _words(failed, response)]


def _words(failed: BaseException, response: Any) -> Iterator[str]:
    for one in getattr(failed, "exceptions", [failed]):
        title = getattr(one, "title", type(one).__name__)
        said = " ".join(str(one).split())[:160]
        yield f"{response.status_code} {title}: {said}"


def _rows(name: str, tally: Tally) -> Iterator[Row]:
    yield _finding(name, "服务器错误", tally.calls, tally.server_errors)
    yield _finding(name, "与接口说明不符", tally.calls, tally.mismatches)


def _finding(who: str, what: str, calls: int, found: list[str]) -> Row:
    named = "；".join(sorted(set(found))[:SHOWN])
    measured = f"{len(found)} / {calls:,}" + (f"（{named}）" if named else "")
    return Row(f"接口 · {who} · {what}", measured, "0", kept=bool(calls) and not found)
