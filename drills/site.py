"""A site of our own that can be hurt: both servers, web, worker and beat as processes.

The drills and the tests of disasters share it. Nothing here is a pretence: a killed
process is killed, a restarted database loses its sessions.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from launcher import application, orphans, ports, roles, trials
from launcher.instance import Instance
from launcher.paths import APP, ROOT, RUN
from launcher.postgres import Cluster
from launcher.services import open_services

PATIENCE = 60


@dataclass
class Site:
    """Two servers of our own, and how to reach them as superuser and as the product."""

    env: dict[str, str]
    instance: Instance
    cluster: Cluster
    port: int
    broker: int
    """The process of the broker."""
    stack: ExitStack
    session: str = ""

    @property
    def admin(self) -> str:
        """The superuser's address of the product's database."""
        return (
            f"postgresql://postgres:{self.cluster.password}@127.0.0.1:{self.port}/{APP}"
        )

    @property
    def python(self) -> str:
        """The interpreter that everything runs on."""
        return sys.executable

    @property
    def programs(self) -> Path:
        """The folder of PostgreSQL's own programs."""
        return self.cluster.arrangement.binaries

    def rows(self, query: str, *, database: str = APP) -> list[tuple[Any, ...]]:
        """Return the rows of a query, past row-level security."""
        return rows(roles.at(self.admin, database), query)

    def run(self, *command: str, patience: float = 120, **changed: str) -> str:
        """Run a program of the product to its end; return what it printed."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env={**self.env, **changed},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            timeout=patience,
        )
        return done.stdout.strip()

    def as_owner(self, *command: str) -> None:
        """Run a command of `manage.py` as the role that changes the schema."""
        owner = {"DATABASE_URL": self.env["DATABASE_OWNER_URL"], "MIGRATING": "1"}
        self.run("manage.py", *command, patience=600, **owner)

    def start(self, *command: str, log: str = "") -> subprocess.Popen[bytes]:
        """Start a program of the product that runs until it is killed."""
        place = self.instance.log(log) if log else Path(os.devnull)
        with place.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=self.env,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.stack.callback(end, process)
        return process

    def worker(self, children: int = 1) -> subprocess.Popen[bytes]:
        """Start a worker."""
        command = ("celery", "-A", "shaodong", "worker", "-c", str(children))
        return self.start(*command, log="worker")

    def beat(self, name: str = "beat") -> subprocess.Popen[bytes]:
        """Start a beat with a timetable of its own."""
        schedule = str(self.instance.dir / f"{name}-schedule")
        command = ("celery", "-A", "shaodong", "beat", "--schedule", schedule)
        return self.start(*command, "--pidfile=", log=name)

    def web(self, port: int, *, workers: int = 1) -> subprocess.Popen[bytes]:
        """Start the web as production does, and wait until it answers."""
        process = self.start(
            *("gunicorn", "shaodong.wsgi:application", "--no-control-socket"),
            *("--worker-class", "gthread", "--threads", "8"),
            *("--workers", str(workers), "--bind", f"127.0.0.1:{port}"),
            *("--timeout", "60", "--backlog", "2048"),
            log="web",
        )
        until(lambda: application.is_healthy(port), "the web answers")
        return process

    def stop_database(self) -> None:
        """Stop PostgreSQL at once; every session of it is lost."""
        server = self.cluster.adopt()
        assert server is not None  # noqa: S101 - a drill that lost its server is over
        server.running.stop()

    def start_database(self) -> None:
        """Start PostgreSQL again on the same port."""
        before, ports.free_port = ports.free_port, lambda: self.port
        try:
            again = self.cluster.start()
        finally:
            ports.free_port = before
        self.stack.callback(again.running.stop)

    def restart_database(self) -> None:
        """Restart PostgreSQL on the same port."""
        self.stop_database()
        self.start_database()


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query; an empty list of a statement without any."""
    with roles.connect(url) as db, db.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall()) if cursor.description else []


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a program with everything it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)


def children(pid: int) -> list[int]:
    """Return the processes that a process started."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
    return [int(one) for one in listed.split()]


def until(condition: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """Wait until something is so, and return it."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with suppress(psycopg.OperationalError):
            if found := condition():
                return found
        time.sleep(0.05)
    raise AssertionError(f"still not so after {patience} s: {what}")


def build(instance: Instance, stack: ExitStack, *, durable: bool) -> Site:
    """Start both servers in the folder of `instance`; they end with `stack`."""
    opened = open_services(instance, stack, durable=durable, environ={})
    own = {"TLS": "0", "STATIC_ROOT": str(instance.dir / "static")}
    env = application.environment({**opened.variables, **own}, demo=False)
    cluster = Cluster(instance.dir, ROOT, instance.secrets().postgres, durable=durable)
    server = cluster.adopt()
    broker = instance.record("valkey")
    assert server is not None  # noqa: S101 - it was started above
    assert broker is not None  # noqa: S101
    return Site(env, instance, cluster, server.port, broker.pid, stack)


@contextmanager
def own_site(*, durable: bool = True) -> Iterator[Site]:
    """Have a migrated site with the divisions for a drill; all of it goes afterwards."""
    trials.sweep()
    instance = Instance(RUN, f"{trials.PREFIX}{os.getpid()}")
    orphans.adopt()
    with ExitStack() as stack:
        stack.callback(_remove, instance)
        stack.enter_context(instance.locked())
        stack.callback(orphans.end)
        made = build(instance, stack, durable=durable)
        made.as_owner("migrate", "--noinput", "-v0")
        made.as_owner("load_regions")
        yield made


def _remove(instance: Instance) -> None:
    Cluster(instance.dir, ROOT, "", durable=False).remove()
    shutil.rmtree(instance.dir, ignore_errors=True)


def whole(name: str, otherwise: int, environ: Mapping[str, str] = os.environ) -> int:
    """Return a whole number from the environment: the size of a drill."""
    given = environ.get(name, "")
    if given and not given.isdigit():
        raise SystemExit(f"{name} 要写成整数，现在是 {given!r}。")
    return int(given or otherwise)


def between(
    name: str, otherwise: str, environ: Mapping[str, str] = os.environ
) -> tuple[int, int]:
    """Return two whole numbers from the environment, written as `5-15`."""
    given = environ.get(name, "") or otherwise
    least, _, most = given.partition("-")
    if not (least.isdigit() and most.isdigit() and int(least) <= int(most)):
        raise SystemExit(f"{name} 要写成 5-15 这样的两个整数，现在是 {given!r}。")
    return int(least), int(most)


def say(text: str) -> None:
    """Log progress with the time, so that a silent drill is a stuck one."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)
