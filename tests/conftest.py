"""The shared stage: real databases cloned from one template, and a fixed cast.

The suite connects as `sd_app`, the role that web and worker use; the template is
made and migrated by `sd_owner`. Nothing here is a superuser.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from psycopg2.errors import ObjectInUse

from launcher import roles
from tests.cast import Cast, assemble

# Without collected files: hashed names are the journeys' concern, not every test's.
settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
# A cheap hash: the product's own costs a tenth of a second a time. `tests.accounts`
# asserts which one the settings name.
settings.PASSWORD_HASHERS = ["tests.hashing.CheapArgon2", *settings.PASSWORD_HASHERS]
ROOT = Path(__file__).resolve().parent.parent
OWNER_URL = os.environ.get("DATABASE_OWNER_URL", "")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the storm of tests/visits/test_services_outbox.py be as long as is asked."""
    parser.addoption("--storm", type=int, default=500, help="visits in the storm")


@pytest.fixture(scope="session")
def template_database() -> str:
    """Return the name of a migrated database with the real divisions in it."""
    name = f"lianhu_template_{_schema_fingerprint()}"
    with one_at_a_time("template"), roles.connect(OWNER_URL) as owner:
        if not exists(owner, name):
            _build_template(owner, name)
    return name


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


@contextmanager
def cloned(template: str, name: str) -> Iterator[str]:
    """Clone `template` as `name` for the block, then drop it."""
    with roles.connect(OWNER_URL) as owner:
        with one_at_a_time("template"):
            _drop(owner, name)
            _run(owner, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield name
        finally:
            _drop(owner, name)


def use_database(name: str) -> None:
    """Point Django's default connection at another database of the same server."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


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
    ):
        use_database(name)
        yield name
        connections.close_all()
        use_database(shared)


@pytest.fixture
def cast(db: None) -> Cast:
    """Return the people of the tests: see `tests.cast`."""
    return assemble()


def _build_template(owner: Any, name: str) -> None:
    _run(owner, f'DROP DATABASE IF EXISTS "{name}_half"')
    _run(owner, f'CREATE DATABASE "{name}_half"')
    url = roles.at(OWNER_URL, f"{name}_half")
    with roles.connect(url) as inside:
        roles.furnish(inside)
    for command in (["migrate", "-v0"], ["load_regions"]):
        subprocess.run(
            [sys.executable, "manage.py", *command, "--skip-checks"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_OWNER_URL": url, "MIGRATING": "1"},
            check=True,
            stdout=subprocess.DEVNULL,
        )
    # A half-made template must never pass for a whole one.
    _run(owner, f'ALTER DATABASE "{name}_half" RENAME TO "{name}"')


def _schema_fingerprint() -> str:
    sources = sorted(ROOT.glob("*/migrations/*.py")) + sorted(
        path for path in (ROOT / "regions").rglob("*") if path.suffix in {".py", ".csv"}
    )
    beside = [ROOT / "accounts" / "history.py", ROOT / "launcher/roles.py"]
    beside += [*sorted(ROOT.glob("[a-z]*/*triggers.py")), ROOT / "funding/guards.py"]
    return fingerprint([*sources, *beside])


def fingerprint(paths: Iterable[Path]) -> str:
    """Return a short name of what these files say."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Let one process at a time through: cloning needs an idle template."""
    path = Path(settings.RUN_DIR) / f"{name}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def exists(owner: Any, name: str) -> bool:
    """Say whether there is a database of this name."""
    with owner.cursor() as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        return bool(cursor.rowcount)


def _drop(owner: Any, name: str) -> None:
    """Drop a database; a closing connection may hold it for a moment longer."""
    for attempt in range(50):
        try:
            _run(owner, f'DROP DATABASE IF EXISTS "{name}"')
            break
        except ObjectInUse:
            if attempt == 49:
                raise
            time.sleep(0.1)


def _run(owner: Any, statement: str) -> None:
    with owner.cursor() as cursor:
        cursor.execute(statement)
