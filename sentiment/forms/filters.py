"""The filters of the list of issues; they live in the address."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from regions.forms import PlaceField
from representatives.models import Representative
from sentiment.models import Holder, Source, State
from ui.asked import named_month
from ui.forms import MonthInput, PlainWords
from visits.models import Satisfaction, Topic

ANY = ("", "不限")
STATES = (
    ("", "没有销号的"),
    ("mine", "待我处理"),
    ("due", "没有办结的"),
    ("overdue", "超期的"),
    ("tell", "待反馈群众"),
    ("bad", "群众不满意"),
    *State.choices,
    ("heard", "收集到的（不含撤回）"),
    ("all", "全部"),
)


class IssueFilter(PlainWords, forms.Form):
    """Which issues the list shows.

    What is hidden comes by links from other pages, not by hand; `said` is a word that
    the texts themselves hold.
    """

    q = forms.CharField(label="内容、户主", required=False, max_length=30)
    place = PlaceField(label="乡镇、村", required=False)
    state = forms.ChoiceField(label="办到哪一步", required=False, choices=STATES)
    holder = forms.ChoiceField(
        label="现在由谁办", required=False, choices=[ANY, *Holder.choices]
    )
    topic = forms.ChoiceField(label="类别", required=False)
    source = forms.ChoiceField(
        label="来源", required=False, choices=[ANY, *Source.choices]
    )
    group = forms.IntegerField(label="组（填数字）", required=False, min_value=1)
    month = forms.CharField(label="收集月份", required=False, widget=MonthInput)
    representative = forms.ModelChoiceField(
        Representative.objects.none(), required=False, widget=forms.HiddenInput
    )
    said = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)
    satisfaction = forms.ChoiceField(
        required=False,
        choices=[ANY, *Satisfaction.choices],
        widget=forms.HiddenInput,
    )
    first = forms.DateField(
        label="收集日期从", required=False, widget=forms.HiddenInput
    )
    last = forms.DateField(label="收集日期到", required=False, widget=forms.HiddenInput)
    closed = forms.CharField(label="销号月份", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, one_village: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = Topic.objects.order_by("order").values_list("name", "name")
        self.fields["topic"].choices = [ANY, *topics]  # type: ignore[attr-defined]
        people = Representative.objects.all()
        self.fields["representative"].queryset = people  # type: ignore[attr-defined]
        if one_village:
            del self.fields["place"]
        else:
            del self.fields["group"]

    def clean_month(self) -> dt.date | None:
        """Return the first day of the month; say how to write it otherwise."""
        return month_of(self.cleaned_data["month"])

    def clean_closed(self) -> dt.date | None:
        """Return the first day of the month in which they were closed."""
        return month_of(self.cleaned_data["closed"])


def month_of(typed: str) -> dt.date | None:
    """Return the first day of a month as it was typed; refuse what is none."""
    if not typed:
        return None
    if month := named_month(typed):
        return month
    raise ValidationError("月份不对，请写成 2026-11 这样。")
