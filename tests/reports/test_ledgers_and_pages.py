"""Each ledger equals the page that it belongs to: 导出 on a page takes what it lists."""

import re
from html import unescape
from typing import Any

import pytest

from tests.cast import Cast, everywhere, signed_in
from tests.policy.objects import build_places

LINK = re.compile(r'href="(/exports/new/\?kind=[^"]+)"')
PAGES = {
    "households": "/households/",
    "representatives": "/representatives/",
    "untrained": "/trainings/",
    "training_register": "/trainings/all/",
}


@pytest.mark.parametrize("kind", PAGES)
def test_export_of_a_page_has_the_rows_of_the_page(cast: Cast, kind: str) -> None:
    with everywhere():
        build_places()
    browser = signed_in(cast.township_staff)
    page = browser.get(PAGES[kind])
    assert page.status_code == 200
    link = next(x for x in LINK.findall(page.content.decode()) if f"kind={kind}" in x)
    taken = browser.get(unescape(link))
    assert taken.status_code == 200, taken.content.decode()
    assert taken.context["count"] == listed(page.context)


def listed(context: Any) -> int:
    """Return how many a list has on all of its pages."""
    count: int = context["page"].paginator.count
    return count
