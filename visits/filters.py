"""The filters of the overdue list; they live in the address."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from households.listing import all_categories
from regions.forms import PlaceField
from representatives.models import Representative
from ui.forms import DateInput, PlainWords
from visits.models import CadenceChoice
from visits.standings import AGES, WANTED

ANY = ("", "不限")


class OverdueFilter(PlainWords, forms.Form):
    """Whom the list shows, and as of which day.

    `representative` comes by a link from a dashboard, not by hand.
    """

    q = forms.CharField(label="户主、首字母、电话", required=False, max_length=30)
    place = PlaceField(label="乡镇、村", required=False)
    state = forms.ChoiceField(label="走访情况", required=False, choices=WANTED)
    age = forms.ChoiceField(label="超期多久", required=False, choices=[ANY, *AGES])
    cadence = forms.ChoiceField(
        label="走访频次", required=False, choices=[ANY, *CadenceChoice.choices]
    )
    category = forms.ChoiceField(label="重点类别", required=False)
    on = forms.DateField(label="回看哪一天", required=False, widget=DateInput())
    representative = forms.ModelChoiceField(
        Representative.objects.none(),
        label="联系代表",
        required=False,
        widget=forms.HiddenInput(),
    )

    def __init__(self, *args: Any, one_village: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [ANY, *all_categories()]  # type: ignore[attr-defined]
        people = Representative.objects.all()
        self.fields["representative"].queryset = people  # type: ignore[attr-defined]
        self.fields["on"].widget.attrs["max"] = timezone.localdate().isoformat()
        if one_village:
            del self.fields["place"]

    def clean_on(self) -> dt.date | None:
        """Refuse days to come; today is the list of today."""
        on: dt.date | None = self.cleaned_data["on"]
        today = timezone.localdate()
        if on is not None and on > today:
            raise ValidationError(f"{on} 还没有到。请填今天（{today}）或以前的日期。")
        return None if on == today else on
