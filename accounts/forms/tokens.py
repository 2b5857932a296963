"""A token for another program: what for, of which place, until when."""

import datetime as dt
from typing import Any

from django import forms

from accounts.models import Post
from regions.forms import PlaceField, in_range
from ui.forms import DateInput, PlainWords

HALF_A_YEAR = dt.timedelta(days=182)


class TokenForm(PlainWords, forms.Form):
    """What is asked for a new token."""

    name = forms.CharField(
        label="用在哪里",
        max_length=40,
        help_text="写系统和单位，例如“一表通，市数据局”。",
        error_messages={"required": "请写明给哪个系统用，以后才知道能不能停。"},
    )
    place = PlaceField(
        label="能读哪里的",
        help_text="只给它需要的范围。",
        error_messages={"required": "请选能读哪里的资料。"},
    )
    expires_on = forms.DateField(
        label="有效期到",
        widget=DateInput,
        help_text="最长一年，到期再开。",
        error_messages={
            "required": "请选有效期。",
            "invalid": "日期要写成 2026-11-23 的样子。",
        },
    )

    def __init__(self, *args: Any, by: Post, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expires_on"].initial = today + HALF_A_YEAR
        if not in_range().exclude(code=by.region_id).exists():
            self.fields["place"].initial = by.region  # the only place there is
