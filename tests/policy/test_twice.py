"""What each page that makes something has against being sent twice.

A second tap, a slow line, a browser that asks again: nobody knows whether the first
arrived. Such a page is declared `once`, or stands below with what tells the second.
"""

import pytest

from tests.policy.twins import TWINS
from tests.policy.walk import Route, routes

NEW = ("new", "start", "begin", "enrol", "offer", "seats-add", "sheet-make", "adapt")
ONLY_ONE = "there can be only one of it: the second goes on with the first"
OTHERWISE = {
    "trainings:new": "the form carries the id of what it makes",
    "sentiment:talk-new": "the form carries the id of what it makes",
    "reports:export-new": "the form carries a token",
    "sentiment:review-begin": ONLY_ONE,
    "evaluations:rating-begin": ONLY_ONE,
    "evaluations:scheme-adapt": ONLY_ONE,
    "evaluations:village-rating-begin": ONLY_ONE,
    "appraisals:appraisal-begin": ONLY_ONE,
    "funding:sheet-make": ONLY_ONE,
}
PAGES = {f"{app}:{page}" for app, pages in TWINS.items() for page in pages} | {
    "reports:export-new",
    "visits:policy-new",
}


def makes(route: Route) -> bool:
    """Say whether a page makes something, by its name."""
    page = route.name.partition(":")[2]
    return route.name in PAGES and any(
        page == word or page.endswith(f"-{word}") for word in NEW
    )


MAKING = [route for route in routes() if makes(route)]


@pytest.mark.parametrize("route", MAKING, ids=str)
def test_a_page_that_makes_something_knows_when_it_is_sent_twice(route: Route) -> None:
    is_once = getattr(route.view, "is_once", False)
    assert is_once != (route.name in OTHERWISE), route.name


def test_each_exception_is_a_page_that_makes_something() -> None:
    assert set(OTHERWISE) <= {route.name for route in MAKING}
