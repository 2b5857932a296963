"""The nightly dump: whole or not there, and old ones go only after a new one came."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.databases import ROOT


def backup(folder: Path, **changed: str) -> subprocess.CompletedProcess[str]:
    url = folder.parent / "url"
    url.write_text("postgresql://sd_backup:hidden@nowhere/none", encoding="utf-8")
    told = {"BACKUP_DIR": str(folder), "DATABASE_BACKUP_URL_FILE": str(url)}
    return subprocess.run(
        ["/bin/sh", ROOT / "deploy/backup"],
        env={"PATH": os.environ["PATH"], **told, **changed},
        capture_output=True,
        text=True,
        check=False,
    )


def old_dump(folder: Path) -> Path:
    folder.mkdir()
    old = folder / "lianhu-20200101-000000.dump"
    old.write_text("old", encoding="utf-8")
    past = time.time() - 90 * 86400
    os.utime(old, (past, past))
    return old


def test_dump_is_written_and_an_old_one_removed(tmp_path: Path) -> None:
    old = old_dump(tmp_path / "dumps")

    done = backup(tmp_path / "dumps", DUMP="echo dumped")

    assert done.returncode == 0, done.stderr
    [dump] = (tmp_path / "dumps").iterdir()
    asked = "--format=custom --dbname=postgresql://sd_backup@nowhere/none"
    assert dump.read_text().strip() == f"dumped {asked}"
    assert dump.stat().st_mode & 0o077 == 0
    assert not old.exists()


def test_password_goes_by_the_environment(tmp_path: Path) -> None:
    show = tmp_path / "show"
    show.write_text("#!/bin/sh\necho $PGPASSWORD\n", encoding="utf-8")
    show.chmod(0o700)

    assert backup(tmp_path / "dumps", DUMP=str(show)).returncode == 0

    [dump] = (tmp_path / "dumps").iterdir()
    assert dump.read_text().strip() == "hidden"


@pytest.mark.parametrize("program", ["false", "true"])
def test_failed_or_empty_dump_leaves_what_was_there(
    tmp_path: Path, program: str
) -> None:
    old = old_dump(tmp_path / "dumps")

    done = backup(tmp_path / "dumps", DUMP=program)

    assert done.returncode == 1
    assert "旧的备份都还在" in done.stderr
    assert list((tmp_path / "dumps").iterdir()) == [old]
