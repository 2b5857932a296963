"""Every page, asked by an address that makes no sense: it answers, and never with a 500.

Nobody lists the names that a page reads from its query: it is asked once as its links ask
it, and what the view, its filter form and its paging look up is noted. A name that asks
for a time is given the ends of time, any other a NUL, and something else that is odd once
in each app: every value at every name of every page would take minutes.
"""

import logging
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client
from django.utils.functional import cached_property

from accounts.models import Post
from tests.cast import Cast, everywhere, signed_in
from tests.policy.matrix import ASKS
from tests.policy.objects.places import Place, build_places
from tests.policy.test_access import address
from tests.policy.walk import Route, routes

ROLES = (
    "township_staff",
    "city_staff",
    "secretary",
    "representative",
    "auditor",
    "system_admin",
)
"""Who is asked to look, the first whom the page answers: a township's has every filter."""
NUL = "%00"
MONTHS, DAYS = ("9999-12", "0001-01"), ("9999-12-31", "0001-01-01")
TIMES = {
    **dict.fromkeys(("month", "period", "p"), MONTHS),
    **dict.fromkeys(("since", "until", "first", "last", "on"), DAYS),
    "year": ("9999", "02026000"),
}
"""What is given to the names that ask for a time."""
ODD = ("9" * 19, "%20", "9" * 5000, "%ff%fe%zz%u0000%E2%80")
KINDS = ("issues", "visit_records", "reviews", "appraisals")
"""Rolls to be exported: their filters have days, months, years, and a number to seal."""
PAGES = sorted(
    (
        route
        for route in routes()
        if route.name in ASKS
        and ":" in route.name
        and not route.name.startswith("api:")
    ),
    key=lambda route: route.name.partition(":")[0],
)
APPS = {
    app: list(found)
    for app, found in groupby(PAGES, lambda route: route.name.partition(":")[0])
}


class Noted(QueryDict):
    """A query that remembers what it was asked for, whatever was in it."""

    asked: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)

    def _getlist(self, key: str, *args: Any, **kwargs: Any) -> Any:
        self.asked.add(key)
        return super()._getlist(key, *args, **kwargs)


@pytest.fixture(autouse=True)
def _noting(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Let requests note what is read of their query; keep refusals out of a report."""
    caplog.set_level(logging.CRITICAL, "django.request")
    noting = cached_property(lambda self: Noted(self.META.get("QUERY_STRING", "")))
    noting.__set_name__(WSGIRequest, "GET")
    monkeypatch.setattr(WSGIRequest, "GET", noting)


@pytest.fixture(scope="module")
def place(cast: Cast) -> Place:
    """Set up one of everything in our village."""
    with everywhere():
        built = build_places()["own"]
        cast.representative.narrowed_to = built.objects["representative"]
        cast.representative.save()
    return built


class Visitor:
    """Somebody who is signed in; what his requests write is undone."""

    def __init__(self, post: Post) -> None:
        self.post, self.browser = post, signed_in(post)
        self.browser.raise_request_exception = False

    def get(self, url: str) -> Any:
        """Return what a page answers."""
        with transaction.atomic():
            response = self.browser.get(url)
            transaction.set_rollback(True)
        connection.needs_rollback = False
        return response


@pytest.fixture
def visitors(cast: Cast, place: Place) -> list[Visitor]:
    """Return everybody who looks, signed in."""
    return [Visitor(getattr(cast, role)) for role in ROLES]


@pytest.mark.parametrize("app", APPS)
def test_no_address_makes_a_page_fail(
    app: str, place: Place, visitors: list[Visitor]
) -> None:
    odd: dict[str, str] = {}
    failures = [
        failure
        for route in APPS[app]
        for url in urls_of(route, place)
        for failure in asked_nonsense(route, url, visitors, odd)
    ]
    assert not failures, "\n".join(failures)


def urls_of(route: Route, place: Place) -> Iterator[str]:
    """Yield the addresses of a page: one, but for the page that exports every roll."""
    url = address(route, place)
    if route.name != "reports:export-new":
        yield url
        return
    yield from (f"{url}?kind={kind}" for kind in KINDS)


def asked_nonsense(
    route: Route, url: str, visitors: list[Visitor], odd: dict[str, str]
) -> Iterator[str]:
    """Ask a page with nonsense under each name that it reads; yield what failed."""
    visitor, names = reader_of(route, url, visitors)
    if visitor is None:
        return
    glue = "&" if "?" in url else "?"
    for name in sorted(names):
        for value in values_of(name, odd):
            response = visitor.get(f"{url}{glue}{name}={value}")
            if response.status_code >= 500:
                cause = getattr(response, "exc_info", (None, None))[1]
                yield f"{route.name} {name}={value[:20]}: {cause!r}"


def values_of(name: str, odd: dict[str, str]) -> Iterator[str]:
    """Yield what a name is given; `odd` has what the names of the app were given."""
    if name in TIMES:
        yield from TIMES[name]
        return
    yield NUL
    if name not in odd:
        odd[name] = ODD[len(odd) % len(ODD)]
        yield odd[name]


def reader_of(
    route: Route, url: str, visitors: list[Visitor]
) -> tuple[Visitor | None, set[str]]:
    """Return who is shown a page, and which names it read of its query."""
    permission = ASKS[route.name].permission
    for visitor in visitors:
        if permission and not visitor.post.may(permission):
            continue
        Noted.asked.clear()
        if visitor.get(url).status_code in {200, 422}:
            return visitor, Noted.asked - {"kind"}
    return None, set()


def test_names_are_noted_however_they_are_read(client: Client) -> None:
    """The test of the test: nothing that is looked up goes unseen."""
    query = Noted("a=1")
    Noted.asked.clear()

    query.get("a"), query.get("b"), query.getlist("c")
    assert "d" not in query

    assert Noted.asked == {"a", "b", "c", "d"}
