"""Who may do what in the database, in ours and in those cloned from it."""

import time
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege, ObjectInUse

from launcher import roles
from launcher.postgres import Server
from tests.launcher.conftest import PASSWORDS


def run(url: str, *statements: str) -> list[tuple[object, ...]]:
    """Run statements and return the rows of the last one."""
    with roles.connect(url) as here, here.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def drop(url: str, database: str) -> None:
    """Drop a database; a session that was just closed may hold it for a moment."""
    end = time.monotonic() + 10
    while True:
        try:
            run(url, f"DROP DATABASE {database}")
        except ObjectInUse:
            assert time.monotonic() < end
            time.sleep(0.05)
        else:
            return


@pytest.fixture
def clone(urls: roles.Urls) -> Iterator[str]:
    """Clone the prepared database as `sd_owner`, as the tests of the project do."""
    run(urls.owner, "CREATE DATABASE lianhu_clone TEMPLATE lianhu")
    yield "lianhu_clone"
    drop(urls.owner, "lianhu_clone")


@pytest.mark.parametrize(
    ("role", "attributes"),
    [
        ("sd_owner", (True, False, True, False, False)),
        ("sd_app", (True, False, False, False, False)),
        ("sd_backup", (True, False, False, False, True)),
    ],
)
def test_role_has_exactly_its_attributes(
    urls: roles.Urls, role: str, attributes: tuple[bool, ...]
) -> None:
    found = run(
        urls.app,
        "SELECT rolname, rolcanlogin, rolsuper, rolcreatedb, rolcreaterole,"
        " rolbypassrls FROM pg_roles",
    )
    assert (role, *attributes) in found


def test_no_role_is_a_superuser(urls: roles.Urls) -> None:
    addresses = (urls.app, urls.owner, urls.backup)
    assert not any(roles.is_superuser(url) for url in addresses)


def test_app_gives_up_waiting(urls: roles.Urls) -> None:
    shown = [run(urls.app, f"SHOW {name}")[0][0] for name in roles.LIMITS]
    assert shown == ["30s", "5s", "1min"]


def test_app_plans_for_memory_and_does_not_compile(urls: roles.Urls) -> None:
    shown = [run(urls.app, f"SHOW {name}")[0][0] for name in roles.PLANNING]
    assert shown == ["1.1", "off"]


def test_app_reads_and_writes_what_the_owner_makes_but_no_structure(
    urls: roles.Urls,
) -> None:
    run(urls.owner, "CREATE TABLE seat (id serial, holder text)")

    run(urls.app, "INSERT INTO seat (holder) VALUES ('李秀英')")
    run(urls.app, "UPDATE seat SET holder = '王建国'")
    assert run(urls.backup, "SELECT holder FROM seat") == [("王建国",)]
    assert run(urls.backup, "SELECT last_value FROM seat_id_seq") == [(1,)]
    run(urls.app, "DELETE FROM seat")
    for forbidden in (
        "CREATE TABLE mine (id int)",
        "ALTER TABLE seat ADD note text",
        "TRUNCATE seat",
        "DROP TABLE seat",
        "SET ROLE sd_owner",
    ):
        with pytest.raises(InsufficientPrivilege):
            run(urls.app, forbidden)
    with pytest.raises(InsufficientPrivilege):
        run(urls.backup, "DELETE FROM seat")
    run(urls.owner, "DROP TABLE seat")


def test_clone_made_by_the_owner_carries_rights_and_extensions(
    urls: roles.Urls, clone: str
) -> None:
    run(roles.at(urls.owner, clone), "CREATE TABLE visit (id serial, on_day date)")

    app = roles.at(urls.app, clone)
    run(app, "INSERT INTO visit (on_day) VALUES ('2026-11-01')")
    assert run(app, "SELECT count(*) FROM visit") == [(1,)]
    assert run(app, "SELECT cardinality(show_trgm('村民代表')) > 0") == [(True,)]


def test_owner_can_furnish_a_database_of_his_own(urls: roles.Urls) -> None:
    run(urls.owner, "CREATE DATABASE bare TEMPLATE template0")
    try:
        with roles.connect(roles.at(urls.owner, "bare")) as inside:
            roles.furnish(inside)
        run(roles.at(urls.owner, "bare"), "CREATE TABLE seat (id int)")
        assert run(roles.at(urls.app, "bare"), "SELECT count(*) FROM seat") == [(0,)]
    finally:
        drop(urls.owner, "bare")


def test_preparing_again_gives_nothing_back_that_was_taken(
    server: Server, urls: roles.Urls
) -> None:
    """The audit tables are append-only because a migration revoked the rest."""
    run(urls.owner, "CREATE TABLE audit (id int)")
    run(urls.owner, "REVOKE UPDATE, DELETE ON audit FROM sd_app")

    again = roles.prepare(server.admin_url, "lianhu", PASSWORDS)

    assert again == urls
    with pytest.raises(InsufficientPrivilege):
        run(urls.app, "DELETE FROM audit")
    run(urls.owner, "DROP TABLE audit")


def test_preparing_with_a_new_password_replaces_the_old_one(
    server: Server, urls: roles.Urls
) -> None:
    changed = roles.prepare(
        server.admin_url, "lianhu", {**PASSWORDS, "sd_backup": "新密码 @:/"}
    )
    try:
        assert run(changed.backup, "SELECT current_user") == [("sd_backup",)]
        with pytest.raises(psycopg.OperationalError):
            run(urls.backup, "SELECT 1")
    finally:
        roles.prepare(server.admin_url, "lianhu", PASSWORDS)


def test_address_keeps_its_options_when_the_account_changes() -> None:
    url = "postgresql://a:b@db.example:6432/x?sslmode=require"
    changed = roles.at(url, "y", "sd_app", "p@ss/word")
    assert changed == (
        "postgresql://sd_app:p%40ss%2Fword@db.example:6432/y?sslmode=require"
    )
    assert roles.at(url, "y") == "postgresql://a:b@db.example:6432/y?sslmode=require"
