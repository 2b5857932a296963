"""From a Makefile target to the function behind it, and from every failure to words."""

import errno
import importlib
import importlib.util
import os
import time
import traceback
from collections.abc import Callable

from launcher import install, interrupt
from launcher.paths import ROOT, RUN, VENV
from launcher.terminal import PlainError, complain, say

# verb -> what must be installed (None: nothing), and where its function is. The
# modules are imported late: some need what only `.venv` has.
VERBS: dict[str, tuple[str | None, str, str]] = {
    "demo": ("run", "launcher.demo", "demo"),
    "up": ("run", "launcher.demo", "up"),
    "down": (None, "launcher.background", "down"),
    "test": ("dev", "launcher.trials", "test"),
    "check": ("dev", "launcher.checks", "check"),
    "bench": ("dev", "launcher.trials", "bench"),
    **{
        name: ("dev", "launcher.trials", name.replace("-", "_"))
        for name in ("load", "chaos", "hostile", "restore-drill", "replica")
    },
    "fix": ("dev", "launcher.checks", "fix"),
    "pin": (None, "launcher.pins", "pin"),
}
FULL = {errno.ENOSPC, errno.EDQUOT}
FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def run(arguments: list[str]) -> int:
    """Do what the first argument says and return the exit code; never a traceback."""
    verb, rest = (arguments or [""])[0], arguments[1:]
    if verb not in VERBS:
        complain(f"不认识的命令 {verb!r}。可用的有：{'、'.join(VERBS)}。")
        return 2
    interrupt.listen()
    return _in_words(verb, lambda: _installed(verb, rest))


def perform(verb: str, arguments: list[str]) -> int:
    """Do `verb` with the present interpreter, which must have everything installed."""
    interrupt.listen()
    return _in_words(verb, lambda: _function(verb)(arguments))


def _installed(verb: str, arguments: list[str]) -> int:
    os.chdir(ROOT)
    kind = VERBS[verb][0]
    if kind is not None:
        install.refuse_unsupported_platform()
        install.ensure(kind)
        if not install.inside():
            install.enter([verb, *arguments])
        if importlib.util.find_spec("psycopg") is None:
            raise PlainError(f"{VENV} 不完整。请删除这个目录后重来。")
    return _function(verb)(arguments)


def _function(verb: str) -> Callable[[list[str]], int]:
    _, module, name = VERBS[verb]
    function: Callable[[list[str]], int] = getattr(
        importlib.import_module(module), name
    )
    return function


def _in_words(verb: str, action: Callable[[], int]) -> int:
    """Run `action`; every failure becomes a sentence and an exit code."""
    try:
        return action()
    except interrupt.Stopped as stopped:
        say("已全部停止。")
        # Ctrl-C is how a demo is meant to end.
        return 0 if verb == "demo" else 128 + stopped.signum
    except PlainError as error:
        complain(str(error))
    except OSError as error:
        complain(_sentence(error) or _unexpected())
    except Exception:
        complain(_unexpected())
    return 1


def _sentence(error: OSError) -> str | None:
    if error.errno in FULL:
        return "磁盘满了。请腾出至少 1 GB 空间后重来。"
    if error.errno in FORBIDDEN:
        return (
            f"没有权限：{error.filename or error}。它可能是别的账号建的，"
            "请换那个账号运行，或把它删掉后重来。"
        )
    return None


def _unexpected() -> str:
    log = RUN / "launcher.log"
    try:
        RUN.mkdir(exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(time.strftime("%Y-%m-%d %H:%M:%S\n") + traceback.format_exc())
    except OSError:
        return f"出了没有料到的错误，也写不了日志：\n{traceback.format_exc(limit=-1)}"
    return f"出了没有料到的错误，详情在 {log}。请把这个文件发给维护人员。"
