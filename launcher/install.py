"""Makes `.venv` and installs into it, once per change of what is asked for.

Standard library only. What goes wrong on other people's machines (no venv module, no
network, a full disk, a platform without wheels) ends in one sentence each; pip's own
words are in `.run/install.log`.
"""

import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from launcher import disk, interrupt, processes
from launcher.locks import locked
from launcher.paths import PYTHON, ROOT, RUN, VENV
from launcher.terminal import PlainError, hint, is_terminal, say

LOG = RUN / "install.log"
STAMP = VENV / "installed.json"
CONSTRAINTS = ROOT / "constraints.txt"
ROOM = {"run": 700, "dev": 1200}  # MB that an installation takes, with some to spare
FILES = {
    "run": (ROOT / "requirements.txt",),
    "dev": (ROOT / "requirements.txt", ROOT / "requirements-dev.txt"),
}
FULL_DISK = "磁盘满了，装不下。请腾出至少 2 GB 空间后重来。"
UNTRUSTED = (
    "下载时证书验证失败，多半是单位的上网代理换了证书。"
    "请用环境变量 PIP_CERT 指明单位的根证书文件，再重来。"
)
UNREACHABLE = (
    "下载不了所需的组件：连不上网络。请检查网络（需要代理时设置 https_proxy，"
    "需要镜像时设置 PIP_INDEX_URL），再重来；已下载的不会重下。"
)
NOT_OURS = (
    f"没有权限写 {VENV}，它可能是别的账号建的。请换那个账号运行，"
    "或者请管理员把它删掉后重来。"
)
NO_WHEEL = (
    "有组件没有适合这台机器的安装包（系统、处理器或 Python 版本不支持）。"
    "请用 Python 3.11、3.12 或 3.13；仍不行就用 docker-compose.yml 部署。"
)
# What pip prints -> what the person reads; the first match counts. Without a network
# pip also says "No matching distribution", so the network comes before it.
FAILURES = {
    r"No space left on device|Errno 28|Disk quota exceeded": FULL_DISK,
    r"CERTIFICATE_VERIFY_FAILED|SSLError": UNTRUSTED,
    r"NewConnectionError|NameResolutionError|Temporary failure in name": UNREACHABLE,
    r"Network is unreachable|Connection refused|ProxyError": UNREACHABLE,
    r"ReadTimeout|ConnectTimeout|ConnectionReset|RemoteDisconnected": UNREACHABLE,
    r"Permission denied|Errno 13": NOT_OURS,
    r"No matching distribution|Could not find a version": NO_WHEEL,
    r"not a supported wheel|ResolutionImpossible": NO_WHEEL,
}


def refuse_unsupported_platform() -> None:
    """Raise with a sentence where the wheels of the two servers cannot run."""
    if sys.platform == "win32":
        raise PlainError(
            "Windows 上不能直接运行。请在 WSL（适用于 Linux 的 Windows 子系统）里运行，"
            "或用 docker-compose.yml 部署。"
        )
    if platform.machine().lower() not in {"x86_64", "amd64", "aarch64", "arm64"}:
        raise PlainError(
            f"不支持这种处理器（{platform.machine()}），只支持 x86_64 和 arm64。"
            "请换一台机器。"
        )
    if sys.platform == "linux":
        _refuse_old_libc(*platform.libc_ver(sys.executable))


def _refuse_old_libc(name: str, version: str) -> None:
    if name != "glibc":
        raise PlainError(
            "这个系统的基础库不是 glibc（例如 Alpine），内置的数据库运行不了。"
            "请换用 Debian、Ubuntu、openEuler 等系统，或用 docker-compose.yml 部署。"
        )
    if tuple(int(part) for part in version.split(".")[:2]) < (2, 28):
        raise PlainError(
            f"系统太旧（glibc {version}，需要 2.28 或更新），内置的数据库运行不了。"
            "请升级系统（如 Debian 10、Ubuntu 20.04 以上），"
            "或用 docker-compose.yml 部署。"
        )


def ensure(kind: str) -> None:
    """Have everything of `kind` ("run" or "dev") installed in `.venv`.

    Returns at once when the stamp in `.venv` says so. Two launchers that start
    together take turns.
    """
    if is_current(kind):
        return
    with locked(RUN / "install.lock", "另一个窗口正在安装，请稍候……"):
        if is_current(kind):
            return
        started = time.monotonic()
        _require_room(kind)
        if not _python_works(PYTHON):
            _make_venv()
        _install(kind)
        _stamp(kind)
        say(f"安装完成，用时 {time.monotonic() - started:.0f} 秒。以后启动不用再装。")


def inside() -> bool:
    """Whether this interpreter is the one of `.venv`."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def enter(arguments: list[str]) -> None:
    """Replace this process by the Python of `.venv`, as `python -m launcher ...`.

    Console scripts are never used: their first line breaks in a path with spaces.
    """
    if os.environ.get("LAUNCHER_ENTERED") == str(VENV):
        raise PlainError(f"{VENV} 不完整。请删除这个目录后重来。")
    os.environ["LAUNCHER_ENTERED"] = str(VENV)
    os.execv(PYTHON, [str(PYTHON), "-m", "launcher", *arguments])  # noqa: S606


def is_current(kind: str) -> bool:
    """Whether `.venv` holds what the requirement files of `kind` ask for today."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    wanted = fingerprint(kind), fingerprint("dev")  # "dev" contains "run"
    return PYTHON.exists() and any(stamp.get(print_) for print_ in wanted)


def fingerprint(kind: str) -> str:
    """Return a digest of everything that decides what gets installed."""
    digest = hashlib.sha256(kind.encode())
    for file in (*FILES[kind], CONSTRAINTS):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def sentence_for(output: str, otherwise: str) -> str:
    """Return what a failed step's output means for the person, else `otherwise`."""
    for pattern, sentence in FAILURES.items():
        if re.search(pattern, output):
            return sentence
    return otherwise


def _stamp(kind: str) -> None:
    STAMP.write_text(json.dumps({fingerprint(kind): True}), encoding="utf-8")


def _require_room(kind: str) -> None:
    free = disk.free_megabytes(ROOT)
    if not VENV.exists() and free < ROOM[kind]:
        raise PlainError(
            f"磁盘空间不够：安装要 {ROOM[kind]} MB，{ROOT} 所在的磁盘只剩 {free} MB。"
            "请腾出空间后重来。"
        )


def _python_works(python: Path) -> bool:
    probe = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        done = subprocess.run(
            [python, "-c", probe], capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _make_venv() -> None:
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        major, minor = sys.version_info[:2]
        raise PlainError(
            "这个 Python 缺少 venv 模块，建不了运行环境。请先安装再重来："
            f"apt install python3-venv（或 python{major}.{minor}-venv）。"
        )
    if inside():
        raise PlainError(f"{VENV} 不完整。请删除这个目录，再用系统的 python3 重来。")
    say(f"正在建立运行环境 .venv（Python {platform.python_version()}）……")
    shutil.rmtree(VENV, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(VENV)], "建立运行环境没有成功。")


def _install(kind: str) -> None:
    say("正在安装所需的组件（第一次要下载，约一两分钟）……")
    command = [
        str(PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check",
        "--only-binary", ":all:", "-c", str(CONSTRAINTS), "-r", str(FILES[kind][-1]),
    ]  # fmt: skip
    _run(command, "安装没有成功。")


def _run(command: list[str], failure: str) -> None:
    """Run one installation step; raise a sentence made from its output."""
    start = LOG.stat().st_size if LOG.exists() else 0
    env = {**os.environ, "PYTHONUTF8": "1", "PIP_ROOT_USER_ACTION": "ignore"}
    running = processes.spawn("安装", command, log=LOG, env=env, cwd=ROOT)
    try:
        _follow(running.is_alive, start)
    finally:
        running.stop()
    assert running.popen is not None  # noqa: S101 - spawn() always sets it
    if running.popen.returncode != 0:
        output = processes.tail(LOG, 400, start)
        raise PlainError(f"{sentence_for(output, failure)}（详情见 {LOG}）")


def _follow(is_alive: Callable[[], bool], start: int) -> None:
    """Show on a terminal what pip is at, until it ends."""
    shown = ""
    while is_alive():
        interrupt.pause(0.3)
        progress = _progress(processes.tail(LOG, 400, start)) if is_terminal() else ""
        if progress != shown:
            hint(progress)
            shown = progress
    hint("")


def _progress(output: str) -> str:
    collected = re.findall(r"^Collecting (\S+)", output, re.MULTILINE)
    if "Installing collected packages" in output:
        return f"  已下载 {len(collected)} 个，正在安装……"
    return f"  下载第 {len(collected)} 个：{collected[-1][:50]}" if collected else ""
