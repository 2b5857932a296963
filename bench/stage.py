"""Databases of the measurements: one migrated template, a clone for each run."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from launcher import roles

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def connected(name: str) -> Iterator[None]:
    """Connect Django to a database for the block, as `sd_app`."""
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()


class Stage:
    """Makes databases like the product's and connects Django to them as `sd_app`.

    Use it as a context manager: all of its databases are dropped at the end.
    """

    def __init__(self) -> None:
        self._owner_url = os.environ["DATABASE_OWNER_URL"]
        self._folder = tempfile.TemporaryDirectory(prefix="bench-")
        self._made: list[str] = []
        self._number = 0
        self.template = ""

    def __enter__(self) -> "Stage":
        self.template = self._create("template")
        self._migrate(self.template)
        return self

    def __exit__(self, *_: object) -> None:
        connection.close()
        for name in reversed(self._made):
            self._drop(name)
        self._folder.cleanup()

    @property
    def folder(self) -> Path:
        """A folder for the files of the run."""
        return Path(self._folder.name)

    def prepared(self, name: str, template: str = "") -> str:
        """Return a clone, of the migrated template if of no other, that is kept."""
        return self._create(name, template or self.template)

    @contextmanager
    def clone(self, template: str) -> Iterator[str]:
        """Connect Django to a fresh clone of `template` for the block."""
        connection.close()
        self._number += 1
        name = self._create(f"run{self._number}", template)
        with connected(name):
            yield name
        self._drop(name)
        self._made.remove(name)

    def owner(self, name: str) -> Any:
        """Return a connection to a database as `sd_owner`, a context manager."""
        return roles.connect(roles.at(self._owner_url, name))

    def _create(self, name: str, template: str = "") -> str:
        full = f"lianhu_bench_{os.getpid()}_{name}"
        self._drop(full)
        clause = f' TEMPLATE "{template}"' if template else ""
        self._run(f'CREATE DATABASE "{full}"{clause}')
        self._made.append(full)
        return full

    def _migrate(self, name: str) -> None:
        url = roles.at(self._owner_url, name)
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

    def _drop(self, name: str) -> None:
        """Drop a database in which nobody is but autovacuum.

        The server sends autovacuum away by itself. With FORCE we would have to, and it
        is the superuser's.
        """
        self._run(f'DROP DATABASE IF EXISTS "{name}"')

    def _run(self, statement: str) -> None:
        with roles.connect(self._owner_url) as owner, owner.cursor() as cursor:
            cursor.execute(statement)
