"""An item of 五必访 or 五必记, as the city words it."""

from typing import Any

from django import forms

from ui.forms import PlainWords
from visits.models import Mark, MarkKind


class MarkForm(PlainWords, forms.Form):
    """One item of 五必访 or 五必记."""

    kind = forms.ChoiceField(label="属于", choices=MarkKind.choices)
    name = forms.CharField(label="名称", max_length=20)
    order = forms.IntegerField(label="顺序", min_value=1, max_value=99)
    is_on = forms.BooleanField(label="启用", required=False)

    def __init__(self, *args: Any, mark: Mark, **kwargs: Any) -> None:
        names = ("kind", "name", "order", "is_on")
        initial = {name: getattr(mark, name) for name in names}
        super().__init__(*args, initial=initial, **kwargs)
