"""Secrets of production: made once, given to few, enough for the settings to load."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from deploy import prepare
from launcher import ports, postgres, roles, valkey
from launcher.processes import Running, command_of, spawn
from launcher.terminal import PlainError
from tests.policy.production import ROOT, SERVICES, SPEC


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Secret files as `deploy/make-secrets` writes them on a new server."""
    folder = tmp_path_factory.mktemp("new server") / "secrets"
    make_secrets(folder)
    return folder


def make_secrets(folder: Path) -> None:
    script = ROOT / "deploy" / "make-secrets"
    subprocess.run(["/bin/sh", script, folder], check=True, capture_output=True)


def test_every_secret_that_compose_mounts_is_made(secrets: Path) -> None:
    mounted = {Path(one["file"]).name for one in SPEC["secrets"].values()}
    assert {file.name for file in secrets.iterdir()} == mounted
    assert mounted == set(SPEC["secrets"])


def test_secret_folder_is_closed_and_its_files_open_to_the_containers(
    secrets: Path,
) -> None:
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in secrets.iterdir()} == {0o444}


def test_making_secrets_again_replaces_none(secrets: Path) -> None:
    before = {file.name: file.read_text() for file in secrets.iterdir()}
    make_secrets(secrets)
    assert {file.name: file.read_text() for file in secrets.iterdir()} == before


def test_two_servers_share_no_secret(secrets: Path, tmp_path: Path) -> None:
    make_secrets(tmp_path / "other")
    for file in secrets.iterdir():
        assert file.read_text() != (tmp_path / "other" / file.name).read_text()


@pytest.mark.parametrize(
    ("secret", "services"),
    [
        ("postgres_password", {"postgres", "init"}),
        ("database_owner_url", {"init", "migrate"}),
        ("database_backup_url", {"init"}),
        ("database_url", {"init", "web", "worker", "beat"}),
    ],
)
def test_secret_reaches_only_who_needs_it(secret: str, services: set[str]) -> None:
    holders = {
        name for name, one in SERVICES.items() if secret in one.get("secrets", ())
    }
    assert holders == services


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_service_names_no_secret_that_it_does_not_mount(name: str) -> None:
    service = SERVICES[name]
    named = set(re.findall(r"/run/secrets/(\w+)", json.dumps(service)))
    assert named == set(service.get("secrets", ()))


def environment(service: str, secrets: Path) -> dict[str, str]:
    """Return what compose would give to a service, its secrets in `secrets`."""

    def value(found: re.Match[str]) -> str:
        return {"SITE_HOST": "lianhu.test"}.get(found[1]) or (
            found[3] if found[2] == "-" else ""
        )

    given = SERVICES[service]["environment"]
    return {
        name: re.sub(r"\$\{(\w+):([-?])([^}]*)\}", value, text).replace(
            "/run/secrets", str(secrets)
        )
        for name, text in given.items()
    }


LOAD = """
import json, runpy
found = runpy.run_path("shaodong/settings.py")
database = found["DATABASES"]["default"]
print(json.dumps([
    database["USER"], database["HOST"], found["DEBUG"], found["DEMO"],
    found["SECURE_SSL_REDIRECT"], found["SESSION_COOKIE_SECURE"],
    found["ALLOWED_HOSTS"], len(found["FIELD_KEYS"]), str(found["RUN_DIR"]),
]))
"""


@pytest.mark.parametrize(
    ("service", "role"),
    [
        ("web", "sd_app"),
        ("worker", "sd_app"),
        ("beat", "sd_app"),
        ("migrate", "sd_owner"),
    ],
)
def test_settings_load_from_the_secret_files_alone(
    service: str, role: str, secrets: Path, tmp_path: Path
) -> None:
    # Away from the checkout, where local services might fill a gap.
    shutil.copytree(ROOT / "shaodong", tmp_path / "shaodong")
    done = subprocess.run(
        [sys.executable, "-c", LOAD],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], **environment(service, secrets)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    hosts = ["lianhu.test", "127.0.0.1", "web"]
    assert json.loads(done.stdout) == [
        role, "postgres", False, False, True, True, hosts, 1, "/var/lib/lianhu",
    ]  # fmt: skip


# --- init: the three roles --------------------------------------------------


@contextmanager
def running_server(place: Path, password: str) -> Iterator[int]:
    cluster = postgres.Cluster(place, ROOT, password, durable=False)
    server = cluster.start()
    try:
        yield server.port
    finally:
        server.running.stop()
        cluster.remove()


def role_flags(url: str) -> tuple[str, bool, bool]:
    query = (
        "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles"
        " WHERE rolname = current_user"
    )
    with roles.connect(url) as here, here.cursor() as cursor:
        cursor.execute(query)
        name, superuser, past_policies = cursor.fetchone() or ("", True, True)
        return name, superuser, past_policies


def test_init_makes_three_roles_and_takes_over_a_changed_password(
    secrets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "secrets"
    shutil.copytree(secrets, mine)
    password = (mine / "postgres_password").read_text().strip()
    for name, text in environment("init", mine).items():
        monkeypatch.setenv(name, text)
    with running_server(tmp_path, password) as port:
        urls = {
            name: mine / name for name in SPEC["secrets"] if name.startswith("data")
        }
        for file in urls.values():
            file.chmod(0o600)
            file.write_text(
                file.read_text().replace("@postgres:5432", f"@127.0.0.1:{port}")
            )
        assert prepare.main() == 0
        flags = {
            name: role_flags(file.read_text().strip()) for name, file in urls.items()
        }
        assert flags == {
            "database_url": ("sd_app", False, False),
            "database_owner_url": ("sd_owner", False, False),
            "database_backup_url": ("sd_backup", False, True),
        }
        old = urls["database_url"].read_text().strip()
        new = old.replace(str(urlsplit(old).password), "changed")
        urls["database_url"].write_text(new)
        assert prepare.main() == 0
        assert role_flags(new)[0] == "sd_app"
        with pytest.raises(psycopg.OperationalError):
            role_flags(old)


def test_init_says_which_secret_is_missing(
    secrets: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in environment("init", secrets).items():
        monkeypatch.setenv(name, text)
    monkeypatch.setenv("DATABASE_URL_FILE", "/nowhere")
    assert prepare.main() == 1
    assert "DATABASE_URL_FILE" in capsys.readouterr().err


def test_init_refuses_urls_that_contradict_each_other(
    secrets: Path, tmp_path: Path
) -> None:
    given = environment("init", secrets)
    elsewhere = tmp_path / "url"
    elsewhere.write_text("postgresql://sd_app:x@postgres:5432/other")
    with pytest.raises(PlainError, match="不一致"):
        prepare.plan({**given, "DATABASE_URL_FILE": str(elsewhere)})
    with pytest.raises(PlainError, match="sd_owner"):
        prepare.plan({**given, "DATABASE_OWNER_URL_FILE": str(elsewhere)})


# --- redis: the password, without a command line ------------------------------


@contextmanager
def running_broker(secrets: Path, place: Path, port: int) -> Iterator[Running]:
    """Start Valkey by the script that the container starts it by."""
    settings = (ROOT / "deploy" / "valkey.conf").read_text(encoding="utf-8")
    (place / "data").mkdir()
    (place / "valkey.conf").write_text(
        settings.replace("dir /data", "dir data") + f"port {port}\nbind 127.0.0.1\n"
    )
    environment = {
        "PATH": f"{valkey.binary().parent}:/usr/bin:/bin",
        "REDIS_URL_FILE": str(secrets / "redis_url"),
        "VALKEY_CONF": str(place / "valkey.conf"),
    }
    script = str(ROOT / "deploy" / "valkey.sh")
    command = ["/bin/sh", script]
    running = spawn("valkey", command, log=place / "log", env=environment, cwd=place)
    try:
        yield running
    finally:
        running.stop()


def test_broker_asks_for_the_password_and_does_not_show_it(
    secrets: Path, tmp_path: Path
) -> None:
    port = ports.free_port()
    url = (secrets / "redis_url").read_text().strip()
    mine = url.replace("@redis:6379", f"@127.0.0.1:{port}")
    with running_broker(secrets, tmp_path, port) as running:
        wait_until(lambda: valkey.answers(mine), running)
        assert not valkey.answers(f"redis://127.0.0.1:{port}/0")
        assert not valkey.answers(f"redis://:guess@127.0.0.1:{port}/0")
        shown = command_of(running.pid)
        assert "valkey-server" in shown
        assert str(urlsplit(url).password) not in shown
        with redis.Redis.from_url(mine) as client:
            kept = client.config_get("appendonly", "maxmemory-policy")
        assert kept == {"appendonly": "yes", "maxmemory-policy": "noeviction"}


def wait_until(is_so: Callable[[], bool], running: Running) -> None:
    end = time.monotonic() + 10
    while not is_so():
        assert running.is_alive(), running.last_lines()
        assert time.monotonic() < end, "it took longer than 10 s"
        time.sleep(0.05)
