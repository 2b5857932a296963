"""Forms of a village's rating: points by hand, confirming."""

from decimal import Decimal
from typing import Any

from django import forms

from evaluations.models import ManualPoints, SchemeItem
from ui.forms import PlainWords, speak_plainly


class ManualForm(PlainWords, forms.Form):
    """Points by hand for each item that the system does not count, with their basis."""

    def __init__(
        self,
        *args: Any,
        items: list[SchemeItem],
        held: dict[int, ManualPoints],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            for name, field in fields_of(item, held.get(item.pk)).items():
                speak_plainly(field)
                self.fields[name] = field

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the two fields of each item."""
        return [
            (self[f"points-{item.pk}"], self[f"words-{item.pk}"]) for item in self.items
        ]

    def given(self) -> list[tuple[SchemeItem, Decimal, str]]:
        """Return what was marked; items that were left empty are left out."""
        found = []
        for item in self.items:
            points = self.cleaned_data[f"points-{item.pk}"]
            if points is not None:
                found.append((item, points, self.cleaned_data[f"words-{item.pk}"]))
        return found


def fields_of(item: SchemeItem, kept: ManualPoints | None) -> dict[str, forms.Field]:
    """Return the two fields of an item: its points, and what they are based on."""
    points = forms.DecimalField(
        label=item.words,
        min_value=0,
        max_value=item.most,
        max_digits=4,
        decimal_places=1,
        help_text=f"0 到 {item.most} 分。",
        initial=kept.points if kept else None,
        required=False,
    )
    words = forms.CharField(
        label="依据",
        max_length=200,
        required=False,
        initial=kept.words if kept else "",
    )
    return {f"points-{item.pk}": points, f"words-{item.pk}": words}


class ConfirmForm(PlainWords, forms.Form):
    """Confirming a village's grade."""

    remark = forms.CharField(
        label="说明",
        max_length=200,
        required=False,
        help_text="例如：镇党委会 12 月 20 日研究同意。",
    )
