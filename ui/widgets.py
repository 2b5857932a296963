"""Django's own widgets and our field, drawn without templates, to the same bytes.

A filter bar has eight fields and its lists forty choices: by templates they were a
fifth of a page's work. `tests/ui/test_widgets.py` compares with what Django draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.forms import BoundField
from django.template import Context
from django.template.base import render_value_in_context
from django.template.defaultfilters import stringformat
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from ui.drawing import fill, joined

_ANY_PAGE = Context()


def draw_input(widget: Mapping[str, Any]) -> SafeString:
    """`<input>` of any type; a value of None is left out."""
    value = widget["value"]
    return fill(
        '<input type="{}" name="{}"{}{}>',
        widget["type"],
        widget["name"],
        "" if value is None else fill(' value="{}"', _written(value)),
        draw_attributes(widget["attrs"]),
    )


def draw_select(widget: Mapping[str, Any]) -> SafeString:
    """`<select>` with its choices, grouped where a group has a name."""
    groups = (_group(name, choices) for name, choices, _ in widget["optgroups"])
    return _select(widget["name"], widget["attrs"], joined(groups))


def draw_textarea(widget: Mapping[str, Any]) -> SafeString:
    """`<textarea>`; the line break that it begins with is none of its value."""
    return fill(
        '<textarea name="{}"{}>\n{}</textarea>',
        widget["name"],
        draw_attributes(widget["attrs"]),
        _shown(widget["value"] or ""),
    )


def draw_attributes(attrs: Mapping[str, Any]) -> SafeString:
    """` name="value"` each; True stands alone, False is left out."""
    pairs = [(name, value) for name, value in attrs.items() if value is not False]
    drawn = (
        fill(" {}", name) if value is True else fill(' {}="{}"', name, _written(value))
        for name, value in pairs
    )
    return joined(drawn)


def draw_field(
    bound: BoundField, label: object = "", hint: object = "", optional: object = ""
) -> SafeString:
    """One field. Groups of choices get a fieldset, one checkbox stands before its label."""
    if bound.is_hidden:
        return fill("{}\n", bound)
    wrong = " wrong" if bound.errors else ""
    named = _shown(label or bound.label)
    words, own = _field_words(bound, hint), _input(bound)
    if bound.widget_type == "checkbox":
        return fill(
            '<div class="field check{}">{}<label for="{}">{}</label>{}</div>\n',
            *(wrong, own, bound.id_for_label, named, words),
        )
    if optional:
        named += fill('<span class="opt">{}</span>', _shown(optional))
    if bound.use_fieldset:
        said = bound.aria_describedby
        tied = fill(' aria-describedby="{}"', said) if said else ""
        return fill(
            '<fieldset class="field{}"{}><legend>{}</legend>{}{}</fieldset>\n',
            *(wrong, tied, named, words, own),
        )
    return fill(
        '<div class="field{}"><label for="{}">{}</label>{}{}</div>\n',
        *(wrong, bound.id_for_label, named, words, own),
    )


def _input(bound: BoundField) -> object:
    """The input of a field; a list of plain choices without Django's dict for each."""
    widget = bound.field.widget
    if type(widget) is not forms.Select or not _is_plain(widget.choices):
        return bound
    attrs = widget.build_attrs(widget.attrs, bound.build_widget_attrs({}, widget))
    if bound.auto_id:
        attrs.setdefault("id", bound.auto_id)
    chosen = tuple(widget.format_value(bound.value()))
    options = _plain_choices(tuple(widget.choices), chosen)
    return _select(bound.html_name, attrs, options)


def _is_plain(choices: Any) -> bool:
    """Whether these are pairs of plain strings: nothing marked safe, lazy, or grouped."""
    return type(choices) is list and all(
        type(value) is str and type(label) is str for value, label in choices
    )


def _select(name: object, attrs: Mapping[str, Any], options: object) -> SafeString:
    return fill(
        '<select name="{}"{}>{}</select>', name, draw_attributes(attrs), options
    )


def _field_words(bound: BoundField, hint: object) -> SafeString:
    """Hint and error, under the ids that the input's aria-describedby names."""
    told = hint or bound.help_text
    line = '<p class="hint" id="{}_helptext">{}</p>'
    return fill(
        "\n{}{}\n",
        fill(line, bound.auto_id, _shown(told)) if told else "",
        _field_errors(bound),
    )


def _field_errors(bound: BoundField) -> SafeString | str:
    if not bound.errors:
        return ""
    return fill(
        '<p class="err" id="{}_error"><span class="sr">错误：</span>{}</p>',
        bound.auto_id,
        SafeString(" ").join(fill("{}", error) for error in bound.errors),
    )


def _group(name: object, choices: Iterable[Mapping[str, Any]]) -> SafeString:
    options = joined(_choice(one) for one in choices)
    if not name:
        return options
    opening = fill('<optgroup label="{}">', _shown(name))
    return opening + options + SafeString("</optgroup>")


def _choice(option: Mapping[str, Any]) -> SafeString:
    value, label, attrs = option["value"], option["label"], option["attrs"]
    plain = type(value) is str and type(label) is str
    if plain and (not attrs or attrs == {"selected": True}):
        return _plain_choice(value, label, " selected" if attrs else "")
    return fill(
        '<option value="{}"{}>{}</option>',
        *(_written(value), draw_attributes(attrs), _shown(label)),
    )


@lru_cache(maxsize=512)
def _plain_choices(
    choices: tuple[tuple[str, str], ...], chosen: tuple[str, ...]
) -> SafeString:
    """Draw choices of plain strings, the first that is chosen marked."""
    at = next((n for n, (value, _) in enumerate(choices) if value in chosen), None)
    return joined(
        _plain_choice(value, label, " selected" if n == at else "")
        for n, (value, label) in enumerate(choices)
    )


@lru_cache(maxsize=2048)
def _plain_choice(value: str, label: str, selected: str) -> SafeString:
    """Draw a choice of two plain strings; lists show the same few again and again."""
    return fill('<option value="{}"{}>{}</option>', value, selected, label)


def _written(value: object) -> object:
    """A value as `|stringformat:'s'` writes it: not localized."""
    return value if isinstance(value, str) else stringformat(value, "s")


def _shown(value: object) -> SafeString:
    """A value as `{{ value }}` shows it: numbers and days as the language writes them."""
    if not isinstance(value, str):
        value = render_value_in_context(value, _ANY_PAGE)
    return conditional_escape(value)


FIELD = "components/field"
"""The name by which the renderer draws a field; not a file."""

_INPUTS = (
    *("checkbox", "date", "email", "hidden", "input", "number", "password"),
    *("search", "tel", "text", "time", "url"),
)
DRAWN: dict[str, Callable[[dict[str, Any]], SafeString]] = {
    FIELD: lambda context: draw_field(context["field"]),
    "django/forms/widgets/select.html": lambda context: draw_select(context["widget"]),
    "django/forms/widgets/textarea.html": lambda context: draw_textarea(
        context["widget"]
    ),
    **{
        f"django/forms/widgets/{kind}.html": lambda context: draw_input(
            context["widget"]
        )
        for kind in _INPUTS
    },
}
"""What is drawn here, by the name of the template that it stands for."""
