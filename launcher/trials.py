"""`make test` and `make bench`: on servers of their own that leave nothing behind."""

import os
import shlex
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from launcher import application, browser, orphans, processes
from launcher.instance import Instance
from launcher.paths import ROOT, RUN
from launcher.postgres import AS_IN_PRODUCTION, Cluster
from launcher.services import open_services
from launcher.terminal import PlainError, say

PREFIX = "test-"


def test(arguments: list[str]) -> int:
    """Run all tests and return pytest's exit code; ARGS are passed on to it."""
    chosen = browser.settings(required=os.environ.get("REQUIRE_BROWSER") == "1")
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal"]
    command += [*arguments, *shlex.split(os.environ.get("ARGS", ""))]
    with throwaway() as settings:
        say("正在运行测试……")
        env = {**application.environment(settings, demo=False), **chosen}
        return processes.finish(
            command, env=env, cwd=ROOT, stop_with=signal.SIGINT, grace=20
        )


def bench(arguments: list[str]) -> int:
    """Run the measurements of `bench/` on a migrated database of their own."""
    if not (ROOT / "bench" / "__main__.py").exists():
        raise PlainError("这个版本还没有性能测量（缺少 bench/ 目录）。")
    command = [sys.executable, "-m", "bench"]
    command += [*arguments, *shlex.split(os.environ.get("ARGS", ""))]
    os.environ.setdefault("SHARED_BUFFERS", AS_IN_PRODUCTION)
    with throwaway(durable=True) as settings:
        say("正在测量，要几分钟……")
        env = application.environment(settings, demo=False)
        return processes.finish(command, env=env, cwd=ROOT)


def restore_drill(_: list[str]) -> int:
    """Dump, restore and compare; recover to a point in time."""
    return drill("restore")


def load(_: list[str]) -> int:
    """A thousand people at once; PEOPLE= and MINUTES= make it smaller."""
    return drill("load")


def chaos(_: list[str]) -> int:
    """Every fault under load, each followed by a reconciliation."""
    return drill("chaos")


def hostile(_: list[str]) -> int:
    """Hostile files, bodies and outboxes."""
    return drill("hostile")


def replica(_: list[str]) -> int:
    """Reports read from a streaming replica."""
    return drill("replica")


def drill(name: str) -> int:
    """Run one of `drills/`, which starts and ends servers of its own."""
    say("演练开始，要几分钟……")
    os.environ.setdefault("SHARED_BUFFERS", AS_IN_PRODUCTION)
    env = application.environment(own_settings(), demo=False)
    command = [sys.executable, "-m", f"drills.{name}"]
    return processes.finish(
        command, env=env, cwd=ROOT, stop_with=signal.SIGINT, grace=60
    )


def own_settings() -> dict[str, str]:
    """Return settings that a drill loads before it has servers: they lead nowhere."""
    nowhere = "127.0.0.1:1"
    urls = dict.fromkeys(
        ("DATABASE_URL", "DATABASE_OWNER_URL"), f"postgresql://none:none@{nowhere}/none"
    )
    redis_url = {"REDIS_URL": f"redis://{nowhere}/0"}
    keys = {"SECRET_KEY": "none", "FIELD_KEYS": "", "INDEX_KEY": ""}
    return {**urls, **redis_url, **keys, "RUN_DIR": str(RUN)}


@contextmanager
def throwaway(*, durable: bool = False) -> Iterator[dict[str, str]]:
    """Have both servers for a while; yields the settings to reach them."""
    sweep()
    instance = Instance(RUN, f"{PREFIX}{os.getpid()}")
    orphans.adopt()
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, instance.dir, ignore_errors=True)
        stack.enter_context(instance.locked())
        stack.callback(orphans.end)
        yield open_services(instance, stack, durable=durable).variables


def sweep() -> None:
    """Remove what test runs left behind that were killed without mercy."""
    for leftover in RUN.glob(f"{PREFIX}*"):
        pid = leftover.name.removeprefix(PREFIX)
        if not pid.isdigit() or processes.birth(int(pid)) is not None:
            continue
        if leftover.stat().st_uid == os.geteuid():
            _remove(Instance(RUN, leftover.name))


def _remove(leftover: Instance) -> None:
    for record in reversed(leftover.records()):
        leftover.end(record.key, record.running())
    Cluster(leftover.dir, ROOT, "", durable=False).remove()
    shutil.rmtree(leftover.dir, ignore_errors=True)
