"""Addresses: those of rows, and those that keep the filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.urls import get_script_prefix, reverse

Pairs = Sequence[tuple[str, str]]

_SAMPLES = {int: "987654321012345", UUID: str(UUID(int=1))}
"""Keys that are found again in an address: no prefix or path of ours holds them."""


def page_address(view_name: str) -> str:
    """The address of a page that takes no key: `reverse(view_name)`, looked up once."""
    return _page_address(view_name, get_script_prefix())


@lru_cache(maxsize=512)
def _page_address(view_name: str, prefix: str) -> str:
    return reverse(view_name)


def address_of(view_name: str, key: int | UUID) -> str:
    """The address of one row's page: `reverse(view_name, args=[key])`, looked up once.

    A list has hundreds of these, and reverse() is a hundred calls. Only for the keys
    of rows that exist; raises NoReverseMatch where the view takes no such key.
    """
    return addresses(view_name, type(key))(key)


def addresses(
    view_name: str, kind: type[int] | type[UUID] = int
) -> Callable[[int | UUID], str]:
    """Return what makes the address of each row of a list: `address_of` of its key."""
    before, after = _around_key(view_name, _SAMPLES[kind], get_script_prefix())
    return lambda key: f"{before}{key}{after}"


@lru_cache(maxsize=512)
def _around_key(view_name: str, sample: str, prefix: str) -> tuple[str, str]:
    before, _, after = reverse(view_name, args=[sample]).partition(sample)
    return before, after


def params_of(asked: QueryDict) -> list[tuple[str, str]]:
    """The names and values of an address, in order, a name as often as it stands there."""
    return [(name, value) for name, values in asked.lists() for value in values]


def with_params(current: Pairs, changes: dict[str, object]) -> str:
    """The querystring after `changes`, with its `?`; never empty, so it is a link.

    None or "" removes a name; a list sets it several times. Names that are not
    mentioned stay, in their order, without empty values. Unless `page` itself is
    set, it goes: another filter or order starts on the first page.
    """
    gone = set(changes) | {"page"}
    kept = [(name, value) for name, value in current if name not in gone and value]
    for name, value in changes.items():
        values = value if isinstance(value, list | tuple) else [value]
        kept += [(name, str(one)) for one in values if one not in (None, "")]
    return "?" + urlencode(kept)


def next_sort(current: str, key: str) -> str:
    """The value of `sort` behind a column head: first up, then down, then up."""
    return f"-{key}" if current == key else key


def page_window(number: int, pages: int, around: int = 1) -> list[int | None]:
    """Page numbers for the pager; None is a gap. First and last are always there.

    >>> page_window(5, 9)
    [1, None, 4, 5, 6, None, 9]
    """
    near = range(number - around, number + around + 1)
    shown = sorted({1, pages, *(n for n in near if 1 <= n <= pages)})
    window: list[int | None] = []
    for page in shown:
        gap = page - window[-1] if window and window[-1] is not None else 1
        if gap == 2:
            window.append(page - 1)
        elif gap > 2:
            window.append(None)
        window.append(page)
    return window
