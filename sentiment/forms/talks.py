"""What is filled in of a 恳谈会: on the phone by its convener, at the village for him."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from households.models import Household
from representatives.models import Representative
from sentiment.forms.exhibits import exhibits_field
from sentiment.models import MeetingKind, TalkMeeting
from sentiment.services.talks import PLAIN, Opinion, Talk
from ui.forms import DateInput, ManyPicks, Picks, PlainWords
from visits.models import Satisfaction, Topic

OTHER = "其他"
BY_GROUP = ("group__number", "initials", "head")
MOST_OPINIONS = 30
MOST_PRESENT = 300


def homes_of(person: Representative, on: dt.date) -> QuerySet[Household]:
    """Return the households that a representative looks after, as people name them."""
    homes = Household.objects.living().filter(
        links__representative=person, links__started_on__lte=on, links__ended_on=None
    )
    return homes.select_related("group").order_by(*BY_GROUP)


class RoomForMore(forms.Form):
    """A form that may be shown again as it was sent, unchecked: 再加一条.

    Whoever asks for room to write more has not finished the rest.
    """

    def __init__(self, *args: Any, is_checked: bool = True, **kwargs: Any) -> None:
        self.is_checked = is_checked
        super().__init__(*args, **kwargs)

    def full_clean(self) -> None:
        """Check what was sent, unless only more room was asked for."""
        super().full_clean()
        if not self.is_checked:
            self._errors = forms.utils.ErrorDict()


class TalkForm(PlainWords, RoomForMore):
    """When, where, which kind, who came, what about.

    Nobody is present until he is tapped: a household that is wrongly put down as
    present makes the record untrue, and a handful of taps is what a sign-in sheet asks
    too. `id` is made with the page, so that sending twice keeps one meeting.
    """

    id = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label="什么会？", choices=MeetingKind.choices, widget=Picks, initial="talk"
    )
    held_on = forms.DateField(label="哪天开的？", widget=DateInput)
    place = forms.CharField(
        label="在哪里开的？", max_length=60, help_text="例如：3 组申秋云家院子。"
    )
    present = forms.ModelMultipleChoiceField(
        Household.objects.none(),
        label="哪些户来了？",
        required=False,
        widget=ManyPicks,
        help_text="点一下来了的户。",
    )
    others_present = forms.IntegerField(
        label="另外还来了几个人？",
        min_value=0,
        max_value=MOST_PRESENT,
        required=False,
        initial=0,
    )
    topics = forms.CharField(
        label="说了哪些事？",
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text="例如：冬季用水、医保缴费。",
    )
    replies = forms.CharField(
        label="当场怎么答复的？",
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
    )
    recorder = forms.CharField(label="谁记录？", required=False, max_length=30)

    def __init__(
        self,
        *args: Any,
        person: Representative,
        talk: TalkMeeting | None = None,
        on_phone: bool = False,
        **kwargs: Any,
    ) -> None:
        today = timezone.localdate()
        if talk is not None:
            kwargs.setdefault("initial", as_initial(talk))
        super().__init__(*args, **kwargs)
        self.person, self.talk = person, talk
        self.fields["exhibits"] = exhibits_field(on_phone=on_phone)
        self.homes = homes_of(person, today)
        if talk is not None:  # those who came stay choices, whoever has them now
            came = Q(pk__in=talk.presences.values("household"))
            homes = Household.objects.filter(came | Q(pk__in=self.homes.values("pk")))
            self.homes = homes.select_related("group").order_by(*BY_GROUP)
        self.fields["present"].queryset = self.homes  # type: ignore[attr-defined]
        self.fields["id"].initial = talk.pk if talk else uuid.uuid4
        self.fields["held_on"].initial = talk.held_on if talk else today
        self.fields["held_on"].widget.attrs["max"] = today.isoformat()

    def clean_held_on(self) -> dt.date:
        """Refuse a day that is still to come."""
        day: dt.date = self.cleaned_data["held_on"]
        if day > timezone.localdate():
            raise ValidationError("这一天还没有到，请填实际开会的日期。")
        return day

    def content(self, opinions: tuple[Opinion, ...]) -> Talk:
        """Return what the form says of the meeting."""
        given = self.cleaned_data
        columns = {name: given[name] for name in PLAIN}
        columns["others_present"] = given["others_present"] or 0
        return Talk(
            representative=self.person.pk,
            present=tuple(home.pk for home in given["present"]),
            opinions=opinions,
            **columns,
        )


def as_initial(talk: TalkMeeting) -> dict[str, Any]:
    """Return what a kept meeting says, as the form has it."""
    present = list(talk.presences.values_list("household", flat=True))
    plain = {name: getattr(talk, name) for name in PLAIN}
    return plain | {"id": talk.pk, "version": talk.version, "present": present}


class OpinionForm(PlainWords, forms.Form):
    """One opinion. A row without words is no opinion."""

    words = forms.CharField(
        label="说了什么？",
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
    )
    topic = forms.ChoiceField(label="哪一类？", required=False)
    household = forms.ModelChoiceField(
        Household.objects.none(),
        label="谁说的？",
        required=False,
        empty_label="没有记名",
    )
    satisfaction = forms.ChoiceField(
        label="满意吗？",
        choices=[("", "没有说"), *Satisfaction.choices],
        required=False,
    )

    def __init__(self, *args: Any, homes: QuerySet[Household], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = Topic.objects.offered().values_list("name", "name")
        self.fields["household"].queryset = homes  # type: ignore[attr-defined]
        self.fields["topic"].choices = topics  # type: ignore[attr-defined]
        self.fields["topic"].initial = OTHER

    def opinion(self) -> Opinion | None:
        """Return the opinion, None where nothing was written."""
        given = self.cleaned_data
        if not given.get("words"):
            return None
        home = given["household"]
        return Opinion(
            words=given["words"],
            topic=given["topic"] or OTHER,
            household=home.pk if home else None,
            satisfaction=given["satisfaction"],
        )


class BaseOpinions(forms.BaseFormSet):  # type: ignore[type-arg]
    """The opinions of a meeting; `再加一条` asks for one more without a script."""

    def opinions(self) -> tuple[Opinion, ...]:
        """Return what was said, in the order of the page."""
        return tuple(filter(None, (form.opinion() for form in self.forms)))


Opinions = forms.formset_factory(
    OpinionForm, formset=BaseOpinions, extra=1, max_num=MOST_OPINIONS
)


def one_more(data: Any) -> Any:
    """Return what was sent, with a further empty opinion."""
    more = data.copy()
    total = more.get("o-TOTAL_FORMS", "0")
    number = int(total) if total.isdecimal() and len(total) < 4 else 0
    more["o-TOTAL_FORMS"] = str(min(number + 1, MOST_OPINIONS))
    more.setdefault(f"o-{number}-topic", OTHER)
    return more


class WithdrawForm(PlainWords, forms.Form):
    """撤回: why a meeting should not stand."""

    reason = forms.CharField(
        label="为什么撤回？", max_length=200, help_text="例如：日期记错，已重新登记。"
    )
