"""`make test`: servers of its own, pytest's last word, nothing left behind."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import ports, processes
from tests.launcher.conftest import STAND_INS
from tests.launcher.test_demo import Window, left_behind, opened, pids_of


@pytest.fixture
def window(project: Path) -> Iterator[Window]:
    """Open a window on a project with a suite of one test."""
    shutil.copy(STAND_INS / "suite.py", project / "test_sample.py")
    made = Window(project, ports.free_port(), ARGS="-s -n 0 -p no:cacheprovider")
    yield from opened(made)


def leftovers(project: Path) -> list[Path]:
    """Return the folders of test runs that were not removed."""
    return list((project / ".run").glob("test-*"))


def end_what_works_there(project: Path) -> None:
    """End pytest itself, as a machine that is switched off does; not the servers."""
    for pid in pids_of(project):
        command = processes.command_of(pid)
        if "pytest" in command or "sleep 600" in command:
            os.kill(pid, signal.SIGKILL)


def test_suite_runs_on_servers_of_its_own(window: Window) -> None:
    window.environ["DEMO"] = "1"
    assert window.run("test") == 0
    assert "1 passed" in window.screen().splitlines()[-1]
    assert leftovers(window.project) == []
    assert left_behind(window.project) == []


def test_interrupted_suite_leaves_nothing(window: Window) -> None:
    window.environ["LINGER"] = "1"
    window.open("test")
    window.wait_for("lingering")

    assert window.close(signal.SIGINT) == 128 + signal.SIGINT

    assert "KeyboardInterrupt" in window.screen()
    assert leftovers(window.project) == []
    assert left_behind(window.project) == []


def test_killed_suite_is_cleaned_up_after_even_by_one_that_fails(
    window: Window,
) -> None:
    window.environ["LINGER"] = "1"
    window.open("test")
    window.wait_for("lingering")
    window.close(signal.SIGKILL)
    end_what_works_there(window.project)
    assert len(leftovers(window.project)) == 1

    (window.project / "test_sample.py").write_text("def test_sum():\n    assert 0\n")
    assert window.run("test") == 1
    assert "1 failed" in window.screen()

    assert leftovers(window.project) == []
    assert left_behind(window.project) == []
