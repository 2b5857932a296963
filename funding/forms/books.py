"""What is filled in of a work fund: money in, money out, taking back, carrying on."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from attachments.forms import AttachmentsField
from funding.models import WorkFund
from funding.rules import fund as rules
from funding.services import Spending
from ui.asked import told_on
from ui.forms import DateInput, PlainWords

MOST_FILES = 6


def money_field(label: str, **more: Any) -> forms.DecimalField:
    """Return a field of yuan with at most two places."""
    return forms.DecimalField(
        label=label,
        max_digits=10,
        decimal_places=2,
        min_value=Decimal("0.01"),
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "max_decimal_places": "金额最多两位小数（到分），请核对。",
            "max_digits": "金额太大，请核对。",
            "max_whole_digits": "金额太大，请核对。",
            "min_value": "金额要大于 0，请核对。",
        },
        **more,
    )


class BookForm(PlainWords, forms.Form):
    """What every line of the book has. `id` is made with the page: twice is once."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    booked_on = forms.DateField(label="日期", widget=DateInput)
    amount = money_field("金额（元）")
    purpose = forms.CharField(label="事项", max_length=100)
    scans = AttachmentsField(label="凭证照片或扫描件", most=MOST_FILES)

    def __init__(self, *args: Any, fund: WorkFund, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fund = fund
        self.fields["id"].initial = uuid.uuid4
        today = timezone.localdate()
        last = told_on(fund.year, today)
        self.fields["booked_on"].initial = last
        limits = {"min": f"{fund.year}-01-01", "max": last.isoformat()}
        self.fields["booked_on"].widget.attrs |= limits

    def clean_booked_on(self) -> dt.date:
        """Refuse a day of another year, or one still to come."""
        day: dt.date = self.cleaned_data["booked_on"]
        if day.year != self.fund.year:
            raise ValidationError(rules.of_another_year(day, self.fund.year))
        if day > timezone.localdate():
            raise ValidationError("这一天还没有到，请填实际的日期。")
        return day


class SpendForm(BookForm):
    """登记支出. What is beyond the balance is the service's to refuse: it keeps count."""

    voucher = forms.CharField(label="凭证号", max_length=30)
    handled_by = forms.CharField(label="经办人", max_length=30)
    approved_by = forms.CharField(label="审批人", max_length=30)

    field_order = (
        "booked_on", "amount", "purpose", "voucher", "handled_by", "approved_by",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].help_text = "例如：三季度恳谈会茶水、资料打印。"

    def spending(self) -> Spending:
        """Return the payment of a form in order."""
        names = Spending.__dataclass_fields__
        return Spending(**{name: self.cleaned_data[name] for name in names})


class ReceiveForm(BookForm):
    """登记到账."""

    voucher = forms.CharField(label="凭证号", max_length=30, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].initial = "市财政拨付工作经费"
        self.fields["amount"].initial = self.fund.outstanding or None


class ReverseForm(PlainWords, forms.Form):
    """冲销: why a line does not stand."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    reason = forms.CharField(
        label="为什么冲销？",
        max_length=80,
        help_text="例如：金额多写一个零，重新登记。原来那笔留着，账上加一笔相反的。",
    )


class CarryForm(PlainWords, forms.Form):
    """结转: who decided that what is left is spent in the next year."""

    decided_on = forms.DateField(label="哪天决定的？", widget=DateInput)
    decision = forms.CharField(
        label="依据",
        max_length=200,
        help_text="例如：魏家桥镇财政所 2027 年 1 月 8 日批复，结余留本村使用。",
    )

    def clean_decided_on(self) -> dt.date:
        """Refuse a day that is still to come."""
        day: dt.date = self.cleaned_data["decided_on"]
        if day > timezone.localdate():
            raise ValidationError("这一天还没有到，请填实际决定的日期。")
        return day


class YearForm(forms.Form):
    """Which year is meant."""

    year = forms.IntegerField(min_value=2000, max_value=2100)
