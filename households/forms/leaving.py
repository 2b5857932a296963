"""Forms for households that leave a roll, or come from another."""

import datetime as dt
from itertools import groupby
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone

from accounts.services import Refused
from households import services
from households.forms.roll import not_after_today
from households.models import Household, Status, Transfer
from regions.models import Region
from representatives.forms.seats import GroupChoice
from ui.forms import ChoiceCards, DateInput, PlainWords

WAYS = [
    (Status.DISSOLVED, "销户|全家去世或者户口注销"),
    (Status.MERGED, "并户|并入本村另一户"),
]


class OffRollForm(PlainWords, forms.Form):
    """How a household ends: dissolved, or merged into another of the village."""

    way = forms.ChoiceField(label="怎么办理？", choices=WAYS, widget=ChoiceCards())
    merged_into = forms.ModelChoiceField(
        Household.objects.none(),
        label="并入哪一户",
        required=False,
        empty_label="请选（只有并户才选）",
    )
    on = forms.DateField(label="从哪天起", widget=DateInput())

    def __init__(self, *args: Any, household: Household, **kwargs: Any) -> None:
        super().__init__(*args, initial={"on": timezone.localdate()}, **kwargs)
        self.household = household
        others = Household.objects.living().filter(region=household.region)
        others = others.exclude(pk=household.pk).select_related("group")
        field = self.fields["merged_into"]
        field.queryset = others.order_by("group__number", "head")  # type: ignore[attr-defined]
        field.label_from_instance = household_words  # type: ignore[attr-defined]

    def clean_on(self) -> dt.date:
        """Refuse a day to come."""
        return not_after_today(self.cleaned_data["on"], "日期")

    def clean(self) -> dict[str, Any]:
        """A merger names the other household; nothing else does."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        other = given.get("merged_into")
        if given.get("way") == Status.MERGED and not other and not self.errors:
            self.add_error("merged_into", "并户的，请选并入哪一户。")
        if given.get("way") == Status.DISSOLVED:
            given["merged_into"] = None
        return given


def household_words(household: Household) -> str:
    """Return how a select names a household."""
    return f"{household.group} {household.head}（{household.members} 人）"


class OfferForm(PlainWords, forms.Form):
    """To which village a household moves."""

    to = forms.ChoiceField(label="迁往哪个村（社区）")
    reason = forms.CharField(
        label="说明",
        required=False,
        max_length=200,
        help_text="接收的村看得到，例如：随儿子搬到镇上。",
    )

    def __init__(self, *args: Any, household: Household, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        villages = Region.objects.current().villages().select_related("parent")
        others = villages.exclude(pk=household.region_id).order_by("code")
        grouped = [
            (name, [(str(v.code), v.name) for v in inside])
            for name, inside in groupby(
                others, key=lambda v: v.parent and v.parent.name
            )
        ]
        self.fields["to"].choices = [("", "请选"), *grouped]  # type: ignore[attr-defined]

    def village(self) -> Region:
        """Return the village that was chosen."""
        return Region.objects.select_related("parent").get(pk=self.cleaned_data["to"])


class AcceptForm(PlainWords, GroupChoice):
    """Into which group a household is taken up."""

    @transaction.atomic
    def take_up(self, incoming: Transfer, on: dt.date) -> Household:
        """Take up an offered household; its group is set up if it is new."""
        group = self.chosen()
        if group is None:  # `clean` asks for one
            raise Refused("请选小组。")
        return services.accept_transfer(incoming=incoming, group=group, on=on)


class DeclineForm(PlainWords, forms.Form):
    """Why a household is not taken up."""

    reason = forms.CharField(
        label="为什么退回",
        min_length=2,
        max_length=200,
        help_text="提出的村看得到，例如：没有搬来本村。",
    )
