"""The two servers an instance stands on: its own, or those named in the environment."""

import os
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from urllib.parse import unquote, urlsplit

import psycopg

from launcher import roles, valkey
from launcher.instance import (
    Instance,
    Secrets,
    own_settings,
    read_json,
    write_private,
)
from launcher.locks import locked
from launcher.paths import APP, ROOT
from launcher.postgres import Cluster
from launcher.processes import Running
from launcher.roles import ROLES, Urls
from launcher.terminal import PlainError, say

MAINTENANCE = {"", "postgres", "template0", "template1"}  # never the product's database


@dataclass
class Services:
    """The settings to reach both servers, and those of their processes that are ours
    to end."""

    variables: dict[str, str]
    ours: list[Running]


def open_services(
    instance: Instance,
    stack: ExitStack,
    *,
    durable: bool = True,
    keep: bool = False,
    environ: Mapping[str, str] = os.environ,
) -> Services:
    """Start what does not run yet, prepare the roles, and return how to connect.

    What was started here is ended when `stack` closes, in reverse order. With `keep`
    it is on file as kept: a later `make demo` uses it and leaves it running.
    """
    secrets = instance.secrets()
    ours: list[Running] = []
    starter = Starter(instance, stack, ours, keep=keep)
    if "DATABASE_URL" in environ:
        urls = external_database(environ, instance)
    else:
        urls = _own_database(starter, secrets, durable=durable)
    redis_url = environ.get("REDIS_URL") or starter.broker(secrets)
    if "REDIS_URL" in environ and not valkey.answers(redis_url):
        raise PlainError(
            "连不上 REDIS_URL 指明的 Redis。请检查地址和密码，"
            "或去掉 REDIS_URL，改用内置的。"
        )
    common = own_settings(secrets, instance.dir, environ)
    addresses = {
        "DATABASE_URL": urls.app,
        "DATABASE_OWNER_URL": urls.owner,
        "DATABASE_BACKUP_URL": urls.backup,
        "REDIS_URL": redis_url,
    }
    return Services({**common, **addresses}, ours)


class Starter:
    """Starts or takes over the servers of one instance, and files what it did."""

    def __init__(
        self, instance: Instance, stack: ExitStack, ours: list[Running], *, keep: bool
    ) -> None:
        self.instance = instance
        self.stack = stack
        self.ours = ours
        self.keep = keep

    def database(self, secrets: Secrets, *, durable: bool) -> str:
        """Have PostgreSQL running; return the superuser's URL."""
        place = self.instance.dir
        cluster = Cluster(place, ROOT, secrets.postgres, durable=durable)
        if not durable:
            self.stack.callback(cluster.remove)
        server = cluster.adopt()
        adopted = server is not None
        if server is None:
            say("正在启动数据库……")
            server = cluster.start()
        self._file("postgres", server.running, server.port, adopted=adopted)
        return server.admin_url

    def broker(self, secrets: Secrets) -> str:
        """Have Valkey running; return its URL."""
        broker = valkey.Broker(self.instance.dir, secrets.valkey)
        record = self.instance.record("valkey")
        server = broker.adopt(record.running(), record.port) if record else None
        adopted = server is not None
        if server is None:
            say("正在启动消息队列……")
            server = broker.start()
        self._file("valkey", server.running, server.port, adopted=adopted)
        return server.url

    def _file(self, key: str, running: Running, port: int, *, adopted: bool) -> None:
        record = self.instance.record(key) if adopted else None
        kept = record is not None and record.kept
        if not kept:
            self.stack.callback(self.instance.end, key, running)
            self.ours.append(running)
        self.instance.note(key, running, port=port, kept=kept or self.keep)


def external_database(environ: Mapping[str, str], instance: Instance) -> Urls:
    """Return the URLs of three roles on the server that DATABASE_URL names.

    A superuser's URL is used to prepare the roles; another's must come with
    DATABASE_OWNER_URL, and is trusted to have been prepared.
    """
    url = environ["DATABASE_URL"]
    if urlsplit(url).scheme not in {"postgres", "postgresql"}:
        raise PlainError(
            "DATABASE_URL 要写成 postgresql://账号:密码@主机:端口/库名 的样子。"
        )
    admin_url = _reachable(url)
    if roles.is_superuser(admin_url):
        named = unquote(urlsplit(url).path.lstrip("/"))
        database = APP if named in MAINTENANCE else named
        return roles.prepare(admin_url, database, _role_passwords(url, instance))
    if not environ.get("DATABASE_OWNER_URL"):
        raise PlainError(
            "DATABASE_URL 的账号不是超级用户，建不了表。请同时给出 DATABASE_OWNER_URL"
            "（账号 sd_owner），或把 DATABASE_URL 换成超级用户的地址。"
        )
    return Urls(
        app=url,
        owner=environ["DATABASE_OWNER_URL"],
        backup=environ.get("DATABASE_BACKUP_URL", ""),
    )


def _reachable(url: str) -> str:
    """Return `url`, or where its database does not exist yet, that of `postgres`."""
    reasons = []
    for candidate in (url, roles.at(url, "postgres")):
        try:
            with roles.connect(candidate):
                return candidate
        except psycopg.OperationalError as error:
            reasons.append(str(error).strip())
    raise PlainError(
        "连不上 DATABASE_URL 指明的数据库。请检查地址、账号和密码，"
        f"或去掉 DATABASE_URL，改用内置的。数据库的回答：{reasons[0]}"
    )


def _own_database(starter: Starter, secrets: Secrets, *, durable: bool) -> Urls:
    admin_url = starter.database(secrets, durable=durable)
    passwords = {role: getattr(secrets, role) for role in ROLES}
    urls = roles.prepare(admin_url, APP, passwords)
    # A database that `sd_owner` makes without naming a template copies this one.
    with roles.connect(roles.at(admin_url, "template1")) as template:
        roles.furnish(template)
    return urls


def _role_passwords(url: str, instance: Instance) -> dict[str, str]:
    """Return the roles' passwords on that server, the same for all our instances.

    Roles belong to the server: with a password of its own each new instance would lock
    out the one before.
    """
    parts = urlsplit(url)
    server = sha256(f"{parts.hostname}:{parts.port}".encode()).hexdigest()[:16]
    path = instance.run / f"roles-{server}.json"
    with locked(path.with_suffix(".lock"), "另一个窗口正在准备数据库，请稍候……"):
        if not path.exists():
            write_private(path, {role: token_urlsafe(24) for role in ROLES})
        return dict(read_json(path))
