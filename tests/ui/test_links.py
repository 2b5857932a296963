"""Addresses of rows, and addresses that keep the filters."""

import itertools
from urllib.parse import parse_qsl
from uuid import UUID

import pytest
from django.urls import NoReverseMatch, reverse, set_script_prefix
from hypothesis import given
from hypothesis import strategies as st

from ui.links import address_of, next_sort, page_address, page_window, with_params

WORDS = st.text("abc年&=?# ", min_size=1, max_size=4)


@pytest.mark.parametrize("key", [0, 1, 430582104201, 987_654_321_012_345])
def test_address_of_a_row_is_the_one_that_django_finds(key: int) -> None:
    for name in ("households:detail", "reports:region", "sentiment:issue"):
        assert address_of(name, key) == reverse(name, args=[key])


def test_address_of_a_page_is_the_one_that_django_finds() -> None:
    for name in ("households:list", "reports:home", "accounts:me"):
        assert page_address(name) == reverse(name)


def test_address_of_a_row_with_a_uuid_is_the_one_that_django_finds() -> None:
    for key in (UUID(int=1), UUID("0b6ef3a8-2a52-4f0e-8f43-7c2f5ad2b1d9")):
        name = "sentiment:talk"
        assert address_of(name, key) == reverse(name, args=[key])


def test_address_of_a_row_stands_below_the_site_s_own_prefix() -> None:
    plain = address_of("households:detail", 7)
    try:
        set_script_prefix("/shaodong/")
        assert address_of("households:detail", 7) == "/shaodong" + plain
    finally:
        set_script_prefix("/")
    assert address_of("households:detail", 7) == plain


def test_address_of_a_key_that_a_page_does_not_take_is_refused() -> None:
    with pytest.raises(NoReverseMatch):
        address_of("households:list", 7)
    with pytest.raises(NoReverseMatch):
        address_of("households:detail", UUID(int=7))


def test_a_changed_filter_starts_on_the_first_page_and_keeps_the_rest() -> None:
    current = [("q", "刘"), ("group", "4"), ("page", "7")]

    assert with_params(current, {"group": 2}) == "?q=%E5%88%98&group=2"


def test_a_page_link_keeps_filters_and_order() -> None:
    assert with_params([("sort", "-late"), ("page", "2")], {"page": 3}) == (
        "?sort=-late&page=3"
    )


def test_none_and_empty_remove_a_name() -> None:
    current = [("q", "x"), ("kind", "low"), ("late", "on")]

    assert with_params(current, {"kind": None, "q": ""}) == "?late=on"


def test_a_list_sets_a_name_several_times() -> None:
    assert with_params([("kind", "old")], {"kind": ["low", "ill"]}) == (
        "?kind=low&kind=ill"
    )


def test_zero_is_a_value() -> None:
    assert with_params([], {"late": 0}) == "?late=0"


def test_nothing_left_is_still_a_link_to_this_page() -> None:
    assert with_params([("q", "x")], {"q": None}) == "?"


@given(st.lists(st.tuples(WORDS, WORDS)), st.dictionaries(WORDS, WORDS, max_size=2))
def test_names_that_are_not_mentioned_survive_in_order(
    current: list[tuple[str, str]], changes: dict[str, str]
) -> None:
    untouched = [(n, v) for n, v in current if n not in changes and n != "page"]

    link = with_params(current, dict(changes))

    read = parse_qsl(link.removeprefix("?"), keep_blank_values=True)
    assert [pair for pair in read if pair[0] not in changes] == untouched
    assert dict(read).items() >= changes.items()


def test_sorting_turns_around_on_the_second_click() -> None:
    assert next_sort("", "late") == "late"
    assert next_sort("late", "late") == "-late"
    assert next_sort("-late", "late") == "late"
    assert next_sort("-name", "late") == "late"


@given(st.integers(1, 400), st.integers(1, 400))
def test_pager_names_ends_and_neighbours_and_hides_no_single_page(
    one: int, other: int
) -> None:
    number, pages = sorted((one, other))

    window = page_window(number, pages)

    named = [page for page in window if page is not None]
    assert named == sorted(set(named))
    assert {1, pages, number} <= set(named)
    assert {n for n in (number - 1, number + 1) if 1 <= n <= pages} <= set(named)
    for before, after in itertools.pairwise(window):
        assert (before, after) != (None, None)
    for index, page in enumerate(window):
        if page is None:
            hidden = window[index + 1] - window[index - 1] - 1  # type: ignore[operator]
            assert hidden >= 2


def test_pager_of_a_long_list_shows_two_gaps() -> None:
    assert page_window(5, 9) == [1, None, 4, 5, 6, None, 9]
    assert page_window(3, 5) == [1, 2, 3, 4, 5]
    assert page_window(1, 1) == [1]
