"""Forms of covenants: slot and title, text, and the dates that the law asks for."""

from typing import Any

from django import forms

from attachments.forms import AttachmentsField
from attachments.rules import Kind
from evaluations.models import AdoptedBy
from evaluations.rules.covenants import TITLES
from ui.forms import DateInput, PlainWords

NAMES = ("studied_on", "adopted_on", "adopted_by", "meeting", "filed_on")


class DatesForm(PlainWords, forms.Form):
    """When a text was studied, adopted and filed."""

    studied_on = forms.DateField(
        label="党组织研究日期",
        required=False,
        widget=DateInput(),
        help_text="村（社区）党组织哪天先研究的。",
    )
    adopted_on = forms.DateField(label="通过日期", required=False, widget=DateInput())
    adopted_by = forms.ChoiceField(
        label="由哪个会议通过",
        required=False,
        choices=[("", "请选"), *AdoptedBy.choices],
    )
    meeting = forms.CharField(
        label="会议情况",
        required=False,
        max_length=100,
        help_text="例如：应到 62 人，实到 51 人，49 人同意。",
    )
    filed_on = forms.DateField(label="报镇备案日期", required=False, widget=DateInput())

    def dates(self) -> dict[str, Any]:
        """Return what the form says of the dates."""
        return {name: self.cleaned_data[name] for name in NAMES}


class TextForm(DatesForm):
    """A text of a covenant with its dates and its scan."""

    text = forms.CharField(
        label="条文",
        max_length=20_000,
        widget=forms.Textarea({"rows": 14}),
        help_text="可以从 Word 里粘贴过来。通过以后条文不能改，要改请修订成新的一版。",
    )
    scan = AttachmentsField(label="盖章的扫描件", kinds=(Kind.SCAN, Kind.PHOTO), most=1)

    field_order = ("title", "text", *NAMES, "scan")

    def given(self) -> dict[str, Any]:
        """Return text and dates as the row keeps them."""
        return {"text": self.cleaned_data["text"].strip(), **self.dates()}


class CovenantForm(TextForm):
    """A covenant for a slot that is free."""

    title = forms.CharField(
        label="名称",
        max_length=30,
        widget=forms.TextInput({"list": "covenant-titles"}),
        help_text="、".join(TITLES[:3]) + "……按村里的叫法填。",
    )


class EditDatesForm(DatesForm):
    """Dates that are filled in later."""

    version = forms.IntegerField(widget=forms.HiddenInput)
