"""What the village fills in at its desk: many visits, a correction, a waiver, a list."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from regions.forms import PlaceField
from representatives.models import Representative
from ui.forms import DateInput, PlainWords
from visits import rules
from visits.desk import Entry
from visits.forms import offer_marks
from visits.models import (
    Mark,
    MarkKind,
    Reason,
    Satisfaction,
    Topic,
    Visit,
    Waiver,
    Way,
)
from visits.services import Content
from visits.sheets import Line, Sheet, numbers_of

NONE = ("", "—")
ANY = ("", "不限")
MISTAKES = ("日期记错了", "内容记错了", "补充情况", "走访方式记错了")
MISTAKEN = ("点错了，没有去这一户", "重复记了", "日期不对，另记一条")


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
        names = ("topic", "words", "satisfaction", "for_village", "visited_on", "marks")
        return any(given.get(name) for name in names)

    @property
    def is_open(self) -> bool:
        """Whether the row shows its details: there is something in them."""
        return self.is_bound and bool(self.errors or self.refusal or self.says_more)

    def clean_visited_on(self) -> dt.date | None:
        """Refuse days to come and other months."""
        day: dt.date | None = self.cleaned_data["visited_on"]
        return in_month(day, self.month) if day else None

    def clean(self) -> dict[str, Any]:
        """Refuse details without a tick: nobody should guess what was meant."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        told = any(given.get(name) for name in ("topic", "words", "for_village"))
        if told and not given.get("seen"):
            self.add_error("seen", "填了情况，没有打勾：去过请打勾，没有去请清空。")
        return given

    def entry(self, day: dt.date) -> Entry:
        """Return what is to be recorded for the day of the form, or the row's own."""
        given, home = self.cleaned_data, self.line.household
        topic = given["topic"]
        content = Content(
            household=home.pk,
            visited_on=given["visited_on"] or day,
            has_matter=bool(topic or given["words"]),
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


class CorrectForm(PlainWords, forms.Form):
    """更正: a visit as it should have been noted, and what was wrong with it."""

    visited_on = forms.DateField(label="走访日期", widget=DateInput)
    way = forms.ChoiceField(label="走访方式", choices=Way.choices)
    topics = forms.MultipleChoiceField(
        label="什么事",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="一样也不选，又没有写情况，就是平安。",
    )
    words = forms.CharField(
        label="反映问题/诉求",
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )
    answer = forms.CharField(label="现场答复或处理", required=False, max_length=300)
    satisfaction = forms.ChoiceField(
        label="满意吗", required=False, choices=[NONE, *Satisfaction.choices]
    )
    for_village = forms.BooleanField(label="要村里办", required=False)
    marks = forms.MultipleChoiceField(
        label="五必访、五必记", required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label="为什么更正",
        max_length=200,
        widget=forms.TextInput({"list": "reasons"}),
        help_text="原来的记录留着，写明原因，谁都看得到改了什么。",
    )

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        names = ("visited_on", "way", "topics", "words", "answer", "satisfaction")
        initial = {name: getattr(visit, name) for name in (*names, "for_village")}
        initial["marks"] = visit.marks
        super().__init__(*args, initial=initial, **kwargs)
        self.visit = visit
        self.fields["visited_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        self.fields["topics"].choices = topic_choices(*visit.topics)  # type: ignore[attr-defined]
        offer_marks(self, visit.marks)

    def content(self) -> Content:
        """Return what the visit should say."""
        given = self.cleaned_data
        return Content(
            household=self.visit.household_id,
            visited_on=given["visited_on"],
            way=given["way"],
            has_matter=bool(given["topics"] or given["words"]),
            topics=tuple(given["topics"]),
            words=given["words"],
            answer=given["answer"],
            satisfaction=given["satisfaction"],
            for_village=given["for_village"],
            marks=tuple(given.get("marks", ())),
        )


class ReasonForm(PlainWords, forms.Form):
    """Why something is withdrawn."""

    reason = forms.CharField(
        label="为什么撤回",
        max_length=100,
        widget=forms.TextInput({"list": "reasons"}),
        help_text="例如：点错了，没有去这一户。",
    )


class WaiverForm(PlainWords, forms.Form):
    """申请免访: why, from when, until when."""

    reason = forms.ChoiceField(
        label="原因", choices=Reason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="说明",
        required=False,
        max_length=100,
        help_text="例如“在广东务工，过年回来”。不写病名。",
    )
    first = forms.DateField(label="从哪天起", widget=DateInput)
    last = forms.DateField(label="到哪天止（含当天）", widget=DateInput)

    def __init__(self, *args: Any, months: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["first"].initial = today
        longest = rules.longest_until(today, months)
        self.fields["last"].help_text = f"最长 {months} 个月，今天起最晚到 {longest}。"

    def clean(self) -> dict[str, Any]:
        """Ask for a word where the reason itself says nothing."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("reason") == Reason.OTHER and not given.get("note", "").strip():
            self.add_error("note", "选“其他”要写明为什么。")
        return given


class EndForm(PlainWords, forms.Form):
    """提前结束: the last day of a waiver that ends sooner than was said."""

    last = forms.DateField(
        label="免访的最后一天", widget=DateInput, help_text="过了这一天，又按期限走访。"
    )

    def __init__(self, *args: Any, waiver: Waiver, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        yesterday = timezone.localdate() - dt.timedelta(days=1)
        self.fields["last"].initial = max(yesterday, waiver.first)


class WaiverFilter(PlainWords, forms.Form):
    """Which waivers the list shows."""

    STATES = (
        ("now", "正在免访"),
        ("ahead", "还没开始"),
        ("ended", "已经结束"),
        ("withdrawn", "已撤销"),
        ("all", "全部"),
    )
    q = forms.CharField(label="户主、首字母、电话", required=False, max_length=30)
    place = PlaceField(label="乡镇、村", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)
    reason = forms.ChoiceField(
        label="原因", required=False, choices=[ANY, *Reason.choices]
    )

    def __init__(self, *args: Any, one_village: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if one_village:
            del self.fields["place"]


class RecordFilter(PlainWords, forms.Form):
    """Which visits the list shows. `representative`, `household` come by a link."""

    STATES = (("", "有效的"), ("gone", "已撤回、已更正的"), ("all", "全部"))
    KINDS = (ANY, ("matter", "有情况"), ("quiet", "平安"), ("village", "要村里办"))
    BY = (ANY, ("own", "代表自己记的"), ("desk", "代录的"))

    q = forms.CharField(label="户主、首字母、电话", required=False, max_length=30)
    place = PlaceField(label="乡镇、村", required=False)
    since = forms.DateField(label="从哪天起", required=False, widget=DateInput)
    until = forms.DateField(label="到哪天止", required=False, widget=DateInput)
    kind = forms.ChoiceField(label="情况", required=False, choices=KINDS)
    by = forms.ChoiceField(label="谁记的", required=False, choices=BY)
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)
    representative = forms.ModelChoiceField(
        Representative.objects.none(), required=False, widget=forms.HiddenInput()
    )
    household = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, one_village: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Representative.objects.all()
        self.fields["representative"].queryset = people  # type: ignore[attr-defined]
        if one_village:
            del self.fields["place"]

    def clean(self) -> dict[str, Any]:
        """Refuse an interval that ends before it begins."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", f"截止日期早于开始日期 {since}，请更正。")
        return given


class MarkForm(PlainWords, forms.Form):
    """One item of 五必访 or 五必记."""

    kind = forms.ChoiceField(label="属于", choices=MarkKind.choices)
    name = forms.CharField(label="名称", max_length=20)
    order = forms.IntegerField(label="顺序", min_value=1, max_value=99)
    is_on = forms.BooleanField(label="启用", required=False)

    def __init__(self, *args: Any, mark: Mark, **kwargs: Any) -> None:
        names = ("kind", "name", "order", "is_on")
        initial = {name: getattr(mark, name) for name in names}
        super().__init__(*args, initial=initial, **kwargs)
