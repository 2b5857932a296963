"""An old Python gets a sentence, or is replaced by a newer one that works."""

import ast
import sys
from pathlib import Path

import pytest

import launcher.__main__
from launcher import interpreter
from launcher.paths import ROOT

READ_BY_OLD_PYTHON = ("__init__", "__main__", "interpreter", "terminal")


@pytest.mark.parametrize("module", READ_BY_OLD_PYTHON)
def test_first_lines_are_for_old_pythons_too(module: str) -> None:
    source = (ROOT / "launcher" / f"{module}.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 7))
    ours = {
        node.module.removeprefix("launcher.")
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("launcher.")
    }
    assert ours <= set(READ_BY_OLD_PYTHON)
    assert "__future__" not in source  # 3.6 does not know "annotations"


def test_old_python_without_a_newer_one_gets_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 8, 10, "final", 0))
    monkeypatch.setenv("PATH", "")

    assert launcher.__main__.main() == 1

    printed = capsys.readouterr().err
    assert "需要 Python 3.11 或更新的版本，现在是 3.8" in printed
    assert printed.count("\n") == 1


def test_stand_in_that_cannot_start_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version manager puts names on PATH for Pythons it does not have."""
    broken, working = tmp_path / "python3.13", tmp_path / "python3.12"
    broken.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    working.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    for each in (broken, working):
        each.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert interpreter.newer_python() == str(working)
