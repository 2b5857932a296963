"""The browser of the journeys: found, demanded, or plainly left out."""

import os
from pathlib import Path

import pytest

from launcher import browser
from launcher.terminal import PlainError


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a machine with no programs at all and an ordinary user."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(browser, "MAC", tmp_path / "no such browser")
    return tmp_path


def put(machine: Path, name: str, script: str) -> None:
    """Install a program on that machine."""
    program = machine / name
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)


def test_browser_and_fonts_that_are_there_are_used(machine: Path) -> None:
    put(machine, "chromium", "echo Chromium 156")
    put(machine, "fc-list", "echo NotoSerifCJK-Bold.ttc")
    assert browser.settings(required=True) == {"BROWSER": str(machine / "chromium")}


def test_stand_in_that_only_asks_for_a_package_is_no_browser(machine: Path) -> None:
    put(machine, "chromium-browser", "echo please install the snap >&2; exit 1")
    put(machine, "google-chrome", "echo Chrome 156")
    assert browser.find() == str(machine / "google-chrome")


@pytest.mark.parametrize("there", ["chromium", "fc-list"])
def test_half_of_it_is_left_out_and_said(
    machine: Path, capsys: pytest.CaptureFixture[str], there: str
) -> None:
    put(machine, there, "echo something")
    if there == "chromium":
        put(machine, "fc-list", "true")

    assert browser.settings(required=False) == {"NO_BROWSER": "1"}
    assert "浏览器测试这次不做" in capsys.readouterr().out


def test_missing_browser_fails_where_it_is_required(machine: Path) -> None:
    with pytest.raises(
        PlainError, match="apt install chromium-headless-shell fonts-noto-cjk"
    ):
        browser.settings(required=True)


def put_apt(machine: Path, refused: str = "none") -> None:
    """Install an apt-get there that has fonts and any browser but the `refused` one."""
    put(
        machine,
        "apt-get",
        f'[ "$1" = install ] || exit 0\n'
        f'case "$*" in *{refused}*) exit 100;; esac\n'
        f"for last; do case $last in\n"
        f"  fonts-*) name=fc-list;; chromium*) name=$last;; *) continue;; esac\n"
        f'  printf "#!/bin/sh\\necho found\\n" > "{machine}/$name"\n'
        f'  /bin/chmod 755 "{machine}/$name"\n'
        f"done",
    )


@pytest.mark.parametrize(
    ("there", "refused", "used"),
    [
        ("", "none", "chromium-headless-shell"),
        ("chromium", "none", "chromium-headless-shell"),
        ("", "headless-shell", "chromium"),
        ("google-chrome", "headless-shell", "google-chrome"),
    ],
)
def test_root_installs_what_is_missing(
    machine: Path, monkeypatch: pytest.MonkeyPatch, there: str, refused: str, used: str
) -> None:
    """The light browser before a whole one; a whole one where there is no other."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(browser, "RUN", machine)
    put_apt(machine, refused)
    if there:
        put(machine, there, "echo Chrome 156")
        put(machine, "fc-list", "echo NotoSerifCJK-Bold.ttc")
    assert browser.settings(required=True) == {"BROWSER": str(machine / used)}
