"""Runs the guard, in this process or in one that has little memory."""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from tests.workbooks.making import TITLES, person, rows_xml, sheet_xml
from workbooks.guard import inspect
from workbooks.inventory import FileRefused

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1024 * 1024
PLAIN_SHEET = sheet_xml(rows_xml([TITLES, person()]))

INSPECT_WITHIN = """
import resource, sys
from pathlib import Path
from workbooks.guard import inspect
from workbooks.inventory import FileRefused
spare = int(sys.argv[2])
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + spare, used + spare))
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
try:
    print("accepted", inspect(Path(sys.argv[1])).sheets[0].rows)
except FileRefused as refusal:
    print("refused", refusal.code)
"""


def inspect_within(path: Path, spare: int) -> str:
    """Run the guard in a process that may take only ``spare`` more bytes."""
    done = subprocess.run(
        [sys.executable, "-c", INSPECT_WITHIN, str(path), str(spare)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@contextmanager
def adding(path: Path, name: str) -> Iterator[IO[bytes]]:
    """Write one part of any size into a zip, bit by bit."""
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as package,
        package.open(name, "w", force_zip64=True) as part,
    ):
        yield part


def refusal(path: Path) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        inspect(path)
    return caught.value
