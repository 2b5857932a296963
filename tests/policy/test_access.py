"""Every address, asked by every role, about its own, a neighbour's and no object.

What must hold, whatever the page does: nobody signed out gets in; a missing right is
403; an object outside the range is 404, told in the same words as one that does not
exist, and nothing changes; inside the range with the right, the page answers.
"""

import logging
import re
from collections.abc import Iterator
from copy import copy
from http import HTTPStatus
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path, reverse

from accounts.access import declared
from accounts.middleware import AccessMiddleware
from accounts.models import Post
from regions.scoping import span
from tests.cast import Cast, everywhere, signed_in
from tests.policy.fillers import (
    ABSENT,
    ABSENT_UUID,
    BY_STEP,
    CONSTANTS,
    OWNERS_ONLY,
    PERSONAL,
    filler,
)
from tests.policy.matrix import ASKS
from tests.policy.objects.places import Place, build_places
from tests.policy.walk import Route, routes

ROLES = (
    "city_lead",
    "city_staff",
    "auditor",
    "system_admin",
    "township_lead",
    "township_staff",
    "secretary",
    "clerk",
    "representative",
)
NEAR = {
    "clerk": "secretary",
    "township_staff": "township_lead",
    "city_staff": "city_lead",
}
"""Who stands beside somebody of the same range: asked where their rights differ."""
FINE = {200, 201, 302, 400, 405, 409, 422}
PUBLICLY = FINE | {
    404,
    503,
}  # no gallery outside the demo; not ready while no worker is
WITH_QUERY = {"reports:export-new"}  # which roll stands in the query: without it, 404
ROUTES = routes()
LISTED = [route for route in ROUTES if route.name in ASKS]  # the rest fails by name


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Keep thousands of expected refusals out of a failure's report."""
    caplog.set_level(logging.CRITICAL, "django.request")


@pytest.fixture(scope="module")
def places(cast: Cast) -> dict[str, Place]:
    """Set up one of everything in three villages."""
    with everywhere():
        built = build_places()
        cast.representative.narrowed_to = built["own"].objects["representative"]
        cast.representative.save()
    return built


# --- the declarations ---------------------------------------------------------


def test_every_address_stands_in_the_matrix() -> None:
    assert {route.name for route in ROUTES} == set(ASKS)


@pytest.mark.parametrize("route", LISTED, ids=str)
def test_view_declares_what_the_matrix_says(route: Route) -> None:
    assert declared(route.view) == ASKS[route.name]


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_arguments_of_the_address_are_known_to_the_walk(route: Route) -> None:
    for argument in route.arguments:
        known = (route.name, argument) in CONSTANTS or filler(route.name, argument)
        assert known or route.name in PERSONAL, f"teach tests.policy.fillers {argument}"


def undeclared(request: HttpRequest) -> HttpResponse:
    """A view whose author forgot to say who may call it."""
    return HttpResponse("open")


urlpatterns = [path("forgotten/", undeclared, name="forgotten")]


def test_an_address_that_declares_nothing_fails_the_walk_and_the_request() -> None:
    """The test of the test: a forgotten declaration is found, and never answers."""
    [forgotten] = routes("tests.policy.test_access")

    assert declared(forgotten.view) is None
    assert forgotten.name not in ASKS
    with override_settings(ROOT_URLCONF="tests.policy.test_access"):
        response = Client(raise_request_exception=False).get("/forgotten/")
    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert b"open" not in response.content


# --- the walk -------------------------------------------------------------------


def test_nobody_signed_out_gets_in(places: dict[str, Place]) -> None:
    failures = []
    for route in LISTED:
        wanted = {302, 401} if ASKS[route.name].signed_in else PUBLICLY
        url = address(route, places["own"])
        for method in ("get", "post"):
            status = getattr(Client(), method)(url).status_code
            if status not in wanted:
                failures.append(f"{method} {url}: {status}")
    assert not failures, "\n".join(failures)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_gets_what_its_post_allows(
    role: str, cast: Cast, places: dict[str, Place]
) -> None:
    post: Post = getattr(cast, role)
    beside: Post | None = getattr(cast, NEAR[role]) if role in NEAR else None
    caller = Caller(signed_in(post))
    failures = [
        failure
        for route in LISTED
        if beside is None or differ(route, post, beside)
        for place in asked_about(route, post, places)
        for failure in asked(route, place, post, caller, places)
    ]
    assert not failures, "\n".join(failures)


def differ(route: Route, post: Post, beside: Post) -> bool:
    """Return whether one of two posts may what the other may not, or is asked for less.

    With the same rights over the same range they are answered by the same lines.
    """
    permission = ASKS[route.name].permission
    return permission is None or post.may(permission) != beside.may(permission)


class Caller:
    """A signed-in browser; each question is undone, so that none changes the next."""

    def __init__(self, browser: Client) -> None:
        self.browser = browser
        self.cookies = browser.cookies.copy()
        self.about_nothing: dict[tuple[str, str], Any] = {}
        self.closed: set[tuple[str, str]] = set()
        self.refused: set[tuple[str, bool]] = set()

    def ask(self, method: str, url: str) -> Any:
        """Ask and undo; a refusal must not have written."""
        before = last_change()
        with transaction.atomic():
            response = ask(self.browser, method, url)
            transaction.set_rollback(True)
        connection.needs_rollback = False
        self.browser.cookies = self.cookies.copy()
        if response.status_code in {403, 404}:
            assert last_change() == before, f"{method} {url} was refused and changed"
        return response

    def ask_about_nothing(self, route: Route, method: str) -> Any:
        """Ask about an object that does not exist, once for each address."""
        key = (route.name, method)
        if key not in self.about_nothing:
            self.about_nothing[key] = self.ask(method, address(route, None))
        return self.about_nothing[key]

    def was_refused(self, route: Route, url: str) -> bool:
        """Return whether an answer has been seen for want of the same right; note it."""
        key = (str(ASKS[route.name].permission), url.startswith("/api/"))
        known = key in self.refused
        self.refused.add(key)
        return known


def let_in(route: Route, post: Post) -> Iterator[str]:
    """Ask the door itself, by the very view of an address: an answer costs its page."""
    request: Any = RequestFactory().post("/")
    request.user, request.post, request.posts = copy(post.user), post, [post]
    request.user.is_verified = lambda: True
    try:
        AccessMiddleware(lambda _: HttpResponse()).process_view(
            request, route.view, (), {}
        )
    except PermissionDenied:
        return
    yield f"{route.name}: the door lets in who has not the right"


def last_change() -> int:
    """Return the number of the last change of a row that was ever written down.

    Read from the sequence: what is rolled back has used its numbers all the same.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM accounts_rowchange_id_seq")
        return int(cursor.fetchone()[0])


def asked_about(route: Route, post: Post, places: dict[str, Place]) -> Iterator[Place]:
    """Yield the places of which an address is asked.

    Without the right it is refused before any object is looked for, whatever the place;
    a sibling within the range is answered as one's own. One place outside the range is
    enough: the nearest.
    """
    yield places["own"]
    permission = ASKS[route.name].permission
    if not names_a_place(route) or (permission and not post.may(permission)):
        return
    yield places["foreign" if sees(post, places["sibling"]) else "sibling"]


def asked(
    route: Route, place: Place, post: Post, caller: Caller, places: dict[str, Place]
) -> Iterator[str]:
    """Ask one address about one place, by both methods; yield what was wrong.

    Without the right the door refuses before it looks at the method: one is enough, and
    where a page and a program were refused for want of it, the door alone is asked.
    A method that one's own place does not know is not tried on another's.
    """
    url = address(route, place)
    wanted = expected(route, place, post)
    if wanted == {403} and caller.was_refused(route, url):
        yield from let_in(route, post)
        return
    for method in ("post",) if wanted == {403} else ("get", "post"):
        if (route.name, method) in caller.closed:
            continue
        response = caller.ask(method, url)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            caller.closed.add((route.name, method))
        if response.status_code not in wanted:
            yield f"{route.name} {method} {url}: {response.status_code}, not {wanted}"
        elif not sees(post, place) and response.status_code in {400, 404}:
            yield from not_told_apart(route, caller, method, response)
        yield from leaks(route, response, post, places)


def expected(route: Route, place: Place, post: Post) -> set[int]:
    """Return the answers that are right: by the post's rights, then by its range."""
    permission = ASKS[route.name].permission
    if permission and not post.may(permission):
        return {403}
    if route.name in PERSONAL:
        return {200, 404, 405}
    if route.name in OWNERS_ONLY | BY_STEP and sees(post, place):
        return FINE | {403}
    if not names_a_place(route):
        wants_more = route.name in WITH_QUERY or not ASKS[route.name].signed_in
        return PUBLICLY if wants_more else FINE
    if sees(post, place):
        return FINE
    # 405 is about the method, 400 about the body of a program's request: neither asks
    # for the object, and both are compared with the answer about no object below.
    return {404, 405, 400} if route.name.startswith("api:") else {404, 405}


def sees(post: Post, place: Place) -> bool:
    """Return whether the place lies in the post's range."""
    return place.code in span(post.region_id)


def not_told_apart(
    route: Route, caller: Caller, method: str, foreign: Any
) -> Iterator[str]:
    """Compare the answer about a foreign object with that about one that is not."""
    if bare(foreign) != bare(caller.ask_about_nothing(route, method)):
        yield f"{route.name} {method}: a foreign object is told from an absent one"


def leaks(
    route: Route, response: Any, post: Post, places: dict[str, Place]
) -> Iterator[str]:
    """Yield the names of places outside the range that stand in an answer."""
    if "text/html" not in response.headers.get("Content-Type", ""):
        return
    text = response.content.decode()
    for place in places.values():
        if not sees(post, place) and f"{place.mark}户主" in text:
            yield f"{route.name}: shows {place.mark}户主"


def ask(browser: Client, method: str, url: str) -> Any:
    """Ask as a browser does, or as a program does where programs are spoken to."""
    if url.startswith("/api/") and method == "post":
        return browser.post(url, data="{}", content_type="application/json")
    return getattr(browser, method)(url)


def address(route: Route, place: Place | None) -> str:
    """Return the URL about a place, or about something that does not exist."""
    arguments = {}
    for argument in route.arguments:
        fill = filler(route.name, argument)
        if (route.name, argument) in CONSTANTS:
            arguments[argument] = CONSTANTS[route.name, argument]
        elif place is None or fill is None:
            arguments[argument] = ABSENT_UUID if uuid_named(route, argument) else ABSENT
        else:
            arguments[argument] = fill(place)
    return reverse(route.name, kwargs=arguments)


def uuid_named(route: Route, argument: str) -> bool:
    """Return whether the address writes this argument as a UUID."""
    return argument in route.uuids


def names_a_place(route: Route) -> bool:
    """Return whether the address is about a row of some division."""
    return any((route.name, argument) not in CONSTANTS for argument in route.arguments)


def bare(response: Any) -> str:
    """Return an answer without what differs by request: tokens and the numbers asked."""
    text = re.sub(
        r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode()
    )
    text = re.sub(r'content="[A-Za-z0-9]{64}"', "", text)
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "N", text)
    return re.sub(r"\d+", "N", text)
