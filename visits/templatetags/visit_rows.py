"""The rows of the list of visits, drawn here for the same reason as those of standings."""

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from ui.drawing import fill, joined
from ui.figures import NONE, day_words
from ui.tags.figures import light, tag
from visits.visit_rows import FELT, WAYS, VisitRow

register = template.Library()

QUIET = "平安"
LINK = '<a href="{}">{}</a>'
HANDED_ON = "（已由别人联系）"
ON_BEHALF = "（代录）"


@register.simple_tag
def visit_rows(
    visits: Iterable[VisitRow], *, one_village: bool = False, opens_homes: bool = False
) -> SafeString:
    """The rows; without `one_village` each says where, with `opens_homes` it links."""
    row = _pattern(has_place=not one_village)
    return joined(
        fill(row, home=_home(visit, opens=opens_homes), **_values(visit))
        for visit in visits
    )


def _pattern(*, has_place: bool) -> str:
    parts = (
        '<tr class="{css}">',
        '<th scope="row">{day}</th>',
        "<td>{home}</td>",
        "<td>{place}</td>" if has_place else "",
        '<td>{group}</td><td data-label="代表">{person}</td><td>{way}</td>',
        '<td class="long full">{told}{asks}</td><td>{felt}</td>',
        '<td data-label="记录">{by}{behalf}</td><td>{state}</td></tr>',
    )
    return "".join(parts)


def _home(visit: VisitRow, *, opens: bool) -> SafeString | str:
    home = visit.household
    if home is None:
        return HANDED_ON
    return fill(LINK, home.get_absolute_url(), home.head) if opens else home.head


def _day(visit: VisitRow) -> SafeString | str:
    """The day; it leads to the record, which is one of a household that may be seen."""
    day = day_words(visit.visited_on)
    if visit.household is None:
        return day
    return fill('<a class="nm" href="{}">{}</a>', visit.get_absolute_url(), day)


def _values(visit: VisitRow) -> dict[str, object]:
    return {
        "css": "gone" if visit.is_gone else "",
        "day": _day(visit),
        "place": visit.place,
        "group": visit.household.group if visit.household else NONE,
        "person": visit.representative,
        "way": WAYS.get(visit.way, visit.way),
        "told": visit.told if visit.has_matter else QUIET,
        "asks": _asks() if visit.has_matter and visit.for_village else "",
        "felt": FELT.get(visit.satisfaction, visit.satisfaction) or NONE,
        "by": visit.entered_by,
        "behalf": ON_BEHALF if visit.on_behalf else "",
        "state": _state(visit),
    }


def _asks() -> SafeString:
    return fill(" {}", tag("要村里办", "warn"))


def _state(visit: VisitRow) -> SafeString:
    if visit.is_gone:
        return light("off", "已撤回或更正")
    return light("ok", "有效") if visit.counts else light("off", "不算次数")
