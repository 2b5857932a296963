"""What a representative fills in on the phone: the matter, a change, a withdrawal."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from attachments.forms import AttachmentsField
from households.models import Household
from ui.forms import DateInput, ManyPicks, PhoneFiles, Picks, PlainWords
from visits.models import Mark, Satisfaction, Topic, Visit
from visits.services import Content, enclosing

FOR_VILLAGE = (("yes", "要办"), ("no", "先记着"))
MISTAKES = (
    ("内容记错了", "内容记错了"),
    ("日期记错了", "日期记错了"),
    ("补充情况", "补充情况"),
)


def offer_marks(form: forms.Form, held: Iterable[str] = ()) -> None:
    """Offer the city's 五必访 and 五必记, and what is `held`; no field without any."""
    rows = Mark.objects.filter(is_on=True).order_by("-kind", "order")
    names = dict.fromkeys([*rows.values_list("name", flat=True), *held])
    if names:
        choices = [(name, name) for name in names]
        form.fields["marks"].choices = choices  # type: ignore[attr-defined]
    else:
        del form.fields["marks"]


class MatterForm(PlainWords, forms.Form):
    """有情况: what about, how it was felt, whether the village is to act.

    `id` is made with the page, so that sending the form twice stores one visit.
    """

    id = forms.UUIDField(widget=forms.HiddenInput)
    household = forms.ModelChoiceField(
        Household.objects.none(), label="哪一户？", empty_label="请选"
    )
    topics = forms.MultipleChoiceField(
        label="什么事？",
        widget=ManyPicks,
        error_messages={"required": "请至少选一样；没有事就返回点“已走访，平安”。"},
    )
    satisfaction = forms.ChoiceField(
        label="满意吗？", choices=Satisfaction.choices, widget=Picks
    )
    words = forms.CharField(
        label="说一说",
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
    )
    enclosed = AttachmentsField(
        label="拍照、录音",
        kinds=enclosing.KINDS,
        most=enclosing.MOST,
        widget=PhoneFiles(
            {"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}
        ),
    )
    for_village = forms.ChoiceField(
        label="要村里办吗？", choices=FOR_VILLAGE, widget=Picks
    )
    marks = forms.MultipleChoiceField(
        label="五必访、五必记", required=False, widget=ManyPicks
    )
    visited_on = forms.DateField(label="哪天走访的？", widget=DateInput)

    def __init__(self, *args: Any, representative: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        homes = Household.objects.filter(duty__representative=representative)
        homes = homes.order_by("group__number", "head")
        self.fields["household"].queryset = homes  # type: ignore[attr-defined]
        offer_marks(self, self.initial.get("marks", ()))
        topics = Topic.objects.offered(*kwargs.get("initial", {}).get("topics", ()))
        self.fields["topics"].choices = topics.values_list("name", "words")  # type: ignore[attr-defined]
        today = timezone.localdate()
        self.fields["id"].initial = uuid.uuid4
        self.fields["visited_on"].initial = today
        self.fields["visited_on"].widget.attrs["max"] = today.isoformat()

    def content(self) -> Content:
        """Return what the form says of the visit."""
        given = self.cleaned_data
        return self._before().telling(
            household=given["household"].pk,
            visited_on=given["visited_on"],
            topics=tuple(given["topics"]),
            words=given["words"],
            satisfaction=given["satisfaction"],
            for_village=given["for_village"] == "yes",
            marks=tuple(given.get("marks", ())),
        )

    def _before(self) -> Content:
        """Return what the form leaves as it is."""
        given = self.cleaned_data
        return Content(given["household"].pk, given["visited_on"])


class ChangeForm(MatterForm):
    """改: a visit as it should have been noted, and what was wrong with it."""

    reason = forms.ChoiceField(
        label="为什么改？", choices=MISTAKES, widget=Picks, initial="内容记错了"
    )

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        initial = {
            "id": visit.pk,
            "household": visit.household_id,
            "topics": visit.topics,
            "satisfaction": visit.satisfaction,
            "words": visit.words,
            "for_village": "yes" if visit.for_village else "no",
            "visited_on": visit.visited_on,
            "marks": visit.marks,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.visit = visit
        del self.fields["enclosed"]  # what came with the visit stays with it
        self.fields["household"].widget = forms.HiddenInput()
        self.fields["topics"].help_text = "一样也不选，又没有写情况，就是平安。"
        for name in ("topics", "satisfaction"):
            self.fields[name].required = False
        self.fields["visited_on"].initial = visit.visited_on

    def _before(self) -> Content:
        """Keep what a phone does not ask: how he was there, what was answered."""
        return Content.of(self.visit)


class WithdrawForm(PlainWords, forms.Form):
    """撤回: why a visit should not stand."""

    reason = forms.CharField(
        label="为什么撤回？",
        max_length=200,
        initial="点错了",
        help_text="例如：点错了户，没有去。",
    )


class DeclineForm(PlainWords, forms.Form):
    """不收: why the village does not take a handed record up."""

    answer = forms.CharField(
        label="不收的原因",
        max_length=200,
        help_text="代表看得到，例如：这一户由李强联系，当天他已走访过。",
    )


class NewTopicForm(PlainWords, forms.Form):
    """A category new on the city's list; its name is kept in every record."""

    name = forms.CharField(
        label="类别名称", max_length=20, help_text="定了就不能改，例如：基础设施。"
    )
    words = forms.CharField(
        label="手机上的说法",
        max_length=10,
        required=False,
        help_text="按钮上的大白话，例如：水电路网。空着就用类别名称。",
    )


class TopicForm(PlainWords, forms.Form):
    """How a category is said on the phone, its place, and whether it is offered."""

    words = forms.CharField(label="手机上的说法", max_length=10)
    order = forms.IntegerField(
        label="顺序", min_value=1, max_value=99, help_text="小的排在前面。"
    )
    retired = forms.BooleanField(
        label="停用", required=False, help_text="停用后不能再选，以前记的照旧。"
    )

    def __init__(self, *args: Any, topic: Topic, **kwargs: Any) -> None:
        initial = {
            "words": topic.words,
            "order": topic.order,
            "retired": topic.retired_on is not None,
        }
        super().__init__(*args, initial=initial, **kwargs)
