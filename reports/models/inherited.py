"""Records that came with a township's archive from another system."""

from django.db import models

from regions.models import ScopedModel


class RecordKind(models.TextChoices):
    """Which log a line comes from."""

    ACCESS = "access", "访问日志"
    CHANGE = "change", "数据变更"


class InheritedRecord(ScopedModel):
    """带来的操作日志: a line of another system's log, which came with an archive.

    Data to read, and nothing that this system vouches for: its own log begins with the
    import. Written by the import alone, which runs as the owner of the tables.
    """

    kind = models.CharField("哪种日志", max_length=6, choices=RecordKind.choices)
    at = models.DateTimeField("时间")
    content = models.JSONField("内容")

    class Meta:
        verbose_name = verbose_name_plural = "带来的操作日志"
        indexes = [
            models.Index(fields=("region", "-at"), name="reports_inherited_region_at")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at}"
