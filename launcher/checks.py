"""`make check`: what needs no test run; stops at the first finding. `make fix`."""

import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from launcher import application, processes
from launcher.instance import random_key
from launcher.paths import ROOT
from launcher.terminal import complain, say
from launcher.trials import throwaway

PYTHON = sys.executable
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as run; run()"
STEPS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "ruff format",
        (PYTHON, "-m", "ruff", "format", "--check", "."),
        "运行 make fix 可以自动改好。",
    ),
    (
        "ruff check",
        (PYTHON, "-m", "ruff", "check", "."),
        "运行 make fix 可以自动改好一部分。",
    ),
    ("mypy", (PYTHON, "-m", "mypy"), ""),
    ("import-linter", (PYTHON, "-c", LINT_IMPORTS), "各层的规定在 pyproject.toml。"),
    (
        "makemigrations --check",
        (PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"),
        "运行 manage.py makemigrations 生成缺少的迁移。",
    ),
    (
        "migrations under load",
        (PYTHON, "-m", "drills.migrations"),
        "",
    ),
    (
        "check --deploy",
        (PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        "",
    ),
)
NEEDS_DATABASE = {"makemigrations --check", "migrations under load"}


def check(_: list[str]) -> int:
    """Run the steps in order; returns 1 after naming the first that finds something."""
    production = application.environment(invented_settings(), demo=False)
    for name, command, advice in STEPS:
        say(f"—— {name}")
        if _run(name, command, production) != 0:
            complain(f"检查没有通过：{name}。{advice}")
            return 1
    say("检查全部通过。")
    return 0


def fix(_: list[str]) -> int:
    """Let ruff mend what it can."""
    env = application.environment({}, demo=False)
    codes = [
        processes.finish((PYTHON, "-m", "ruff", *arguments), env=env, cwd=ROOT)
        for arguments in (("check", "--fix", "."), ("format", "."))
    ]
    return max(codes)


def invented_settings() -> dict[str, str]:
    """Return settings of a production that does not exist: nothing connects to them."""
    nowhere = "127.0.0.1:1"
    return {
        "DATABASE_URL": f"postgresql://sd_app:none@{nowhere}/none",
        "DATABASE_OWNER_URL": f"postgresql://sd_owner:none@{nowhere}/none",
        "DATABASE_BACKUP_URL": f"postgresql://sd_backup:none@{nowhere}/none",
        "REDIS_URL": f"redis://{nowhere}/0",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_KEYS": f"k1:{random_key()}",
        "INDEX_KEY": random_key(),
        "ALLOWED_HOSTS": "lianhu.example",
        "TLS": "1",
        "RUN_DIR": str(Path(ROOT, ".run")),
    }


def _run(name: str, command: tuple[str, ...], env: Mapping[str, str]) -> int:
    if name not in NEEDS_DATABASE:
        return processes.finish(command, env=env, cwd=ROOT)
    # Without a database it warns that the history could not be read; with an empty
    # one of two seconds it says what it must and no more.
    with throwaway() as settings:
        as_owner = {**env, **settings, "MIGRATING": "1"}
        return processes.finish(command, env=as_owner, cwd=ROOT)
