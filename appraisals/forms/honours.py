"""Forms of honours: plaques and bonuses, who took them, the commendation, 培养, 示范村."""

import datetime as dt
from collections.abc import Iterator, Sequence
from statistics import mode
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils import timezone

from appraisals.models import AppraisalResult
from appraisals.models.honours import Given, GrowthKind
from appraisals.services.honours import Award
from attachments.forms import AttachmentsField
from attachments.rules import Kind
from regions.models import Region
from representatives.models import Representative
from ui.forms import DateInput, PlainWords

CELLS = ("plaque", "given", "amount", "gift")


def not_ahead(day: dt.date) -> dt.date:
    """Refuse a day that is still to come."""
    if day > timezone.localdate():
        raise ValidationError("这一天还没有到，请填实际的日期。")
    return day


class AwardForm(PlainWords, forms.Form):
    """登记表彰: a plaque for each, and what is given with it; one day for all.

    Whoever has no plaque yet is left empty. Whoever was honoured on another day than
    most, by an import for example, keeps his.
    """

    awarded_on = forms.DateField(label="表彰日期", widget=DateInput())

    def __init__(
        self, *args: Any, results: Sequence[AppraisalResult], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.results = list(results)
        days = [one.honour.awarded_on for one in self.results if hasattr(one, "honour")]
        self.usual = mode(days) if days else timezone.localdate()
        self.fields["awarded_on"].initial = self.usual
        if len(set(days)) > 1:
            self.fields["awarded_on"].help_text = "原来登记的是别的日期的，各自不变。"
        for one in self.results:
            self._add(one, getattr(one, "honour", None))

    def _add(self, one: AppraisalResult, held: Any) -> None:
        name, pk = one.representative.name, one.pk
        begins = {
            "plaque": getattr(held, "plaque", ""),
            "given": getattr(held, "given", ""),
            "amount": getattr(held, "amount", None),
            "gift": getattr(held, "gift", ""),
        }
        kinds: dict[str, forms.Field] = {
            "plaque": forms.CharField(
                label=f"{name} 号牌编号", max_length=20, required=False
            ),
            "given": forms.ChoiceField(
                label=f"{name} 发了什么", choices=Given.choices, required=False
            ),
            "amount": forms.DecimalField(
                label=f"{name} 奖金（元）",
                required=False,
                min_value=0,
                max_digits=8,
                decimal_places=2,
            ),
            "gift": forms.CharField(
                label=f"{name} 纪念品", required=False, max_length=40
            ),
        }
        version = forms.IntegerField(widget=forms.HiddenInput, required=False)
        version.initial = getattr(held, "version", 0)
        self.fields[f"version_{pk}"] = version
        for key, field in kinds.items():
            field.initial = begins[key]
            self.fields[f"{key}_{pk}"] = field

    def rows(self) -> Iterator[tuple[AppraisalResult, list[BoundField], BoundField]]:
        """Yield each person with his fields, and the version that is hidden."""
        for one in self.results:
            cells = [self[f"{name}_{one.pk}"] for name in CELLS]
            yield one, cells, self[f"version_{one.pk}"]

    def clean_awarded_on(self) -> dt.date:
        """Refuse a day to come."""
        return not_ahead(self.cleaned_data["awarded_on"])

    def clean(self) -> dict[str, Any]:
        """Whoever gets something has a plaque of his own, a bonus an amount, a gift a name."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for one in self.honoured():
            kind, plaque = given.get(f"given_{one.pk}"), given.get(f"plaque_{one.pk}")
            if plaque == "":
                self.add_error(f"plaque_{one.pk}", "请填号牌编号。")
            if kind == Given.BONUS and not given.get(f"amount_{one.pk}"):
                self.add_error(f"amount_{one.pk}", "选了奖金，请填金额。")
            if kind == Given.GIFT and not given.get(f"gift_{one.pk}"):
                self.add_error(f"gift_{one.pk}", "选了纪念品，请写是什么。")
            key = f"{one.region_id} {plaque}"
            if plaque and key in seen:
                self.add_error(f"plaque_{one.pk}", "这个编号已经给了别人。")
            seen.add(key)
        if not self.errors and not self.honoured():
            self.add_error(None, "一位都没有填。请至少填一位的号牌编号。")
        return given

    def honoured(self) -> list[AppraisalResult]:
        """Return those of whom something is said, now or before."""
        return [
            one
            for one in self.results
            if hasattr(one, "honour")
            or any(self.cleaned_data.get(f"{cell}_{one.pk}") for cell in CELLS)
        ]

    def awards(self) -> dict[int, Award]:
        """Return what each gets, by result; nothing of those who are left empty."""
        return {one.pk: self._award(one) for one in self.honoured()}

    def _award(self, one: AppraisalResult) -> Award:
        said: dict[str, Any] = {n: self.cleaned_data[f"{n}_{one.pk}"] for n in CELLS}
        said["version"] = self.cleaned_data[f"version_{one.pk}"]
        return Award(**said, awarded_on=self._own_day(one))

    def _own_day(self, one: AppraisalResult) -> dt.date | None:
        held = getattr(one, "honour", None)
        return held.awarded_on if held and held.awarded_on != self.usual else None


class ReceiptForm(PlainWords, forms.Form):
    """领取: who took it, when."""

    received_on = forms.DateField(label="哪天领的", widget=DateInput())
    receiver = forms.CharField(
        label="谁领的", max_length=30, help_text="代领的写代领人。"
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_received_on(self) -> dt.date:
        """Refuse a day to come."""
        return not_ahead(self.cleaned_data["received_on"])


class CommendationForm(PlainWords, forms.Form):
    """集中表彰: when, where, the group photo."""

    held_on = forms.DateField(label="表彰日期", widget=DateInput())
    place = forms.CharField(label="地点", max_length=60)
    words = forms.CharField(
        label="说明",
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="谁颁奖、结合什么会议。",
    )
    photos = AttachmentsField(
        label="集体留影",
        kinds=(Kind.PHOTO,),
        help_text="有照片就传，没有不用补拍。",
    )

    def clean_held_on(self) -> dt.date:
        """Refuse a day to come."""
        return not_ahead(self.cleaned_data["held_on"])


class GrowthForm(PlainWords, forms.Form):
    """登记培养对象."""

    representative = forms.ModelChoiceField(
        Representative.objects.none(), label="哪位代表", empty_label="请选"
    )
    kind = forms.ChoiceField(
        label="培养方向", choices=[("", "请选"), *GrowthKind.choices]
    )
    started_on = forms.DateField(label="确定日期", widget=DateInput())
    decided = forms.CharField(
        label="依据", max_length=100, help_text="例如：2026年11月支部党员大会。"
    )

    def __init__(self, *args: Any, village: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        serving = Representative.objects.filter(region=village).serving(
            timezone.localdate()
        )
        people = serving.distinct().order_by("group__number", "initials")
        self.fields["representative"].queryset = people  # type: ignore[attr-defined]

    def clean_started_on(self) -> dt.date:
        """Refuse a day to come."""
        return not_ahead(self.cleaned_data["started_on"])


class GrowthEndForm(PlainWords, forms.Form):
    """结束培养."""

    ended_on = forms.DateField(label="结束日期", widget=DateInput())
    outcome = forms.CharField(
        label="为什么结束",
        max_length=100,
        help_text="例如：已发展为预备党员；已进村委会；本人外出。",
    )


class DemonstrationForm(PlainWords, forms.Form):
    """确定示范村."""

    village = forms.ModelChoiceField(
        Region.objects.none(), label="哪个村（社区）", empty_label="请选"
    )
    lessons = forms.CharField(
        label="有什么做法值得别的村学",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text="例如：代表包片修水渠、春耕备产、就业信息上门。观摩学习会上就讲这些。",
    )

    def __init__(self, *args: Any, township: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        villages = township.children.current().order_by("code")
        self.fields["village"].queryset = villages  # type: ignore[attr-defined]
