"""A form for each step of an issue. What a step needs is the rules' to say."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from accounts.models import Post
from sentiment import services
from sentiment.models import Issue
from sentiment.rules import Action, Answer, Way
from ui.forms import ChoiceCards, DateInput, Picks, PlainWords
from visits.models import Topic

LONGEST = 500
WAYS = (
    (Way.VILLAGE.value, "村内解决|指定责任人和期限"),
    (Way.TOWNSHIP.value, "报镇里协调|由镇里办理、答复"),
    (Way.EXPLAIN.value, "解释说明|办不了的，讲清楚为什么"),
    (Way.ON_SPOT.value, "现场办结|已经办好了"),
    (Way.ASSEMBLY.value, "提交代表会议|列入下次议题"),
)


class StepForm(PlainWords, forms.Form):
    """What every step has: the version that was seen, the day, words."""

    action: ClassVar[Action]
    title: ClassVar[str]
    button: ClassVar[str]
    hint: ClassVar[str] = ""
    words_label: ClassVar[str] = "说明"
    danger: ClassVar[bool] = False

    version = forms.IntegerField(widget=forms.HiddenInput)
    words = forms.CharField(
        required=False, max_length=LONGEST, widget=forms.Textarea({"rows": 3})
    )
    on = forms.DateField(label="日期", widget=DateInput)

    def __init__(self, *args: Any, issue: Issue, by: Post, **kwargs: Any) -> None:
        today = timezone.localdate()
        start = {"version": issue.version, "on": today, **self.start(issue)}
        super().__init__(*args, initial=start | kwargs.pop("initial", {}), **kwargs)
        self.issue, self.by = issue, by
        self.fields["words"].label = self.words_label
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        self.order_fields([name for name in self.fields if name != "on"])

    def start(self, issue: Issue) -> dict[str, Any]:
        """Return what the form is filled with at first."""
        return {}

    @property
    def slug(self) -> str:
        """How the step stands in an address."""
        return self.action.value.replace("_", "-")

    def take(self) -> Issue:
        """Take the step; raise what the service refuses."""
        given = dict(self.cleaned_data)
        return STEPS[self.action](issue=self.issue, by=self.by, **given)  # type: ignore[no-any-return]

    def rebased(self, version: int) -> None:
        """Go on from `version`; what was typed stays."""
        self.data = {**self.data.dict(), "version": str(version)}  # type: ignore[attr-defined]


class DecideForm(StepForm):
    """研判: the one decision of the village, and what each way needs."""

    action = Action.DECIDE
    title = "村里怎么定？"
    button = "定下来"
    words_label = "办理意见或结论"
    hint = "现场办结、解释说明写的就是告诉群众的话；报镇里写清要协调什么。"

    way = forms.ChoiceField(label="怎样办", choices=WAYS, widget=ChoiceCards)
    person = forms.CharField(label="责任人", required=False, max_length=30)
    due_on = forms.DateField(
        label="办理时限",
        required=False,
        widget=DateInput,
        help_text="空着就按规定的天数算。",
    )
    field_order = ("version", "way", "person", "due_on", "words", "on")

    def take(self) -> Issue:
        """Decide; the way is the rules' own value."""
        self.cleaned_data["way"] = Way(self.cleaned_data["way"])
        return super().take()


class AcceptForm(StepForm):
    """受理, before it is decided what to do."""

    action = Action.ACCEPT
    title = "受理"
    button = "受理"
    hint = "先受理，以后再定怎样办。能当场定的，直接研判就行。"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["words"]


class RaiseForm(StepForm):
    """上报 from the township: to which department of the city, and what for."""

    action = Action.RAISE
    title = "转市级部门"
    button = "转给市级部门"
    words_label = "要部门办什么"

    unit = forms.CharField(
        label="部门", required=False, max_length=40, help_text="例如：市水利局。"
    )
    field_order = ("version", "unit", "words", "on")


class SendBackForm(StepForm):
    """退回 with a reason."""

    action = Action.SEND_BACK
    title = "退回"
    button = "退回"
    words_label = "退回的原因"
    danger = True


class ResolveForm(StepForm):
    """办结: the result, in the words that the household will be told."""

    action = Action.RESOLVE
    title = "办好了，写明结果"
    button = "办结"
    words_label = "办理情况"
    hint = "代表会把这段话告诉群众。"


class NoteForm(StepForm):
    """记录进展."""

    action = Action.NOTE
    title = "记录进展"
    button = "记下"
    words_label = "进展"


class TellForm(StepForm):
    """反馈群众, and what the household says to it."""

    action = Action.TELL
    title = "告诉群众"
    button = "记好了"
    words_label = "群众说了什么"

    answer = forms.ChoiceField(
        label="群众满意吗？",
        required=False,
        widget=Picks,
        choices=[(one.value, one.label) for one in Answer],
    )
    field_order = ("version", "answer", "words", "on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.issue.household_id is None:
            # Nobody answers for no household.
            del self.fields["answer"]


class CloseForm(StepForm):
    """销号, with a reason where the household is not content."""

    action = Action.CLOSE
    title = "销号"
    button = "销号"
    words_label = "说明"


class ReopenForm(StepForm):
    """退回重办."""

    action = Action.REOPEN
    title = "退回重办"
    button = "退回重办"
    words_label = "为什么要重办"
    hint = "回到村里重新研判，期限重新算，退回次数加一。"


class SplitForm(StepForm):
    """拆出."""

    action = Action.SPLIT
    title = "拆出来单独办"
    button = "拆出"


class WithdrawForm(StepForm):
    """撤回."""

    action = Action.WITHDRAW
    title = "撤回"
    button = "撤回"
    words_label = "撤回的原因"
    hint = "记错了、重复了才撤回；撤回以后还看得到，不再统计。"
    danger = True


class AmendForm(StepForm):
    """更正: the category and the words; what was there before stays in the timeline."""

    action = Action.AMEND
    title = "更正类别或内容"
    button = "保存更正"
    words_label = "为什么更正"
    hint = "原来的话留在办理经过里。"

    topic = forms.ChoiceField(label="类别")
    said = forms.CharField(
        label="反映内容", max_length=1000, widget=forms.Textarea({"rows": 4})
    )
    field_order = ("version", "topic", "said", "words", "on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = Topic.objects.offered(self.issue.topic)
        self.fields["topic"].choices = topics.values_list("name", "name")  # type: ignore[attr-defined]

    def start(self, issue: Issue) -> dict[str, Any]:
        """Begin with what is there."""
        return {"topic": issue.topic, "said": issue.words}

    def take(self) -> Issue:
        """Correct it."""
        given = self.cleaned_data
        return services.amend(
            issue=self.issue,
            version=given["version"],
            topic=given["topic"],
            words=given["said"],
            reason=given["words"],
            on=given["on"],
            by=self.by,
        )


STEPS: dict[Action, Any] = {
    Action.ACCEPT: services.accept,
    Action.DECIDE: services.decide,
    Action.RAISE: services.raise_,
    Action.SEND_BACK: services.send_back,
    Action.NOTE: services.note,
    Action.RESOLVE: services.resolve,
    Action.TELL: services.tell,
    Action.CLOSE: services.close,
    Action.REOPEN: services.reopen,
    Action.SPLIT: services.split,
    Action.WITHDRAW: services.withdraw,
}
FORMS: dict[Action, type[StepForm]] = {
    form.action: form
    for form in (
        AcceptForm,
        DecideForm,
        RaiseForm,
        SendBackForm,
        ResolveForm,
        NoteForm,
        TellForm,
        CloseForm,
        ReopenForm,
        SplitForm,
        WithdrawForm,
        AmendForm,
    )
}
