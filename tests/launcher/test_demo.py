"""The whole of it, with a site that needs no Django: start, say, watch, end."""

import json
import os
import pty
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from launcher import ports, processes
from launcher.instance import Instance, Record
from launcher.processes import PROC
from tests.launcher.conftest import STAND_INS, make_project

PERFORM = "import sys; from launcher.verbs import perform; sys.exit(perform({!r}, []))"
FAKES = {"PYTHONPATH": str(STAND_INS / "fakes")}
PARTS = ["postgres", "valkey", "web", "worker", "beat"]


class Window:
    """A terminal window in which the launcher runs a verb."""

    def __init__(self, project: Path, port: int, **environ: str) -> None:
        self.project = project
        self.instance = Instance(project / ".run", str(port))
        self.port = port
        self.environ = {**os.environ, "PORT": str(port), **environ}
        self.output = project / f"window-{port}.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def open(self, verb: str, keyboard: int = subprocess.DEVNULL) -> None:
        """Start `verb` without waiting for it."""
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PERFORM.format(verb)],
                cwd=self.project,
                env=self.environ,
                stdin=keyboard,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait_for(self, sentence: str, place: Path | None = None) -> None:
        """Wait until `sentence` is on the screen, or in the file `place`."""
        end = time.monotonic() + 60
        while sentence not in (place or self.output).read_text("utf-8"):
            assert self.process is not None
            assert self.process.poll() is None, self.screen()
            assert time.monotonic() < end, self.screen()
            time.sleep(0.05)

    def close(self, signum: int = signal.SIGTERM) -> int:
        """Signal the launcher and return its exit code."""
        assert self.process is not None
        self.process.send_signal(signum)
        return self.process.wait(timeout=60)

    def run(self, verb: str) -> int:
        """Run `verb` to its end and return its exit code."""
        self.open(verb)
        assert self.process is not None
        return self.process.wait(timeout=60)

    def screen(self) -> str:
        """Return all that the window has shown."""
        return self.output.read_text("utf-8")

    def page(self) -> bytes:
        """Return what the web answers."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/") as answer:
            return bytes(answer.read())

    def records(self) -> dict[str, Record]:
        """Return what the launcher has on file."""
        return {record.key: record for record in self.instance.records()}


@pytest.fixture
def window(project: Path) -> Iterator[Window]:
    """Open a window on a project whose web and worker are stand-ins too."""
    yield from opened(Window(project, ports.free_port(), **FAKES))


@pytest.fixture
def real_window(project: Path) -> Iterator[Window]:
    """Open a window on a project with the real gunicorn and celery."""
    yield from opened(Window(project, ports.free_port()))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """Have a demo running for the tests that only look at it."""
    with pytest.MonkeyPatch.context() as patch:
        project = make_project(tmp_path_factory.mktemp("running"), patch)
        for window in opened(Window(project, ports.free_port(), **FAKES)):
            window.open("demo")
            window.wait_for("按 Ctrl-C 全部停止")
            yield window


def opened(made: Window) -> Iterator[Window]:
    """Yield a window; whatever a failed test leaves behind is ended."""
    yield made
    if made.process is not None and made.process.poll() is None:
        made.close()
    for record in made.instance.records() if made.instance.dir.exists() else []:
        made.instance.end(record.key, record.running())
    assert left_behind(made.project) == []


def left_behind(project: Path) -> list[str]:
    """Return the command lines of processes that work in or on the project."""
    return [processes.command_of(pid) for pid in pids_of(project)]


def pids_of(project: Path) -> list[int]:
    """Return the processes that work in or on the project."""
    return [
        int(entry.name)
        for entry in PROC.iterdir()
        if entry.name.isdigit() and str(project) in _traces(entry)
    ]


def _traces(entry: Path) -> str:
    try:
        return processes.command_of(int(entry.name)) + str((entry / "cwd").readlink())
    except OSError:
        return ""


def test_demo_serves_until_sigterm_and_leaves_nothing(real_window: Window) -> None:
    real_window.open("demo")
    real_window.wait_for("按 Ctrl-C 全部停止")
    started = real_window.records()
    screen = real_window.screen()

    real_window.wait_for("ready.", real_window.instance.log("worker"))
    assert real_window.page() == b"ok"
    assert list(started) == PARTS
    assert f"http://127.0.0.1:{real_window.port}/" in screen
    assert "lianhu-2026" in screen
    assert "village   魏家桥镇长冲口村党组织书记" in screen
    assert real_window.close() == 0
    assert "已全部停止" in real_window.screen()
    assert not any(record.running().is_alive() for record in started.values())
    assert left_behind(real_window.project) == []
    assert not (real_window.instance.dir / "env.json").exists()
    for part in ("web", "worker", "beat"):
        assert "Traceback" not in real_window.instance.log(part).read_text("utf-8")


def test_ending_in_the_middle_of_the_start_leaves_nothing_either(
    window: Window,
) -> None:
    window.open("demo")
    window.wait_for("正在启动消息队列")
    assert window.close(signal.SIGINT) == 0
    assert left_behind(window.project) == []
    assert window.records() == {}


def test_demo_tells_django_where_its_servers_are(running: Window) -> None:
    told: dict[str, Any] = json.loads((running.instance.dir / "env.json").read_text())
    asked = (running.instance.dir / "asked.txt").read_text("utf-8").splitlines()

    assert told["DATABASE_URL"].startswith("postgresql://sd_app:")
    assert told["DATABASE_OWNER_URL"].startswith("postgresql://sd_owner:")
    assert (told["DEMO"], told["TLS"]) == ("1", "0")
    assert asked == ["migrate sd_owner", "load_demo sd_app", "collectstatic sd_app"]


def test_second_window_of_one_port_is_turned_away(running: Window) -> None:
    second = Window(running.project, running.port)
    second.output = running.project / "second.txt"

    assert second.run("demo") == 1
    assert "已经在另一个窗口里启动" in second.screen()
    assert running.page() == b""


def test_background_services_are_not_taken_from_a_running_demo(
    running: Window,
) -> None:
    second = Window(running.project, running.port)
    second.output = running.project / "third.txt"

    assert second.run("down") == 1
    assert all(record.running().is_alive() for record in running.records().values())


def test_two_demos_of_one_checkout_do_not_meet(running: Window) -> None:
    other = Window(running.project, ports.free_port(), **FAKES)
    other.open("demo")
    other.wait_for("按 Ctrl-C 全部停止")

    ours, theirs = running.records(), other.records()
    assert {one.pid for one in ours.values()}.isdisjoint(
        one.pid for one in theirs.values()
    )
    assert running.instance.secrets() != other.instance.secrets()
    assert other.close() == 0
    assert all(record.running().is_alive() for record in ours.values())


def test_killed_launcher_is_cleaned_up_after_by_the_next(window: Window) -> None:
    window.open("demo")
    window.wait_for("按 Ctrl-C 全部停止")
    left = window.records()
    window.close(signal.SIGKILL)
    assert all(record.running().is_alive() for record in left.values())

    window.output.write_text("")
    window.open("demo")
    window.wait_for("按 Ctrl-C 全部停止")

    now = window.records()
    assert now["postgres"].pid == left["postgres"].pid
    assert now["valkey"].pid == left["valkey"].pid
    assert not left["worker"].running().is_alive()
    assert window.close() == 0


def test_taken_port_is_said_before_anything_starts(window: Window) -> None:
    with socket.socket() as other:
        other.bind((ports.HOST, window.port))
        assert window.run("demo") == 1
    assert f"端口 {window.port} 已被别的程序占用" in window.screen()
    assert "PORT=" in window.screen()
    assert "Traceback" not in window.screen()
    assert not (window.instance.dir / "postgres").exists()


def test_part_that_dies_is_named_and_the_rest_ends(window: Window) -> None:
    window.environ["FAILING_PART"] = "worker"
    assert window.run("demo") == 1
    assert "后台任务意外停止" in window.screen()
    assert "队列的密码不对" in window.screen()
    assert left_behind(window.project) == []


def test_failing_migration_is_shown_and_the_rest_ends(window: Window) -> None:
    window.environ["FAILING_COMMAND"] = "migrate"
    assert window.run("demo") == 1
    assert "更新数据库结构没有成功" in window.screen()
    assert "表 regions 已经存在" in window.screen()
    assert left_behind(window.project) == []


def test_background_services_serve_a_demo_and_outlive_it(window: Window) -> None:
    assert window.run("up") == 0
    kept = window.records()
    assert window.run("up") == 0
    assert {record.pid for record in window.records().values()} == {
        record.pid for record in kept.values()
    }

    window.open("demo")
    window.wait_for("按 Ctrl-C 全部停止")
    assert window.close() == 0
    assert all(record.running().is_alive() for record in kept.values())
    assert (window.instance.dir / "env.json").exists()

    assert window.run("down") == 0
    assert not any(record.running().is_alive() for record in kept.values())
    assert not (window.instance.dir / "env.json").exists()
    assert window.run("down") == 0


def test_closed_terminal_ends_the_demo_though_make_keeps_silent(
    window: Window,
) -> None:
    screen, keyboard = pty.openpty()
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it is ignored
    window.open("demo", keyboard)
    signal.signal(signal.SIGHUP, before)
    os.close(keyboard)
    window.wait_for("按 Ctrl-C 全部停止")

    os.close(screen)

    assert window.process is not None
    assert window.process.wait(timeout=30) == 0
    assert left_behind(window.project) == []


def test_demo_goes_with_the_make_that_started_it(window: Window) -> None:
    """`make` killed without mercy takes its launcher along (see `interrupt`)."""
    window.environ["MAKELEVEL"] = "1"
    launcher = shlex.join([sys.executable, "-c", PERFORM.format("demo")])
    with window.output.open("ab") as output:
        window.process = subprocess.Popen(
            ["/bin/sh", "-c", f"{launcher}; true"],
            cwd=window.project,
            env=window.environ,
            stdout=output,
        )
    window.wait_for("按 Ctrl-C 全部停止")
    window.close(signal.SIGKILL)

    end = time.monotonic() + 30
    while left_behind(window.project) and time.monotonic() < end:
        time.sleep(0.1)
    assert left_behind(window.project) == []
