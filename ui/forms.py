"""The form renderer and widgets of the design system.

    settings: FORM_RENDERER = "ui.forms.Renderer" and "django.forms" in INSTALLED_APPS

Then `{{ form }}` draws all fields, `{{ form.name.as_field_group }}` or
`{% field form.name %}` one. Inputs need no classes: CSS styles them by type.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest

from ui.asked import LAST_YEAR
from ui.widgets import DRAWN, FIELD


class Renderer(TemplatesSetting):
    """Draws forms by templates/components/, fields and Django's widgets by ui.widgets."""

    form_template_name = "components/form.html"
    formset_template_name = "components/formset.html"
    field_template_name = FIELD

    def render(
        self,
        template_name: str,
        context: dict[str, Any],
        request: HttpRequest | None = None,
    ) -> str:
        """Draw what is known without its template; it is the same to the byte."""
        draw = DRAWN.get(template_name)
        if draw is None:
            return super().render(template_name, context, request)
        return draw(context).strip()


PLAIN_WORDS: dict[str, str] = {
    "required": "请填写。",
    "invalid": "填得不对，请看提示改一下。",
    "max_length": "最多 %(limit_value)d 个字，现在有 %(show_value)d 个，请改短一些。",
    "min_length": "至少 %(limit_value)d 个字，现在只有 %(show_value)d 个，请写全。",
    "max_value": "不能大于 %(limit_value)s，请改小。",
    "min_value": "不能小于 %(limit_value)s，请改大。",
    "invalid_choice": "没有这一项，请在列出的里面选。",
    "invalid_list": "选法不对，请重新选。",
    "invalid_pk_value": "没有这一项，请在列出的里面选。",
    "null_characters_not_allowed": "里面有看不见的字符，请删掉重新填写。",
    "empty": "文件是空的，请换一个。",
    "missing": "没有收到文件，请重新选。",
    "invalid_image": "不是能打开的照片，请用 JPG 或 PNG。",
}
"""What is wrong and how to mend it, by Django's error code; the label stands beside."""

_BY_FIELD: tuple[tuple[type[forms.Field], dict[str, str]], ...] = (
    (forms.BooleanField, {"required": "请打勾。"}),
    (forms.FileField, {"required": "请选一个文件。"}),
    (forms.ChoiceField, {"required": "请选一项。"}),
    (forms.ModelChoiceField, {"required": "请选一项。"}),
    (
        forms.DateField,
        {"required": "请选日期。", "invalid": "日期不对，请写成 2026-11-23 这样。"},
    ),
    (forms.IntegerField, {"invalid": "只能填整数，例如 12。"}),
    (forms.DecimalField, {"invalid": "只能填数字，例如 150 或 150.50。"}),
    (forms.EmailField, {"invalid": "邮箱不对，请写成 name@example.cn 这样。"}),
)


class TooEarly(MinValueValidator):
    """A day before any record; a code of its own, so that its words are its own."""

    code = "too_early"


class TooLate(MaxValueValidator):
    """A day after which none can be counted; likewise."""

    code = "too_late"


DAYS = (
    TooEarly(dt.date(1900, 1, 1), "日期不对，年份太早了，请核对。"),
    TooLate(dt.date(LAST_YEAR, 12, 31), "日期不对，年份太晚了，请核对。"),
)
"""Around every day that can be meant there are others: one before, a quarter, a year."""


class PlainWords:
    """Mixin for forms: refusals in the plain words above instead of Django's.

    A message that a field was given itself stays. A day that no record can be of is
    refused too (`DAYS`). Fields that a form adds for its rows speak plainly too: they
    are all there when it is checked. First in the bases:
    `class VisitForm(PlainWords, forms.ModelForm)`.
    """

    fields: dict[str, forms.Field]

    if TYPE_CHECKING:  # what a form passes on is for the form after this mixin

        def __init__(self, *args: Any, **kwargs: Any) -> None: ...

    def full_clean(self) -> None:
        """Check what was sent, in plain words."""
        for field in self.fields.values():
            speak_plainly(field)
            if isinstance(field, forms.DateField) and DAYS[0] not in field.validators:
                field.validators = [*field.validators, *DAYS]
        super().full_clean()  # type: ignore[misc]


def speak_plainly(field: forms.Field) -> None:
    """Replace those messages of a field that are still Django's own."""
    for code, default, text in _plain_words(cast("type", type(field))):
        present = field.error_messages.get(code)
        # Comparing two lazy translations speaks both; they are mostly one and the same.
        if present is default or present == default:
            field.error_messages[code] = text


@lru_cache(maxsize=128)
def _plain_words(kind: type) -> tuple[tuple[str, Any, str], ...]:
    """Code, Django's own message, and ours, for this kind of field."""
    words = dict(PLAIN_WORDS)
    for base, own in _BY_FIELD:
        if issubclass(kind, base):
            words |= own
    defaults: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        defaults |= getattr(base, "default_error_messages", {})
    return tuple((code, defaults.get(code), text) for code, text in words.items())


class DateInput(forms.DateInput):
    """The browser's own date field; sends and shows YYYY-MM-DD."""

    input_type = "date"

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(attrs=dict(attrs or {}), format="%Y-%m-%d")


class MonthInput(forms.DateInput):
    """The browser's own month field; sends YYYY-MM, text where it is not known."""

    input_type = "month"

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(attrs=dict(attrs or {}), format="%Y-%m")


class ChoiceCards(forms.RadioSelect):
    """Radio choices as cards, with a line of explanation and a number key each.

    A choice's label may be `"村内解决|指定责任人和期限"`: the part after | is small.
    """

    template_name = "components/choice_cards.html"
    option_template_name = "components/choice_card.html"


class Picks(forms.RadioSelect):
    """One of a few choices as large buttons in a row, for the phone."""

    template_name = "components/picks.html"
    option_template_name = "components/pick.html"


class ManyPicks(forms.CheckboxSelectMultiple):
    """Several of a few choices as large buttons in a row, for the phone."""

    template_name = "components/picks.html"
    option_template_name = "components/pick.html"


class FileDrop(forms.FileInput):
    """A file field on a dashed plate; the browser accepts dropped files on it."""

    template_name = "components/file_drop.html"


class FilePick(forms.FileInput):
    """Several files from a phone or a folder: a large button, and what was chosen.

    With files.js each chosen one is listed, photos as small pictures, and can be left
    out again; without it the browser's own field says how many there are.
    """

    template_name = "components/file_pick.html"
    allow_multiple_selected = True

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(attrs={**(attrs or {}), "multiple": True})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the files as a list."""
        if hasattr(files, "getlist"):
            return files.getlist(name)
        found = files.get(name)
        return [found] if found else []


class PhoneFiles(FilePick):
    """Photos and voice notes on the phone: two large buttons and what was made.

    enclose.js records voice where the browser can, and makes photos small before they
    are kept; without it one button chooses files.
    """

    template_name = "components/phone_files.html"


class RevealedPassword(forms.PasswordInput):
    """A password with a button that shows it (by app.js); paste is allowed."""

    template_name = "components/password.html"
