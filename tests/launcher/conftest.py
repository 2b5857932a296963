"""Real servers in a folder whose name has a space and Chinese characters."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import roles
from launcher.paths import ROOT
from launcher.postgres import Cluster, Server

PASSWORDS = {"sd_owner": "owner-pw", "sd_app": "app-pw", "sd_backup": "backup-pw"}
STAND_INS = Path(__file__).parent / "stand_ins"
FROM_OUTSIDE = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "DATABASE_BACKUP_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "FIELD_KEYS",
    "INDEX_KEY",
    "PORT",
    "DEMO",
    "MAKELEVEL",
)


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for servers, with a space in its path."""
    return tmp_path_factory.mktemp("演示 目录")


@pytest.fixture(scope="session")
def server(place: Path) -> Iterator[Server]:
    """Start one PostgreSQL for all tests that only need some server."""
    cluster = Cluster(place, ROOT, "secret", durable=False)
    running = cluster.start()
    yield running
    running.running.stop()
    cluster.remove()


@pytest.fixture(scope="session")
def urls(server: Server) -> roles.Urls:
    """Return the three roles' addresses of a prepared database."""
    return roles.prepare(server.admin_url, "lianhu", PASSWORDS)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project with our launcher and a site that needs no Django."""
    return make_project(tmp_path, monkeypatch)


def make_project(place: Path, patch: pytest.MonkeyPatch) -> Path:
    """Make that project in `place`; forget the servers the test run itself has."""
    for name in FROM_OUTSIDE:
        patch.delenv(name, raising=False)
    folder = place / "项目 目录"
    shutil.copytree(STAND_INS / "project", folder)
    shutil.copytree(ROOT / "launcher", folder / "launcher")
    return folder
