"""Drawing a piece of template, and finding things in what was drawn."""

import os
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from tests.ui.browser import CHROMIUM

Draw = Callable[..., str]


@pytest.fixture
def draw(rf: RequestFactory) -> Draw:
    """Return a function that draws template source at an address."""

    def drawn(source: str, address: str = "/list/", **values: Any) -> str:
        template = Template("{% load ui charts %}" + source)
        return template.render(Context({"request": rf.get(address), **values}))

    return drawn


class Elements(HTMLParser):
    """Every start tag with its attributes, and the text in order."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of every element of this name."""
        return [attributes for name, attributes in self.found if name == tag]

    def one(self, tag: str, **wanted: str) -> dict[str, str | None]:
        """The only element of this name with these attributes (_ for -)."""
        pairs = {name.replace("_", "-"): value for name, value in wanted.items()}
        hits = [a for a in self.all(tag) if pairs.items() <= a.items()]
        assert len(hits) == 1, f"{len(hits)} <{tag}> with {pairs}"
        return hits[0]


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """Leave the browser out where there is none, as the journeys do."""
    if CHROMIUM or os.environ.get("REQUIRE_BROWSER") == "1":
        return
    left_out = [item for item in items if item.path.name == "test_in_browser.py"]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)
