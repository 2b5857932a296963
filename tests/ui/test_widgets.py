"""Widgets drawn in Python are what Django's own templates draw."""

import datetime as dt
import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from regions.forms import PlaceInput
from tests.ui.conftest import Draw
from ui.forms import DateInput, MonthInput, Renderer
from ui.widgets import DRAWN, FIELD, draw_field

DJANGO, OURS = DjangoTemplates(), Renderer()
HOSTILE = "</select><script>alert('x')</script>&\""
VALUES: list[Any] = [
    *(None, "", "刘桂英", HOSTILE, 0, 1234567, 1.5, True, False, ("a", "b")),
    *(
        dt.date(2026, 11, 23),
        dt.datetime(2026, 11, 23, 8, 5, tzinfo=dt.UTC),
        mark_safe("<b>"),
    ),
    lazystr(HOSTILE),
]
INPUTS: list[type[forms.Widget]] = [
    *(forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput),
    *(forms.PasswordInput, forms.HiddenInput, forms.DateInput, forms.TimeInput),
    *(forms.CheckboxInput, forms.Textarea, forms.SearchInput, forms.TelInput),
    *(DateInput, MonthInput, forms.DateTimeInput, forms.FileInput),
]
ATTRS: list[dict[str, Any]] = [
    {},
    {"id": "id_a", "required": True, "disabled": False, "maxlength": 30},
    {"data-x": HOSTILE, "step": 0.5, "x": None, "title": mark_safe("&amp;")},
    {"rows": 1, "value": ("a", 1), HOSTILE: "1", "y": lazystr(HOSTILE)},
]
CHOICES: list[Any] = [
    *((None, "全部"), ("", "没有"), ("1", "1 组"), (2, 20_000), (HOSTILE, HOSTILE)),
    *(("safe", mark_safe("<b>甲</b>")), ("safe2", "<b>甲</b>")),
    (HOSTILE, [("x", "子项"), (3, HOSTILE)]),
    ("day", dt.date(2026, 11, 23)),
    ("lazy", lazystr(HOSTILE)),
]


def flat(markup: str) -> str:
    """What was drawn, without the lines that Django breaks between choices."""
    return re.sub(r"\n\s*(?=<)", "", markup)


@pytest.mark.parametrize("attrs", ATTRS)
@pytest.mark.parametrize("kind", INPUTS)
def test_input_is_drawn_as_django_draws_it(
    kind: type[forms.Widget], attrs: dict[str, Any]
) -> None:
    for name in ("a", HOSTILE):
        for value in VALUES:
            own = kind().render(name, value, attrs, renderer=DJANGO)
            assert kind().render(name, value, attrs, renderer=OURS) == own


@pytest.mark.parametrize("attrs", ATTRS)
@pytest.mark.parametrize("kind", [forms.Select, forms.SelectMultiple])
def test_choices_are_drawn_as_django_draws_them(
    kind: type[forms.Select], attrs: dict[str, Any]
) -> None:
    for value in [*VALUES, "1", 2, ["1", "2", HOSTILE, "3"], "safe"]:
        widget = kind(choices=CHOICES)
        own = widget.render("a", value, attrs, renderer=DJANGO)
        assert widget.render("a", value, attrs, renderer=OURS) == flat(own)


PLAIN = [("", "不限"), ("1", "1 组"), (HOSTILE, HOSTILE), ("1", "又是 1 组")]


@pytest.mark.parametrize("sent", [None, "", "1", "2", HOSTILE])
@pytest.mark.parametrize(
    "asked",
    [
        {"choices": PLAIN},
        {"choices": PLAIN, "required": False, "help_text": "看这里"},
        {"choices": PLAIN, "disabled": True, "initial": "1"},
        {"choices": PLAIN, "widget": forms.Select(attrs={"id": "x", "class": "y"})},
        {"choices": PLAIN[1:], "initial": HOSTILE},
        {"choices": [("1", mark_safe("<b>甲</b>")), ("2", lazystr(HOSTILE))]},
        {"choices": [(HOSTILE, [("1", "子项")])]},
        {"choices": []},
    ],
)
@pytest.mark.parametrize("auto_id", ["id_%s", False])
def test_field_of_choices_is_drawn_as_django_draws_it(
    sent: str | None, asked: dict[str, Any], auto_id: Any
) -> None:
    class Form(forms.Form):
        default_renderer = OURS
        a = forms.ChoiceField(**asked)

    bound = Form(None if sent is None else {"a": sent}, auto_id=auto_id)["a"]
    own = bound.field.widget.render(
        "a", bound.value(), with_id(bound.build_widget_attrs({}), bound), DJANGO
    )

    assert flat(own).strip() in draw_field(bound)


def with_id(attrs: dict[str, Any], bound: forms.BoundField) -> dict[str, Any]:
    """As a form ties an input to its label."""
    known = not bound.auto_id or "id" in bound.field.widget.attrs
    return attrs if known else {**attrs, "id": bound.auto_id}


@pytest.mark.parametrize("kind", [forms.RadioSelect, forms.ClearableFileInput])
def test_what_is_not_known_is_left_to_the_templates(kind: type[forms.Widget]) -> None:
    assert kind.template_name not in DRAWN

    own = kind().render("a", None, renderer=DJANGO)

    assert kind().render("a", None, renderer=OURS) == own


def test_no_other_widget_s_template_is_taken_over() -> None:
    taken = {kind.template_name for kind in [*INPUTS, forms.Select]}

    assert set(DRAWN) - taken == {FIELD, "django/forms/widgets/input.html"}


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_text_leaves_its_place(value: str, label: str) -> None:
    select = forms.Select(choices=[(value, label)]).render("a", value, renderer=OURS)
    area = forms.Textarea().render("a", value, renderer=OURS)

    assert (select.count("<"), select.count('"')) == (4, 4)
    assert area.count("<") == 2


def test_safe_label_does_not_make_the_same_words_of_another_list_safe() -> None:
    trusted = forms.Select(choices=[("a", mark_safe("<b>甲</b>"))])
    typed = forms.Select(choices=[("a", "<b>甲</b>")])

    assert "<b>甲</b>" in trusted.render("x", None, renderer=OURS)
    assert "<b>甲</b>" not in typed.render("x", None, renderer=OURS)


def test_words_of_a_field_are_escaped_unless_they_are_ours(draw: Draw) -> None:
    class Form(forms.Form):
        a = forms.CharField(label=HOSTILE, help_text=HOSTILE)
        b = forms.CharField(label="乙", help_text=mark_safe("<b>看</b>"))
        c = forms.BooleanField(label=HOSTILE)
        d = forms.ChoiceField(label=HOSTILE, widget=forms.RadioSelect())

    form = Form({})
    form.add_error("a", HOSTILE)

    drawn = draw("{{ form }}{% field form.b hint=hint %}", form=form, hint=HOSTILE)

    assert "<script" not in drawn
    assert "<b>看</b>" in drawn


def test_suggested_places_are_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    names = lambda: ("魏家桥镇", HOSTILE)  # noqa: E731 - stands for what is read
    monkeypatch.setattr("regions.forms.names_in_range", names)

    drawn = PlaceInput().render("place", HOSTILE, {"id": "id_place"})

    assert "<script" not in drawn
    assert '<datalist id="id_place_list"><option value="魏家桥镇"></option>' in drawn
