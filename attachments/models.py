"""Files that other rows own, and their bytes, apart from them."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Func, Q, Value

from accounts.models import User
from attachments.rules import Kind
from regions.models import ScopedModel


class KindChoice(models.TextChoices):
    """What a file is to a person."""

    PHOTO = Kind.PHOTO.value, "照片"
    VOICE = Kind.VOICE.value, "录音"
    SCAN = Kind.SCAN.value, "扫描件"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Reads over attachments; none of them touches the bytes."""

    def standing(self) -> Self:
        """Return attachments that are not withdrawn, in the order they were added."""
        return self.filter(withdrawn_at=None).order_by("added_at", "pk")


class Attachment(ScopedModel):
    """A photo, a voice note or a scan. Whose it is, its owner says.

    The owner is a row of a higher app that points here (a ScopedForeignKey, or a table
    between the two), and its page decides who may see the file. `id` is made by the
    client; `sent_sha256` is the digest of what arrived, by which a second sending is
    known; `sha256` and `size` are of what is kept.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField("种类", max_length=5, choices=KindChoice.choices)
    mime = models.CharField("类型", max_length=40)
    name = models.CharField("文件名", max_length=80)
    size = models.PositiveIntegerField("大小（字节）")
    seconds = models.PositiveSmallIntegerField("时长（秒）", null=True, blank=True)
    sha256 = models.CharField("文件指纹", max_length=64)
    sent_sha256 = models.CharField("送来时的指纹", max_length=64)
    added_by = models.ForeignKey(
        User, verbose_name="添加人", on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField("添加时间")
    withdrawn_at = models.DateTimeField("删去时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User,
        verbose_name="删去人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        indexes = [
            models.Index(
                fields=("region", "-added_at"), name="attachments_region_added"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="attachments_not_empty", condition=Q(size__gt=0)
            ),
            models.CheckConstraint(
                name="attachments_withdrawn_by_somebody",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        """Return the bytes from `start` on; the database reads no more than these."""
        wanted = self.size - start if length is None else length
        part = Func(
            F("content"),
            Value(start + 1),
            Value(wanted),
            function="substring",
            output_field=models.BinaryField(),
        )
        return bytes(self._content().values_list(part, flat=True).get())

    def read_preview(self) -> bytes:
        """Return the small picture; empty where there is none."""
        return bytes(self._content().values_list("preview", flat=True).get())

    def _content(self) -> "models.QuerySet[AttachmentContent, Any]":
        return AttachmentContent.objects.filter(attachment_id=self.pk)


class AttachmentContent(ScopedModel):
    """The bytes of an attachment: written once, in no list's query.

    In the database, so that row-level security, backup and several machines hold for
    them as for any row (docs/adr).
    """

    attachment = models.OneToOneField(
        Attachment,
        verbose_name="附件",
        on_delete=models.PROTECT,
        primary_key=True,
        db_constraint=False,  # EnableScope makes it, with the region
        related_name="+",
    )
    content = models.BinaryField("内容")
    preview = models.BinaryField("小图", default=b"")

    class Meta:
        verbose_name = verbose_name_plural = "附件内容"
        indexes = [
            models.Index(
                fields=("region", "attachment"), name="attachments_bytes_region"
            )
        ]

    def __str__(self) -> str:
        return str(self.attachment_id)
