"""The filters of the audit page; they live in the address."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Action
from accounts.presenting import CHINESE, table_models
from regions.forms import PlaceField
from ui.forms import DateInput, PlainWords

DATE_WORDS = {"invalid": "日期要写成 2026-11-23 的样子。"}


def kinds() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what can be looked for: actions, and changes table by table."""
    tables = sorted(
        (table, str(model._meta.verbose_name))
        for table, model in table_models().items()
        if CHINESE.search(str(model._meta.verbose_name)) and _is_recorded(table)
    )
    return [
        ("登录和账号", list(Action.choices)),
        ("资料变更", [("changes", "所有资料变更"), *tables]),
    ]


def _is_recorded(table: str) -> bool:
    log = {"accounts_accessentry", "accounts_rowchange", "accounts_auditseal"}
    technical = {"accounts_device", "jobs_pulse"}
    foreign = ("auth_", "django_", "axes_", "otp_")
    return table not in log | technical and not table.startswith(foreign)


class AuditFilter(PlainWords, forms.Form):
    """Who, what, when, where."""

    who = forms.CharField(label="人员（姓名或用户名）", required=False, max_length=40)
    what = forms.ChoiceField(label="做了什么", required=False)
    place = PlaceField(label="地方", required=False)
    since = forms.DateField(
        label="从", required=False, widget=DateInput, error_messages=DATE_WORDS
    )
    until = forms.DateField(
        label="到", required=False, widget=DateInput, error_messages=DATE_WORDS
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [("", "全部"), *kinds()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        given = self.cleaned_data
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", "“到”的日期不能早于“从”的日期。")
        return given


def start_of(day: dt.date) -> dt.datetime:
    """Return the local midnight that a day begins with."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
