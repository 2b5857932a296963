"""Where one is, in the navigation: on one page, never on two."""

import pytest

from reports.navigation import GROUPS, REPRESENTATIVE_TABS, place_among

EVERY = [entry for _, entries in GROUPS for entry in entries]


@pytest.mark.parametrize(
    ("path", "here"),
    [
        ("/", "/"),
        ("/d/430582113000/", "/"),
        ("/visits/overdue/", "/visits/overdue/"),
        ("/centre/", "/centre/"),
        ("/centre/funds/", "/centre/"),
        ("/centre/inherited/", "/centre/inherited/"),
        ("/imports/new/", "/imports/"),
        ("/elsewhere/", ""),
    ],
)
def test_one_page_of_the_navigation_is_marked(path: str, here: str) -> None:
    assert place_among(EVERY, path) == here


@pytest.mark.parametrize(
    ("path", "here"),
    [
        ("/visits/", "/visits/"),
        ("/visits/outbox/", "/visits/"),
        ("/visits/mine/", "/visits/mine/"),
    ],
)
def test_one_tab_of_the_phone_is_marked(path: str, here: str) -> None:
    assert place_among(REPRESENTATIVE_TABS, path) == here


def test_every_page_of_the_navigation_is_marked_as_itself() -> None:
    assert [place_among(EVERY, entry.url) for entry in EVERY] == [
        entry.url for entry in EVERY
    ]
