"""The covenants of a village, version by version."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from attachments.models import Attachment
from evaluations.rules.covenants import SLOTS, Paperwork, risky_words
from regions.models import ScopedForeignKey, ScopedModel


class AdoptedBy(models.TextChoices):
    """Which meeting adopted a covenant."""

    VILLAGERS = "villagers", "村（居）民会议"
    ASSEMBLY = "assembly", "村（居）民代表会议"


class CovenantQuerySet(models.QuerySet["Covenant"]):
    """Reads over covenants."""

    def standing(self) -> Self:
        """Return covenants that were not given up, by slot."""
        return self.filter(ended_on=None).order_by("region", "slot")


class Covenant(ScopedModel):
    """约: one of a village's two covenants; its text stands in versions."""

    slot = models.PositiveSmallIntegerField("位置", choices=list(SLOTS.items()))
    title = models.CharField("名称", max_length=30)
    ended_on = models.DateField("停用日期", null=True, blank=True)

    objects = CovenantQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公约"
        indexes = [models.Index(fields=("region", "slot"), name="eval_covenant_region")]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "slot"),
                condition=Q(ended_on=None),
                name="eval_covenant_one_in_a_slot",
            ),
            models.CheckConstraint(
                name="eval_covenant_two_slots", condition=Q(slot__in=list(SLOTS))
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the covenant's page."""
        return reverse("evaluations:covenant", args=[self.pk])


class CovenantVersionQuerySet(models.QuerySet["CovenantVersion"]):
    """Reads over versions of covenants."""

    def in_use(self) -> Self:
        """Return the latest version of each covenant that was not given up."""
        latest = (
            CovenantVersion.objects.filter(covenant__ended_on=None)
            .order_by("covenant", "-number")
            .distinct("covenant")
        )
        return self.filter(pk__in=latest.values("pk")).order_by("covenant__slot")


class CovenantVersion(ScopedModel):
    """One text of a covenant: who adopted it when, when it was studied and filed.

    Once adopted its text does not change (a trigger says so): a new text is a new
    version. Dates may be filled in later, L26 and L39 ask for them.
    """

    covenant = ScopedForeignKey(Covenant, verbose_name="公约", related_name="versions")
    number = models.PositiveSmallIntegerField("第几版", default=1)
    text = models.TextField("条文", max_length=20_000)
    studied_on = models.DateField("党组织研究日期", null=True, blank=True)
    adopted_on = models.DateField("通过日期", null=True, blank=True)
    adopted_by = models.CharField(
        "由哪个会议通过", max_length=10, choices=AdoptedBy.choices, blank=True
    )
    meeting = models.CharField("会议情况", max_length=100, blank=True)
    filed_on = models.DateField("报镇备案日期", null=True, blank=True)
    scan = ScopedForeignKey(
        Attachment, verbose_name="扫描件", null=True, blank=True, related_name="+"
    )
    entered_by = models.ForeignKey(
        User, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField("登记时间")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CovenantVersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公约文本"
        indexes = [
            models.Index(fields=("region", "covenant"), name="eval_covver_region")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("covenant", "number"), name="eval_covver_numbered"
            ),
            models.CheckConstraint(
                name="eval_covver_adopted_by_a_meeting",
                condition=Q(adopted_on=None) | ~Q(adopted_by=""),
            ),
            models.CheckConstraint(
                name="eval_covver_filed_after_adoption",
                condition=Q(filed_on=None)
                | Q(adopted_on__isnull=False, filed_on__gte=F("adopted_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.covenant} 第 {self.number} 版"

    def get_absolute_url(self) -> str:
        """Return the page of the covenant it belongs to."""
        return reverse("evaluations:covenant", args=[self.covenant_id])

    @property
    def paperwork(self) -> Paperwork:
        """What L26 and L39 ask about."""
        title = self.covenant.title
        return Paperwork(title, self.adopted_on, self.filed_on, self.studied_on)

    @property
    def risky(self) -> tuple[str, ...]:
        """Words in the text that announce what the law may forbid."""
        return risky_words(self.text)


def covenants_on(village: int, on: dt.date) -> list[CovenantVersion]:
    """Return a village's covenants as they are used on the day `on`, by slot."""
    rows = CovenantVersion.objects.filter(region=village).in_use()
    return list(rows.select_related("covenant").exclude(adopted_on__gt=on))
