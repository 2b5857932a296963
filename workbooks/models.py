"""What is kept of an import: the file, its verdicts, and how to read the next one."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Post, User
from jobs.models import Job
from regions.models import ScopedForeignKey, ScopedModel


class Stage(models.TextChoices):
    """Where an import stands."""

    READING = "reading", "正在读取"
    REFUSED = "refused", "文件不能用"
    COLUMNS = "columns", "等待认列"
    PREVIEW = "preview", "等待确认"
    APPLYING = "applying", "正在写入"
    APPLIED = "applied", "已导入"
    UNDOING = "undoing", "正在撤销"
    UNDONE = "undone", "已撤销"
    ABANDONED = "abandoned", "已放弃"


class Upload(ScopedModel):
    """One workbook on its way in.

    The balance `read = created + updated + unchanged + refused + blank` holds from
    the preview on, in the database; title, total and signature rows are not data and
    are counted apart in `skipped`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("种类", max_length=40)
    name = models.CharField("文件名", max_length=120)
    sha256 = models.CharField("文件指纹", max_length=64)
    size = models.PositiveIntegerField("大小（字节）")
    user = models.ForeignKey(
        User, verbose_name="上传人", on_delete=models.PROTECT, related_name="+"
    )
    post = models.ForeignKey(
        Post, verbose_name="以何职务", on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField("上传时间")
    business_date = models.DateField("业务日期")
    stage = models.CharField(
        "进度", max_length=10, choices=Stage.choices, default=Stage.READING
    )
    sheet = models.CharField("工作表", max_length=40, blank=True)
    mapping = models.JSONField("列对应", default=dict)
    facts = models.JSONField("读取情况", default=dict)
    read = models.PositiveIntegerField("读到", default=0)
    created = models.PositiveIntegerField("新增", default=0)
    updated = models.PositiveIntegerField("更新", default=0)
    unchanged = models.PositiveIntegerField("不变", default=0)
    refused = models.PositiveIntegerField("退回", default=0)
    blank = models.PositiveIntegerField("空行", default=0)
    skipped = models.PositiveIntegerField("非数据行", default=0)
    message = models.CharField("说明", max_length=300, blank=True)
    applied_at = models.DateTimeField("导入时间", null=True, blank=True)
    job = ScopedForeignKey(
        Job, verbose_name="后台任务", null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "导入"
        indexes = [
            models.Index(fields=("region", "-uploaded_at"), name="wb_upload_region_at")
        ]
        constraints = [
            models.CheckConstraint(
                name="wb_upload_balance",
                condition=Q(
                    read=F("created")
                    + F("updated")
                    + F("unchanged")
                    + F("refused")
                    + F("blank")
                ),
            ),
            # The same file applied twice at once: one of the two finds this taken.
            models.UniqueConstraint(
                fields=("region", "kind", "sha256"),
                condition=Q(stage="applying"),
                name="wb_upload_applied_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the page of this import."""
        return reverse("workbooks:upload", args=[self.pk])


class Verdict(models.TextChoices):
    """What an import would do, or did, with a row."""

    NEW = "new", "新增"
    CHANGED = "changed", "更新"
    REFUSED = "refused", "退回"


class RowVerdict(ScopedModel):
    """A row that is new, changed or refused: what the preview lists.

    Values are masked as on any page; unchanged and blank rows are only counted.
    `problems`: [{"cell", "column", "value", "code", "message"}];
    `changes`: [{"column", "old", "new"}].
    """

    upload = ScopedForeignKey(Upload, verbose_name="导入", related_name="verdicts")
    number = models.PositiveIntegerField("行号")
    verdict = models.CharField("结果", max_length=8, choices=Verdict.choices)
    label = models.CharField("对象", max_length=80, blank=True)
    problems = models.JSONField("问题", default=list)
    changes = models.JSONField("变化", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "导入明细"
        indexes = [models.Index(fields=("region", "upload"), name="wb_verdict_region")]
        constraints = [
            models.UniqueConstraint(
                fields=("upload", "number"), name="wb_verdict_row_once"
            )
        ]

    def __str__(self) -> str:
        return f"第 {self.number} 行 {self.get_verdict_display()}"


class RememberedColumns(ScopedModel):
    """How a township named its columns last time: the column chooser's memory."""

    kind = models.CharField("种类", max_length=40)
    titles = models.CharField("表头指纹", max_length=64)
    mapping = models.JSONField("列对应")
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "列对应记忆"
        constraints = [
            models.UniqueConstraint(
                fields=("region", "kind", "titles"), name="wb_columns_once"
            )
        ]

    def __str__(self) -> str:
        return self.kind
