"""Forms for the accounts that one manages."""

import datetime as dt
import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import services
from accounts.forms.signing import PHONE, plain_phone
from accounts.models import Post, User
from accounts.roles import ROLES, Role
from accounts.rules import LEVEL_NAMES
from regions.forms import PlaceField, in_range
from regions.models import Level, Region
from ui.forms import ChoiceCards, DateInput

USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,29}")
LATEST_START = dt.timedelta(days=366)


def plain_username(typed: str) -> str:
    """Return a user name as it is kept; raise ValidationError for what can be none."""
    username = unicodedata.normalize("NFKC", typed).lower()
    if not USERNAME.fullmatch(username):
        raise ValidationError(
            "用户名要以字母开头，3 到 30 个，只用字母、数字、点和横线。"
        )
    return username


def grantable(by: Post) -> list[Role]:
    """Return the roles that the holder of `by` may fill here, in the order of the table.

    A representative's account is opened on the roll, which ties it to the person: one
    from here would show nothing.
    """
    codes = by.kind.grants - {"representative"}
    return [role for role in ROLES.values() if role.code in codes]


class AccountFilter(forms.Form):
    """The filters of the list of accounts; they live in the address."""

    q = forms.CharField(label="姓名、用户名或手机号", required=False, max_length=40)
    role = forms.ChoiceField(label="角色", required=False)
    level = forms.ChoiceField(
        label="层级", required=False, choices=[("", "全部"), *Level.choices]
    )
    place = PlaceField(label="地方", required=False)
    status = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[
            ("", "在任人员"),
            ("locked", "已锁定"),
            ("unused", "初始密码没改"),
            ("closed", "已停用"),
            ("left", "已离任"),
            ("all", "全部"),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(role.code, role.label) for role in ROLES.values()]
        self.fields["role"].choices = [("", "全部"), *roles]  # type: ignore[attr-defined]


class PostForm(forms.Form):
    """A post to fill: role and place, both within what the one who fills it may."""

    role = forms.ChoiceField(
        label="角色",
        widget=ChoiceCards,
        error_messages={
            "required": "请选一个角色。",
            "invalid_choice": "您的职务不能任命这个角色，请另选一个。",
        },
    )
    place = PlaceField(
        label="任职的地方",
        help_text="输入名称，从下拉名单里选；同名的村请写上乡镇（街道）。",
        error_messages={"required": "请选任职的地方。"},
    )

    def __init__(self, *args: Any, by: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = grantable(by)
        cards = [(role.code, f"{role.label}|{role.description}") for role in roles]
        self.fields["role"].choices = cards  # type: ignore[attr-defined]
        if not in_range().exclude(code=by.region_id).exists():
            self.fields["place"].initial = by.region  # the only place there is

    def clean(self) -> dict[str, Any]:
        """Refuse a role at a level where there is none."""
        given = self.cleaned_data
        role, place = ROLES.get(given.get("role", "")), given.get("place")
        if role and isinstance(place, Region) and role.level != place.level:
            wanted = LEVEL_NAMES[role.level]
            self.add_error(
                "place",
                f"“{role.label}”要任在{wanted}一级，而“{place.full_name}”不是，"
                f"请选一个{wanted}。",
            )
        return given


class GrantForm(PostForm):
    """A further post for a person who has an account."""

    on = forms.DateField(
        label="从哪天起",
        widget=DateInput,
        help_text="从这一天起有权限。",
        error_messages={
            "required": "请选一天。",
            "invalid": "日期要写成 2026-11-23 的样子。",
        },
    )

    def clean_on(self) -> dt.date:
        """Refuse days that are over: nobody had the right then."""
        on: dt.date = self.cleaned_data["on"]
        today = timezone.localdate()
        if on < today:
            raise ValidationError("不能早于今天：权限从任命之后才有。")
        if on > today + LATEST_START:
            raise ValidationError("不能晚于一年以后，请到时候再任命。")
        return on


class KnownBy(forms.Form):
    """By which name and phone a person is known."""

    name = forms.CharField(
        label="姓名",
        max_length=30,
        error_messages={"required": "请填姓名。"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label="手机号",
        required=False,
        max_length=20,
        help_text="本人可以用它登录。页面上只显示前三位和后四位。",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        """Drop the blanks inside that fill short names up."""
        name = "".join(unicodedata.normalize("NFKC", self.cleaned_data["name"]).split())
        if len(name) < 2:
            raise ValidationError("姓名至少要两个字。")
        return name

    def clean_phone(self) -> str:
        """Return the digits; refuse what is no mobile number."""
        phone = plain_phone(self.cleaned_data["phone"])
        if phone and not PHONE.fullmatch(phone):
            raise ValidationError(
                f"手机号要 11 位数字、以 1 开头，现在是“{phone}”（{len(phone)} 位）。"
            )
        return phone


class AccountForm(KnownBy, PostForm):
    """A new account with its first post."""

    username = forms.CharField(
        label="用户名",
        required=False,
        max_length=30,
        help_text="登录用，以后不能改。不填就用姓名的拼音。",
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
    )
    field_order = ("name", "phone", "role", "place", "username")

    def clean_username(self) -> str:
        """Refuse names that could be taken for a phone, or that are hard to type."""
        typed: str = self.cleaned_data["username"]
        return plain_username(typed) if typed else ""

    def open(self, *, by: Post, on: dt.date) -> tuple[User, str]:
        """Open the account; return it and its initial password, as the service does."""
        given = self.cleaned_data
        return services.open_account(
            username=given["username"] or services.free_username(given["name"]),
            name=given["name"],
            phone=given["phone"],
            role=given["role"],
            region=given["place"],
            by=by,
            on=on,
        )


class CorrectForm(KnownBy):
    """Name and phone of an account that exists; the phone is not shown whole."""

    def __init__(self, data: Any, *, person: User) -> None:
        super().__init__(data, initial={"name": person.name})
        now = f"现在是 {person.phone}，" if person.phone else "现在没有登记，"
        self.fields["phone"].help_text = f"{now}不改就空着。本人可以用它登录。"
