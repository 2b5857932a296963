"""免访: asking for one, ending it sooner, and which ones the list shows."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from regions.forms import PlaceField
from ui.forms import DateInput, PlainWords
from visits import rules
from visits.forms.desk import ANY
from visits.models import Reason, Waiver


class WaiverForm(PlainWords, forms.Form):
    """申请免访: why, from when, until when."""

    reason = forms.ChoiceField(
        label="原因", choices=Reason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="说明",
        required=False,
        max_length=100,
        help_text="例如“在广东务工，过年回来”。不写病名。",
    )
    first = forms.DateField(label="从哪天起", widget=DateInput)
    last = forms.DateField(label="到哪天止（含当天）", widget=DateInput)

    def __init__(self, *args: Any, months: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["first"].initial = today
        longest = rules.longest_until(today, months)
        self.fields["last"].help_text = f"最长 {months} 个月，今天起最晚到 {longest}。"

    def clean(self) -> dict[str, Any]:
        """Ask for a word where the reason itself says nothing."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("reason") == Reason.OTHER and not given.get("note", "").strip():
            self.add_error("note", "选“其他”要写明为什么。")
        return given


class EndForm(PlainWords, forms.Form):
    """提前结束: the last day of a waiver that ends sooner than was said."""

    last = forms.DateField(
        label="免访的最后一天", widget=DateInput, help_text="过了这一天，又按期限走访。"
    )

    def __init__(self, *args: Any, waiver: Waiver, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        yesterday = timezone.localdate() - dt.timedelta(days=1)
        self.fields["last"].initial = max(yesterday, waiver.first)


class WaiverFilter(PlainWords, forms.Form):
    """Which waivers the list shows."""

    STATES = (
        ("now", "正在免访"),
        ("ahead", "还没开始"),
        ("ended", "已经结束"),
        ("withdrawn", "已撤销"),
        ("all", "全部"),
    )
    q = forms.CharField(label="户主、首字母、电话", required=False, max_length=30)
    place = PlaceField(label="乡镇、村", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)
    reason = forms.ChoiceField(
        label="原因", required=False, choices=[ANY, *Reason.choices]
    )

    def __init__(self, *args: Any, one_village: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if one_village:
            del self.fields["place"]
