"""No test asks for the day at import: the suite runs on where midnight falls into it.

What an import runs are module and class bodies, decorators and default arguments. A
constant made there keeps the day on which the tests were gathered; a view asks anew.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLOCKS = frozenset({"localdate", "localtime", "now", "today", "utcnow"})
"""What Django and the standard library call it to ask for the day or the time."""
Call = tuple[int, str]
"""Line and name."""


@dataclass(frozen=True)
class Source:
    """What one file calls, and from where it has its names."""

    at_import: list[Call]
    functions: dict[str, set[str]]
    """What each function calls; one with a decorator is run when that pleases."""
    imports: dict[str, tuple[str, str]]
    """Module and name there, by the name here."""


def read(text: str) -> Source:
    """Read a file of the tests."""
    module = ast.parse(text)
    return Source(
        sorted(calls(run_at_import(module))),
        {
            node.name: {name for _, name in calls(ast.walk(node))}
            for node in module.body
            if isinstance(node, ast.FunctionDef) and not node.decorator_list
        },
        {
            name.asname or name.name: (node.module or "", name.name)
            for node in module.body
            if isinstance(node, ast.ImportFrom)
            for name in node.names
        },
    )


def run_at_import(module: ast.Module) -> Iterator[ast.AST]:
    """Walk what an import runs: everything but the bodies of functions."""
    waiting: list[ast.AST] = [module]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += [*node.decorator_list, node.args]
        elif isinstance(node, ast.Lambda):
            waiting.append(node.args)
        else:
            waiting += ast.iter_child_nodes(node)


def calls(nodes: Iterable[ast.AST]) -> Iterator[Call]:
    """Return the calls of functions by their name, and of clocks by any."""
    for node in nodes:
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Name):
            yield called.lineno, called.id
        elif isinstance(called, ast.Attribute) and called.attr in CLOCKS:
            yield called.lineno, called.attr


def askers(sources: dict[str, Source]) -> dict[str, set[str]]:
    """Return, by file, its names for what asks for the day or calls what does."""
    known = {module: set(CLOCKS) for module in sources}
    before = None
    while before != known:
        before = {module: set(names) for module, names in known.items()}
        for module, source in sources.items():
            known[module] |= {
                here
                for here, (there, name) in source.imports.items()
                if there in sources and name in known[there]
            }
            known[module] |= {
                name
                for name, called in source.functions.items()
                if called & known[module]
            }
    return known


def asked_at_import(texts: dict[str, str]) -> list[str]:
    """Return file, line and name of each call at import that asks for the day."""
    sources = {module: read(text) for module, text in texts.items()}
    known = askers(sources)
    return [
        f"{module.replace('.', '/')}.py:{line}: {name}()"
        for module, source in sources.items()
        for line, name in source.at_import
        if name in known[module]
    ]


def texts_of_the_tests() -> dict[str, str]:
    """Return every file of the tests by the name under which it is imported."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path.read_text("utf-8")
        for path in sorted((ROOT / "tests").rglob("*.py"))
    }


def test_no_test_asks_for_the_day_at_import() -> None:
    assert asked_at_import(texts_of_the_tests()) == []


DAYS = "def today():\n    return timezone.localdate()\n"


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        ("TODAY = timezone.localdate()", "localdate"),
        ("NOW = timezone.now()", "now"),
        ("NOW = datetime.now(tz=UTC)", "now"),
        ("YEAR = date.today().year", "today"),
        ("URL = f'/issues/?month={today():%Y-%m}'", "today"),
        ("CASES = [days() for days in (today,) if today()]", "today"),
        ("class Case:\n    day = today()", "today"),
        ("@pytest.mark.parametrize('day', [today()])\ndef f(day): pass", "today"),
        ("def f(day=today()): pass", "today"),
        ("def f(*, day=today()): pass", "today"),
        ("ask = lambda day=today(): day", "today"),
        ("def year(): return today().year\nYEAR = year()", "year"),
    ],
)
def test_a_day_asked_at_import_is_found(source: str, asked: str) -> None:
    text = f"from tests.days import today\n{source}"
    found = asked_at_import({"tests.days": DAYS, "tests.made": text})
    [line] = found
    assert line.startswith("tests/made.py:")
    assert line.endswith(f": {asked}()")


@pytest.mark.parametrize(
    "source",
    [
        "def f(): return today()",
        "async def f(): return timezone.now()",
        "@pytest.fixture\ndef day(): return today()",
        "class Case:\n    def f(self): return today()",
        "PAST = st.integers(0, 9).map(lambda days: days_ago(days))",
        "@pytest.mark.parametrize('asked', [today, yesterday])\ndef f(asked): asked()",
        "def f(day=None): return day or today()",
        "TODAY = date(2026, 11, 23)",
    ],
)
def test_a_day_asked_when_a_test_runs_is_none_of_its_business(source: str) -> None:
    assert asked_at_import({"tests.made": source}) == []
