"""Child processes: started in a session of their own, known again later, ended whole.

A child is its own process group, so that Ctrl-C at the terminal reaches only the
launcher, which then ends the children in order. A process is recognised by its number
*and* its birth, since the system reuses numbers.
"""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from launcher import disk, interrupt
from launcher.terminal import PlainError

PROC = Path("/proc")
HAS_PROC = (PROC / "self" / "stat").exists()  # not on macOS, which has `ps`


@dataclass(frozen=True)
class Account:
    """How a command is run without the launcher's rights.

    `prefix` goes before the command; `uid` and `gid`, where set, are dropped to.
    """

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None


AS_OURSELVES = Account()


@dataclass
class Running:
    """A process of ours: what it is called, and how it wants to be ended.

    `grace` is the seconds it has between `stop_with` and being killed.
    """

    name: str
    pid: int
    born: str
    log: Path
    stop_with: int = signal.SIGTERM
    grace: float = 10.0
    popen: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def is_alive(self) -> bool:
        """Whether this very process still runs."""
        if self.popen is not None:
            return self.popen.poll() is None
        return birth(self.pid) == self.born

    def stop(self) -> None:
        """End the process and what is left of its group; waits until it is gone."""
        if not self.is_alive() and self.popen is None:
            return  # somebody else may bear the number by now
        _signal(self.pid, self.stop_with)
        self._wait(self.grace)
        # Kills a leader that would not end, and a worker that outlived its leader.
        _signal_group(self.pid, signal.SIGKILL)
        self._wait(5)

    def last_lines(self, count: int = 15) -> str:
        """Return the end of its log, for the person who must find the cause."""
        return tail(self.log, count)

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while self.is_alive() and time.monotonic() < end:
            time.sleep(0.05)


def spawn(
    name: str,
    command: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str],
    cwd: Path,
    account: Account = AS_OURSELVES,
    stop_with: int = signal.SIGTERM,
    grace: float = 10.0,
) -> Running:
    """Start `command` in the background, its output appended to `log`."""
    with open_private(log) as output:
        popen = subprocess.Popen(
            [*account.prefix, *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
            user=account.uid,
            group=account.gid,
            extra_groups=None if account.uid is None else [],
        )
    born = birth(popen.pid) or ""
    return Running(name, popen.pid, born, log, stop_with, grace, popen)


def finish(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    log: Path | None = None,
    account: Account = AS_OURSELVES,
    stop_with: int = signal.SIGTERM,
    grace: float = 10.0,
) -> int:
    """Run `command` to its end and return its exit code.

    Output goes to `log`, or to the terminal where that is None. When the launcher is
    told to stop meanwhile, the command and its group are ended first.
    """
    output = None if log is None else open_private(log)
    try:
        popen = subprocess.Popen(
            [*account.prefix, *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=None if output is None else subprocess.STDOUT,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
            user=account.uid,
            group=account.gid,
            extra_groups=None if account.uid is None else [],
        )
        return _wait_for(popen, stop_with, grace)
    finally:
        if output is not None:
            output.close()


def require(
    what: str,
    command: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str],
    cwd: Path,
) -> None:
    """Run `command`; where it fails, raise with `what` and the end of its output."""
    start = log.stat().st_size if log.exists() else 0
    if finish(command, env=env, cwd=cwd, log=log) == 0:
        return
    output = tail(log, 15, start)
    if disk.is_full(log.parent, output):
        raise PlainError(disk.sentence(what))
    raise PlainError(
        f"{what}没有成功，请按下面的提示处理后重来（全部输出在 {log}）：\n{output}"
    )


def birth(pid: int) -> str | None:
    """Return a mark of when process `pid` began; None when it is gone or a zombie."""
    if not HAS_PROC:
        return _ps(pid, "lstart=") or None
    try:
        stat = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    state, *rest = stat.rpartition(")")[2].split()
    return None if state in "ZX" else rest[18]  # field 22: start, in clock ticks


def command_of(pid: int) -> str:
    """Return the command line of process `pid`, blank when it cannot be read."""
    if not HAS_PROC:
        return _ps(pid, "command=")
    try:
        raw = (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return ""
    return raw.replace(b"\0", b" ").decode(errors="replace")


def tail(log: Path, count: int, start: int = 0) -> str:
    """Return the last `count` lines that `log` holds from byte `start` on."""
    try:
        with log.open("rb") as file:
            file.seek(max(start, log.stat().st_size - 64 * 1024))
            text = file.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.rstrip().splitlines()[-count:])


def open_private(path: Path) -> IO[bytes]:
    """Open `path` for appending, readable by its owner only: logs may name people."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def _ps(pid: int, column: str) -> str:
    command = ["ps", "-o", column, "-p", str(pid)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.stdout.strip()


def _wait_for(popen: subprocess.Popen[bytes], stop_with: int, grace: float) -> int:
    running = Running("", popen.pid, "", Path(), stop_with, grace, popen)
    try:
        while popen.poll() is None:
            interrupt.pause(0.05)
    finally:
        running.stop()
    return popen.returncode


def _signal(pid: int, signum: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signum)


def _signal_group(pid: int, signum: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signum)
