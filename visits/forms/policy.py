"""New settings of the visiting duty, and why settings are withdrawn."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q

from households.models import Category
from ui.forms import ChoiceCards, DateInput, PlainWords
from visits import rules
from visits.facts import as_rule
from visits.models import CadenceChoice, Policy, PolicyPlan, Way

NOT_KEY = ("", "不算重点户")
CADENCES = (
    ("quarter", "每季度|普通户每个季度至少走访 1 次，报道里的要求"),
    ("month", "每月|普通户和重点户一样，每个月至少走访 1 次"),
)


class PolicyForm(PlainWords, forms.Form):
    """From which day on who is owed a visit how often, and which visits count.

    Begins with the latest settings; the day is the first of next month, because a
    change inside a period counts from the next full one.
    """

    effective_from = forms.DateField(
        label="从哪天起",
        widget=DateInput,
        help_text="最好是月初或季初：月中、季中改的，从下一个完整的周期起按新规则算。",
    )
    cadence = forms.ChoiceField(
        label="普通户多久走访一次", choices=CADENCES, widget=ChoiceCards
    )
    ways = forms.MultipleChoiceField(
        label="哪些走访方式算数",
        choices=Way.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="只管从那天起的走访，以前的走访还按当时的规则算。",
        error_messages={"required": "上门走访一定要算数，请勾上“上门”。"},
    )
    phone_when_away = forms.BooleanField(label="外出户，电话联系也算", required=False)
    soon_days_month = forms.IntegerField(label="月底前几天提醒", min_value=1)
    soon_days_quarter = forms.IntegerField(label="季末前几天提醒", min_value=1)
    waiver_months = forms.IntegerField(
        label="一次免访最长几个月", min_value=1, max_value=24
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        latest = Policy.objects.order_by("-effective_from").first()
        self.today = today
        self.offered = _categories(latest)
        self.codes = [category.code for category in self.offered]
        super().__init__(*args, initial=_initial(latest, today), **kwargs)
        for category in self.offered:
            self.fields[_name(category.code)] = forms.ChoiceField(
                label=category.name,
                required=False,
                choices=(*CadenceChoice.choices, NOT_KEY),
                initial=latest.categories.get(category.code, "") if latest else "",
            )
        tomorrow = today + dt.timedelta(days=1)
        self.fields["effective_from"].widget.attrs["min"] = tomorrow.isoformat()

    @property
    def category_fields(self) -> list[forms.BoundField]:
        """The fields of the categories, in the city's order."""
        return [self[_name(code)] for code in self.codes]

    def content(self) -> dict[str, Any]:
        """Return the settings as keyword arguments of a plan."""
        given = dict(self.cleaned_data)
        names = {code: given.pop(_name(code)) for code in self.codes}
        return {**given, "categories": {c: how for c, how in names.items() if how}}

    def clean(self) -> dict[str, Any]:
        """Put what the rule refuses beside its field."""
        cleaned = super().clean() or {}
        if not self.errors:
            faults = rules.policy_faults(
                as_rule(PolicyPlan(**self.content())), self.today
            )
            for name, fault in faults.items():
                self.add_error(name, fault)
        return cleaned


class WithdrawPolicyForm(PlainWords, forms.Form):
    """Why settings that have not begun are withdrawn."""

    reason = forms.CharField(
        label="为什么撤回", max_length=200, help_text="会记入操作日志。"
    )


def _name(code: str) -> str:
    return f"category_{code}"


def _categories(latest: Policy | None) -> list[Category]:
    """Return what is in use, and what has a cadence though it is no longer offered.

    Households that have such a one keep it, and go on being visited by it.
    """
    held = Q(code__in=latest.categories) if latest else Q()
    rows = Category.objects.filter(Q(retired_on=None) | held)
    return list(rows.order_by("order", "code"))


def _initial(latest: Policy | None, today: dt.date) -> dict[str, Any]:
    following = (today.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    content = latest.content if latest else {}
    return {**content, "effective_from": following}
