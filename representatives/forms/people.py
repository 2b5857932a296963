"""Forms for a representative: the roll's filters, the person, the mandate, sign-in."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.sealing import Sealed
from attachments.examining import Examined
from attachments.forms import AttachmentsField
from attachments.rules import Kind
from regions.forms import PlaceField
from regions.models import Region, VillagerGroup
from representatives import services
from representatives.forms.editing import EditForm
from representatives.forms.fields import (
    IdNumberField,
    OfficesField,
    PhoneField,
    born_on,
)
from representatives.models import (
    CommitteeTerm,
    Education,
    Mandate,
    Mode,
    Politics,
    Representative,
    Seat,
    Sex,
)
from representatives.rules import Candidate, check_candidate, check_mandate_until
from ui.forms import DateInput, PlainWords

ANY = ("", "全部")
OLDEST = 1900


def groups_of(village: Region) -> Any:
    """Return the village's groups in force, by number."""
    groups = VillagerGroup.objects.filter(region=village, ended_on=None)
    return groups.order_by("number")


def with_blank(choices: Any, blank: str = "没有填") -> list[tuple[str, str]]:
    """Return choices with an empty one in front."""
    return [("", blank), *choices]


class RosterFilter(PlainWords, forms.Form):
    """The filters of the roll of representatives; they live in the address."""

    q = forms.CharField(
        label="姓名、首字母、电话、证件号", required=False, max_length=30
    )
    place = PlaceField(label="乡镇、村", required=False)
    group = forms.IntegerField(label="组（填数字）", required=False, min_value=1)
    sex = forms.ChoiceField(label="性别", required=False, choices=[ANY, *Sex.choices])
    politics = forms.ChoiceField(
        label="党员", required=False, choices=[ANY, ("yes", "党员"), ("no", "不是党员")]
    )
    office = forms.ChoiceField(
        label="兼任",
        required=False,
        choices=[ANY, ("yes", "有兼任"), ("paid", "领固定补贴"), ("no", "没有兼任")],
    )
    load = forms.ChoiceField(
        label="联系户数",
        required=False,
        choices=[ANY, ("under", "偏少"), ("over", "偏多"), ("right", "合适")],
    )
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[
            ("", "在任"),
            ("expired", "任期已满未办离任"),
            ("left", "已离任"),
            ("all", "全部"),
        ],
    )

    def __init__(self, *args: Any, one_village: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if one_village:
            del self.fields["place"]


class PersonFields(forms.Form):
    """What the roll keeps of a person; ID number and phone beside."""

    name = forms.CharField(label="姓名", max_length=30)
    sex = forms.ChoiceField(
        label="性别", required=False, choices=with_blank(Sex.choices)
    )
    nation = forms.CharField(label="民族", max_length=20, initial="汉族")
    birth_year = forms.IntegerField(
        label="出生年份", required=False, min_value=OLDEST, help_text="例如 1968。"
    )
    id_number = IdNumberField()
    phone = PhoneField()
    education = forms.ChoiceField(
        label="文化程度", required=False, choices=with_blank(Education.choices)
    )
    politics = forms.ChoiceField(
        label="政治面貌", required=False, choices=with_blank(Politics.choices)
    )
    group = forms.ModelChoiceField(
        VillagerGroup.objects.none(),
        label="所在小组",
        required=False,
        empty_label="没有填",
    )
    offices = OfficesField(
        label="兼任",
        required=False,
        help_text="几样用“、”隔开，例如：村民小组长、护林员。",
    )
    draws_allowance = forms.BooleanField(label="领取固定补贴", required=False)
    remark = forms.CharField(
        label="备注",
        required=False,
        max_length=200,
        widget=forms.Textarea({"rows": 2}),
    )

    def clean_birth_year(self) -> int | None:
        """Refuse a year to come."""
        year: int | None = self.cleaned_data["birth_year"]
        if year and year > timezone.localdate().year:
            raise ValidationError("出生年份不能晚于今年，请核对。")
        return year

    def clean(self) -> dict[str, Any]:
        """Hold the year of birth against the ID number."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        year, number = given.get("birth_year"), given.get("id_number")
        if year and number and born_on(number).year != year:
            self.add_error(
                "birth_year",
                f"身份证号里是 {born_on(number).year} 年，与这里填的 {year} 年不一致，"
                "请改正其中一个。",
            )
        return given


PLAIN = (
    "name",
    "sex",
    "nation",
    "birth_year",
    "education",
    "politics",
    "group",
    "offices",
    "draws_allowance",
    "remark",
)


class PersonForm(PersonFields, EditForm):
    """Editing a representative who is on the roll."""

    plain: ClassVar[tuple[str, ...]] = PLAIN
    sealed: ClassVar[tuple[str, ...]] = ("id_number", "phone")
    row: Representative

    def __init__(self, *args: Any, row: Representative, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.fields["group"].queryset = groups_of(row.region)  # type: ignore[attr-defined]

    def _keep(self, changes: dict[str, Any], version: int) -> None:
        services.edit_representative(
            representative=self.row, changes=changes, version=version
        )


class EnrolForm(PlainWords, PersonFields):
    """A person for a vacant seat: who, how chosen, from when until when."""

    seat = forms.ModelChoiceField(
        Seat.objects.none(), label="席位", empty_label="请选一个空着的席位"
    )
    mode = forms.ChoiceField(label="推选方式", choices=Mode.choices)
    is_by_election = forms.BooleanField(label="届中补选", required=False)
    started_on = forms.DateField(label="当选日期", widget=DateInput())
    until = forms.DateField(label="任期至", widget=DateInput())

    def __init__(
        self,
        *args: Any,
        village: Region,
        seats: Any,
        term: CommitteeTerm | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.term = term
        self.fields["seat"].queryset = seats  # type: ignore[attr-defined]
        self.fields["group"].queryset = groups_of(village)  # type: ignore[attr-defined]
        self.fields["id_number"].help_text = "和出生年份至少填一样。"
        if term:
            self.fields["until"].help_text = "与本届村（居）委会届期一致。"

    def clean_started_on(self) -> dt.date:
        """Refuse an election that has not been held yet."""
        day: dt.date = self.cleaned_data["started_on"]
        if day > timezone.localdate():
            raise ValidationError("当选日期不能晚于今天。")
        return day

    def clean(self) -> dict[str, Any]:
        """Hold the person and the dates against the rules (L06, L07)."""
        given = super().clean()
        started, until = given.get("started_on"), given.get("until")
        if started and until and until < started:
            self.add_error("until", "任期至不能早于当选日期，请改正其中一个。")
        elif started and until and self.term:
            for finding in check_mandate_until(until, self.term.ends_on, started):
                self.add_error("until", f"{finding.problem}{finding.remedy}")
        if started and not {"id_number", "birth_year"} & set(self.errors):
            self._hold_against_age(started)
        return given

    def _hold_against_age(self, started: dt.date) -> None:
        given = self.cleaned_data
        number, year = given.get("id_number"), given.get("birth_year")
        if not number and not year:
            self.add_error("id_number", "身份证号和出生年份至少填一样，用来核对年龄。")
            return
        candidate = Candidate(
            name=given.get("name") or "这个人",
            born=born_on(number) if number else None,
            birth_year=year,
            is_deprived=False,
        )
        for finding in check_candidate(candidate, started):
            self.add_error(
                "id_number" if number else "birth_year",
                f"{finding.problem}{finding.remedy}",
            )

    def person(self) -> dict[str, Any]:
        """Return the columns of the person; the year of birth from the ID number."""
        given = self.cleaned_data
        person = {name: given[name] for name in PLAIN}
        if number := given["id_number"]:
            person["birth_year"] = born_on(number).year
        return person | services.sealed_identity(id_number=number, phone=given["phone"])

    def enrol(self) -> Mandate:
        """Enter the person and give him the seat. Raises Refused as the service does."""
        given = self.cleaned_data
        return services.enrol(
            seat=given["seat"],
            person=self.person(),
            mode=Mode(given["mode"]),
            started_on=given["started_on"],
            until=given["until"],
            is_by_election=given["is_by_election"],
        )


class PhotoForm(PlainWords, forms.Form):
    """A photo of a person, or the wish to have none."""

    photo = AttachmentsField(
        label="选一张照片",
        kinds=(Kind.PHOTO,),
        most=1,
        help_text="JPG 或 PNG，手机拍的就行。拍摄的地点和时间会自动去掉。",
    )
    drop = forms.BooleanField(label="去掉现在的照片，不用照片", required=False)

    def __init__(self, *args: Any, has_photo: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_photo:
            del self.fields["drop"]

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        given: dict[str, Any] = super().clean() or {}
        if not (self.errors or given.get("photo") or given.get("drop")):
            self.add_error("photo", "还没有选照片。")
        return given

    @property
    def chosen(self) -> Examined | None:
        """The photo that is to be kept from now on."""
        if self.cleaned_data.get("drop"):
            return None
        [photo] = self.cleaned_data["photo"]
        examined: Examined = photo
        return examined


class SignInForm(PlainWords, forms.Form):
    """An account for a representative to sign in with."""

    username = forms.RegexField(
        r"^[a-z][a-z0-9._-]{2,29}$",
        label="用户名",
        help_text="小写字母开头，3 至 30 个字母或数字。",
        error_messages={
            "invalid": "用户名要以小写字母开头，只用小写字母和数字，3 至 30 个。"
        },
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    with_phone = forms.BooleanField(required=False, initial=True)

    def __init__(self, *args: Any, phone: Sealed | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["with_phone"].label = f"也可以用名册上的手机号 {phone} 登录"
        if phone is None:
            del self.fields["with_phone"]

    def plain_phone(self, phone: Sealed | None) -> str:
        """Return the phone to sign in with, or nothing."""
        return phone.reveal() if phone and self.cleaned_data["with_phone"] else ""


class RevealForm(PlainWords, forms.Form):
    """Why somebody wants to see a whole number."""

    reason = forms.CharField(
        label="为什么要看完整号码？",
        min_length=2,
        max_length=100,
        help_text="理由会和您的姓名、时间一起记入操作日志。",
        widget=forms.TextInput({"list": "reasons", "autocomplete": "off"}),
    )
