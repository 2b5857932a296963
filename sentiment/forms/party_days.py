"""What is filled in of a 主题党日 and of its 集中走访."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from households.models import Household
from sentiment.forms.talks import (
    MOST_OPINIONS,
    BaseOpinions,
    OpinionForm,
    RoomForMore,
)
from sentiment.models import PartyDay
from ui.forms import DateInput, ManyPicks, PlainWords

MOST_PEOPLE = 2000
LONGEST = 500
"""Characters of a household's words: what its visit keeps."""
FACTS = (
    "held_on",
    "place",
    "lesson",
    "film",
    "practice",
    "present",
    "representatives",
    "words",
)


class PartyDayForm(PlainWords, forms.Form):
    """一课一片一实践: what was learnt, seen and done, and who was there."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    held_on = forms.DateField(label="哪天？", widget=DateInput)
    place = forms.CharField(label="地点", required=False, max_length=60)
    lesson = forms.CharField(
        label="一课", required=False, max_length=200, help_text="上了什么党课，谁讲的。"
    )
    film = forms.CharField(
        label="一片", required=False, max_length=200, help_text="看了什么片子。"
    )
    practice = forms.CharField(
        label="一实践",
        required=False,
        max_length=200,
        help_text="例如：清理渠道、帮五保户打扫。",
    )
    present = forms.IntegerField(
        label="到会党员（人）", min_value=0, max_value=MOST_PEOPLE, initial=0
    )
    representatives = forms.IntegerField(
        label="参加的代表（人）", min_value=0, max_value=MOST_PEOPLE, initial=0
    )
    words = forms.CharField(
        label="记录",
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, day: PartyDay | None = None, **kwargs: Any) -> None:
        if day is not None:
            values = {name: getattr(day, name) for name in (*FACTS, "version")}
            kwargs.setdefault("initial", values)
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        if day is None:
            self.fields["held_on"].initial = today
        self.fields["held_on"].widget.attrs["max"] = today.isoformat()

    def clean(self) -> dict[str, Any]:
        """Ask for at least one of the three."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not any(given.get(name) for name in ("lesson", "film", "practice")):
            self.add_error("lesson", "一课、一片、一实践至少填一样。")
        return given

    def facts(self) -> dict[str, Any]:
        """Return what the form says of the day."""
        return {name: self.cleaned_data[name] for name in FACTS}


class TogetherForm(PlainWords, RoomForMore):
    """集中走访: which households were seen, special groups first (五必访)."""

    key = forms.ModelMultipleChoiceField(
        Household.objects.none(), label="重点户", required=False, widget=ManyPicks
    )
    others = forms.ModelMultipleChoiceField(
        Household.objects.none(), label="其他联系户", required=False, widget=ManyPicks
    )

    def __init__(self, *args: Any, village: int, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        homes = linked_homes(village, on)
        for name, is_key in (("key", True), ("others", False)):
            field: Any = self.fields[name]
            field.queryset = homes.filter(duty__is_key=is_key)
            field.label_from_instance = _named

    def clean(self) -> dict[str, Any]:
        """Ask for at least one household."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not (given.get("key") or given.get("others")):
            self.add_error("key", "请点一下走访了的户。")
        return given

    def homes(self) -> list[Household]:
        """Return the households that were tapped."""
        return [*self.cleaned_data["key"], *self.cleaned_data["others"]]


class MatterForm(OpinionForm, RoomForMore):
    """What a household said on its visit, which keeps it: words are always somebody's."""

    words = forms.CharField(
        label="说了什么？",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask whose words they are."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("words") and "household" in given and not given["household"]:
            self.add_error("household", "请选是哪一户说的。")
        return given


class BaseMatters(BaseOpinions):
    """The matters of the afternoon; a visit has one."""

    def clean(self) -> None:
        """Refuse a second one of a household, which would take the first one's place."""
        told = set()
        for form in self.forms:
            given = getattr(form, "cleaned_data", {})
            home = given.get("household") if given.get("words") else None
            if home in told:
                form.add_error("household", "这一户上面已经写了，请合成一条。")
            told |= {home} - {None}


Matters = forms.formset_factory(
    MatterForm, formset=BaseMatters, extra=1, max_num=MOST_OPINIONS
)


def linked_homes(village: int, on: dt.date) -> QuerySet[Household]:
    """Return the village's households that somebody looked after on a day."""
    homes = Household.objects.living().filter(
        region=village, links__started_on__lte=on, links__ended_on=None
    )
    return homes.select_related("group").order_by("group__number", "initials", "head")


def _named(home: Household) -> str:
    return f"{home.head}（{home.group}）" if home.group else home.head
