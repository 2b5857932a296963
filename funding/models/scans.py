"""Scans of what is on paper: vouchers, resolutions, signed sheets."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from attachments.models import Attachment
from funding.models.fund import FundEntry
from funding.models.resolutions import Resolution
from funding.models.subsidy import SubsidySheet
from regions.models import ScopedForeignKey, ScopedModel


class ScanQuerySet(models.QuerySet["Scan"]):
    """Reads over scans."""

    def standing(self) -> Self:
        """Return those that were not taken back, in the order they were added."""
        rows = self.filter(attachment__withdrawn_at=None)
        return rows.select_related("attachment").order_by("attachment__added_at", "pk")


class Scan(ScopedModel):
    """A file and the one thing that it shows on paper."""

    attachment = models.OneToOneField(
        Attachment,
        verbose_name="扫描件",
        on_delete=models.PROTECT,
        db_constraint=False,  # EnableScope makes it, with the region
        related_name="+",
    )
    entry = ScopedForeignKey(
        FundEntry, verbose_name="收支", null=True, blank=True, related_name="scans"
    )
    resolution = ScopedForeignKey(
        Resolution, verbose_name="决议", null=True, blank=True, related_name="scans"
    )
    sheet = ScopedForeignKey(
        SubsidySheet, verbose_name="补贴表", null=True, blank=True, related_name="scans"
    )

    objects = ScanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "经费扫描件"
        indexes = [models.Index(fields=("region", "entry"), name="funding_scan_region")]
        constraints = [
            models.CheckConstraint(
                name="funding_scan_of_one_thing",
                condition=Q(entry__isnull=False, resolution=None, sheet=None)
                | Q(entry=None, resolution__isnull=False, sheet=None)
                | Q(entry=None, resolution=None, sheet__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.attachment}"

    def get_absolute_url(self) -> str:
        """Return the address of the file."""
        return reverse("funding:scan", args=[self.pk])
