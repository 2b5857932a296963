"""The lines of the roll of households.

Drawn here and not by a template: fifty of them took half of the page's time there.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from django import template
from django.utils.safestring import SafeString, mark_safe

from households.listing import Line
from households.models import Status
from ui.drawing import fill, fill_each
from ui.figures import NONE, count_words, day_words
from ui.links import addresses
from ui.tags.figures import light, tag

LINE = (
    '<tr class="{}"><th scope="row"><a class="nm" href="{}">{}</a></th>{}<td>{}</td>'
    '<td class="num" data-label="人口">{}</td>{}\n'
    '<td class="long">{}</td>\n<td data-label="代表">{}</td>\n<td>{}</td></tr>'
)
RESIDENTS = '<td class="num" data-label="常住">{}</td>'
UNKNOWN = fill('<td class="num none">{}</td>', NONE)  # left out where a phone folds it
ORDINARY = mark_safe('<span class="muted">普通户</span>')
GONE = fill(" {}", light("bad", "不在任"))

register = template.Library()


@register.simple_tag
def roll_lines(rows: Iterable[Line], one_village: bool) -> SafeString:  # noqa: FBT001 - a tag's argument
    """The rows of the table; without 镇、村 where all are of one village."""
    return fill_each(LINE, _cells(rows, one_village=one_village))


def _cells(rows: Iterable[Line], *, one_village: bool) -> Iterator[tuple[str, ...]]:
    home, person = addresses("households:detail"), addresses("representatives:detail")
    for row in rows:
        yield (
            row.tone,
            home(row.pk),
            row.head,
            "" if one_village else fill("<td>{}</td>", row.place),
            row.group,
            count_words(row.members),
            _residents(row.residents),
            _categories(tuple(row.categories)),
            _contact(row, person),
            _standing(row),
        )


def _residents(number: int | None) -> SafeString:
    return UNKNOWN if number is None else fill(RESIDENTS, count_words(number))


@lru_cache(maxsize=1024)
def _categories(names: tuple[str, ...]) -> SafeString:
    if not names:
        return ORDINARY
    return fill_each("{} ", ((tag(name, "info"),) for name in names))


def _contact(row: Line, address: Callable[[int], str]) -> str:
    if row.person_id:
        url = address(row.person_id)
        note = "" if row.serves else GONE
        return fill('<a href="{}">{}</a>{}', url, row.person, note)
    return light("bad", "没有联系人") if row.status == Status.LIVING else NONE


def _standing(row: Line) -> str:
    if row.status != Status.LIVING:
        return f"{Status(row.status).label} {day_words(row.ended_on)}"
    return tag("外出或空户") if row.is_away else ""
