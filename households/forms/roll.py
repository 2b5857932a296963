"""Forms for a household on the roll: filters, entering, correcting, its categories."""

import datetime as dt
from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Post
from accounts.services import Refused
from households import services
from households.listing import all_categories
from households.models import Category, Household, Status
from regions.forms import PlaceField
from regions.models import Region, VillagerGroup
from representatives.forms.editing import EditForm
from representatives.forms.fields import IdNumberField, PhoneField
from representatives.forms.people import ANY, groups_of
from representatives.forms.seats import GroupChoice
from representatives.models import Constituency, Representative
from representatives.services import sealed_identity
from ui.forms import DateInput, PlainWords

MOST_MEMBERS = 60


class RollFilter(PlainWords, forms.Form):
    """The filters of the roll of households; they live in the address."""

    q = forms.CharField(
        label="户主、首字母、电话、证件号", required=False, max_length=30
    )
    place = PlaceField(label="乡镇、村", required=False)
    group = forms.IntegerField(label="组（填数字）", required=False, min_value=1)
    category = forms.ChoiceField(label="重点类别", required=False)
    contact = forms.ChoiceField(
        label="联系人",
        required=False,
        choices=[
            ANY,
            ("no", "没有联系人"),
            ("idle", "联系人已不在任"),
            ("yes", "有联系人"),
        ],
    )
    representative = forms.CharField(
        label="联系代表（姓名）", required=False, max_length=30
    )
    away = forms.ChoiceField(
        label="外出",
        required=False,
        choices=[ANY, ("yes", "外出或空户"), ("no", "在家")],
    )
    status = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "在册"), *Status.choices[1:], ("all", "全部")],
    )

    def __init__(self, *args: Any, one_village: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            ANY,
            ("*", "所有重点户"),
            ("-", "普通户"),
            *all_categories(),
        ]
        if one_village:
            del self.fields["place"]


class HouseholdFields(forms.Form):
    """What the roll keeps of a household; ID number and phone beside."""

    head = forms.CharField(label="户主姓名", max_length=30)
    id_number = IdNumberField(label="户主身份证号")
    phone = PhoneField()
    address = forms.CharField(
        label="住址", required=False, max_length=60, help_text="写到组就行。"
    )
    members = forms.IntegerField(
        label="人口", min_value=1, max_value=MOST_MEMBERS, initial=1
    )
    residents = forms.IntegerField(
        label="常住人口", required=False, min_value=0, max_value=MOST_MEMBERS
    )
    is_away = forms.BooleanField(label="外出或空户", required=False)
    constituency = forms.ModelChoiceField(
        Constituency.objects.none(),
        label="推选单元",
        required=False,
        empty_label="没有填",
    )
    situation = forms.CharField(
        label="家庭基本情况",
        required=False,
        max_length=200,
        widget=forms.Textarea({"rows": 2}),
        help_text="不要写病名，不要写未成年人的姓名。",
    )
    remark = forms.CharField(
        label="备注",
        required=False,
        max_length=200,
        widget=forms.Textarea({"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """Hold the two numbers of people against each other."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        members, residents = given.get("members"), given.get("residents")
        if members is not None and residents is not None and residents > members:
            self.add_error(
                "residents", f"常住人口不能多于人口 {members}，请改正其中一个。"
            )
        return given


PLAIN = (
    "head",
    "address",
    "members",
    "residents",
    "is_away",
    "constituency",
    "situation",
    "remark",
)


def units_of(village: Region) -> Any:
    """Return the village's constituencies, by name."""
    return Constituency.objects.current().filter(region=village).order_by("name")


class HouseholdForm(HouseholdFields, EditForm):
    """Correcting a household on the roll."""

    plain: ClassVar[tuple[str, ...]] = ("group", *PLAIN)
    sealed: ClassVar[tuple[str, ...]] = ("id_number", "phone")
    row: Household
    group = forms.ModelChoiceField(
        VillagerGroup.objects.none(), label="组别", empty_label="请选"
    )

    def __init__(self, *args: Any, row: Household, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.fields["group"].queryset = groups_of(row.region)  # type: ignore[attr-defined]
        self.fields["constituency"].queryset = units_of(row.region)  # type: ignore[attr-defined]

    def _keep(self, changes: dict[str, Any], version: int) -> None:
        services.edit(household=self.row, changes=changes, version=version)


class CategoryChoice(forms.MultipleChoiceField):
    """The categories that the city offers, and those a household has already."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, held: set[str]) -> None:
        """Fill in the choices: what is in use, and what is held though retired."""
        in_use = Category.objects.filter(Q(retired_on=None) | Q(code__in=held))
        names = in_use.order_by("order").values_list("code", "name")
        self.choices = list(names)


class EnterForm(PlainWords, GroupChoice, HouseholdFields):
    """A household new on the roll, with its categories and whoever looks after it."""

    registered_on = forms.DateField(label="入册日期", widget=DateInput())
    categories = CategoryChoice(label="重点类别", required=False)
    source = forms.CharField(
        label="重点类别的依据",
        required=False,
        max_length=60,
        help_text="例如：2026 年低保名单。",
    )
    representative = forms.ModelChoiceField(
        Representative.objects.none(),
        label="联系代表",
        required=False,
        empty_label="先不定",
    )

    def __init__(self, *args: Any, village: Region, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, village=village, **kwargs)
        self.fields["constituency"].queryset = units_of(village)  # type: ignore[attr-defined]
        self.fields["representative"].queryset = people  # type: ignore[attr-defined]
        self.fields["categories"].offer(set())  # type: ignore[attr-defined]

    def clean_registered_on(self) -> dt.date:
        """Refuse a day to come."""
        return not_after_today(self.cleaned_data["registered_on"], "入册日期")

    def facts(self, group: VillagerGroup) -> dict[str, Any]:
        """Return the columns of the household."""
        given = self.cleaned_data
        identity = sealed_identity(id_number=given["id_number"], phone=given["phone"])
        return {name: given[name] for name in PLAIN} | identity | {"group": group}

    @transaction.atomic
    def enter(self, *, by: Post, since: dt.date) -> Household:
        """Enter the household, and its group if it is new; Refused as the service says.

        Categories and link begin `since`.
        """
        given, group = self.cleaned_data, self.chosen()
        if group is None:  # `clean` asks for one
            raise Refused("请选小组。")
        return services.enter(
            village=self.village,
            facts=self.facts(group),
            on=given["registered_on"],
            since=since,
            by=by,
            categories=given["categories"],
            source=given["source"],
            representative=given["representative"],
        )


class CategoriesForm(PlainWords, forms.Form):
    """Which categories a household belongs to from a day on."""

    categories = CategoryChoice(label="重点类别", required=False)
    on = forms.DateField(label="从哪天起", widget=DateInput())
    source = forms.CharField(
        label="依据",
        required=False,
        max_length=60,
        help_text="新勾上的类别会记下这个依据，例如：民政 2026 年第 3 批低保。",
    )

    def __init__(self, *args: Any, held: set[str], **kwargs: Any) -> None:
        initial = {"categories": sorted(held), "on": timezone.localdate()}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["categories"].offer(held)  # type: ignore[attr-defined]

    def clean_on(self) -> dt.date:
        """Refuse a day to come."""
        return not_after_today(self.cleaned_data["on"], "日期")


class CategoryForm(PlainWords, forms.Form):
    """One category of the city's list."""

    name = forms.CharField(label="名称", max_length=20)
    is_key = forms.BooleanField(label="属于重点户", required=False, initial=True)

    @classmethod
    def of(cls, data: Any, category: Category) -> Self:
        """Return the form for a category that exists, with its place in the list."""
        form = cls(
            data,
            initial={
                "name": category.name,
                "is_key": category.is_key,
                "order": category.order,
                "retired": category.retired_on is not None,
            },
        )
        form.fields["order"] = forms.IntegerField(
            label="顺序", min_value=1, max_value=99, help_text="小的排在前面。"
        )
        form.fields["retired"] = forms.BooleanField(
            label="停用", required=False, help_text="停用后不能再给户勾选，已有的照旧。"
        )
        return form


def not_after_today(day: dt.date, label: str) -> dt.date:
    """Return the day; raise ValidationError for a day to come."""
    if day > timezone.localdate():
        raise ValidationError(f"{label}不能晚于今天，请改正。")
    return day
