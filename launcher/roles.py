"""Three accounts in PostgreSQL, and what each may do (design, section 4).

- `sd_owner` owns the tables and migrates; it may create databases (the tests do).
- `sd_app` runs web, worker, beat and the tests: rows, never structure, never past a
  row policy.
- `sd_backup` reads everything, past row policies, so that a dump is whole.

Rights on tables come by default privileges alone, when `sd_owner` creates the table:
granting "all tables" at each start would give back what a migration took away (the
audit tables are append-only for `sd_app`).
"""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import Connection, sql

from launcher.terminal import PlainError

ROLES = {
    "sd_owner": "LOGIN NOSUPERUSER CREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS",
    "sd_app": "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS",
    "sd_backup": "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION BYPASSRLS",
}
LIMITS = {  # of sd_app, so that one stuck request cannot hold up the others
    "statement_timeout": "30s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "60s",
}
PLANNING = {  # of sd_app
    # A row that a policy looks at costs two settings, each read and cast, unless an
    # index finds it; and what a page reads lies in memory or on an SSD.
    "random_page_cost": "1.1",
    # Compiling a plan takes longer than any statement of a page (docs/adr/0001).
    "jit": "off",
}
EXTENSIONS = ("pg_trgm", "btree_gist")
RIGHTS = """
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO sd_owner, sd_app, sd_backup;
GRANT CREATE ON SCHEMA public TO sd_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE sd_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO sd_app;
ALTER DEFAULT PRIVILEGES FOR ROLE sd_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO sd_app;
ALTER DEFAULT PRIVILEGES FOR ROLE sd_owner IN SCHEMA public
    GRANT EXECUTE ON FUNCTIONS TO sd_app;
ALTER DEFAULT PRIVILEGES FOR ROLE sd_owner IN SCHEMA public
    GRANT SELECT ON TABLES TO sd_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE sd_owner IN SCHEMA public
    GRANT SELECT ON SEQUENCES TO sd_backup;
"""
# Two launchers that prepare one server would update the same catalogue rows at once.
ONE_AT_A_TIME = 430582


@dataclass(frozen=True)
class Urls:
    """Where the application, the migrations and the backup connect to."""

    app: str
    owner: str
    backup: str


def prepare(admin_url: str, database: str, passwords: Mapping[str, str]) -> Urls:
    """Create the roles and `database`, or bring them to what this page says.

    `admin_url` is a superuser's, to a database that exists; `passwords` has one entry
    for each of ROLES. Doing it again changes nothing but the passwords. Raises
    PlainError when the server sorts out Chinese characters as if they were not
    letters.
    """
    with connect(admin_url) as admin:
        _run(admin, "SELECT pg_advisory_lock(%s)", ONE_AT_A_TIME)
        for role, attributes in ROLES.items():
            _ensure_role(admin, role, attributes, passwords[role])
        for name, value in {**LIMITS, **PLANNING}.items():
            _run(admin, f"ALTER ROLE sd_app SET {name} = '{value}'")
        _ensure_database(admin, database)
        with connect(at(admin_url, database)) as inside:
            furnish(inside)
    return Urls(
        app=at(admin_url, database, "sd_app", passwords["sd_app"]),
        owner=at(admin_url, database, "sd_owner", passwords["sd_owner"]),
        backup=at(admin_url, database, "sd_backup", passwords["sd_backup"]),
    )


def furnish(inside: Connection[Any]) -> None:
    """Give the connected database its extensions and default privileges.

    Both live in the database, so one made with this as its template has them too.
    """
    for extension in EXTENSIONS:
        _run(inside, f"CREATE EXTENSION IF NOT EXISTS {extension}")
    _run(inside, RIGHTS)
    if not _rows(inside, "SELECT show_trgm('重症医学科')")[0][0]:
        raise PlainError(
            "数据库的字符分类不是 UTF-8，查不了中文。请用 initdb --encoding=UTF8 "
            "--lc-collate=C --lc-ctype=C.UTF-8 重新初始化数据库服务器，再重来。"
        )


@contextmanager
def connect(url: str) -> Iterator[Connection[Any]]:
    """Connect to `url` in autocommit mode; psycopg.OperationalError if in vain."""
    opened = psycopg.connect(
        url, autocommit=True, connect_timeout=5, cursor_factory=psycopg.ClientCursor
    )
    with closing(opened):
        yield opened


def is_superuser(url: str) -> bool:
    """Whether the account of `url` may do everything."""
    with connect(url) as here:
        query = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
        return bool(_rows(here, query)[0][0])


def at(url: str, database: str, user: str = "", password: str = "") -> str:
    """Return `url` with another database and, where given, another account."""
    parts = urlsplit(url)
    login, at_sign, host = parts.netloc.rpartition("@")
    if user:
        login, at_sign = f"{quote(user, safe='')}:{quote(password, safe='')}", "@"
    changed = parts._replace(
        netloc=f"{login}{at_sign}{host}", path="/" + quote(database, safe="")
    )
    return changed.geturl()


def _ensure_role(
    admin: Connection[Any], role: str, attributes: str, password: str
) -> None:
    known = _rows(admin, "SELECT 1 FROM pg_roles WHERE rolname = %s", role)
    # The server gets a verifier: the password itself could end up in its log.
    sealed = admin.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    )
    statement = sql.SQL("{verb} ROLE {role} {attributes} PASSWORD {verifier}").format(
        verb=sql.SQL("ALTER" if known else "CREATE"),
        role=sql.Identifier(role),
        attributes=sql.SQL(attributes),
        verifier=sql.Literal(sealed.decode()),
    )
    _run(admin, statement)


def _ensure_database(admin: Connection[Any], database: str) -> None:
    known = _rows(admin, "SELECT 1 FROM pg_database WHERE datname = %s", database)
    statement = (
        "ALTER DATABASE {} OWNER TO sd_owner"
        if known
        else ("CREATE DATABASE {} OWNER sd_owner")
    )
    _run(admin, sql.SQL(statement).format(sql.Identifier(database)))


def _run(here: Connection[Any], statement: Any, *values: object) -> None:
    with here.cursor() as cursor:
        cursor.execute(statement, values or None)


def _rows(here: Connection[Any], statement: str, *values: object) -> list[Any]:
    with here.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall()
