"""The API is complete for what the pages do: each page that writes names its twin."""

import inspect
from collections import Counter
from typing import Any

import pytest

from tests.policy import twins
from tests.policy.walk import Route, routes

ROUTES = {route.name: route for route in routes()}
NO_PAGES = {"api", "ui"}
SAFE = {"GET", "HEAD"}
TWINS = [
    (f"{app}:{page}", f"api:{twin}")
    for app, pages in twins.TWINS.items()
    for page, twin in pages.items()
]
READS = [f"{app}:{page}" for app, pages in twins.READS.items() for page in pages]


def methods_of(view: Any) -> set[str]:
    """Return what a view takes, as `require_safe` and `require_POST` say; else all."""
    while view is not None:
        code, cells = (
            getattr(view, "__code__", None),
            getattr(view, "__closure__", None),
        )
        if code and cells and "request_method_list" in code.co_freevars:
            place = code.co_freevars.index("request_method_list")
            return set(cells[place].cell_contents)
        view = getattr(view, "__wrapped__", None)
    return {"GET", "HEAD", "POST"}


def writing_pages(found: dict[str, Route]) -> set[str]:
    """Return the pages that take more than GET."""
    return {
        name
        for name, route in found.items()
        if ":" in name
        and name.split(":")[0] not in NO_PAGES
        and not methods_of(route.view) <= SAFE
    }


def test_every_page_that_writes_names_its_twin_or_the_reason() -> None:
    told = Counter(twins.told())
    assert set(told) == writing_pages(ROUTES)
    assert [page for page, times in told.items() if times > 1] == []


def test_a_new_page_that_writes_is_found() -> None:
    """The test of the test."""
    edit, read = ROUTES["households:edit"], ROUTES["visits:waivers"]
    found = {"households:brand-new": edit, "households:only-read": read}
    assert writing_pages(found) == {"households:brand-new"}


@pytest.mark.parametrize(("page", "twin"), TWINS)
def test_the_twin_is_there_and_writes(page: str, twin: str) -> None:
    endpoint = getattr(ROUTES[twin].view, "cls", None)
    assert endpoint is not None
    assert any(hasattr(endpoint, name) for name in ("post", "put", "patch", "delete"))


@pytest.mark.parametrize("page", READS)
def test_a_page_that_is_said_to_read_looks_at_nothing_that_was_sent(page: str) -> None:
    source = inspect.getsource(ROUTES[page].view)
    assert "POST" not in source
    assert "sent(" not in source
