"""What the city sets: amounts and limits, each from a day on, with its source."""

from django.db import models
from django.db.models import Q

from funding import rules


class StandardKind(models.TextChoices):
    """What a standard sets."""

    ALLOTMENT = "allotment", "每村每年工作经费（元）"
    SUBSIDY_LEAST = "subsidy_least", "误工补贴每月最低（元）"
    SUBSIDY_MOST = "subsidy_most", "误工补贴每月最高（元）"
    NOTICE_DAYS = "notice_days", "补贴表至少公示（天）"
    LATE_MONTH = "late_month", "从几月起提醒经费没用完"
    LATE_SHARE = "late_share", "用了不到百分之几就提醒"


IN_YUAN = {
    StandardKind.ALLOTMENT,
    StandardKind.SUBSIDY_LEAST,
    StandardKind.SUBSIDY_MOST,
}


class Standard(models.Model):
    """经费和补贴标准: the city's, the same for all; a change is a later row.

    Outside row-level security, as every other setting of the city.
    """

    kind = models.CharField("标准", max_length=20, choices=StandardKind.choices)
    amount = models.DecimalField("数值", max_digits=10, decimal_places=2)
    effective_from = models.DateField("从哪天起")
    basis = models.CharField("依据", max_length=120)

    class Meta:
        verbose_name = verbose_name_plural = "经费和补贴标准"
        constraints = [
            models.UniqueConstraint(
                fields=("kind", "effective_from"), name="funding_standard_once_a_day"
            ),
            models.CheckConstraint(
                name="funding_standard_above_nought", condition=Q(amount__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.words}"

    @property
    def words(self) -> str:
        """The number as it is read: yuan with two places, days and percent without."""
        return f"{self.amount:,.2f}" if self.kind in IN_YUAN else f"{self.amount:.0f}"


def standards() -> rules.Standards:
    """Return everything that was ever set, for the rules; one statement."""
    rows = Standard.objects.values_list("kind", "amount", "effective_from", "basis")
    return rules.Standards.of(
        rules.Standard(rules.StandardKind(kind), amount, day, basis)
        for kind, amount, day, basis in rows
    )
