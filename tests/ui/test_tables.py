"""Heads that sort, pages, ticked rows."""

import pytest
from django.core.paginator import Paginator

from tests.ui.conftest import Draw, Elements


def test_head_sorts_by_its_column_and_keeps_the_filter(draw: Draw) -> None:
    head = Elements(
        draw('{% th "超期天数" "late" num=True %}', "/list/?kind=low&page=3")
    )

    assert head.all("th") == [{"scope": "col", "class": "num", "aria-sort": "none"}]
    assert head.all("a") == [{"href": "?kind=low&sort=late"}]


def test_head_of_the_present_order_says_so_and_turns_around(draw: Draw) -> None:
    head = Elements(draw('{% th "超期天数" "late" %}', "/list/?sort=-late"))

    assert head.one("th")["aria-sort"] == "descending"
    assert head.one("a")["href"] == "?sort=late"
    assert "↓" in head.text


def test_default_order_of_the_page_is_shown_until_another_is_asked_for(
    draw: Draw,
) -> None:
    source = '{% th "超期天数" "late" default="-late" %}'

    assert Elements(draw(source)).one("th")["aria-sort"] == "descending"
    other = draw(source, "/list/?sort=name")
    assert Elements(other).one("th")["aria-sort"] == "none"


def test_head_without_key_is_plain(draw: Draw) -> None:
    assert draw('{% th "状态" %}') == '<th scope="col">状态</th>'


def test_pager_says_where_one_is_in_words(draw: Draw) -> None:
    page = Paginator(range(312), 50).page(2)

    drawn = Elements(draw('{% pager page unit="户" %}', "/list/?q=x&page=2", page=page))

    assert "第 2 / 7 页，共 312 户" in drawn.text
    assert drawn.one("a", rel="prev")["href"] == "?q=x&page=1"
    assert drawn.one("a", rel="next")["href"] == "?q=x&page=3"
    assert drawn.one("b")["aria-current"] == "page"


@pytest.mark.parametrize(("number", "gone"), [(1, "prev"), (7, "next")])
def test_pager_has_no_link_beyond_its_ends(draw: Draw, number: int, gone: str) -> None:
    page = Paginator(range(312), 50).page(number)

    drawn = Elements(draw("{% pager page %}", page=page))

    assert [a for a in drawn.all("a") if a.get("rel") == gone] == []
    assert drawn.one("span", aria_disabled="true")


def test_pager_of_one_page_only_counts(draw: Draw) -> None:
    drawn = Elements(draw("{% pager page %}", page=Paginator(range(3), 50).page(1)))

    assert "第 1 / 1 页，共 3 条" in drawn.text
    assert drawn.all("a") == []


def test_pager_of_nothing_does_not_speak_of_pages(draw: Draw) -> None:
    drawn = Elements(draw("{% pager page %}", page=Paginator([], 50).page(1)))

    assert drawn.text.strip() == "共 0 条"


def test_second_list_of_a_page_turns_its_own_pages(draw: Draw) -> None:
    page = Paginator(range(99), 50).page(1)

    drawn = Elements(
        draw('{% pager page name="p2" label="下面的清单翻页" %}', page=page)
    )

    assert drawn.one("nav")["aria-label"] == "下面的清单翻页"
    assert drawn.one("a", rel="next")["href"] == "?p2=2"


def test_ticked_row_says_whose_it_is_and_escapes_it(draw: Draw) -> None:
    drawn = draw('{% pick_row 7 name "ids" %}', name='刘<b>"桂英')

    box = Elements(drawn).one("input")
    assert (box["name"], box["value"]) == ("ids", "7")
    assert box["aria-label"] == '选中刘<b>"桂英'


def test_bulk_bar_carries_the_buttons_and_counts_from_zero(draw: Draw) -> None:
    drawn = Elements(draw('{% bulk_bar label="户" %}{% btn "催办" %}{% endbulk_bar %}'))

    assert drawn.one("button")["type"] == "submit"
    assert "已选 0 户" in drawn.text


def test_querystring_tag_sets_and_removes(draw: Draw) -> None:
    drawn = draw("{% qs kind='low' late=None %}", "/list/?late=on&q=x&page=2")

    assert drawn == "?q=x&amp;kind=low"
