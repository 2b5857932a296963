"""Forms for a notice, for what is held against it, and for taking it off view."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.services import Refused
from notices import services
from notices.models import PublicNotice, Way
from notices.rules import LONGEST_TEXT, Content, Kind, check_days, last_day_of, leaks
from notices.services import Terms
from ui.forms import DateInput, PlainWords
from workbooks.declaration import Column
from workbooks.declaration import Kind as Values
from workbooks.values.outcomes import Doubt, Mended, Problem
from workbooks.values.phones import phone_check

PHONE = Column("phone", ("受理电话",), Values.PHONE)


def office_phone(typed: str) -> str:
    """Return an office's phone in its normal form; raise ValidationError otherwise."""
    outcome = phone_check(PHONE)(typed or None)
    if isinstance(outcome, Problem):
        raise ValidationError(f"{outcome.message}。{outcome.hint}。")
    if isinstance(outcome, Mended | Doubt):
        outcome = outcome.value
    return outcome if isinstance(outcome, str) else ""


class TermsForm(PlainWords, forms.Form):
    """From when until when, and whom to tell of an objection.

    `least` days are asked for by the rule whose source `basis` is.
    """

    first_day = forms.DateField(label="公示开始", widget=DateInput())
    last_day = forms.DateField(label="公示截止", widget=DateInput())
    contact_name = forms.CharField(
        label="异议受理人", max_length=30, help_text="例如：村务监督委员会申主任。"
    )
    contact_phone = forms.CharField(
        label="受理电话",
        max_length=20,
        help_text="填办公电话或受理人愿意公开的电话，例如 0739-2721234。",
        widget=forms.TextInput({"inputmode": "tel"}),
    )
    contact_place = forms.CharField(
        label="受理地点", max_length=40, required=False, help_text="例如：村部一楼。"
    )

    def __init__(self, *args: Any, least: int, basis: str, **kwargs: Any) -> None:
        today = timezone.localdate()
        days = {"first_day": today, "last_day": last_day_of(today, least)}
        kwargs["initial"] = days | dict(kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.least, self.basis = least, basis
        hint = f"两天都算在内，至少 {least} 天。到截止日晚上自动撤下。"
        self.fields["last_day"].help_text = hint

    def clean_contact_name(self) -> str:
        """Refuse a number where a name belongs."""
        return self._plain("contact_name")

    def clean_contact_place(self) -> str:
        """Refuse a number or a door where a place belongs."""
        return self._plain("contact_place")

    def _plain(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        if found := leaks(text):
            raise ValidationError(f"这里不能有{found[0].value}，请删去。")
        return text

    def clean_contact_phone(self) -> str:
        """Return the phone in its normal form."""
        return office_phone(self.cleaned_data["contact_phone"])

    def clean(self) -> dict[str, Any]:
        """Hold the days against the rule."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = given.get("first_day"), given.get("last_day")
        if first and last:
            for words in check_days(first, last, self.least, timezone.localdate()):
                field = "first_day" if "早于今天" in words else "last_day"
                self.add_error(field, words)
        return given

    def terms(self) -> Terms:
        """Return the terms of a form in order."""
        names = ("first_day", "last_day", "contact_name", "contact_phone")
        given = {name: self.cleaned_data[name] for name in names}
        place = self.cleaned_data["contact_place"]
        return Terms(**given, contact_place=place, least=self.least, basis=self.basis)

    def made(self, make: Callable[[Terms], PublicNotice]) -> PublicNotice | None:
        """Return the notice that `make` writes; None where the form is to be shown.

        What `make` refuses stands above the fields.
        """
        if not self.is_valid():
            return None
        try:
            return make(self.terms())
        except Refused as refused:
            self.add_error(None, str(refused))
            return None


def contact_before(
    village: int, kind: Kind | None, held: PublicNotice | None = None
) -> dict[str, str]:
    """Return whom the village's last notice named, so that it is typed once.

    `held` if there is one, else the last of this kind; None for one of any kind.
    """
    rows = PublicNotice.objects.filter(region=village).order_by("-pk")
    last = held or (rows.filter(kind=kind.value) if kind else rows).first()
    names = ("contact_name", "contact_phone", "contact_place")
    return {name: getattr(last, name) for name in names} if last else {}


class NoticeForm(TermsForm):
    """A draft: its words and its terms. The table comes from what it is about."""

    title = forms.CharField(label="标题", max_length=60)
    words = forms.CharField(
        label="正文",
        widget=forms.Textarea({"rows": 8}),
        help_text="一行就是一段。不能写身份证号、电话、银行账号和门牌号。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_title(self) -> str:
        """Refuse numbers of persons."""
        return self._plain("title")

    def clean_words(self) -> str:
        """Refuse numbers of persons and doors, and paragraphs that nobody would read."""
        text: str = self.cleaned_data["words"]
        for number, line in enumerate(lines(text), 1):
            if found := leaks(line):
                words = f"第 {number} 段里有{found[0].value}，公示不能出现，请删去。"
                raise ValidationError(words)
            if len(line) > LONGEST_TEXT:
                words = f"第 {number} 段超过 {LONGEST_TEXT} 个字，请分成几段。"
                raise ValidationError(words)
        return text

    def content(self, before: Content) -> Content:
        """Return the draft's content with what was written; its table stays."""
        return Content(
            title=self.cleaned_data["title"],
            issuer=before.issuer,
            paragraphs=tuple(lines(self.cleaned_data["words"])),
            heads=before.heads,
            rows=before.rows,
        )

    def save(self, notice: PublicNotice, on: dt.date) -> None:
        """Save the draft; raises Refused and EditedMeanwhile as the service does."""
        services.edit(
            notice=notice,
            content=self.content(notice.content),
            terms=self.terms(),
            version=self.cleaned_data["version"],
            on=on,
        )


def lines(text: str) -> list[str]:
    """Return the paragraphs of a text: its lines that are not empty."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class ObjectionForm(PlainWords, forms.Form):
    """An objection as it came in."""

    received_on = forms.DateField(label="哪天收到的", widget=DateInput())
    way = forms.ChoiceField(label="怎么来的", choices=[("", "请选"), *Way.choices])
    who = forms.CharField(
        label="反映人",
        required=False,
        max_length=30,
        help_text="加密保存，页面上只显示姓。不愿留名的可以不填。",
    )
    words = forms.CharField(
        label="反映了什么", max_length=1000, widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"received_on": timezone.localdate()}, **kwargs)

    def clean_received_on(self) -> dt.date:
        """Refuse a day to come."""
        day: dt.date = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise ValidationError("收到日期不能晚于今天。")
        return day


class SettlingForm(PlainWords, forms.Form):
    """What came of an objection."""

    outcome = forms.CharField(
        label="核实和处理结果",
        min_length=4,
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text="写清核实了什么、怎么答复的，例如：经核对户口簿，年满 18 周岁，已当面答复。",
    )


class WithdrawalForm(PlainWords, forms.Form):
    """Why a notice is taken off view before its time."""

    reason = forms.CharField(
        label="为什么撤下",
        min_length=4,
        max_length=200,
        help_text="例如：得票数写错，改正后重新公示。",
    )
