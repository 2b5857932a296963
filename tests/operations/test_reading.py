"""Which page goes to the replica, and when the primary answers instead."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from accounts.models import User
from households.models import Household
from operations.reading import COOKIE, PAGES, ReplicaMiddleware
from regions import replica
from tests.policy.walk import routes


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A replica that is there and has come as far as 0/20; what was read from it."""
    found: list[str] = []

    @contextmanager
    def reading() -> Iterator[None]:
        found.append("replica")
        yield

    monkeypatch.setattr(replica, "is_there", lambda: True)
    monkeypatch.setattr(replica, "has_reached", lambda after: after < "0/20")
    monkeypatch.setattr(replica, "reading", reading)
    monkeypatch.setattr(replica, "position", lambda: "0/30")
    return found


def answered(path: str, method: str = "get", written: str = "") -> HttpResponse:
    request = getattr(RequestFactory(), method)(path)
    request.user = User(username="somebody")
    request.resolver_match = resolve(path)
    request.COOKIES[COOKIE] = written

    def view(request: Any) -> HttpResponse:
        middleware.process_view(request, None, (), {})
        return HttpResponse("ok")

    middleware = ReplicaMiddleware(view)
    return middleware(request)


@pytest.mark.parametrize(
    ("path", "method", "written", "from_replica"),
    [
        ("/", "get", "", True),
        ("/", "get", "0/10", True),
        ("/", "get", "0/30", False),
        ("/", "post", "", False),
        ("/summary/", "get", "", False),
        ("/d/430582113000/summary/", "get", "", True),
        ("/d/430582113000/", "head", "", True),
        ("/households/", "get", "", False),
        ("/accounts/me/", "get", "", False),
    ],
)
def test_page_is_read_where_it_is_right(
    read: list[str], path: str, method: str, written: str, from_replica: bool
) -> None:
    answered(path, method, written)

    assert read == (["replica"] if from_replica else [])


def test_write_leaves_its_position_with_the_writer(read: list[str]) -> None:
    assert answered("/inbox/read/", "post").cookies[COOKIE].value == "0/30"
    assert COOKIE not in answered("/inbox/").cookies


def test_pages_named_exist() -> None:
    assert {route.name for route in routes()} >= PAGES


def test_without_a_replica_nothing_is_asked(settings: Any) -> None:
    assert replica.ALIAS not in settings.DATABASES
    with pytest.raises(MiddlewareNotUsed):
        ReplicaMiddleware(lambda request: HttpResponse())
    assert replica.has_reached("") is False


def test_writes_never_go_to_the_replica_and_sessions_are_read_where_written() -> None:
    from django.contrib.sessions.models import Session

    router = replica.ReplicaRouter()
    token = replica._reading.set(True)
    try:
        assert router.db_for_read(Household) == "replica"
        assert router.db_for_read(Session) is None
        assert router.db_for_write(Household) == "default"
    finally:
        replica._reading.reset(token)
    assert router.db_for_read(Household) is None
    assert router.allow_migrate("replica", "visits") is False


def test_replica_that_is_away_is_left_alone_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    class Away:
        def cursor(self) -> Any:
            asked.append(1)
            raise OperationalError

        def close(self) -> None:
            pass

    monkeypatch.setattr(replica, "is_there", lambda: True)
    monkeypatch.setattr(replica, "connections", {replica.ALIAS: Away()})
    monkeypatch.setattr(replica, "_left_alone_until", 0.0)

    assert [replica.has_reached("") for _ in range(3)] == [False] * 3
    assert len(asked) == 1


def test_position_is_one_that_postgresql_reads_back(db: None) -> None:
    assert replica.POSITION.fullmatch(replica.position())
    assert not replica.POSITION.fullmatch("0/0; DROP TABLE visits_visit")
