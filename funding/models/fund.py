"""The work fund of a village and year, and its book."""

from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from funding.rules.fund import used_share
from regions.models import ScopedForeignKey, ScopedModel


class EntryKind(models.TextChoices):
    """What an entry of the book is."""

    RECEIVED = "received", "到账"
    SPENT = "spent", "支出"
    CARRIED = "carried", "结转"
    REVERSAL = "reversal", "冲销"


def money(label: str, **options: Any) -> "models.DecimalField[Decimal, Decimal]":
    """Return a column of yuan with two places."""
    return models.DecimalField(label, max_digits=12, decimal_places=2, **options)


class WorkFundQuerySet(models.QuerySet["WorkFund"]):
    """Reads over work funds."""

    def of_year(self, year: int) -> Self:
        """Return the funds of a year."""
        return self.filter(year=year)


class WorkFund(ScopedModel):
    """工作经费: what the city allots a village for a year (L28), and what is left of it.

    The four sums are kept by the trigger of the book's entries (`funding_count`), under
    the lock of this row; the app can neither set nor change them. `balance` below
    nought, and more received than allotted, are refused by the database.
    """

    year = models.PositiveSmallIntegerField("年度")
    allotted = money("安排")
    basis = models.CharField("依据", max_length=120)
    received = money("到账", default=0)
    carried = money("结转", default=0)
    spent = money("支出", default=0)
    balance = money("余额", default=0)
    opened_by = models.ForeignKey(
        User, verbose_name="建账人", on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField("建账时间")

    objects = WorkFundQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作经费"
        constraints = [
            models.UniqueConstraint(
                fields=("region", "year"), name="funding_fund_once_a_year"
            ),
            models.CheckConstraint(
                name="funding_fund_allotted_above_nought", condition=Q(allotted__gt=0)
            ),
            models.CheckConstraint(
                name="funding_fund_not_overdrawn", condition=Q(balance__gte=0)
            ),
            models.CheckConstraint(
                name="funding_fund_received_within_allotted",
                condition=Q(received__lte=F("allotted")),
            ),
            models.CheckConstraint(
                name="funding_fund_balances",
                condition=Q(balance=F("received") + F("carried") - F("spent")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年工作经费"

    def get_absolute_url(self) -> str:
        """Return the village's page of the year."""
        return reverse("funding:fund", args=[self.pk])

    @property
    def carried_in(self) -> Decimal:
        """What came from the year before, as far as it was not carried on."""
        return max(self.carried, Decimal(0))

    @property
    def budget(self) -> Decimal:
        """What the year has: the allotment and what was carried into it."""
        return self.allotted + self.carried_in

    @property
    def outstanding(self) -> Decimal:
        """What of the allotment has not been received yet."""
        return self.allotted - self.received

    @property
    def used(self) -> int:
        """Percent of the budget that were spent."""
        return used_share(self.spent, self.allotted, self.carried_in)


class CarryOver(ScopedModel):
    """结转决定: what is left of a year may be spent in the next one; who decided it.

    A year has another one where money came back to it after the first.
    """

    source = ScopedForeignKey(
        WorkFund, verbose_name="转出年度", related_name="carried_out"
    )
    target = ScopedForeignKey(
        WorkFund, verbose_name="转入年度", related_name="carried_over"
    )
    amount = money("结转金额")
    decided_on = models.DateField("决定日期")
    decision = models.CharField("结转依据", max_length=200)
    entered_by = models.ForeignKey(
        User, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "经费结转"
        indexes = [models.Index(fields=("region", "source"), name="funding_carry_reg")]
        constraints = [
            models.CheckConstraint(
                name="funding_carry_above_nought", condition=Q(amount__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}结转"


class FundEntryQuerySet(models.QuerySet["FundEntry"]):
    """Reads over entries."""

    def in_order(self) -> Self:
        """Return entries as a book lists them."""
        return self.order_by("booked_on", "entered_at", "pk")

    def standing(self) -> Self:
        """Return entries that were not taken back, counter-entries left out."""
        return self.exclude(kind=EntryKind.REVERSAL).filter(reversed_by=None)


class FundEntry(ScopedModel):
    """One line of the book: written once, never changed or removed.

    `amount` is signed: what comes in is above nought. A wrong line is taken back by a
    counter-entry (`reverses`) with its reason. `id` is made by the form, so that
    sending twice books once.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    fund = ScopedForeignKey(WorkFund, verbose_name="经费", related_name="entries")
    kind = models.CharField("类型", max_length=10, choices=EntryKind.choices)
    booked_on = models.DateField("日期")
    amount = money("金额")
    purpose = models.CharField("事项", max_length=100)
    voucher = models.CharField("凭证号", max_length=30, blank=True)
    handled_by = models.CharField("经办人", max_length=30, blank=True)
    approved_by = models.CharField("审批人", max_length=30, blank=True)
    reverses = models.OneToOneField(
        "self",
        verbose_name="冲销哪一笔",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,  # EnableScope makes it, with the region
        related_name="reversed_by",
    )
    carry_over = ScopedForeignKey(
        CarryOver,
        verbose_name="结转决定",
        null=True,
        blank=True,
        related_name="entries",
    )
    entered_by = models.ForeignKey(
        User, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField("登记时间")

    objects = FundEntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "经费收支"
        indexes = [
            models.Index(
                fields=("region", "fund", "booked_on"), name="funding_entry_region"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="funding_entry_sign_fits_kind",
                condition=Q(kind="received", amount__gt=0)
                | Q(kind="spent", amount__lt=0)
                | Q(kind__in=("carried", "reversal")) & ~Q(amount=0),
            ),
            models.CheckConstraint(
                name="funding_entry_spent_says_by_whom",
                condition=~Q(kind="spent")
                | ~Q(voucher="") & ~Q(handled_by="") & ~Q(approved_by=""),
            ),
            models.CheckConstraint(
                name="funding_entry_says_what_for", condition=~Q(purpose="")
            ),
            models.CheckConstraint(
                name="funding_entry_reversal_names_its_entry",
                condition=Q(kind="reversal", reverses__isnull=False)
                | ~Q(kind="reversal") & Q(reverses=None),
            ),
            models.CheckConstraint(
                name="funding_entry_carried_by_decision",
                condition=Q(kind="carried", carry_over__isnull=False)
                | ~Q(kind="carried") & Q(carry_over=None),
            ),
            models.UniqueConstraint(
                fields=("carry_over", "fund"), name="funding_entry_carried_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.purpose}"

    @property
    def size(self) -> Decimal:
        """The amount without its sign."""
        return abs(self.amount)

    def get_absolute_url(self) -> str:
        """Return the line in its book."""
        return f"{reverse('funding:fund', args=[self.fund_id])}#entry-{self.pk}"


class Overdraw(ScopedModel):
    """An attempt to spend more than there was: refused, and kept."""

    fund = ScopedForeignKey(WorkFund, verbose_name="经费", related_name="overdraws")
    amount = money("想支出")
    balance = money("当时余额")
    purpose = models.CharField("事项", max_length=100)
    by = models.ForeignKey(
        User, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "超出余额的支出"
        indexes = [models.Index(fields=("region", "-at"), name="funding_overdraw_at")]

    def __str__(self) -> str:
        return f"{self.amount}"
