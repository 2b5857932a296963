"""`python3 -m launcher pin`: writes constraints.txt anew from clean environments.

Every exact version, for each Python we name. A line that differs between them, or is
missing in one, carries an environment marker.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from launcher import processes
from launcher.install import CONSTRAINTS, FILES
from launcher.paths import ROOT, RUN
from launcher.terminal import PlainError, say

MINORS = (11, 12, 13)
HEADER = """\
# Exact versions of everything pip installs from requirements-dev.txt, for Python
# 3.11, 3.12 and 3.13. Do not edit: change requirements*.txt, then run
#     python3 -m launcher pin
# with python3.11, python3.12 and python3.13 on PATH. It installs into a clean virtual
# environment of each, takes `pip freeze`, and marks the lines that differ.
"""


def pin(_: list[str]) -> int:
    """Write constraints.txt; PlainError when an interpreter is missing or pip fails."""
    frozen = {}
    for minor in MINORS:
        say(f"正在用 Python 3.{minor} 解析版本……")
        frozen[minor] = _freeze(minor)
    CONSTRAINTS.write_text(HEADER + merge(frozen), encoding="utf-8")
    say(f"已写好 {CONSTRAINTS}。")
    return 0


def merge(frozen: dict[int, list[str]]) -> str:
    """Return the lines of all freezes; those not shared by all carry a marker.

    `frozen` maps the minor version of Python 3 to the lines of its `pip freeze`.
    """
    lines = sorted({line for each in frozen.values() for line in each}, key=str.lower)
    return "".join(line + _marker(line, frozen) + "\n" for line in lines)


def _marker(line: str, frozen: dict[int, list[str]]) -> str:
    having = [minor for minor, lines in frozen.items() if line in lines]
    if len(having) == len(frozen):
        return ""
    # The newest known version also speaks for newer ones, the oldest for older ones.
    bounds = []
    if min(having) > min(frozen):
        bounds.append(f'python_version >= "3.{min(having)}"')
    if max(having) < max(frozen):
        bounds.append(f'python_version <= "3.{max(having)}"')
    return " ; " + " and ".join(bounds)


def _freeze(minor: int) -> list[str]:
    interpreter = shutil.which(f"python3.{minor}")
    if interpreter is None:
        raise PlainError(f"找不到 python3.{minor}。请安装后重来。")
    with tempfile.TemporaryDirectory() as folder:
        python = str(Path(folder, "bin", "python"))
        pip = (python, "-m", "pip")
        for what, command in (
            (f"Python 3.{minor} 建立环境", (interpreter, "-m", "venv", folder)),
            (
                f"Python 3.{minor} 安装",
                (*pip, "install", "--only-binary", ":all:", "-r", str(FILES["dev"][1])),
            ),
        ):
            log = RUN / "install.log"
            processes.require(what, command, log=log, env=os.environ, cwd=ROOT)
        answer = subprocess.run(
            [*pip, "freeze"], capture_output=True, text=True, check=True
        )
    return [line for line in answer.stdout.splitlines() if "==" in line]
