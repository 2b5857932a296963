"""Children end whole, in time, and only the ones that are ours."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import interrupt, orphans, processes
from launcher.processes import Running
from launcher.terminal import PlainError

DEAF = "trap '' TERM INT; while :; do sleep 0.1; done"
# The helper has the group of the child, but not its ears.
WITH_HELPER = "sleep 300 & echo $!; wait"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Return where children write."""
    return tmp_path / "child.log"


@pytest.fixture
def signals() -> Iterator[None]:
    """Listen as the launcher does, and give the signals back afterwards."""
    before = {signum: signal.getsignal(signum) for signum in interrupt.SIGNALS}
    interrupt.listen()
    yield
    for signum, handler in before.items():
        signal.signal(signum, handler)


def start(script: str, log: Path, **options: float) -> Running:
    """Start a shell script as a child."""
    return processes.spawn(
        "试验", ["sh", "-c", script], log=log, env=os.environ, cwd=Path("/"), **options
    )


def text_of(log: Path) -> str:
    """Wait until the child has written something."""
    end = time.monotonic() + 10
    while not (text := log.read_text("utf-8")) and time.monotonic() < end:
        time.sleep(0.02)
    return text


def test_child_that_will_not_end_is_killed_after_its_grace(log: Path) -> None:
    deaf = start("echo ready; " + DEAF, log, grace=0.3)
    text_of(log)

    deaf.stop()

    assert not deaf.is_alive()
    assert deaf.popen is not None
    assert deaf.popen.returncode == -signal.SIGKILL


def test_helpers_end_with_their_leader(log: Path) -> None:
    leader = start(WITH_HELPER, log)
    helper = int(text_of(log))

    leader.stop()

    wait_until_gone(helper)


def test_helpers_of_a_leader_that_died_by_itself_end_too(log: Path) -> None:
    leader = start("sleep 300 & echo $!", log)
    helper = int(text_of(log))
    assert leader.popen is not None
    leader.popen.wait()

    leader.stop()

    wait_until_gone(helper)


def test_process_is_not_taken_for_a_later_one_of_the_same_number(log: Path) -> None:
    child = start("sleep 300", log)
    mistaken = Running("试验", child.pid, "another birth", log)

    assert not mistaken.is_alive()
    mistaken.stop()
    assert child.is_alive()

    child.stop()
    assert processes.birth(child.pid) is None


def test_signal_ends_the_command_that_is_waited_for(signals: None, log: Path) -> None:
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGTERM)).start()

    with pytest.raises(interrupt.Stopped) as stopped:
        processes.finish(
            ["sh", "-c", "echo $$; exec sleep 300"],
            env=os.environ,
            cwd=Path("/"),
            log=log,
        )

    assert stopped.value.signum == signal.SIGTERM
    assert processes.birth(int(log.read_text("utf-8"))) is None


def test_second_signal_does_not_disturb_the_ending(signals: None) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGINT)
    with pytest.raises(interrupt.Stopped):
        interrupt.pause(1)
    interrupt.check()


def test_nohup_keeps_its_promise(signals: None) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    interrupt.listen()
    os.kill(os.getpid(), signal.SIGHUP)
    interrupt.pause(0.1)

    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(interrupt.Stopped):
        interrupt.pause(0.1)


def test_failure_shows_the_end_of_this_output_only(log: Path) -> None:
    log.write_text("昨天的错误\n", encoding="utf-8")
    with pytest.raises(PlainError) as failure:
        processes.require(
            "更新数据库结构",
            ["sh", "-c", "echo 表已经存在; exit 3"],
            log=log,
            env=os.environ,
            cwd=Path("/"),
        )
    assert "更新数据库结构没有成功" in str(failure.value)
    assert "表已经存在" in str(failure.value)
    assert "昨天的错误" not in str(failure.value)


def test_logs_are_private(log: Path) -> None:
    start("true", log).stop()
    assert log.stat().st_mode & 0o777 == 0o600


def test_child_in_a_session_of_its_own_is_found_when_its_parent_died() -> None:
    """What a browser does; in a process apart, which is what adopts the orphan."""
    script = (
        "import os, subprocess, sys\n"
        "from launcher import orphans\n"
        "orphans.adopt()\n"
        "lost = 'setsid sleep 300 & echo $!'\n"
        "print(subprocess.check_output(['sh', '-c', lost + ' > /dev/stderr'],"
        " stderr=subprocess.STDOUT).decode())\n"
        "orphans.end()\n"
    )
    script = script.replace(" & echo $!", " >/dev/null 2>&1 & echo $!")
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=orphans.__file__.rpartition("/launcher/")[0],
        timeout=30,
    )
    assert processes.birth(int(done.stdout)) is None


def wait_until_gone(pid: int) -> None:
    """Fail unless the process ends within moments (its new parent must bury it)."""
    end = time.monotonic() + 5
    while processes.birth(pid) is not None and time.monotonic() < end:
        time.sleep(0.02)
    assert processes.birth(pid) is None
