"""催办: the words that the villages are sent."""

from django import forms

from ui.forms import PlainWords
from visits.services.urging import DAYS, HOUSEHOLDS, PLACE, TEMPLATE


class UrgeForm(PlainWords, forms.Form):
    """One text for all villages; its marks are filled in for each."""

    text = forms.CharField(
        label="催办的内容",
        max_length=600,
        initial=TEMPLATE,
        widget=forms.Textarea({"rows": 4}),
        help_text=(
            f"{PLACE}{HOUSEHOLDS}{DAYS}会换成各村自己的数。"
            "不要写群众的姓名、电话、证件号。"
        ),
        error_messages={"required": "请写催办的内容。"},
    )
