"""The form of the city's measures."""

import datetime as dt
from typing import Any

from django import forms

from reports.measures import FIELDS
from reports.models import Measure
from ui.forms import DateInput, PlainWords


class MeasureForm(PlainWords, forms.Form):
    """New measures from a day on; it begins with what is in force."""

    effective_from = forms.DateField(label="从哪天起", widget=DateInput())
    behind_warn = forms.IntegerField(
        label="关注：走访率比时序进度慢几个百分点", min_value=1, max_value=100
    )
    behind_bad = forms.IntegerField(
        label="预警：走访率比时序进度慢几个百分点", min_value=1, max_value=100
    )
    overdue_warn = forms.IntegerField(
        label="关注：超期户占联系户百分之几", min_value=1, max_value=100
    )
    overdue_bad = forms.IntegerField(
        label="预警：超期户占联系户百分之几", min_value=1, max_value=100
    )
    person_bad = forms.IntegerField(
        label="预警：代表名下超期户占百分之几", min_value=1, max_value=100
    )
    few = forms.IntegerField(
        label="应走访不到几户的不看走访率", min_value=1, max_value=100
    )
    closing_days = forms.IntegerField(
        label="周期结束后几天关账", min_value=1, max_value=28
    )
    approval_rows = forms.IntegerField(
        label="导出完整号码超过多少人要别人批准", min_value=1, max_value=1_000_000
    )

    def __init__(
        self, *args: Any, today: dt.date, held: Measure, **kwargs: Any
    ) -> None:
        initial = {name: getattr(held, name) for name in FIELDS}
        super().__init__(*args, initial=initial | {"effective_from": today}, **kwargs)

    def clean(self) -> dict[str, Any]:
        """预警 is never milder than 关注."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for bad, warn in (
            ("behind_bad", "behind_warn"),
            ("overdue_bad", "overdue_warn"),
        ):
            if bad in given and warn in given and given[bad] < given[warn]:
                self.add_error(
                    bad,
                    f"预警不能比关注（{given[warn]}）低，请填 {given[warn]} 或更大的数。",
                )
        return given

    def wanted(self) -> dict[str, Any]:
        """Return what the service takes."""
        given = self.cleaned_data
        return {
            "effective_from": given["effective_from"],
            "numbers": {name: given[name] for name in FIELDS},
        }
