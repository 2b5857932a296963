"""What is filled in of a training: its facts, the filters of its people, who came."""

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from attachments.forms import AttachmentsField
from regions.forms import PlaceField, PlaceInput
from regions.models import Level as Tier
from regions.models import Region, RegionQuerySet
from representatives.models import Sex
from trainings.models import Attendance, Kind, Sign, Training
from trainings.rules import senders_of
from trainings.services import Mark, Plan
from ui.forms import DateInput, Picks, PlainWords

ANY = ("", "全部")
STATES = (
    ("", "今年没参加过"),
    ("never", "从没参加过"),
    ("trained", "今年参加过"),
    ("all", "在任的都列出"),
)
TAPS = (Sign.PRESENT, Sign.LEAVE, Sign.ABSENT)


class PeopleFilter(PlainWords, forms.Form):
    """Whom to train: the filters live in the address."""

    representative = forms.IntegerField(
        required=False, min_value=1, widget=forms.HiddenInput
    )
    state = forms.ChoiceField(label="培训", required=False, choices=STATES)
    place = PlaceField(label="乡镇、村", required=False)
    fresh = forms.ChoiceField(
        label="今年新任", required=False, choices=[ANY, ("yes", "只看今年新任")]
    )
    sex = forms.ChoiceField(label="性别", required=False, choices=[ANY, *Sex.choices])
    politics = forms.ChoiceField(
        label="党员", required=False, choices=[ANY, ("yes", "党员"), ("no", "不是党员")]
    )

    def __init__(self, *args: Any, one_village: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if one_village:
            del self.fields["place"]


class AnyVillageInput(PlaceInput):
    """Suggests every village of the city, also those out of one's range."""

    def places(self) -> tuple[str, ...]:
        """Return all villages."""
        return tuple(all_villages().order_by("code").full_names())


class AnyVillageField(PlaceField):
    """A village by “镇 + 村”, or by a name that is found once; gives a Region.

    People go to see villages of other townships, so one's own range is no limit here.
    """

    widget = AnyVillageInput

    def find(self, typed: str) -> Region:
        """Return the village that was meant; raise ValidationError if there is none."""
        above, _, name = typed.rpartition(" ")
        found = all_villages().filter(name=name)
        if above:
            found = found.filter(parent__name=above)
        villages = list(found[:2])
        if len(villages) == 1:
            return villages[0]
        raise ValidationError(
            "有几个村都叫这个名字，请写上乡镇，例如“魏家桥镇 长冲口村”。"
            if villages
            else "没有找到这个村，请写“镇 + 村”，例如“魏家桥镇 长冲口村”。"
        )


def all_villages() -> RegionQuerySet:
    """Return every village in force."""
    return Region.objects.current().villages().select_related("parent")


class TrainingForm(PlainWords, forms.Form):
    """When, where, about what, by whom.

    `id` is made with the page, so that sending twice keeps one training.
    """

    id = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    topic = forms.CharField(
        label="培训名称", max_length=80, help_text="例如：代表走访和民情记录培训。"
    )
    kind = forms.ChoiceField(
        label="形式", choices=Kind.choices, widget=Picks, initial=Kind.LESSON
    )
    host = PlaceField(
        label="主办单位",
        help_text="市里办的是市级示范，镇里办的是乡镇普遍，村里办的是村级兜底。",
    )
    held_on = forms.DateField(label="时间", widget=DateInput)
    place = forms.CharField(label="地点", max_length=60, help_text="例如：镇政府三楼。")
    hours = forms.IntegerField(label="课时", min_value=1, max_value=80, initial=4)
    speakers = forms.CharField(
        label="主讲", max_length=120, required=False, help_text="几位用“、”隔开。"
    )
    sender = forms.ChoiceField(
        label="主讲由谁派来",
        required=False,
        choices=[
            ("", "主办单位自己安排"),
            ("township", "镇里派到村授课"),
            ("city", "市里派到村授课"),
        ],
        help_text="派人到村授课的，主办单位写那个村。",
    )
    host_village = AnyVillageField(
        label="到哪个村观摩",
        required=False,
        help_text="只有观摩学习会才填，写“镇 + 村”。",
    )
    lessons = forms.CharField(
        label="学到的经验",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text="观摩以后再写也行：人家怎么做的，我们怎么学。",
    )
    handouts = AttachmentsField(
        label="课件、通知、签到表照片",
        help_text="PDF 或照片，一次最多 9 个；没有就不传。",
    )

    def __init__(
        self, *args: Any, own: Region, training: Training | None = None, **kwargs: Any
    ) -> None:
        if training is not None:
            kwargs.setdefault("initial", as_initial(training))
        super().__init__(*args, **kwargs)
        self.own, self.training = own, training
        self.fields["id"].initial = training.pk if training else uuid.uuid4
        if training is not None or own.level == Tier.VILLAGE:
            del self.fields["host"]  # a training stays with its host
        else:
            self.fields["host"].initial = own
        if training is None:
            self.fields["held_on"].initial = timezone.localdate()

    @property
    def holder(self) -> Region:
        """Who holds it."""
        if self.training is not None:
            return self.training.region
        chosen: Region = self.cleaned_data.get("host") or self.own
        return chosen

    @property
    def asks_for_tour(self) -> bool:
        """Whether the fields of a tour stand open."""
        wanted = self["kind"].value() == Kind.TOUR
        return wanted or bool({"host_village", "lessons"} & set(self.errors))

    def clean(self) -> dict[str, Any]:
        """Hold kind and sender against the rest."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        is_tour = given.get("kind") == Kind.TOUR
        if (
            is_tour
            and not given.get("host_village")
            and "host_village" not in self.errors
        ):
            self.add_error("host_village", "请写到哪个村观摩。")
        if given.get("sender") and self.holder.level != Tier.VILLAGE:
            self.add_error("sender", "派人到村授课的，请把“主办单位”改成那个村。")
        return given

    def content(self) -> Plan:
        """Return what the form says of the training."""
        given = self.cleaned_data
        is_tour = given["kind"] == Kind.TOUR
        senders = dict(
            zip(("township", "city"), senders_of(self.holder.code), strict=False)
        )
        return Plan(
            topic=given["topic"],
            held_on=given["held_on"],
            place=given["place"],
            hours=given["hours"],
            speakers=given["speakers"],
            kind=given["kind"],
            sent_by=senders.get(given["sender"]),
            host_village=given["host_village"].code if is_tour else None,
            lessons=given["lessons"] if is_tour else "",
        )


def as_initial(training: Training) -> dict[str, Any]:
    """Return what a kept training says, as the form has it."""
    plain = ("topic", "kind", "held_on", "place", "hours", "speakers", "lessons")
    sent_by = training.sent_by
    return {name: getattr(training, name) for name in (*plain, "version")} | {
        "id": training.pk,
        "host_village": training.host_village,
        "sender": "" if sent_by is None else sent_by.level,
    }


class CancelForm(PlainWords, forms.Form):
    """取消: why a training is called off."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="为什么取消？",
        max_length=200,
        help_text="例如：下大雪，改到下个月；登记重了。",
    )


@dataclass
class SignRow:
    """One person of the sign-in: what is noted, as it was sent."""

    row: Attendance
    sign: str
    reason: str
    error: str = ""

    @property
    def pk(self) -> int:
        """Whose row it is."""
        return self.row.representative_id

    @property
    def taps(self) -> list[tuple[str, str, bool]]:
        """The three choices: value, word, whether it is the present one."""
        return [(sign.value, sign.label, sign.value == self.sign) for sign in TAPS]


class SignInForm(forms.Form):
    """Who came: all are there until somebody is tapped.

    Drawn row by row in the template: three hundred people are nine hundred choices.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, training: Training, roster: list[Attendance]
    ) -> None:
        super().__init__(data, initial={"version": training.version})
        self.training = training
        self.rows = [self._row(row) for row in roster]

    def _row(self, row: Attendance) -> SignRow:
        sign = Sign.PRESENT if row.sign == Sign.LISTED else row.sign
        if not self.is_bound:
            return SignRow(row, sign, row.reason)
        sent = self.data.get(f"sign_{row.representative_id}", "")
        reason = str(self.data.get(f"reason_{row.representative_id}", "")).strip()
        return SignRow(row, sent if sent in TAPS else sign, reason[:60])

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of each leave."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for row in self.rows:
            if row.sign == Sign.LEAVE and not row.reason:
                row.error = "请写请假的原因，例如生病、外出。"
                self.add_error(None, f"{row.row.representative.name}：{row.error}")
        return given

    def marks(self) -> dict[int, Mark]:
        """Return what was tapped; somebody put on the roster meanwhile is not in it."""
        return {
            row.pk: Mark(Sign(row.sign), "" if row.sign == Sign.PRESENT else row.reason)
            for row in self.rows
            if f"sign_{row.pk}" in self.data
        }

    def clashes(self) -> list[tuple[str, str, str]]:
        """Return (name, what another noted, what is noted here) where these differ."""
        marks = self.marks()
        return [
            (
                row.row.representative.name,
                words_of(row.row.sign, row.row.reason),
                words_of(marks[row.pk].sign, marks[row.pk].reason),
            )
            for row in self.rows
            if row.pk in marks
            and (row.row.sign, row.row.reason)
            != (marks[row.pk].sign, marks[row.pk].reason)
        ]


def words_of(sign: str, reason: str) -> str:
    """Return a sign and its reason in words."""
    return Sign(sign).label + (f"（{reason}）" if reason else "")
