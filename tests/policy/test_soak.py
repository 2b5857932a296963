"""Mixed tenants over threads and persistent connections: nobody meets another's rows.

The real WSGI handler and our own middleware; the test client would open and close
connections differently. Sessions, posts and rows are real and committed.
"""

import io
import logging
import random
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections

from accounts.models import Post, User
from regions.models import Region, VillagerGroup
from regions.postgresql.base import APPLY, DatabaseWrapper
from regions.scoping import current_scope
from tests.cast import SINCE, everywhere, hashed, signed_in
from tests.policy.database import database_of_its_own
from tests.policy.soak_site import KNOWN, NO_SCOPE
from tests.policy.ways import fetched

THREADS = 6
LONG_RUN, MIXED_RUN = 8_400, 1_800
TENANTS = 8
AS_DEPLOYED = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "accounts.middleware.AccessMiddleware",
]
FOR_SPEED = ["tests.policy.soak_site.Known", "accounts.middleware.AccessMiddleware"]
FAILED = "sorry"


@dataclass(frozen=True)
class Tenant:
    """A township with its lead's session, and what he must see: no more, no less."""

    cookie: str
    sees: str


class Site:
    """The WSGI application as a server calls it: one request, read, closed."""

    def __init__(self, middleware: list[str], settings: Any) -> None:
        settings.ROOT_URLCONF = "tests.policy.soak_site"
        settings.MIDDLEWARE = middleware
        self.handler = WSGIHandler()

    def ask(self, page: str, cookie: str = "") -> str:
        """Return the body of a page; statuses are part of what the pages say."""
        response = self.handler(environment(page, cookie), lambda *_: None)
        try:
            return b"".join(response).decode()
        finally:
            response.close()


def environment(page: str, cookie: str) -> dict[str, Any]:
    """Return what a WSGI server would say of a request."""
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": f"/{page}",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_COOKIE": cookie,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
    }


@pytest.fixture(scope="module")
def tenants(
    template_database: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[list[Tenant]]:
    """Eight townships, each with another number of groups, in a database of their own."""
    with database_of_its_own(template_database, "soak", django_db_blocker):
        townships = Region.objects.townships().order_by("code")[:TENANTS]
        yield [settle(region, many) for many, region in enumerate(townships, start=2)]


def settle(township: Region, many: int) -> Tenant:
    """Give a township a lead who is signed in, and `many` groups in its villages."""
    villages = list(township.children.order_by("code")[:many])
    with everywhere():
        person = User.objects.create(
            username=str(township.code),
            name=township.name,
            password=hashed(),
            must_change_password=False,
        )
        post = Post.objects.create(
            user=person, role="township_lead", region=township, started_on=SINCE
        )
        VillagerGroup.objects.bulk_create(
            VillagerGroup(region=village, number=1) for village in villages
        )
    cookie = signed_in(post).cookies.output(header="", attrs=[]).strip()
    KNOWN[cookie] = person.pk
    return Tenant(cookie, f"{many} {villages[0].code} {villages[-1].code}")


@pytest.fixture
def site(tenants: list[Tenant], settings: Any) -> Iterator[Site]:
    """Serve the soak's pages; views that fail on purpose are not logged."""
    quiet = logging.getLogger("django.request")
    before, quiet.disabled = quiet.disabled, True
    yield Site(AS_DEPLOYED, settings)
    quiet.disabled = before


def soak(
    site: Site, tenants: list[Tenant], pages: list[str], total: int
) -> Counter[str]:
    """Ask `total` times from several threads at once; count what was answered."""
    share = total // THREADS

    def work(seed: int) -> Counter[str]:
        chance = random.Random(seed)  # noqa: S311 - which tenant comes next is no secret
        try:
            return Counter(
                verdict(site, chance.choice(tenants), chance.choice(pages))
                for _ in range(share)
            )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(work, range(THREADS)), Counter())


def verdict(site: Site, tenant: Tenant, page: str) -> str:
    """Return "right", or what was wrong with one answer."""
    answer = site.ask(page, "" if page == "closed" else tenant.cookie)
    expected = {"closed": NO_SCOPE, "fail": FAILED}.get(page, tenant.sees)
    if answer == expected:
        return "right"
    return f"{page}: {answer} instead of {expected}"


def test_plain_requests_of_mixed_tenants_are_all_right(
    tenants: list[Tenant], settings: Any
) -> None:
    site = Site(FOR_SPEED, settings)
    assert soak(site, tenants, ["plain"], LONG_RUN) == {"right": LONG_RUN}


def test_savepoint_rollbacks_errors_and_writes_change_nothing_about_it(
    site: Site, tenants: list[Tenant]
) -> None:
    pages = ["plain"] * 5 + ["nested"] * 2 + ["closed"] * 2 + ["fail", "write"]
    assert soak(site, tenants, pages, MIXED_RUN) == {"right": MIXED_RUN}
    with everywhere():
        signed = VillagerGroup.objects.values_list("region_id", "name")
        assert {region // 1000 * 1000 == int(name) for region, name in signed} == {True}


def test_the_soak_would_notice_a_setting_that_outlives_its_transaction(
    site: Site, tenants: list[Tenant], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The careless way: set it for the session, whenever a scope is open."""
    for_session = APPLY.replace("true)", "false)")

    def careless(wrapper: DatabaseWrapper) -> None:
        if wrapper.in_atomic_block and (opened := current_scope()):
            with wrapper.connection.cursor() as cursor:
                cursor.execute(for_session, opened.settings())

    monkeypatch.setattr(DatabaseWrapper, "_apply_current", careless)
    answers = soak(site, tenants, ["plain", "closed"], 30 * THREADS)
    assert any(answer.startswith("closed: ") for answer in answers)
    connections.close_all()


def test_the_runs_are_long_enough() -> None:
    assert LONG_RUN % THREADS == MIXED_RUN % THREADS == 0
    assert LONG_RUN + MIXED_RUN >= 10_000


def test_connections_are_kept_from_request_to_request(
    site: Site, tenants: list[Tenant]
) -> None:
    """Otherwise the soak would prove nothing about persistent connections."""
    assert site.ask("plain", tenants[0].cookie) == tenants[0].sees
    before = server_processes()
    for tenant in tenants:
        assert site.ask("plain", tenant.cookie) == tenant.sees
    assert server_processes() == before


def test_no_request_fails_after_the_database_ended_every_connection(
    site: Site, tenants: list[Tenant]
) -> None:
    everybody, dead = threading.Barrier(THREADS + 1), threading.Barrier(THREADS + 1)

    def work(seed: int) -> set[str]:
        found = {verdict(site, tenant, "plain") for tenant in tenants}
        everybody.wait(30)
        dead.wait(30)
        found |= {verdict(site, tenant, "write") for tenant in tenants}
        connections.close_all()
        return found

    with ThreadPoolExecutor(THREADS) as pool:
        answers = [pool.submit(work, seed) for seed in range(THREADS)]
        everybody.wait(30)
        ended = end_other_connections()
        dead.wait(30)
        assert [answer.result() for answer in answers] == [{"right"}] * THREADS
    assert ended == THREADS


def end_other_connections() -> int:
    """End every other session of this database as a restart would; return how many."""
    ended = fetched(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND usename = current_user "
        "AND pid <> pg_backend_pid()"
    )
    assert all(done for (done,) in ended)
    return len(ended)


def server_processes() -> list[Any]:
    """Return the server processes that serve this database."""
    return fetched(
        "SELECT pid FROM pg_stat_activity "
        "WHERE datname = current_database() AND usename = current_user ORDER BY pid"
    )
