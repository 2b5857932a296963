"""The rows of households by how they stand.

Drawn here and not by a template: these lists are the longest pages, and a template took
three times as long for a row.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from django import template
from django.utils.safestring import SafeString

from ui.drawing import fill, fill_each
from ui.figures import NONE, day_words
from ui.links import addresses
from ui.tags.figures import light
from ui.tags.tables import pick_row
from visits.overdue import Line

register = template.Library()

ORDINARY = "普通户"
NOBODY = "没有联系人"
HEAPS: dict[str, Callable[[Line], Any]] = {
    "rep": lambda line: (line.household.region_id, line.representative),
    "place": lambda line: line.household.region_id,
}


@register.simple_tag
def standing_rows(
    lines: Iterable[Line],
    *,
    by: str = "",
    one_village: bool = False,
    opens_homes: bool = False,
    one_person: bool = False,
    picks: bool = False,
) -> SafeString:
    """The rows; with `by` each representative, or each village, has a head."""
    row = _pattern(
        picks=picks,
        opens_homes=opens_homes,
        has_place=not one_village and by != "place",
        has_person=not one_person and by != "rep",
    )
    rows = _rows(lines, row, by, one_village=one_village)
    return fill_each("{}\n{}", rows)


def _pattern(
    *, picks: bool, opens_homes: bool, has_place: bool, has_person: bool
) -> str:
    head = '<a class="nm" href="{url}">{head}</a>' if opens_homes else "{head}"
    parts = (
        '<tr class="{tone}">',
        '<td class="no-print">{box}</td>' if picks else "",
        f'<th scope="row">{head}</th><td>{{light}}{{urged}}</td>',
        "<td>{place}</td>" if has_place else "",
        "<td>{group}</td><td>{tags}</td>",
        '<td data-label="代表">{person}</td>' if has_person else "",
        '<td data-label="上次">{last}</td><td class="long full">{why}</td></tr>',
    )
    return "".join(parts)


def _rows(
    lines: Iterable[Line], row: str, by: str, *, one_village: bool
) -> Iterator[tuple[str, SafeString]]:
    """Yield each row behind the head of its heap, which only the first one has."""
    address = addresses("households:detail")
    for _, heap in groupby(lines, HEAPS.get(by, _all_alike)):
        for number, line in enumerate(heap):
            is_first = by in HEAPS and not number
            head = _heap_head(line, by, one_village=one_village) if is_first else ""
            yield head, fill(row, url=address(line.household.pk), **_values(line))


def _all_alike(line: Line) -> None:
    """Put all lines into one heap."""


def _heap_head(line: Line, by: str, *, one_village: bool) -> SafeString:
    """Name the village of a heap, its representative or both."""
    names = [] if by == "rep" and one_village else [line.household.place]
    if by == "rep":
        names.append(_person(line) or NOBODY)
    return fill(
        '<tr class="grp"><th scope="rowgroup" colspan="8">{}</th></tr>',
        " · ".join(names),
    )


def _values(line: Line) -> dict[str, object]:
    home, tone = line.household, line.tone
    return {
        "tone": tone,
        "box": pick_row(home.pk, home.head),
        "head": home.head,
        "light": light(tone, line.words),
        "urged": _urged(line.urged),
        "place": home.place,
        "group": home.group,
        "tags": "、".join(line.tags) or ORDINARY,
        "person": _person(line) or NONE,
        "last": day_words(line.last),
        "why": line.why,
    }


def _person(line: Line) -> str:
    return line.representative.name if line.representative else ""


def _urged(times: int) -> str:
    return fill(' <span class="muted">催过 {} 次</span>', times) if times else ""
