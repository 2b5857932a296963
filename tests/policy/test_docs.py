"""Documents say what is so: names, layers, links and lengths."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class

from operations.rules import TERMS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
ADRS = sorted((DOCS / "adr").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
PAGES += sorted((ROOT / "deploy").rglob("*.md"))
ARCHITECTURE = (DOCS / "architecture.md").read_text(encoding="utf-8")
GLOSSARY = (DOCS / "glossary.md").read_text(encoding="utf-8")
OPERATIONS = (DOCS / "operations.md").read_text(encoding="utf-8")
BY_DESIGN = "by design"


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


# --- README -----------------------------------------------------------------


def test_readme_begins_with_the_two_commands() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    said = [line.split("#")[0].strip() for line in lines[1:] if line.strip()]
    assert said[:2] == ["make demo", "make test"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {"demo", "test"} <= set(re.findall(r"^(\w+):", makefile, re.MULTILINE))


# --- decisions --------------------------------------------------------------


@pytest.mark.parametrize("page", ADRS, ids=lambda path: path.stem)
def test_decision_is_short_and_complete(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 40
    assert text.startswith(f"# {page.stem[:4]} ")
    assert "**Decision.**" in text
    assert "**Why" in text
    assert "**Consequences.**" in text


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(page.stem[:4]) for page in ADRS] == list(range(1, len(ADRS) + 1))
    assert len(ADRS) >= 7


# --- glossary ---------------------------------------------------------------


def glossary_rows() -> list[tuple[str, list[str], str]]:
    """Return each row's Chinese words, identifiers, and where they are defined."""
    rows = re.findall(
        r"^\| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", GLOSSARY, re.MULTILINE
    )
    return [
        (words, re.findall(r"`(\w+)`", f"{names} {meaning}"), where)
        for words, names, meaning, where in rows
        if words != "中文"
    ]


def words_of(app: str) -> set[str]:
    sources = [
        path.read_text(encoding="utf-8")
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts
    ]
    return set(re.findall(r"\w+", "\n".join(sources)))


@pytest.mark.parametrize(
    "app", sorted({row[2] for row in glossary_rows()} - {BY_DESIGN})
)
def test_glossary_names_what_the_code_has(app: str) -> None:
    assert (ROOT / app).is_dir()
    known = words_of(app)
    unknown = [
        (words, name)
        for words, names, where in glossary_rows()
        for name in names
        if where == app and name not in known
    ]
    assert unknown == []


def test_glossary_is_read_whole() -> None:
    table_lines = [line for line in GLOSSARY.splitlines() if line.startswith("| ")]
    heads = sum(line.startswith("| 中文") for line in table_lines)
    assert len(glossary_rows()) == len(table_lines) - heads
    assert len(glossary_rows()) > 40
    assert all(names for _, names, _ in glossary_rows())


def test_glossary_has_one_row_for_one_term() -> None:
    terms = [row[0] for row in glossary_rows()]
    assert len(terms) == len(set(terms))


def test_glossary_promises_no_class_that_is_there_already() -> None:
    everywhere = set().union(*map(words_of, installed_apps()))
    promised = {
        name
        for _, names, where in glossary_rows()
        if where == BY_DESIGN
        for name in names
    }
    classes = {name for name in promised if name[0].isupper()}
    assert classes & everywhere == set()


# --- architecture -----------------------------------------------------------


def installed_apps() -> list[str]:
    """Return our apps in INSTALLED_APPS, the lowest first."""
    return [
        config.label
        for config in apps.get_app_configs()
        if Path(config.path).parent == ROOT
    ]


def layers() -> dict[str, Any]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    settings = project["tool"]["importlinter"]
    return {one["id"]: one for one in settings["contracts"]} | {"all": settings}


def test_layers_are_the_installed_apps_upside_down() -> None:
    ours = installed_apps()[::-1]
    contracts = layers()
    assert contracts["apps"]["layers"] == ["shaodong", *ours]
    assert contracts["files"]["containers"] == ours
    assert contracts["launcher"]["source_modules"] == ["shaodong", *ours]
    assert set(contracts["composition"]["source_modules"]) >= set(ours)
    assert set(contracts["standalone"]["forbidden_modules"]) >= set(ours)
    outside = {"launcher", "deploy"}
    assert set(contracts["all"]["root_packages"]) == {"shaodong", *ours} | outside


def test_architecture_names_every_app_in_order() -> None:
    table = re.findall(r"^\| `(\w+)` \|", ARCHITECTURE, re.MULTILINE)
    assert table == installed_apps()[::-1]


def test_picture_shows_every_app_in_order() -> None:
    picture = (DOCS / "architecture.svg").read_text(encoding="utf-8")
    shown = re.findall(r'<text class="app"[^>]*>(\w+)</text>', picture)
    assert shown == installed_apps()[::-1]


# --- all pages --------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_to_files_that_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), target


def test_links_are_looked_at() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(re.findall(r"\]\([^)]+\)", readme)) >= 5


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_files_in_the_code_font_exist(page: Path) -> None:
    """A path in backticks that names a file of ours must lead to it."""
    roots = "|".join([*installed_apps(), "deploy", "launcher", "tests", "templates"])
    text = page.read_text(encoding="utf-8")
    for path in re.findall(rf"`((?:{roots})/[\w./-]+)`", text):
        assert (ROOT / path).exists(), path


# --- operations -------------------------------------------------------------


def test_every_command_that_operations_names_is_there() -> None:
    """manage.py commands, make targets, scripts, compose services, modules, settings."""
    commands = set(re.findall(r"manage\.py (\w+)", OPERATIONS))
    assert len(commands) >= 6
    assert commands <= set(get_commands())
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"`make ([\w-]+)", OPERATIONS))
    assert targets <= set(re.findall(r"^([\w-]+):", makefile, re.MULTILINE))
    files = re.findall(r"(?:deploy|operations|docs)/[\w./-]+\w", OPERATIONS)
    assert [name for name in files if not (ROOT / name).exists()] == []
    assert set(re.findall(r"python -m ([\w.]+)", OPERATIONS)) == {"drills.migrations"}


def test_every_option_that_operations_shows_is_accepted() -> None:
    shown = re.findall(r"manage\.py (\w+)([^\n#`]*)", OPERATIONS)
    read = 0
    for command, rest in shown:
        parser = load_command_class(get_commands()[command], command).create_parser(
            "manage.py", command
        )
        for option in re.findall(r"--[\w-]+", rest):
            read += 1
            assert option in parser._option_string_actions, (command, option)
    assert read >= 3


@pytest.mark.parametrize("script", ["backup", "make-secrets"])
def test_the_script_is_one_that_sh_can_read(script: str) -> None:
    subprocess.run(["/bin/sh", "-n", str(ROOT / "deploy" / script)], check=True)


def test_every_setting_that_operations_names_is_read_somewhere() -> None:
    read = "".join(
        (ROOT / name).read_text(encoding="utf-8")
        for name in (
            "shaodong/settings.py", "docker-compose.yml", "deploy/backup",
            "deploy/env.example", "deploy/prepare.py", "Makefile",
            *(f"drills/{path.name}" for path in (ROOT / "drills").glob("*.py")),
        )
    )  # fmt: skip
    names = set(re.findall(r"`([A-Z][A-Z_]{4,})[`=]", OPERATIONS))
    assert {"RETENTION", "KEEP_DAYS", "WEB_WORKERS", "SECRET_KEY_FALLBACKS"} <= names
    assert {name for name in names if name not in read} == set()


def test_terms_of_retention_are_those_of_the_code() -> None:
    """The table of operations has each kind with its months."""
    table = OPERATIONS.split("## How long data is kept")[1].split("## ")[0]
    months = [int(n) for n in re.findall(r"\| (\d+) months", table)]
    assert sorted(months) == sorted(term.months for term in TERMS)


@pytest.mark.parametrize("command", ["doctor", "retention", "reseal", "audit_check"])
def test_the_command_says_what_it_does(command: str) -> None:
    parser = load_command_class(get_commands()[command], command).create_parser(
        "manage.py", command
    )
    assert re.search("[\u4e00-\u9fff]", parser.description or "")
