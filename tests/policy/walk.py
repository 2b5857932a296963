"""Walks the URLconf, so that no address can be forgotten by the access tests."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import UUIDConverter

View = Callable[..., Any]


@dataclass(frozen=True)
class Route:
    """One named address: its view and the names of its arguments."""

    name: str
    arguments: tuple[str, ...]
    uuids: frozenset[str]
    view: View

    def __str__(self) -> str:
        return self.name


def routes(urlconf: str | None = None) -> list[Route]:
    """Return every address of the site; one without a name fails here."""
    return list(_walk(get_resolver(urlconf).url_patterns, ()))


def _walk(patterns: list[Any], namespaces: tuple[str, ...]) -> Iterator[Route]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = (
                (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            )
            yield from _walk(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            if not pattern.name:
                raise AssertionError(f"{pattern} has no name")
            yield Route(
                ":".join((*namespaces, pattern.name)),
                tuple(pattern.pattern.converters),
                frozenset(
                    name
                    for name, converter in pattern.pattern.converters.items()
                    if isinstance(converter, UUIDConverter)
                ),
                pattern.callback,
            )
