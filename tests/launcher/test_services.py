"""Own servers or those named in the environment, and who ends them."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from launcher import roles
from launcher.instance import Instance
from launcher.postgres import Server
from launcher.services import external_database, open_services
from launcher.terminal import PlainError
from tests.launcher.conftest import PASSWORDS


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    """Return an instance in a folder with a space in its path."""
    made = Instance(tmp_path / "演示 目录", "8000")
    made.create()
    return made


def test_what_was_started_ends_with_the_stack(instance: Instance) -> None:
    with ExitStack() as stack:
        services = open_services(instance, stack, durable=False, environ={})
        assert all(running.is_alive() for running in services.ours)
        assert len(services.ours) == 2
        assert [record.key for record in instance.records()] == ["postgres", "valkey"]

    assert not any(running.is_alive() for running in services.ours)
    assert instance.records() == []


def test_kept_services_are_used_and_left_running(instance: Instance) -> None:
    with ExitStack() as background:
        open_services(instance, background, durable=False, keep=True, environ={})
        before = {record.pid for record in instance.records()}
        with ExitStack() as demo:
            services = open_services(instance, demo, environ={})

        after = [record for record in instance.records() if record.kept]
        assert services.ours == []
        assert {record.pid for record in after} == before
        assert all(record.running().is_alive() for record in after)


def test_secrets_are_private_and_stay_the_same(instance: Instance) -> None:
    first = instance.secrets()
    assert instance.secrets() == first
    assert (instance.dir / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_damaged_secrets_are_said_plainly(instance: Instance) -> None:
    for content in ("{", '{"postgres": "x"}', "[]"):
        (instance.dir / "secrets.json").write_text(content, encoding="utf-8")
        with pytest.raises(PlainError, match=r"secrets\.json 损坏了。请删除"):
            instance.secrets()


@pytest.fixture
def theirs(server: Server) -> Iterator[str]:
    """Return a superuser's address on a server of somebody else."""
    yield server.admin_url
    # Preparing gave the roles other passwords: give the other tests theirs back.
    roles.prepare(server.admin_url, "lianhu", PASSWORDS)


def test_superuser_in_the_environment_prepares_roles_and_database(
    instance: Instance, theirs: str
) -> None:
    url = roles.at(theirs, "elsewhere")
    urls = external_database({"DATABASE_URL": url}, instance)

    with roles.connect(urls.app) as here, here.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        assert cursor.fetchone() == ("sd_app", "elsewhere")
    assert not roles.is_superuser(urls.owner)


def test_second_instance_on_one_server_does_not_lock_out_the_first(
    instance: Instance, theirs: str
) -> None:
    environ = {"DATABASE_URL": roles.at(theirs, "elsewhere")}
    first = external_database(environ, instance)
    second = external_database(environ, Instance(instance.run, "8001"))
    assert first == second


def test_database_of_the_server_itself_is_never_ours(
    instance: Instance, theirs: str
) -> None:
    urls = external_database({"DATABASE_URL": theirs}, instance)
    assert urls.app.endswith("/shaodong")


def test_ordinary_role_must_come_with_the_owner(
    instance: Instance, urls: roles.Urls
) -> None:
    given = {"DATABASE_URL": roles.at(urls.app, "lianhu")}
    with pytest.raises(PlainError, match="请同时给出 DATABASE_OWNER_URL"):
        external_database(given, instance)

    both = external_database({**given, "DATABASE_OWNER_URL": urls.owner}, instance)
    assert (both.app, both.owner) == (urls.app, urls.owner)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://root@127.0.0.1/x", "要写成 postgresql://"),
        ("postgresql://a:b@127.0.0.1:1/x", "连不上 DATABASE_URL 指明的数据库"),
    ],
)
def test_address_that_leads_nowhere_is_said_plainly(
    instance: Instance, url: str, sentence: str
) -> None:
    with pytest.raises(PlainError, match=sentence):
        external_database({"DATABASE_URL": url}, instance)


def test_redis_that_does_not_answer_is_said_plainly(
    instance: Instance, urls: roles.Urls
) -> None:
    environ = {
        "DATABASE_URL": urls.app,
        "DATABASE_OWNER_URL": urls.owner,
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
    with ExitStack() as stack, pytest.raises(PlainError, match="连不上 REDIS_URL"):
        open_services(instance, stack, environ=environ)


def test_keys_of_the_environment_go_before_our_own(
    instance: Instance, urls: roles.Urls
) -> None:
    environ = {
        "DATABASE_URL": urls.app,
        "DATABASE_OWNER_URL": urls.owner,
        "FIELD_KEYS": "k7:theirs",
    }
    with ExitStack() as stack:
        variables = open_services(instance, stack, environ=environ).variables

    assert variables["FIELD_KEYS"] == "k7:theirs"
    assert variables["SECRET_KEY"] == instance.secrets().secret_key
    assert (variables["TLS"], variables["RUN_DIR"]) == ("0", str(instance.dir))


def test_address_file_is_private(instance: Instance) -> None:
    instance.write_env({"DATABASE_URL": "postgresql://"})
    path = instance.dir / "env.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text("utf-8")) == {"DATABASE_URL": "postgresql://"}
