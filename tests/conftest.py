"""The shared stage: real databases cloned from one template, and a fixed cast.

The suite connects as `sd_app`, the role that web and worker use; the template is
made and migrated by `sd_owner`. Nothing here is a superuser.
"""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from tests.cast import Cast, assemble
from tests.databases import ROOT, cloned, template
from tests.rolls import Rolls, set_up
from tests.staging import Kept

# Without collected files: hashed names are the journeys' concern, not every test's.
settings.STORAGES["staticfiles"]["BACKEND"] = "shaodong.statics.Kept"
# Every `Client()` begins a site: WhiteNoise need not look through all static files for it.
settings.WHITENOISE_AUTOREFRESH = True
# A cheap hash: the product's own costs a tenth of a second a time. `tests.accounts`
# asserts which one the settings name.
settings.PASSWORD_HASHERS = ["tests.hashing.CheapArgon2", *settings.PASSWORD_HASHERS]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the storm of tests/visits/test_services_outbox.py be as long as is asked."""
    parser.addoption("--storm", type=int, default=250, help="visits in the storm")


MAKING = pytest.StashKey[subprocess.Popen[bytes]]()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Make the template beside the workers' collecting, not while they wait for it."""
    if getattr(session.config.option, "numprocesses", 0) and not is_worker(session):
        command = [sys.executable, "-m", "tests.databases"]
        session.config.stash[MAKING] = subprocess.Popen(command, cwd=ROOT)


def pytest_collection_finish() -> None:
    """Spare the collector what will stay: it walked thousands of tests over and over.

    What the tests leave behind is looked for more seldom.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Wait for what was begun."""
    if making := session.config.stash.get(MAKING, None):
        making.wait()


def is_worker(session: pytest.Session) -> bool:
    """Say whether this is one of several workers, not the process that leads them."""
    return hasattr(session.config, "workerinput")


@pytest.fixture(scope="session")
def template_database() -> str:
    """Return the name of a migrated database with the real divisions in it."""
    return template()


@pytest.fixture(scope="session")
def django_db_setup(
    template_database: str, django_db_blocker: Any, request: Any
) -> Iterator[None]:
    """Give this worker a database of its own, cloned from the template."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with cloned(template_database, f"lianhu_test_{os.getpid()}_{worker}") as name:
        with django_db_blocker.unblock():
            use_database(name)
        yield
        with django_db_blocker.unblock():
            connections.close_all()


@pytest.fixture
def own_database(
    template_database: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[str]:
    """Give a test a database of its own whose commits are real.

    For what a test transaction would hide: threads, persistent connections, other
    processes.
    """
    shared = str(connection.settings_dict["NAME"])
    with (
        cloned(template_database, f"{shared}_own") as name,
        django_db_blocker.unblock(),
        aside(),
    ):
        use_database(name)
        yield name
        connections.close_all()
        use_database(shared)


def use_database(name: str) -> None:
    """Point Django's default connection at another database of the same server."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


@contextmanager
def aside() -> Iterator[None]:
    """Lay Django's connection aside, with the file's transaction that stands open."""
    held = connections["default"]
    del connections["default"]
    try:
        yield
    finally:
        connections["default"] = held


@pytest.fixture(scope="module")
def act(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The transaction round a file's tests: what is set up once goes with it.

    A stage costs more than most of the tests that play on it. Make a fixture that asks
    for `cast` or `rolls` one of the module, and it is set up once: each test's rows are
    undone by its savepoint, and what Python holds by `tests.staging`.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def cast(act: None) -> Cast:
    """Return the people of the tests: see `tests.cast`."""
    return assemble()


@pytest.fixture(scope="module")
def rolls(cast: Cast) -> Rolls:
    """Return the rolls of our village: see `tests.rolls`."""
    return set_up()


KEPT: dict[Any, Kept] = {}


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any, request: Any) -> Any:
    """Note how a stage of the module was set."""
    made = yield
    if fixturedef.scope == "module" and "act" in request.fixturenames:
        KEPT[fixturedef] = Kept(made)
    return made


@pytest.hookimpl
def pytest_fixture_post_finalizer(fixturedef: Any) -> None:
    """Forget a stage that is gone."""
    KEPT.pop(fixturedef, None)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Let the next test find the stage as it was set."""
    for kept in KEPT.values():
        kept.restore()


@pytest.fixture(autouse=True)
def _one_test(request: Any) -> None:
    """Put a savepoint round each test of a file whose stage is set once."""
    if "act" in request.fixturenames:
        request.getfixturevalue("db")
