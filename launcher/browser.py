"""A browser and Chinese fonts for the journeys: found, installed by apt, or left out."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from launcher import processes
from launcher.paths import ROOT, RUN
from launcher.terminal import PlainError, say

# The same engine without the windows of a browser: a third of its work for each page.
SHELL = "chromium-headless-shell"
NAMES = (
    SHELL,
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FONTS = "fonts-noto-cjk"
MISSING = "缺少 Chromium 浏览器或中文字体"


def settings(*, required: bool) -> dict[str, str]:
    """Return what tells the tests about the browser: BROWSER, or NO_BROWSER=1.

    With `required` a missing browser raises PlainError instead.
    """
    if not _complete() and _may_install():
        _install()
    path = find()
    if path is not None and has_chinese_fonts():
        return {"BROWSER": path}
    advice = f"请用管理员账号安装：apt install {SHELL} {FONTS}。"
    if required:
        raise PlainError(f"{MISSING}，而这里要求做浏览器测试。{advice}")
    say(f"{MISSING}，浏览器测试这次不做。{advice}")
    return {"NO_BROWSER": "1"}


def find() -> str | None:
    """Return the path of a browser that starts, or None."""
    named = [shutil.which(name) for name in NAMES]
    for path in [*named, str(MAC) if MAC.exists() else None]:
        if path is not None and _starts(path):
            return path
    return None


def has_chinese_fonts() -> bool:
    """Whether text in Chinese can be drawn."""
    if sys.platform == "darwin":
        return True
    lister = shutil.which("fc-list")
    if lister is None:
        return any(Path("/usr/share/fonts/opentype").glob("noto/*CJK*"))
    return bool(_output([lister, ":lang=zh"]).strip())


def _complete() -> bool:
    return shutil.which(SHELL) is not None and has_chinese_fonts()


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install() -> None:
    """Install by apt; a failure shows in what is found afterwards."""
    say("正在安装浏览器和中文字体（约半分钟）……")
    done = _apt("update", "-q") and _apt_install(SHELL, FONTS)
    if done or (find() is not None and has_chinese_fonts()):
        return
    if not _apt_install("chromium", FONTS):
        say(f"没有装成，详情见 {RUN / 'install.log'}。")


def _apt_install(*packages: str) -> bool:
    return _apt("install", "-q", "-y", "--no-install-recommends", *packages)


def _apt(*arguments: str) -> bool:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    log = RUN / "install.log"
    return processes.finish(["apt-get", *arguments], env=env, cwd=ROOT, log=log) == 0


def _starts(path: str) -> bool:
    # On some systems the name is only a stand-in that asks for another package.
    return bool(_output([path, "--version"]).strip())


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout if done.returncode == 0 else ""
