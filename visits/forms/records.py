"""Visits that were noted: which ones a list shows, a correction, a withdrawal."""

from typing import Any

from django import forms
from django.utils import timezone

from regions.forms import PlaceField
from representatives.models import Representative
from ui.forms import DateInput, PlainWords
from visits.forms import offer_marks
from visits.forms.desk import ANY, NONE, topic_choices
from visits.models import Satisfaction, Visit, Way
from visits.services import Content

MISTAKES = ("日期记错了", "内容记错了", "补充情况", "走访方式记错了")
MISTAKEN = ("点错了，没有去这一户", "重复记了", "日期不对，另记一条")


class RecordFilter(PlainWords, forms.Form):
    """Which visits the list shows. `representative`, `household` come by a link.

    No filter of a ledger is called `kind`: an export's address says so which it is.
    """

    STATES = (("", "有效的"), ("gone", "已撤回、已更正的"), ("all", "全部"))
    KINDS = (ANY, ("matter", "有情况"), ("quiet", "平安"), ("village", "要村里办"))
    BY = (ANY, ("own", "代表自己记的"), ("desk", "代录的"))

    q = forms.CharField(label="户主、首字母、电话", required=False, max_length=30)
    place = PlaceField(label="乡镇、村", required=False)
    since = forms.DateField(label="从哪天起", required=False, widget=DateInput)
    until = forms.DateField(label="到哪天止", required=False, widget=DateInput)
    about = forms.ChoiceField(label="情况", required=False, choices=KINDS)
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
        return Content.of(self.visit).telling(
            visited_on=given["visited_on"],
            way=given["way"],
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
