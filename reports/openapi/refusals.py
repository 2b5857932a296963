"""The sentences with which an endpoint refuses, read from the code that it runs."""

import ast
import inspect
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from django.apps import apps

from accounts.answers import refusal
from accounts.editing import MEANWHILE, EditedMeanwhile
from accounts.services import Refused

DEEP = 5
"""How many calls below the endpoint are followed: a service, and what it is made of."""
OPEN = "……"
"""Stands in a sentence for what is filled in when it is said."""


@dataclass(frozen=True)
class Told:
    """One refusal: its status, its code for programs, its sentence for people."""

    status: int
    code: str
    message: str


_Call = tuple[FunctionType, type]
"""A function, and the class that its `self` is of."""


@dataclass(frozen=True)
class _Read:
    told: tuple[Told, ...]
    called: tuple[_Call, ...]


def refusals_of(endpoint: type, method: str) -> list[Told]:
    """Return what a method of an endpoint may answer, whole sentences and near ones first."""
    seen: dict[_Call, None] = {}
    level: list[_Call] = [(getattr(endpoint, method), endpoint)]
    for _ in range(DEEP):
        new = [one for one in dict.fromkeys(level) if one not in seen]
        seen |= dict.fromkeys(new)
        level = [called for one in new for called in _read(*one).called]
    found = dict.fromkeys(told for one in seen for told in _read(*one).told)
    return sorted(found, key=lambda told: OPEN in told.message)


@cache
def _read(function: FunctionType, owner: type) -> _Read:
    body = inspect.unwrap(function)
    names = body.__globals__ | {"self": owner}
    nodes = _nodes_of(body.__code__)
    told = tuple(_told(nodes, names))
    meant = [one for node in nodes if (one := _meant(node, names)) is not None]
    named = ((one, owner if _is_method(one) else object) for one in _ours(meant))
    return _Read(told, (*named, *_methods(nodes, meant)))


def _is_method(function: FunctionType) -> bool:
    return "." in function.__qualname__


@cache
def _nodes_of(code: CodeType) -> list[ast.AST]:
    return list(ast.walk(_functions_of(code.co_filename)[code.co_firstlineno]))


@cache
def _functions_of(path: str) -> dict[int, ast.AST]:
    """Return the functions of a file by their first line: a decorator's, if there is one."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    return {
        min(
            [node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))]
        ): node
        for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8")))
        if isinstance(node, functions)
    }


def _told(nodes: Iterable[ast.AST], names: dict[str, Any]) -> Iterator[Told]:
    for node in nodes:
        if not isinstance(node, ast.Call):
            continue
        what = _meant(node.func, names)
        if what is EditedMeanwhile:
            yield Told(what.status, what.code, MEANWHILE)
        elif inspect.isclass(what) and issubclass(what, Refused) and node.args:
            if message := _sentence(node.args[0], names):
                yield Told(what.status, what.code, message)
        elif what is refusal:
            status, code = (_constant(one, names) for one in node.args[:2])
            message = _sentence(node.args[2], names)
            if isinstance(status, int) and message:
                yield Told(status, code, message)


def _meant(node: ast.AST, names: dict[str, Any]) -> Any:
    """Return what a name, or an attribute of a module or class, stands for; else None."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _meant(node.value, names)
        if inspect.ismodule(owner) or inspect.isclass(owner):
            return inspect.getattr_static(owner, node.attr, None)
    return None


def _methods(nodes: Iterable[ast.AST], meant: Iterable[Any]) -> Iterator[_Call]:
    """Yield what is called on a thing, by the classes that are spoken of beside it."""
    called = {
        node.func.attr
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    for owner in dict.fromkeys(filter(inspect.isclass, _spoken_of(meant))):
        found = [inspect.getattr_static(owner, name, None) for name in called]
        yield from ((one, owner) for one in _ours(found))


def _spoken_of(meant: Iterable[Any]) -> Iterator[Any]:
    """Yield each thing, what a table holds, and what a function says that it returns."""
    for one in meant:
        if isinstance(one, dict):
            yield from one.values()
            continue
        yield one
        if inspect.isfunction(one):
            yield one.__annotations__.get("return")


def _ours(meant: Iterable[Any]) -> Iterator[FunctionType]:
    """Yield the functions of our own apps."""
    for one in _spoken_of(meant):
        plain = getattr(one, "__func__", one)
        if inspect.isfunction(plain) and _app(plain.__module__):
            yield plain


@cache
def _app(module: str) -> bool:
    return apps.is_installed(module.partition(".")[0])


def _constant(node: ast.AST, names: dict[str, Any]) -> Any:
    return node.value if isinstance(node, ast.Constant) else _meant(node, names)


def _sentence(node: ast.AST, names: dict[str, Any]) -> str:
    """Return the words of a message, OPEN for what is filled in; "" if they are elsewhere."""
    if isinstance(node, ast.JoinedStr):
        parts = (getattr(part, "value", None) for part in node.values)
        return "".join(one if isinstance(one, str) else OPEN for one in parts)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "format":
            return _filled(_sentence(node.func.value, names))
        return ""
    words = _constant(node, names)
    return words if isinstance(words, str) else ""


def _filled(pattern: str) -> str:
    parts = string.Formatter().parse(pattern)
    return "".join(
        words + (OPEN if field is not None else "") for words, field, _, _ in parts
    )
