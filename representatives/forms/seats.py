"""Forms for seats: the committee's term, constituencies, more seats, fewer seats."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from regions.models import Region, VillagerGroup
from representatives import services
from representatives.forms.people import groups_of
from representatives.models import CommitteeTerm, Constituency, Mode
from ui.forms import ChoiceCards, DateInput, PlainWords

MOST_SEATS = 30
MOST_GROUPS = 99
TERM_YEARS = 5
MODES = [
    (Mode.HOUSEHOLDS, "按户推选|五至十五户推选一人"),
    (Mode.GROUP, "按组推选|一个小组推选若干人，名额由村民会议决定"),
]


class TermForm(PlainWords, forms.Form):
    """One term of the village's committee."""

    started_on = forms.DateField(
        label="届期开始", widget=DateInput(), help_text="换届选举产生本届的日子。"
    )
    ends_on = forms.DateField(
        label="届期到期", widget=DateInput(), help_text="代表的任期同一天到期。"
    )
    members = forms.IntegerField(
        label="村（居）委会成员数",
        min_value=0,
        max_value=30,
        help_text="主任、副主任和委员合计，用来算代表和妇女的占比。",
    )
    women = forms.IntegerField(label="其中妇女", min_value=0, max_value=30)

    def clean(self) -> dict[str, Any]:
        """Hold the two dates and the two numbers against each other."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        started, ends = given.get("started_on"), given.get("ends_on")
        if started and ends and ends <= started:
            self.add_error("ends_on", "届期到期要晚于届期开始，请改正其中一个。")
        members, women = given.get("members"), given.get("women")
        if members is not None and women is not None and women > members:
            self.add_error("women", f"妇女不能多于成员数 {members}，请改正其中一个。")
        return given


def next_term(last: CommitteeTerm | None, today: dt.date) -> dict[str, Any]:
    """Return what the form for a village's next term begins with."""
    started = last.ends_on + dt.timedelta(days=1) if last else dt.date(today.year, 1, 1)
    return {
        "started_on": started,
        "ends_on": dt.date(started.year + TERM_YEARS - 1, 12, 31),
    }


class GroupChoice(forms.Form):
    """A group of the village, or a new one by its number."""

    group = forms.ModelChoiceField(
        VillagerGroup.objects.none(), label="小组", required=False, empty_label="请选"
    )
    new_group = forms.IntegerField(
        label="名单里没有？填新的组号",
        required=False,
        min_value=1,
        max_value=MOST_GROUPS,
    )
    needs_group = True

    def __init__(self, *args: Any, village: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.village = village
        groups = groups_of(village)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]
        if not groups:
            self.fields["new_group"].label = "组号"
            self.fields["new_group"].help_text = "本村还没有小组，填 1 就是 1 组。"
            self.fields["group"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Refuse two groups at once, or none where one is needed."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        group, number = given.get("group"), given.get("new_group")
        if group and number and group.number != number:
            self.add_error("new_group", "已经选了小组，就不要再填组号。")
        if self.needs_group and not group and not number and not self.errors:
            hidden = self.fields["group"].widget.is_hidden
            self.add_error("new_group" if hidden else "group", "请选小组。")
        return given

    def chosen(self) -> VillagerGroup | None:
        """Return the group that was chosen; a new one is set up.

        Belongs into the transaction of what is done with it.
        """
        group: VillagerGroup | None = self.cleaned_data["group"]
        number = self.cleaned_data["new_group"]
        if group or not number:
            return group
        return services.village_group(village=self.village, number=number)


class UnitForm(PlainWords, forms.Form):
    """A constituency's name, and the decision on its seats."""

    name = forms.CharField(
        label="推选单元名称", max_length=40, help_text="例如：3 组第一片。"
    )
    decided_on = forms.DateField(
        label="名额决定日期", required=False, widget=DateInput()
    )
    decision = forms.CharField(
        label="名额决定依据",
        required=False,
        max_length=100,
        help_text="例如：2026 年 1 月 5 日村民会议决定。",
    )

    def clean_decided_on(self) -> dt.date | None:
        """Refuse a decision of a day to come."""
        day: dt.date | None = self.cleaned_data["decided_on"]
        if day and day > timezone.localdate():
            raise ValidationError("名额决定日期不能晚于今天。")
        return day


class ConstituencyForm(GroupChoice, UnitForm):
    """A constituency with its seats."""

    needs_group = False
    mode = forms.ChoiceField(label="推选方式", choices=MODES, widget=ChoiceCards())
    seats = forms.IntegerField(
        label="席位数", min_value=1, max_value=MOST_SEATS, initial=1
    )

    def clean(self) -> dict[str, Any]:
        """A group that elects must be named."""
        given = super().clean()
        named = given.get("group") or given.get("new_group")
        if given.get("mode") == Mode.GROUP and not named and not self.errors:
            hidden = self.fields["group"].widget.is_hidden
            self.add_error(
                "new_group" if hidden else "group", "按组推选的，请选是哪个小组。"
            )
        return given

    @transaction.atomic
    def open(self, on: dt.date) -> Constituency:
        """Set up what is asked for, and the group if it is a new one."""
        given = self.cleaned_data
        return services.open_constituency(
            village=self.village,
            name=given["name"],
            mode=Mode(given["mode"]),
            seats=given["seats"],
            on=on,
            group=self.chosen(),
            decided_on=given["decided_on"],
            decision=given["decision"],
        )


class SeatsForm(PlainWords, forms.Form):
    """More seats for a constituency."""

    count = forms.IntegerField(
        label="增加几个席位", min_value=1, max_value=MOST_SEATS, initial=1
    )
