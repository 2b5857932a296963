"""The `init` service: three roles and the database, on the server that compose started.

What each role may do is said in `launcher.roles`, for demo, tests and production alike.
Their passwords stand in the connection URLs, one secret file each, and nowhere else.
Doing it again takes over changed passwords and alters nothing besides.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg

from launcher import roles
from launcher.terminal import PlainError, complain, say

FILES = {
    "sd_owner": "DATABASE_OWNER_URL_FILE",
    "sd_app": "DATABASE_URL_FILE",
    "sd_backup": "DATABASE_BACKUP_URL_FILE",
}
SUPERUSER_FILE = "POSTGRES_PASSWORD_FILE"


@dataclass(frozen=True)
class Plan:
    """What the secret files ask for: where, which database, whose password."""

    admin_url: str
    database: str
    passwords: dict[str, str]


def main() -> int:
    """Prepare the server; on failure say why in one sentence and return 1."""
    try:
        wanted = plan(os.environ)
        roles.prepare(wanted.admin_url, wanted.database, wanted.passwords)
    except PlainError as refusal:
        complain(str(refusal))
        return 1
    except psycopg.OperationalError as error:
        complain(f"连不上数据库，请检查 postgres 服务和密码文件。数据库的回答：{error}")
        return 1
    say(f"数据库 {wanted.database} 和三个账号已经就绪。")
    return 0


def plan(environ: Mapping[str, str]) -> Plan:
    """Read the secret files; raise PlainError where they contradict each other."""
    urls = {role: secret(environ, name) for role, name in FILES.items()}
    for role, url in urls.items():
        if urlsplit(url).username != role:
            raise PlainError(f"{FILES[role]} 里的账号应为 {role}，请重新生成密码文件。")
    if len({_place(url) for url in urls.values()}) != 1:
        raise PlainError("三个数据库地址的主机、端口或库名不一致，请改成一样。")
    some = urls["sd_owner"]
    return Plan(
        roles.at(some, "postgres", "postgres", secret(environ, SUPERUSER_FILE)),
        unquote(urlsplit(some).path.lstrip("/")),
        {role: unquote(urlsplit(url).password or "") for role, url in urls.items()},
    )


def secret(environ: Mapping[str, str], name: str) -> str:
    """Return the content of the file that the variable `name` points to."""
    try:
        content = Path(environ[name]).read_text(encoding="utf-8").strip()
    except (KeyError, OSError):
        content = ""
    if not content:
        raise PlainError(
            f"读不到 {name} 指明的密码文件。请先运行 sh deploy/make-secrets。"
        )
    return content


def _place(url: str) -> tuple[str | None, int | None, str]:
    parts = urlsplit(url)
    return parts.hostname, parts.port, parts.path


if __name__ == "__main__":
    sys.exit(main())
