"""The forms of the centre: how a roll is taken out, and what of an entry is wanted."""

import datetime as dt
from typing import Any

from django import forms

from accounts.models import Post
from accounts.permissions import Permission
from regions.forms import PlaceField
from regions.models import Level, Region
from reports.centre.choosing import Choice
from reports.centre.entries import Entry
from reports.centre.periods import last, offered
from reports.exports import LONGEST_REASON
from reports.summary.ledger import ORDERS
from ui.forms import ChoiceCards, PlainWords

PRINT = ("print", "打印|在网页上打开，直接打印")


class ExportForm(PlainWords, forms.Form):
    """Masked or whole numbers, and for whole ones the reason."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    numbers = forms.ChoiceField(
        label="身份证号和电话",
        widget=ChoiceCards,
        choices=[
            ("masked", "隐去中间几位|日常使用、打印盖章，用这个就够"),
            ("full", "完整号码|要写理由，记入操作日志"),
        ],
    )
    reason = forms.CharField(
        label="导出完整号码的理由",
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"list": "reasons"}),
        help_text="只有选“完整号码”才要填。",
    )

    def __init__(self, *args: Any, may_full: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_full:
            del self.fields["numbers"], self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        """Ask for a reason where whole numbers are wanted."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("numbers") == "full" and not given.get("reason", "").strip():
            self.add_error("reason", "请写明为什么要完整号码，例如“办理补贴发放”。")
        return given

    def is_full(self) -> bool:
        """Say whether whole numbers are wanted."""
        return self.cleaned_data.get("numbers") == "full"


class EntryForm(ExportForm):
    """Of which place and period an entry is wanted, and as which file.

    `name` and `is_shared` are for keeping the answers as a preset (`do=save`).
    """

    field_order = ("place", "period", "order", "form", "numbers", "reason")

    place = PlaceField(
        label="哪里的", required=False, help_text="不填就是您管的全部范围。"
    )
    period = forms.ChoiceField(label="哪一期")
    order = forms.ChoiceField(label="各行的顺序", required=False, choices=ORDERS)
    form = forms.ChoiceField(label="要什么文件", widget=ChoiceCards)
    name = forms.CharField(label="起个名字", required=False, max_length=30)
    is_shared = forms.BooleanField(label="本单位的人都能用", required=False)

    def __init__(
        self, *args: Any, entry: Entry, post: Post, today: dt.date, **kwargs: Any
    ) -> None:
        whole = entry.source.has_numbers and post.may(Permission.ROLL_EXPORT_FULL)
        super().__init__(*args, may_full=whole, **kwargs)
        self.entry = entry
        self._offer_periods(today)
        self._offer_formats()
        if Level(post.region.level) is Level.VILLAGE:
            del self.fields["place"]
        is_bureau = Level(post.region.level) is Level.CITY
        if entry.kind != "summary" or not is_bureau:
            del self.fields["order"]

    def _offer_periods(self, today: dt.date) -> None:
        if self.entry.span is None:
            del self.fields["period"]
            return
        field = self.fields["period"]
        asked = self.data.get("period") or self.initial.get("period", "")
        field.choices = offered(today, self.entry.span, self.entry.spans, asked)  # type: ignore[attr-defined]
        field.initial = last(self.entry.span)

    def _offer_formats(self) -> None:
        choices = [(one.value, one.label) for one in self.entry.formats]
        if self.entry.page:
            choices.append(PRINT)
        field = self.fields["form"]
        field.choices = choices  # type: ignore[attr-defined]
        field.initial = choices[0][0]
        if len(choices) == 1:
            field.widget = forms.HiddenInput()

    @property
    def is_print(self) -> bool:
        """Say whether a page to print is wanted, no file."""
        return self.cleaned_data.get("form") == PRINT[0]

    def choice(self) -> Choice:
        """Return the answers."""
        given = self.cleaned_data
        place = given.get("place")
        return Choice(
            place=str(place.pk) if isinstance(place, Region) else "",
            period=given.get("period", ""),
            form="" if self.is_print else given.get("form", ""),
            order=given.get("order", ""),
            full=self.is_full(),
            reason=given.get("reason", "").strip() if self.is_full() else "",
        )


class AnswerForm(PlainWords, forms.Form):
    """What a second person says to an export of many whole numbers."""

    answer = forms.CharField(
        label="不批准的理由",
        required=False,
        max_length=200,
        help_text="批准不用填。",
    )
