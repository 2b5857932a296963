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
ON_BEHALF = "（代录）"


@register.simple_tag
def visit_rows(
    visits: Iterable[VisitRow], *, one_village: bool = False, opens_homes: bool = False
) -> SafeString:
    """The rows; without `one_village` each says where, with `opens_homes` it links."""
    row = _pattern(has_place=not one_village, opens_homes=opens_homes)
    return joined(fill(row, **_values(visit)) for visit in visits)


def _pattern(*, has_place: bool, opens_homes: bool) -> str:
    parts = (
        '<tr class="{css}">',
        '<th scope="row"><a class="nm" href="{url}">{day}</a></th>',
        '<td><a href="{home}">{head}</a></td>' if opens_homes else "<td>{head}</td>",
        "<td>{place}</td>" if has_place else "",
        '<td>{group}</td><td data-label="代表">{person}</td><td>{way}</td>',
        '<td class="long full">{told}{asks}</td><td>{felt}</td>',
        '<td data-label="记录">{by}{behalf}</td><td>{state}</td></tr>',
    )
    return "".join(parts)


def _values(visit: VisitRow) -> dict[str, object]:
    home = visit.household
    return {
        "css": "gone" if visit.is_gone else "",
        "url": visit.get_absolute_url(),
        "day": day_words(visit.visited_on),
        "home": home.get_absolute_url(),
        "head": home.head,
        "place": home.place,
        "group": home.group,
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
