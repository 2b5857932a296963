"""Where one is, in the navigation: on one page, never on two."""

import pytest
from django.test import RequestFactory

from accounts.models import Post
from accounts.roles import ROLES
from reports.navigation import (
    FEW,
    FOLDED,
    GROUPS,
    REPRESENTATIVE_TABS,
    place_among,
    side_navigation,
)

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


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_its_daily_pages_and_the_titles_of_the_others(
    rf: RequestFactory, role: str
) -> None:
    post = Post(role=role)
    offered = [entry for entry in EVERY if post.may(entry.permission)]
    for entry in offered:
        groups = side_navigation(rf.get(entry.url), post)
        items = {item.url: group for group in groups for item in group.items}
        assert items.keys() == {one.url for one in offered}
        assert items[entry.url].is_open
        shut = {group.title for group in groups if not group.is_open}
        assert shut <= FOLDED
        assert bool(shut) == (len(offered) > FEW)
        assert sum(len(g.items) for g in groups if g.title not in FOLDED) <= 25
