"""Tags for forms: a field, the error summary, the filter bar."""

from __future__ import annotations

from django.forms import BaseForm, BoundField
from django.template import Context
from django.utils.safestring import SafeString

from ui.drawing import joined
from ui.links import with_params
from ui.tags.library import querystring_of, register
from ui.widgets import draw_field

FOLDS_FROM = 3
"""So many filters are too many for a phone: it shows the first, and a button for more."""


@register.simple_tag
def field(
    bound: BoundField, label: str = "", hint: str = "", optional: str = ""
) -> SafeString:
    """One field: label, hint, input, error. `label` and `hint` replace the form's.

    `optional` is put behind the label of a field that may stay empty, e.g. （选填）.
    """
    return draw_field(bound, label, hint, optional)


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm | None) -> dict[str, object]:
    """What is wrong, on top of the form, each a link to its field (GOV.UK pattern)."""
    return {"forms": [form for form in forms if form is not None and form.errors]}


@register.inclusion_tag("components/filter_bar.html", takes_context=True)
def filter_bar(
    context: Context, form: BaseForm, label: str = "筛选"
) -> dict[str, object]:
    """A GET form of filters in one row, and what is filtered as links that remove it.

    `form` is bound to request.GET. Sorting survives; the page number does not.
    """
    flat = querystring_of(context)
    names = {bound.html_name: bound for bound in form}
    active = [
        (bound.label, _shown(bound), with_params(flat, {name: None}))
        for name, bound in names.items()
        if any(value for key, value in flat if key == name) and not bound.is_hidden
    ]
    kept = [(key, value) for key, value in flat if key not in names and key != "page"]
    hidden, shown = form.hidden_fields(), form.visible_fields()
    return {
        "form": form,
        "label": label,
        "first": joined(map(draw_field, [*hidden, *shown[:1]])),
        "rest": joined(map(draw_field, shown[1:])),
        "folds": len(shown) >= FOLDS_FROM,
        "active": active,
        "kept": kept,
        "clear": with_params(kept, {}),
    }


def _shown(bound: BoundField) -> str:
    """The value of a filter in words: the choice's label rather than its key."""
    value = bound.value()
    wanted = {str(v) for v in (value if isinstance(value, list | tuple) else [value])}
    choices = getattr(bound.field, "choices", None)
    if choices is None:
        return "" if value in (True, "on") else "、".join(sorted(wanted))
    return "、".join(str(label) for key, label in choices if str(key) in wanted)


@register.simple_tag
def card_words(label: object) -> tuple[str, str]:
    """A choice's label split at |: the choice and its explanation."""
    choice, _, explanation = str(label).partition("|")
    return choice, explanation


@register.simple_tag
def bare_label(label: object) -> str:
    """A label without the ？ or ： at its end, to stand before a colon."""
    return str(label).rstrip("？：?:")


@register.simple_tag
def field_target(bound: BoundField) -> str:
    """The id that a link to a field leads to: its input, or the first of its choices."""
    if bound.id_for_label:
        return bound.id_for_label
    choices = bound.subwidgets
    return choices[0].id_for_label if choices else bound.auto_id
