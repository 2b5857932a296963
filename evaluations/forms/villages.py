"""Forms of a village's rating: points by hand, confirming."""

from typing import Any

from django import forms

from attachments.forms import AttachmentsField
from evaluations.models import ManualPoints, SchemeItem
from evaluations.services.villages import Mark
from ui.forms import PlainWords

FIELDS = ("points", "words", "file")


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
                self.fields[name] = field

    def rows(self) -> list[list[forms.BoundField]]:
        """Return the fields of each item: points, words, file."""
        return [[self[f"{name}-{item.pk}"] for name in FIELDS] for item in self.items]

    def given(self) -> list[Mark]:
        """Return what was marked; items that were left empty are left out."""
        cleaned = self.cleaned_data
        marked = [one for one in self.items if cleaned[f"points-{one.pk}"] is not None]
        return [
            Mark(one, *(cleaned[f"{name}-{one.pk}"] for name in FIELDS))
            for one in marked
        ]


def fields_of(item: SchemeItem, kept: ManualPoints | None) -> dict[str, forms.Field]:
    """Return the fields of an item: its points, what they are based on, the file."""
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
    held = "已有附件，再传一份就换掉原来的。" if kept and kept.evidence_id else ""
    file = AttachmentsField(label="附件", most=1, help_text=held)
    fields = (points, words, file)
    return {f"{name}-{item.pk}": one for name, one in zip(FIELDS, fields, strict=True)}


class ReopenForm(PlainWords, forms.Form):
    """Why a village is scored anew."""

    reason = forms.CharField(
        label="为什么重新打分？",
        min_length=2,
        max_length=180,
        help_text="例如：有人反映会议记录是补的，核实属实。村里看得到。",
    )


class ConfirmForm(PlainWords, forms.Form):
    """Confirming a village's grade."""

    remark = forms.CharField(
        label="说明",
        max_length=200,
        required=False,
        help_text="例如：镇党委会 12 月 20 日研究同意。",
    )
