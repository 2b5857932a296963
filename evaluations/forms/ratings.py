"""Forms of a round: what was done, steps, grades, telling, the village's setting."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from attachments.forms import AttachmentsField
from evaluations.models import RatingRound, SchemeItem
from evaluations.rules.rounds import Transition
from evaluations.rules.schemes import Tier
from evaluations.services.entries import Deed
from households.models import Household
from regions.forms import PlaceField
from ui.forms import ChoiceCards, DateInput, PlainWords


def items_of(round_: RatingRound) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return the items of a round's edition as choices, by category."""
    return [
        (
            category.name,
            [
                (item.pk, f"{item.words}（{item.value().points_words}）")
                for item in category.items.all()
            ],
        )
        for category in round_.scheme.categories.all()
    ]


class DeedForm(PlainWords, forms.Form):
    """What a household did: item, points where they are not fixed, day, words."""

    item = forms.ChoiceField(label="什么事")
    points = forms.IntegerField(
        label="几分",
        required=False,
        help_text="分值固定的不用填；有范围的填在范围里，扣分写负数，例如 -3。",
    )
    on = forms.DateField(label="哪天的事", widget=DateInput())
    words = forms.CharField(
        label="情况、依据",
        required=False,
        max_length=200,
        widget=forms.Textarea({"rows": 2}),
        help_text="写给以后问起来的人看。不要写身份证号和病名。",
    )
    evidence = AttachmentsField(label="附件", most=1)

    def __init__(self, *args: Any, round_: RatingRound, **kwargs: Any) -> None:
        first, last = round_.days
        today = timezone.localdate()
        kwargs["initial"] = {"on": min(today, last)} | dict(kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.round = round_
        choices: Any = [("", "请选"), *items_of(round_)]
        self.fields["item"].choices = choices  # type: ignore[attr-defined]
        self.fields["on"].help_text = f"这一期是 {first} 至 {last}。"
        self.fields["on"].widget.attrs |= {
            "min": f"{first}",
            "max": f"{min(today, last)}",
        }

    def clean_item(self) -> SchemeItem:
        """Return the item."""
        rows = SchemeItem.objects.select_related("category")
        return rows.get(pk=self.cleaned_data["item"])

    def clean(self) -> dict[str, Any]:
        """Fill in points that are fixed; hold others against the range."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        row = given.get("item")
        if row is None or "points" not in given:
            return given
        item = row.value()
        if item.is_veto or item.is_fixed:
            given["points"] = item.least
        elif given["points"] is None or not item.holds(given["points"]):
            raise ValidationError(
                {"points": f"这一项是 {item.points_words} 分，请填在范围里。"}
            )
        return given

    def deed(self) -> Deed:
        """Return what a form in order says."""
        given = self.cleaned_data
        return Deed(given["item"], given["points"], given["on"], given["words"])


class BatchForm(DeedForm):
    """The same deed for every household that is ticked."""

    field_order = ("item", "points", "on", "words", "evidence")

    def __init__(self, *args: Any, homes: Sequence[Household], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.homes = {str(home.pk): home for home in homes}

    def ticked(self) -> list[Household]:
        """Return the households that were ticked, in the order of the page."""
        wanted = set(self.data.getlist("ids")) if self.is_bound else set()  # type: ignore[attr-defined]
        return [home for key, home in self.homes.items() if key in wanted]


class ReasonForm(PlainWords, forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(
        label="为什么撤回",
        min_length=2,
        max_length=200,
        help_text="例如：记错了户。撤回的记录还看得到，只是不算分。",
    )


class SelfForm(PlainWords, forms.Form):
    """What a household says of itself."""

    words = forms.CharField(
        label="农户自己怎么说",
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text="照农户说的写，或者照他填的自评表抄。",
    )
    points = forms.IntegerField(
        label="自评多少分",
        required=False,
        min_value=0,
        max_value=300,
        help_text="没有打分的不用填。自评只供评议小组参考，不算分。",
    )


class StepForm(PlainWords, forms.Form):
    """A step of a round with the words that it asks for."""

    words = forms.CharField(
        label="说明", max_length=300, required=False, widget=forms.Textarea({"rows": 3})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, line: Transition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["words"]
        if line.asks:
            field.required = True
            field.help_text = line.asks
            field.error_messages["required"] = line.asks
        else:
            self.fields["words"].widget = forms.HiddenInput()


class PlaceForm(PlainWords, forms.Form):
    """Which of the grades it may have a household gets, and why."""

    tier = forms.TypedChoiceField(label="评为", coerce=int, widget=ChoiceCards)
    reason = forms.CharField(
        label="为什么",
        max_length=200,
        min_length=2,
        help_text="例如：三户同分，评议小组举手表决，这一户 6 票。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, tiers: Iterable[Tier], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = [(tier.key, tier.name) for tier in tiers]
        self.fields["tier"].choices = choices  # type: ignore[attr-defined]


class TellForm(PlainWords, forms.Form):
    """What a household of the last grade was told to mend."""

    mend = forms.CharField(
        label="要改进什么",
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text="写能做到的事，例如：月底前把门口的柴堆搬到屋后。",
    )
    on = forms.DateField(label="哪天告知的", widget=DateInput())

    def clean_on(self) -> dt.date:
        """Refuse a day to come."""
        day: dt.date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError("告知日期不能晚于今天。")
        return day


class SettingForm(PlainWords, forms.Form):
    """Whether the village may print its last grade, and who decided that."""

    prints_last = forms.BooleanField(
        label="允许打印有待进步家庭（只印户编号，不印姓名）", required=False
    )
    basis = forms.CharField(
        label="哪次会议决定的",
        max_length=100,
        help_text="例如：2026 年 3 月 5 日村民代表会议。",
    )


class PlaceFilter(PlainWords, forms.Form):
    """The place that a link from another page narrows a list to."""

    place = PlaceField(label="乡镇、村", required=False)
