"""Forms of signing in and of one's own account."""

import re
import unicodedata
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User
from ui.forms import RevealedPassword

# Django's own sentences are partly not translated, and say less than these.
PASSWORD_WORDS = {
    "password_too_short": "密码太短，至少要 10 个字符。",
    "password_too_common": "这个密码太常见，别人容易猜到，请换一个。",
    "password_entirely_numeric": "密码不能全是数字，请加上字母。",
    "password_too_similar": "密码和用户名或姓名太像，请换一个。",
}


PHONE = re.compile(r"1[3-9][0-9]{9}")


def plain_phone(typed: str) -> str:
    """Return what was typed as a mobile number, the way one is kept: digits alone."""
    folded = unicodedata.normalize("NFKC", typed)
    return re.sub(r"[\s-]", "", folded).removeprefix("+86")


def plain_login(typed: str) -> str:
    """Return what was typed as user name or phone, the way both are kept."""
    if PHONE.fullmatch(phone := plain_phone(typed)):
        return phone
    return "".join(unicodedata.normalize("NFKC", typed).lower().split())


class SignInForm(forms.Form):
    """User name or phone, and password."""

    username = forms.CharField(
        label="用户名或手机号",
        max_length=60,
        error_messages={"required": "请输入用户名或手机号。"},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )
    password = forms.CharField(
        label="密码",
        max_length=128,
        strip=False,
        error_messages={"required": "请输入密码。"},
        widget=RevealedPassword(attrs={"autocomplete": "current-password"}),
    )
    remember = forms.BooleanField(
        label="记住此手机 30 天",
        required=False,
        help_text="只对代表本人的手机有用。公用电脑、别人的手机请不要勾。",
    )

    def clean_username(self) -> str:
        """Fold full-width letters, capitals and blanks: phones put them in."""
        return plain_login(self.cleaned_data["username"])


class CodeForm(forms.Form):
    """A code of the second factor."""

    code = forms.CharField(
        label="验证码",
        max_length=20,
        error_messages={"required": "请输入验证码。"},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "text",
                "autocapitalize": "none",
                "autofocus": True,
            }
        ),
    )


class PasswordForm(forms.Form):
    """A new password, after the present one where it was not just typed."""

    old = forms.CharField(
        label="现在的密码",
        strip=False,
        error_messages={"required": "请输入现在的密码。"},
        widget=RevealedPassword(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="新密码",
        strip=False,
        max_length=128,
        help_text="至少 10 个字符，不能全是数字，不要用生日、电话。可以用一句自己记得住的话。",
        error_messages={"required": "请输入新密码。"},
        widget=RevealedPassword(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输一遍新密码",
        strip=False,
        error_messages={"required": "请再输一遍新密码。"},
        widget=RevealedPassword(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, ask_old: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not ask_old:
            del self.fields["old"]

    def clean_new(self) -> str:
        """Refuse what is weak, or the password as it is."""
        new: str = self.cleaned_data["new"]
        try:
            validate_password(new, self.user)
        except ValidationError as weak:
            words = [
                PASSWORD_WORDS.get(e.code or "", e.messages[0]) for e in weak.error_list
            ]
            raise ValidationError(words) from weak
        if self.user.check_password(new):
            raise ValidationError("新密码不能和现在的密码一样。")
        return new

    def clean(self) -> dict[str, Any]:
        """Compare the two new ones."""
        given = self.cleaned_data
        if "new" in given and "again" in given and given["new"] != given["again"]:
            self.add_error("again", "两遍新密码不一样，请重新输入。")
        return given
