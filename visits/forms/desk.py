"""What the village fills in at its desk: many visits on one page, from a paper sheet."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from ui.forms import DateInput, PlainWords
from visits import rules
from visits.desk import Entry
from visits.models import (
    Mark,
    Satisfaction,
    Topic,
)
from visits.services import Content
from visits.sheets import Line, Sheet, numbers_of

NOTHING_SAID = "勾了“要村里办”，还没有写是什么事：请选一类，或写几句。"
DETAILS = ("topic", "words", "satisfaction", "for_village", "visited_on", "marks")
"""What a row may say besides its tick."""
NONE = ("", "—")
ANY = ("", "不限")


def bound_to_month(field: forms.Field, month: rules.Period) -> None:
    """Let the browser offer the days of the month that have come."""
    last = min(month.end, timezone.localdate())
    field.widget.attrs |= {"min": month.start.isoformat(), "max": last.isoformat()}


def in_month(day: dt.date, month: rules.Period) -> dt.date:
    """Return the day; raise ValidationError if it is to come or of another month."""
    today = timezone.localdate()
    if day > today:
        raise ValidationError(f"{day} 还没有到，请填今天（{today}）或以前的日期。")
    if day not in month:
        raise ValidationError(
            f"这张表是{month.label}的，{day} 不在这个月里。请改日期，或先换月份。"
        )
    return day


class EntryHead(PlainWords, forms.Form):
    """What holds for all rows: the day, and the numbers typed from a paper sheet."""

    visited_on = forms.DateField(label="走访日期", widget=DateInput)
    numbers = forms.CharField(
        label="按走访表上的序号打勾",
        required=False,
        max_length=200,
        help_text="例如 1 3 5-8，按回车就勾上；也可以直接在下面打勾。",
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        bound_to_month(self.fields["visited_on"], sheet.month)
        today = timezone.localdate()
        if today in sheet.month:
            self.fields["visited_on"].initial = today

    def clean_visited_on(self) -> dt.date:
        """Refuse days to come and other months: the numbers are this month's."""
        day: dt.date = self.cleaned_data["visited_on"]
        return in_month(day, self.sheet.month)

    def clean_numbers(self) -> list[int]:
        """Return the numbers; name those that the sheet does not have."""
        most = len(self.sheet.lines)
        found, wrong = numbers_of(self.cleaned_data["numbers"], most)
        if wrong:
            raise ValidationError(
                f"走访表上没有序号“{'、'.join(wrong)}”，这张表是 1 到 {most}。"
            )
        return found


def topic_choices(*held: str) -> list[tuple[str, str]]:
    """Return the city's categories as choices, and those that are `held`."""
    return [(topic.name, topic.name) for topic in Topic.objects.offered(*held)]


class EntryRow(PlainWords, forms.Form):
    """One household of the sheet: ticked or not, and what there was."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.BooleanField(label="已走访", required=False)
    topic = forms.ChoiceField(label="什么事", required=False)
    words = forms.CharField(label="说一说", required=False, max_length=500)
    satisfaction = forms.ChoiceField(
        label="满意吗", required=False, choices=[NONE, *Satisfaction.choices]
    )
    for_village = forms.BooleanField(label="要村里办", required=False)
    visited_on = forms.DateField(
        label="日期（和上面不同才填）", required=False, widget=DateInput
    )
    marks = forms.MultipleChoiceField(
        label="五必访、五必记",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        line: Line,
        month: rules.Period,
        topics: Sequence[tuple[str, str]],
        marks: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, prefix=f"h{line.household.pk}", **kwargs)
        self.line, self.month = line, month
        self.refusal = ""
        self.is_saved = False
        self.fields["id"].initial = uuid.uuid4
        bound_to_month(self.fields["visited_on"], month)
        self.fields["topic"].choices = [NONE, *topics]  # type: ignore[attr-defined]
        if marks:
            self.fields["marks"].choices = marks  # type: ignore[attr-defined]
        else:
            del self.fields["marks"]

    @property
    def says_more(self) -> bool:
        """Whether anything besides the tick is filled in."""
        given = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return any(given.get(name) for name in DETAILS)

    @property
    def is_open(self) -> bool:
        """Whether the row shows its details: there is something in them."""
        return self.is_bound and bool(self.errors or self.refusal or self.says_more)

    def clean_visited_on(self) -> dt.date | None:
        """Refuse days to come and other months."""
        day: dt.date | None = self.cleaned_data["visited_on"]
        return in_month(day, self.month) if day else None

    def clean(self) -> dict[str, Any]:
        """Refuse details without a tick, and what is to be done without a word of it.

        Nobody should guess what was meant.
        """
        given: dict[str, Any] = super().clean() or self.cleaned_data
        told = bool(given.get("topic") or given.get("words"))
        for_village = bool(given.get("for_village"))
        if any(given.get(name) for name in DETAILS) and not given.get("seen"):
            self.add_error("seen", "填了情况，没有打勾：去过请打勾，没有去请清空。")
        elif for_village and not told:
            self.add_error("topic", NOTHING_SAID)
        return given

    def entry(self, day: dt.date) -> Entry:
        """Return what is to be recorded for the day of the form, or the row's own."""
        given, home = self.cleaned_data, self.line.household
        topic = given["topic"]
        content = Content(home.pk, given["visited_on"] or day).telling(
            topics=(topic,) if topic else (),
            words=given["words"],
            satisfaction=given["satisfaction"],
            for_village=given["for_village"],
            marks=tuple(given.get("marks", ())),
        )
        return Entry(given["id"], home, content)


class EntrySheet:
    """The whole form: its head and a row for each line of the sheet."""

    def __init__(self, sheet: Sheet, data: QueryDict | None = None) -> None:
        self.sheet = sheet
        rows = Mark.objects.filter(is_on=True).order_by("-kind", "order")
        self._marks = [(mark.name, mark.name) for mark in rows]
        self._topics = topic_choices()
        self.head = EntryHead(data, sheet=sheet)
        if data is not None and self.head.is_valid():
            data = self._ticked(data)
        self.rows = [self._row(line, data) for line in sheet.lines]

    def _row(self, line: Line, data: QueryDict | None) -> EntryRow:
        month = self.sheet.month
        return EntryRow(
            data, line=line, month=month, topics=self._topics, marks=self._marks
        )

    def _ticked(self, data: QueryDict) -> QueryDict:
        """Return what was sent with the typed numbers' boxes ticked, the numbers gone.

        Whoever unticks one of them afterwards means it.
        """
        sent = data.copy()
        for number in self.head.cleaned_data["numbers"]:
            sent[f"h{self.sheet.lines[number - 1].household.pk}-seen"] = "on"
        sent["numbers"] = ""
        self.head = EntryHead(sent, sheet=self.sheet)
        return sent

    def is_valid(self) -> bool:
        """Whether head and rows are in order; every row is looked at."""
        return all([self.head.is_valid(), *(row.is_valid() for row in self.rows)])

    def good_rows(self) -> list[EntryRow]:
        """Return the rows that are ticked and in order."""
        return [row for row in self.rows if row.is_valid() and row.cleaned_data["seen"]]

    def renew(self, households: Iterable[int]) -> None:
        """Empty the rows of these households, which are stored: no second sending."""
        stored = set(households)
        for at, row in enumerate(self.rows):
            if row.line.household.pk in stored:
                fresh = self._row(row.line, None)
                fresh.is_saved = True
                self.rows[at] = fresh
