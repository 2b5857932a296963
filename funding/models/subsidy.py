"""误工补贴: the month's sheet, its lines with the facts behind them, its steps."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from accounts.sealing import SealedField
from funding import rules
from funding.models.fund import money
from funding.models.resolutions import Resolution
from notices.models import PublicNotice
from regions.models import ScopedForeignKey, ScopedModel
from representatives.models import Representative


class SheetState(models.TextChoices):
    """Where a sheet stands."""

    DRAFT = "draft", "草拟"
    CHECKED = "checked", "已核对"
    POSTED = "posted", "公示"
    LOCKED = "locked", "已锁定"
    PAID = "paid", "已发放"
    SIGNED = "signed", "已签收"
    VOID = "void", "已作废"


class SheetAct(models.TextChoices):
    """What was done to a sheet."""

    MAKE = "make", "生成"
    REFRESH = "refresh", "重新计算"
    CHECK = "check", "核对"
    POST = "post", "提交公示"
    BACK = "back", "退回"
    LOCK = "lock", "锁定"
    PAY = "pay", "登记发放"
    SIGN = "sign", "登记签收"
    VOID = "void", "作废"


LOOSE = (SheetState.DRAFT, SheetState.VOID)
"""States that hold nobody: the resolution behind them may be taken back."""
IN_WORK = (SheetState.DRAFT, SheetState.CHECKED, SheetState.POSTED)
"""States of a sheet that is being worked on; a village has one such at a time."""
FINAL = (SheetState.LOCKED, SheetState.PAID, SheetState.SIGNED)
"""States after which a sheet's lines never change."""
SHOWN = (SheetState.POSTED, *FINAL)
"""States in which those who are paid may see it."""


class SubsidySheetQuerySet(models.QuerySet["SubsidySheet"]):
    """Reads over sheets."""

    def final(self) -> Self:
        """Return those whose lines never change any more."""
        return self.filter(state__in=FINAL)

    def unfinished(self) -> Self:
        """Return those that are being worked on; one a village."""
        return self.filter(state__in=IN_WORK)

    def counting(self) -> Self:
        """Return those that were not given up."""
        return self.exclude(state=SheetState.VOID)


class SubsidySheet(ScopedModel):
    """误工补贴发放表: a village's month. Without a resolution there is none (L23).

    `total` is the sum of its lines; the database compares them when it leaves the
    draft, and from then on lets nobody change either.
    """

    month = models.DateField("月份")
    resolution = ScopedForeignKey(
        Resolution, verbose_name="决议", related_name="sheets"
    )
    state = models.CharField(
        "状态", max_length=8, choices=SheetState.choices, default=SheetState.DRAFT
    )
    total = money("合计", default=0)
    notice = ScopedForeignKey(
        PublicNotice, verbose_name="公示", null=True, blank=True, related_name="+"
    )
    paid_on = models.DateField("发放日期", null=True, blank=True)
    paid_how = models.CharField("发放方式", max_length=60, blank=True)
    signed_on = models.DateField("签收日期", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SubsidySheetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "误工补贴表"
        constraints = [
            models.UniqueConstraint(
                fields=("region", "month"), name="funding_sheet_once_a_month"
            ),
            models.UniqueConstraint(
                fields=("region",),
                condition=Q(state__in=("draft", "checked", "posted")),
                name="funding_sheet_one_in_work",
            ),
            models.CheckConstraint(
                name="funding_sheet_month_is_its_first_day", condition=Q(month__day=1)
            ),
            models.CheckConstraint(
                name="funding_sheet_posted_with_notice",
                condition=Q(state__in=("draft", "checked", "void"))
                | Q(notice__isnull=False),
            ),
            models.CheckConstraint(
                name="funding_sheet_paid_on_a_day",
                condition=Q(state__in=("paid", "signed"), paid_on__isnull=False)
                & ~Q(paid_how="")
                | ~Q(state__in=("paid", "signed")) & Q(paid_on=None, paid_how=""),
            ),
            models.CheckConstraint(
                name="funding_sheet_signed_on_a_day",
                condition=Q(state="signed", signed_on__isnull=False)
                | ~Q(state="signed") & Q(signed_on=None),
            ),
            models.CheckConstraint(
                name="funding_sheet_total_not_below_nought", condition=Q(total__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month.year} 年 {self.month.month} 月误工补贴"

    def get_absolute_url(self) -> str:
        """Return the sheet's page."""
        return reverse("funding:sheet", args=[self.pk])

    @property
    def at(self) -> rules.SheetState:
        """The state as the rules know it."""
        return rules.SheetState(self.state)


class LineKind(models.TextChoices):
    """What a line pays."""

    MONTH = "month", "当月"
    ADJUSTMENT = "adjustment", "调整"
    PAST = "past", "以前发的"


class SubsidyLineQuerySet(models.QuerySet["SubsidyLine"]):
    """Reads over lines."""

    def granted(self) -> Self:
        """Return lines that stand for good: of final sheets, and those of the past."""
        return self.filter(Q(sheet=None) | Q(sheet__state__in=FINAL))


class SubsidyLine(ScopedModel):
    """What one representative is paid for one month, and from which facts.

    `due` is what the month is worth by `facts`, `paid_before` what earlier sheets paid
    for it, `amount` what this one pays: for an adjustment the difference, as far as it
    can be taken back. A payment of before the system has no sheet (以前发的).
    """

    sheet = ScopedForeignKey(
        SubsidySheet,
        verbose_name="补贴表",
        null=True,
        blank=True,
        related_name="lines",
    )
    representative = ScopedForeignKey(
        Representative, verbose_name="代表", related_name="subsidies"
    )
    kind = models.CharField("类型", max_length=10, choices=LineKind.choices)
    of_month = models.DateField("哪个月的")
    due = money("应发")
    paid_before = money("已发", default=0)
    amount = money("金额")
    facts = models.JSONField("计算依据", default=dict, blank=True)
    words = models.CharField("说明", max_length=400, blank=True)

    objects = SubsidyLineQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "误工补贴明细"
        indexes = [
            models.Index(
                fields=("region", "representative", "of_month"),
                name="funding_line_region",
            ),
            models.Index(fields=("sheet",), name="funding_line_sheet"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("representative", "of_month"),
                condition=Q(kind__in=("month", "past")),
                name="funding_line_month_paid_once",
            ),
            models.UniqueConstraint(
                fields=("sheet", "representative", "of_month"),
                name="funding_line_once_a_sheet",
            ),
            models.CheckConstraint(
                name="funding_line_month_is_its_first_day",
                condition=Q(of_month__day=1),
            ),
            models.CheckConstraint(
                name="funding_line_past_has_no_sheet",
                condition=Q(kind="past", sheet=None)
                | ~Q(kind="past") & Q(sheet__isnull=False),
            ),
            models.CheckConstraint(
                name="funding_line_pays_what_is_due",
                condition=Q(kind__in=("month", "past"), paid_before=0, amount=F("due"))
                | Q(kind="adjustment", amount__gt=0, amount=F("due") - F("paid_before"))
                | Q(
                    kind="adjustment",
                    amount__lt=0,
                    amount__gte=F("due") - F("paid_before"),
                ),
            ),
            models.CheckConstraint(
                name="funding_line_due_not_below_nought", condition=Q(due__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.representative} {self.of_month:%Y-%m}"

    @property
    def reckoned(self) -> rules.Facts:
        """The facts that the line was reckoned from."""
        return rules.Facts.read(self.facts)


class SheetStep(ScopedModel):
    """One step of a sheet: who did what, when. Written once."""

    sheet = ScopedForeignKey(SubsidySheet, verbose_name="补贴表", related_name="steps")
    act = models.CharField("办理", max_length=8, choices=SheetAct.choices)
    words = models.CharField("说明", max_length=200, blank=True)
    total = money("当时合计")
    on = models.DateField("日期")
    by = models.ForeignKey(
        User, verbose_name="办理人", on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "误工补贴办理经过"
        indexes = [models.Index(fields=("region", "sheet"), name="funding_step_region")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.get_act_display()}"


class PayAccount(ScopedModel):
    """一卡通/银行账号 of a representative: sealed, shown masked (PIPL art. 28, 51)."""

    representative = models.OneToOneField(
        Representative,
        verbose_name="代表",
        on_delete=models.PROTECT,
        db_constraint=False,  # EnableScope makes it, with the region
        related_name="pay_account",
    )
    bank = models.CharField("开户行", max_length=40)
    number = SealedField("一卡通/银行账号", kind="bank_account")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "领款账号"
        indexes = [
            models.Index(
                fields=("region", "representative"), name="funding_account_region"
            )
        ]

    def __str__(self) -> str:
        return f"{self.representative}"

    @property
    def tail(self) -> str:
        """The last four digits, by which somebody knows his own."""
        return str(self.number)[-4:]

    def get_absolute_url(self) -> str:
        """Return the statement of whose account it is."""
        return reverse("funding:statement", args=[self.representative_id])


def month_words(month: dt.date) -> str:
    """Return a month as pages and papers write it: 2026年10月."""
    return f"{month.year}年{month.month}月"
