"""What a migration does to a table that people use: part of `make check`.

Every migration that is newer than the last release (`deploy/released.txt`) is run on an
empty database; the statements that it really sent are judged by squawk. Nothing is
newer most days, and then nothing is run. `--release` writes the list anew.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import django
from django.db import connection

from launcher.paths import ROOT

RELEASED = ROOT / "deploy" / "released.txt"
HEAD = "# Migrations of the last release: python -m drills.migrations --release\n"
# The connection of migrations sets the time-outs; a failed one is rolled back whole;
# lengths and kinds of columns are the models'.
LEFT_OUT = (
    "require-lock-timeout", "require-statement-timeout", "require-timeout-settings",
    "prefer-robust-stmts", "prefer-bigint-over-int", "prefer-bigint-over-smallint",
    "prefer-text-field", "prefer-identity", "prefer-timestamptz", "ban-char-field",
)  # fmt: skip
ADVICE = (
    "先加后减：新列给 db_default，新索引用 AddIndexConcurrently，约束先 NOT VALID 再"
    "验证，改名和删除放到下一个版本（docs/operations.md）。"
)
Names = set[str]
Statements = dict[str, list[str]]


def main(arguments: list[str]) -> int:
    """Judge what is newer than the release; 1 if something would hold people up."""
    django.setup()
    present = planned()
    if "--release" in arguments:
        RELEASED.write_text(HEAD + "".join(f"{name}\n" for name in sorted(present)))
        return 0
    newer = present.keys() - released()
    if not newer:
        print("没有比上个版本更新的数据库变更。")
        return 0
    sent = performed(newer)
    atomic = {name: present[name] for name in sent}
    return judged(sent, atomic)


def released(path: Path = RELEASED) -> Names:
    """Return the migrations of the last release."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if line.strip() and line[0] != "#"}


def planned() -> dict[str, bool]:
    """Return our migrations by name, and whether each runs in a transaction."""
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    ours = {
        one.label for one in apps.get_app_configs() if Path(one.path).parent == ROOT
    }
    loader = MigrationLoader(None)
    return {
        f"{app}.{name}": migration.atomic
        for (app, name), migration in loader.disk_migrations.items()
        if app in ours
    }


def performed(wanted: Names) -> Statements:
    """Migrate the connected database; return what the wanted ones sent to it."""
    from django.db.migrations.executor import MigrationExecutor

    sent: Statements = {name: [] for name in wanted}
    running: list[str] = []

    def follow(action: str, migration: Any = None, *_: Any) -> None:
        if action == "apply_start":
            running[:] = [f"{migration.app_label}.{migration.name}"]

    executor = MigrationExecutor(connection, cast(Any, follow))
    with kept(sent, running):
        executor.migrate(executor.loader.graph.leaf_nodes())
    return sent


@contextmanager
def kept(sent: Statements, running: list[str]) -> Any:
    """Keep the statements without parameters: those that change the schema."""

    def run(execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
        if running and running[0] in sent and not params:
            sent[running[0]].append(str(sql).strip().rstrip(";"))
        return execute(sql, params, *rest)

    with connection.execute_wrapper(run):
        yield


def judged(sent: Statements, atomic: Mapping[str, bool]) -> int:
    """Let squawk read each migration; return 1 after naming what it found."""
    with tempfile.TemporaryDirectory() as place:
        codes = [
            squawk(written(Path(place), name, statements), atomic=atomic[name])
            for name, statements in sorted(sent.items())
        ]
    if any(codes):
        print(ADVICE, file=sys.stderr)
    return int(any(codes))


def written(place: Path, name: str, statements: Iterable[str]) -> Path:
    """Write the statements of a migration into a file of its name."""
    path = place / f"{name}.sql"
    path.write_text("".join(f"{one};\n" for one in statements), encoding="utf-8")
    return path


def squawk(path: Path, *, atomic: bool) -> int:
    """Return the exit code of squawk on one file."""
    program = str(Path(sys.executable).with_name("squawk"))
    command = [program, "--exclude", ",".join(LEFT_OUT), "--pg-version", "15.0"]
    command += ["--assume-in-transaction"] if atomic else []
    return subprocess.run([*command, str(path)], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
