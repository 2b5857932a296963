"""A form field for a division: typed with suggestions, checked against one's range.

The suggestions are a `<datalist>`, so they work without a script; what is sent is the
text, which the field turns into the one division it means.
"""

import unicodedata
from functools import lru_cache
from typing import Any, ClassVar, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q, QuerySet
from django.forms.renderers import BaseRenderer
from django.utils.safestring import SafeString

from regions.models import Region, RegionQuerySet, full_name, inside
from regions.scoping import current_scope
from ui.drawing import fill, fill_each
from ui.widgets import draw_input

NAMED_IN_ERRORS = 4
LONGEST_NAME = 40
Rows = TypeVar("Rows", bound=QuerySet[Any])


class PlaceInput(forms.TextInput):
    """A text input that suggests the divisions of one's range."""

    def get_context(
        self, name: str, value: Any, attrs: dict[str, Any] | None
    ) -> dict[str, Any]:
        """Add the suggestions, and tie them to the input."""
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["attrs"].setdefault("id", f"id_{name}")
        widget["list"] = f"{widget['attrs']['id']}_list"
        widget["attrs"] |= {"list": widget["list"], "autocomplete": "off"}
        widget["places"] = self.places()
        return context

    def places(self) -> tuple[str, ...]:
        """Return the names to suggest."""
        return names_in_range()

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        """Draw the input and, for the browser to search, the names it suggests."""
        widget = self.get_context(name, value, attrs)["widget"]
        return fill(
            '{}\n<datalist id="{}">{}</datalist>',
            draw_input(widget),
            widget["list"],
            _suggestions(widget["places"]),
        )


@lru_cache(maxsize=128)
def _suggestions(names: tuple[str, ...]) -> SafeString:
    """Draw the names of a range; a city's are eight hundred, the same on every list."""
    option = '<option value="{}"></option>'
    return fill_each(option, ((name,) for name in names))


class PlaceField(forms.CharField):
    """Takes “镇 + 村”, a name that is found once, or the 12-digit code; gives a Region.

    What is no text, or too long for a name, is refused before it is looked for.
    """

    widget = PlaceInput
    default_error_messages: ClassVar[Any] = {
        "null_characters_not_allowed": "地名里有看不见的字符，请重新填写。",
        "max_length": f"地名最多 {LONGEST_NAME} 个字，请写“镇 + 村”。",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_NAME, empty_value="", **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a division by its full name."""
        return value.full_name if isinstance(value, Region) else value

    def to_python(self, value: Any) -> Any:
        """Return the division that was meant; raise ValidationError if there is none."""
        if isinstance(value, Region):
            return value
        text = unicodedata.normalize("NFKC", super().to_python(value) or "")
        typed = " ".join(text.split())
        super().run_validators(typed)
        return self.find(typed) if typed else None

    def run_validators(self, value: Any) -> None:
        """Ask nothing of the division that was found: its text has been asked."""

    def find(self, typed: str) -> Region:
        """Return the one division of one's range; raise ValidationError otherwise."""
        found = list(named(typed)[: NAMED_IN_ERRORS + 1])
        if len(found) == 1:
            return found[0]
        raise ValidationError(_which(typed, found), code="invalid")


class PlaceFilter(forms.Form):
    """The one filter that every list of rows has: of which division."""

    place = PlaceField(label="乡镇、村：名称或 12 位区划代码", required=False)

    def narrow(self, rows: Rows) -> Rows:
        """Return the rows of the division asked for; without one, all of them."""
        place = self.cleaned_data.get("place")
        if not isinstance(place, Region):
            return rows
        return inside(rows, place.scope)


def in_range() -> RegionQuerySet:
    """Return the divisions in force within the open scope; none without one."""
    opened = current_scope()
    if opened is None:
        return Region.objects.none()
    return Region.objects.current().within(opened).select_related("parent")


NAMES = """
SELECT place.level, place.name, above.name
FROM regions_region place LEFT JOIN regions_region above ON above.code = place.parent_id
WHERE place.ended_on IS NULL AND place.code >= %s AND place.code < %s
ORDER BY place.code
"""


def names_in_range() -> tuple[str, ...]:
    """Return the full names of `in_range`, by code; every list with filters asks it."""
    opened = current_scope()
    if opened is None:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(NAMES, [opened.lo, opened.hi])
        return tuple(full_name(*row) for row in cursor.fetchall())


def named(typed: str) -> RegionQuerySet:
    """Return the divisions of one's range that `typed` names in full."""
    above, _, name = typed.rpartition(" ")
    wanted = Q(name=name)
    if above:
        wanted &= Q(parent__name=above)
    if typed.isascii() and typed.isdigit():
        wanted |= Q(code=int(typed[:15]))
    return in_range().filter(wanted).order_by("code")


def _which(typed: str, found: list[Region]) -> str:
    if found:
        names = "、".join(region.full_name for region in found[:NAMED_IN_ERRORS])
        return f"有几个地方都叫“{typed}”，请写上乡镇（街道）：{names}。"
    similar = in_range().filter(name__contains=typed.rpartition(" ")[2][:6])
    names = "、".join(region.full_name for region in similar[:NAMED_IN_ERRORS])
    hint = f"是不是：{names}？" if names else "请从下拉的名单里选。"
    return f"您管理的范围内没有“{typed}”。{hint}"
