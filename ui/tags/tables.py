"""Tags for tables: heads that sort, pager, ticked rows, addresses with changes."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.paginator import Page
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from ui.drawing import fill
from ui.links import (
    Pairs,
    address_of,
    next_sort,
    page_address,
    page_window,
    with_params,
)
from ui.tags.library import draw_part, querystring_of, register


@register.simple_tag(takes_context=True)
def qs(context: Context, **changes: object) -> str:
    """This page's querystring with changes: `<a href="{% qs kind="key" %}">`.

    None removes a name; `page` goes by itself unless it is set (see ui.links).
    """
    return with_params(querystring_of(context), changes)


@register.simple_tag
def address(view_name: str, key: int | UUID | None = None) -> str:
    """The address of a row's page, in a list: `{% url %}` looks up each one anew."""
    return page_address(view_name) if key is None else address_of(view_name, key)


@register.simple_tag(takes_context=True)
def th(
    context: Context, label: str, key: str = "", *, num: bool = False, default: str = ""
) -> SafeString:
    """A column head; with `key` it sorts by `?sort=key` / `?sort=-key`.

    `default` is the page's order when nothing is asked for, e.g. "-late".
    """
    classes = SafeString(' class="num"') if num else ""
    if not key:
        return fill('<th scope="col"{}>{}</th>', classes, label)
    asked = dict(querystring_of(context)).get("sort", "")
    current = asked or default
    order = {key: "ascending", f"-{key}": "descending"}.get(current, "none")
    arrow = {"ascending": "↑", "descending": "↓", "none": ""}[order]
    href = qs(context, sort=next_sort(current, key))
    return fill(
        '<th scope="col"{} aria-sort="{}"><a href="{}">{}<span class="ar" '
        'aria-hidden="true">{}</span></a></th>',
        classes,
        order,
        href,
        label,
        arrow,
    )


@register.simple_tag(takes_context=True)
def pager(
    context: Context,
    page: Page[Any],
    unit: str = "条",
    label: str = "翻页",
    name: str = "page",
) -> SafeString:
    """第 2 / 7 页，共 312 条, with links. `page` is a page of Django's Paginator.

    A second list on the page has its own `name` of the parameter and its own `label`.
    """
    at = (page.number, page.paginator.num_pages, page.paginator.count)
    return _drawn_pager(at, (unit, label, name), tuple(querystring_of(context)))


@lru_cache(maxsize=512)
def _drawn_pager(
    at: tuple[int, int, int], words: tuple[str, str, str], flat: Pairs
) -> SafeString:
    """Draw the links once for each page of a list as long as this one."""
    (number, pages, count), (unit, label, name) = at, words

    def to(wanted: int | None) -> str:
        return with_params(flat, {name: wanted}) if wanted else ""

    values = {
        "number": number,
        "pages": pages,
        "count": count,
        "unit": unit,
        "label": label,
        "links": [(n, to(n), n == number) for n in page_window(number, pages)],
        "before": to(number - 1),
        "after": to(number + 1 if number < pages else None),
    }
    return render_to_string("components/pager.html", values)


@register.simple_block_tag(takes_context=True)
def bulk_bar(context: Context, content: str, label: str = "户") -> SafeString:
    """Actions for the ticked rows; the content is the buttons. Inside the table's form.

    Works without JavaScript; with it the bar says how many rows are ticked.
    """
    return draw_part(context, "bulk_bar", actions=content, unit=label)


@register.simple_tag
def pick_all(name: str = "ids", label: str = "全选本页") -> SafeString:
    """The box in the table's head that ticks all rows of the page (by app.js).

    Its cell and those of `pick_row` have class no-print.
    """
    return fill(
        '<input type="checkbox" data-pick-all="{}" aria-label="{}">', name, label
    )


@register.simple_tag
def pick_row(value: object, label: str, name: str = "ids") -> SafeString:
    """The box of one row; `label` says whose row it is."""
    return fill(
        '<input type="checkbox" name="{}" value="{}" aria-label="选中{}">',
        name,
        value,
        label,
    )
