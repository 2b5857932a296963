"""What is filled in of a 民情分析会: the decision on one issue, the meeting, a return.

Each of the first two is sent twice in one form: as it is, and under the prefix `was` as
the page showed it, so that the service sees who changed what.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from sentiment.models import Decision, Review, ReviewItem
from sentiment.rules.reviews import Attendance
from ui.forms import ChoiceCards, DateInput, PlainWords

MOST_PEOPLE = 2000


def decisions(township: str) -> list[tuple[str, str]]:
    """Return the four decisions with their explanations, in the order of their keys."""
    return [
        (Decision.VILLAGE, "村内解决|指定责任人和期限"),
        (Decision.TOWNSHIP, f"报镇里协调|交{township or '镇里'}答复"),
        (Decision.EXPLAIN, "解释说明即可|由代表上门答复"),
        (Decision.ASSEMBLY, "提交村民代表会议|列入下次议题"),
    ]


class ItemForm(PlainWords, forms.Form):
    """What the meeting decides on one issue; all may be blank while it is in work."""

    decision = forms.ChoiceField(
        label="村里怎么定？", required=False, widget=ChoiceCards, choices=()
    )
    person = forms.CharField(label="责任人", required=False, max_length=30)
    due_on = forms.DateField(label="办理期限", required=False, widget=DateInput)
    conclusion = forms.CharField(
        label="结论",
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text="会后代表照这段话告诉群众。",
    )

    def __init__(self, *args: Any, township: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = decisions(township)  # type: ignore[attr-defined]

    @staticmethod
    def values(item: ReviewItem | None) -> dict[str, Any]:
        """Return an item as the form has it."""
        if item is None:
            return {}
        names = ("decision", "person", "due_on", "conclusion")
        return {name: getattr(item, name) for name in names}

    def given(self) -> dict[str, Any]:
        """Return what was filled in, as the item keeps it."""
        return dict(self.cleaned_data)


class CovenantsForm(PlainWords, forms.Form):
    """What people say of 双约双评 this month."""

    covenants_say = forms.CharField(
        label="群众对“双约双评”的评价",
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 8}),
        help_text="下面的原话已经放进来，可以改、可以添。",
    )

    def given(self) -> dict[str, Any]:
        """Return what was filled in."""
        return dict(self.cleaned_data)


class Faces(forms.CheckboxSelectMultiple):
    """Names to tap."""

    template_name = "components/picks.html"
    option_template_name = "components/pick.html"


class MeetingForm(PlainWords, forms.Form):
    """When, where, who was there, what was said, what follows."""

    LONG: ClassVar = ("members_say", "representatives_say", "last_month", "conclusion")

    held_on = forms.DateField(label="哪天开的会？", required=False, widget=DateInput)
    place = forms.CharField(label="地点", required=False, max_length=60)
    chair = forms.CharField(label="主持人", required=False, max_length=30)
    recorder = forms.CharField(label="记录人", required=False, max_length=30)
    people = forms.MultipleChoiceField(
        label="到会代表",
        required=False,
        widget=Faces,
        help_text="默认都到了，没来的点一下去掉。",
    )
    members = forms.IntegerField(
        label="到会党员（人）", required=False, min_value=0, max_value=MOST_PEOPLE
    )
    guests = forms.CharField(
        label="列席", required=False, max_length=400, help_text="例如：驻村干部王伟。"
    )
    expected = forms.IntegerField(
        label="应到（人）",
        required=False,
        min_value=0,
        max_value=MOST_PEOPLE,
        help_text="代表和党员一共应到多少人。",
    )
    members_say = forms.CharField(label="党员意见", required=False, max_length=1000)
    representatives_say = forms.CharField(
        label="代表意见", required=False, max_length=1000
    )
    last_month = forms.CharField(
        label="上次事项落实情况", required=False, max_length=1000
    )
    conclusion = forms.CharField(label="会议结论", required=False, max_length=1000)

    def __init__(self, *args: Any, names: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
        for name in self.LONG:
            self.fields[name].widget = forms.Textarea({"rows": 3})
        self.fields["held_on"].widget.attrs["max"] = timezone.localdate().isoformat()

    @staticmethod
    def values(review: Review) -> dict[str, Any]:
        """Return a review as the form has it."""
        came = Attendance.read(review.attendees)
        plain = ("held_on", "place", "chair", "recorder", "expected", *MeetingForm.LONG)
        return {name: getattr(review, name) for name in plain} | {
            "people": list(came.people),
            "members": came.members or None,
            "guests": came.guests,
        }

    def given(self) -> dict[str, Any]:
        """Return what was filled in, as the review keeps it."""
        given = dict(self.cleaned_data)
        people, guests = tuple(given.pop("people")), given.pop("guests")
        came = Attendance(people, given.pop("members") or 0, guests)
        return given | {"attendees": came.words[:500]}


class ReturnForm(PlainWords, forms.Form):
    """退回: what the village has to do better."""

    reason = forms.CharField(
        label="为什么退回？",
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text="村里看得到，例如：第 3 件没有写责任人，请补上。",
    )


class BeginForm(PlainWords, forms.Form):
    """Which month's review is begun."""

    month = forms.DateField(input_formats=["%Y-%m"])
