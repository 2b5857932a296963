"""Finds a new enough Python when an older one was started. Old Pythons read this."""

import os
import shutil
import subprocess
import sys

from launcher.terminal import complain

NAMES = ("python3.14", "python3.13", "python3.12", "python3.11")
# A name on PATH may be a version manager's stand-in that cannot start, or a Python
# without the parts that build a virtual environment: ask it instead of trusting it.
PROBE = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"


def continue_with_newer(arguments: "list[str]") -> int:
    """Replace this process by a newer Python with the same arguments.

    Returns 1, after one plain sentence, where none is found.
    """
    found = newer_python()
    if found:
        os.execv(found, [found, "-m", "launcher", *arguments])  # noqa: S606 - ourselves
    complain(
        "需要 Python 3.11 或更新的版本，现在是 {}.{}。请安装后重来，"
        "例如：apt install python3.11 python3.11-venv；"
        "装在别处时用 make PYTHON=/路径/python3.11 demo 指明。".format(
            *sys.version_info[:2]
        )
    )
    return 1


def newer_python() -> str:
    """Return the path of the newest working Python >= 3.11 on PATH, or blank."""
    for name in NAMES:
        path = shutil.which(name)
        if path and _works(path):
            return path
    return ""


def _works(path: str) -> bool:
    try:
        probe = subprocess.run(
            [path, "-c", PROBE],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return probe.returncode == 0
