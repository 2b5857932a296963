"""What is filled in of 误工补贴: the resolution, the steps of a sheet, an account."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from attachments.forms import AttachmentsField
from funding.forms.books import MOST_FILES, money_field
from funding.models import MeetingKind, StandardKind
from funding.rules import NOUGHT
from funding.rules.sheets import WAYS
from funding.services import Adopted
from funding.services.accounts import LONGEST
from funding.services.resolutions import band_warning
from regions.models import Region
from representatives.models import Representative
from ui.forms import ChoiceCards, DateInput, ManyPicks, MonthInput, Picks, PlainWords

MOST_PEOPLE = 20_000
MEETINGS = (
    (MeetingKind.ASSEMBLY.value, "村（居）民代表会议|组成人员三分之二以上到会"),
    (MeetingKind.ADULTS.value, "村（居）民会议|十八周岁以上的过半数到会"),
    (MeetingKind.HOUSEHOLDS.value, "村（居）民会议|户的代表三分之二以上到会"),
)
"""What the cards say: who decides, and what makes the meeting valid."""


def people_field(label: str) -> forms.IntegerField:
    """Return a field of a number of people."""
    return forms.IntegerField(label=label, min_value=1, max_value=MOST_PEOPLE)


class ResolutionForm(PlainWords, forms.Form):
    """补贴决议: the meeting, its votes, and what it decided."""

    meeting = forms.ChoiceField(
        label="什么会决定的？", choices=MEETINGS, widget=ChoiceCards,
        initial=MeetingKind.ASSEMBLY,
    )  # fmt: skip
    held_on = forms.DateField(label="哪天开的？", widget=DateInput)
    studied_on = forms.DateField(
        label="党组织哪天研究的？",
        widget=DateInput,
        required=False,
        help_text="先由村（社区）党组织研究，再开会决定。",
    )
    entitled = people_field("应到（人或户）")
    present = people_field("实到")
    votes_for = people_field("同意")
    rate = money_field("每月标准（元）")
    counts_visits = forms.BooleanField(label="另按走访户次计算", required=False)
    per_visit = money_field("每走访一户次加（元）", required=False)
    most = money_field("每月最高（元）", required=False)
    starts_on = forms.DateField(
        label="从哪个月起？", widget=MonthInput, input_formats=["%Y-%m", "%Y-%m-%d"]
    )
    left_out = forms.ModelMultipleChoiceField(
        Representative.objects.none(),
        label="哪些代表不发？",
        required=False,
        widget=ManyPicks,
        help_text="已经领固定补贴、决议定了不重复发的，点一下。没有就不点。",
    )
    reason = forms.CharField(label="超出市里标准的原因", max_length=200, required=False)
    scans = AttachmentsField(label="决议的照片或扫描件", most=MOST_FILES)

    def __init__(self, *args: Any, village: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        people = Representative.objects.filter(region=village).serving(today)
        choices: Any = self.fields["left_out"]
        choices.queryset = people.order_by("initials", "pk")
        self.fields["starts_on"].initial = today.replace(day=1)
        self.fields["held_on"].widget.attrs["max"] = today.isoformat()

    def clean(self) -> dict[str, Any]:
        """Hold workload and band against each other; each beside its own field."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("counts_visits"):
            for name in ("per_visit", "most"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, "按走访计算的，请填写。")
        else:
            given["per_visit"], given["most"] = None, None
        rate, begins = given.get("rate"), given.get("starts_on")
        if rate and begins and not given.get("reason"):
            most = given.get("most") or rate
            if warning := band_warning(rate, most, begins):
                self.add_error("reason", warning)
        return given

    def content(self) -> Adopted:
        """Return what a form in order says."""
        given = self.cleaned_data
        plain = (
            "meeting", "held_on", "studied_on", "entitled", "present", "votes_for",
            "rate", "most", "reason", "starts_on",
        )  # fmt: skip
        return Adopted(
            **{name: given[name] for name in plain},
            per_visit=given["per_visit"] or NOUGHT,
            left_out=tuple(one.pk for one in given["left_out"]),
        )


class MonthForm(PlainWords, forms.Form):
    """Which month's sheet is meant."""

    month = forms.DateField(input_formats=["%Y-%m", "%Y-%m-%d"])


class VersionForm(forms.Form):
    """The version of the sheet that the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class BackForm(PlainWords, VersionForm):
    """退回: what has to be mended."""

    words = forms.CharField(
        label="为什么退回？",
        max_length=200,
        help_text="例如：李红英 10 日起任职，天数没算对。",
    )


class VoidForm(BackForm):
    """作废: why the month is not paid."""

    words = forms.CharField(
        label="这个月为什么不发？",
        max_length=200,
        help_text="例如：决议已经作废，还没有重新开会。",
    )


class PayForm(PlainWords, VersionForm):
    """登记发放: when, and how. There is no cash among the ways."""

    paid_on = forms.DateField(label="哪天发的？", widget=DateInput)
    words = forms.ChoiceField(
        label="怎样发的？",
        choices=[(way, way) for way in WAYS],
        widget=Picks,
        initial=WAYS[0],
        help_text="通过转账发，留得下记录，不发现金。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["paid_on"].initial = today
        self.fields["paid_on"].widget.attrs["max"] = today.isoformat()


class SignForm(PlainWords, VersionForm):
    """登记签收: the sheet with everybody's signature."""

    signed_on = forms.DateField(label="哪天签完的？", widget=DateInput)
    scans = AttachmentsField(
        label="签好字的补贴表",
        most=MOST_FILES,
        required=True,
        help_text="拍照或扫描，几张都行。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed_on"].initial = timezone.localdate()


class ReasonForm(PlainWords, forms.Form):
    """作废: why a resolution does not stand."""

    reason = forms.CharField(
        label="为什么作废？", max_length=200, help_text="例如：开会日期记错，重新登记。"
    )


class AccountForm(PlainWords, forms.Form):
    """领款账号: the bank and the number, typed whole; a kept one is never shown here."""

    bank = forms.CharField(
        label="开户行", max_length=40, help_text="例如：邵东农商银行（一卡通）。"
    )
    number = forms.CharField(
        label="一卡通或银行账号",
        max_length=LONGEST + 10,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text="照卡面填，空格会自动去掉。保存后只显示后四位。",
    )


class StandardForm(PlainWords, forms.Form):
    """A new standard of the city."""

    kind = forms.ChoiceField(label="哪个标准？", choices=StandardKind.choices)
    amount = forms.DecimalField(
        label="数值",
        max_digits=10,
        decimal_places=2,
        min_value=Decimal("0.01"),
        widget=forms.TextInput({"inputmode": "decimal"}),
    )
    effective_from = forms.DateField(label="从哪天起？", widget=DateInput)
    basis = forms.CharField(label="依据", max_length=120, help_text="文件名和文号。")

    def clean_effective_from(self) -> dt.date:
        """Refuse to change the past."""
        day: dt.date = self.cleaned_data["effective_from"]
        if day < timezone.localdate():
            raise ValidationError("不能从过去的日期起改，请填今天或以后。")
        return day
