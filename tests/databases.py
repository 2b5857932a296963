"""Databases of the tests: one migrated template, and clones of it.

`python -m tests.databases` makes the template; a run on several workers begins with it,
so that none of them waits for another.
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

from psycopg.errors import ObjectInUse

from launcher import roles

ROOT = Path(__file__).resolve().parent.parent
OWNER_URL = os.environ.get("DATABASE_OWNER_URL", "")


def template() -> str:
    """Make the template unless it is there; return its name.

    It is a migrated database with the real divisions in it, named after all that it
    was made of.
    """
    name = f"lianhu_template_{_schema_fingerprint()}"
    with one_at_a_time("template"), roles.connect(OWNER_URL) as owner:
        if not exists(owner, name):
            _build_template(owner, name)
    return name


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


def _build_template(owner: Any, name: str) -> None:
    _run(owner, f'DROP DATABASE IF EXISTS "{name}_half"')
    _run(owner, f'CREATE DATABASE "{name}_half"')
    url = roles.at(OWNER_URL, f"{name}_half")
    with roles.connect(url) as inside:
        roles.furnish(inside)
    subprocess.run(
        [sys.executable, "-m", "tests.migrating"],
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
    beside.append(ROOT / "tests/migrating.py")
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
    path = Path(os.environ.get("RUN_DIR", ROOT / ".run"), f"{name}.lock")
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


if __name__ == "__main__":
    template()
