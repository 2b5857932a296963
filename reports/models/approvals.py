"""A second person's word on a large export of personal data."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.models import Post, User
from accounts.permissions import Permission
from jobs.models import Job
from regions.models import ScopedForeignKey, ScopedModel


class ApprovalState(models.TextChoices):
    """What a second person has said."""

    WAITING = "waiting", "等待批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "没有批准"


class ApprovalQuerySet(models.QuerySet["Approval"]):
    """Reads over approvals."""

    def waiting(self) -> Self:
        """Return those that nobody has decided."""
        return self.filter(state=ApprovalState.WAITING)


class Approval(ScopedModel):
    """导出审批: whole numbers of many people leave with a second person's word only.

    `arguments` is the request as a job keeps it, `token` what makes pressing twice one
    row. Who asked cannot decide, which the database holds too; `job` is the export that
    an approval began.
    """

    title = models.CharField("名称", max_length=120)
    rows = models.PositiveIntegerField("行数")
    words = models.CharField("条件", max_length=300, blank=True)
    reason = models.CharField("理由", max_length=100)
    arguments = models.JSONField("参数")
    token = models.CharField(max_length=64)
    post = ScopedForeignKey(Post, verbose_name="以何职务", related_name="+")
    asked_by = models.ForeignKey(
        User, verbose_name="申请人", on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField("申请时间")
    state = models.CharField(
        "状态",
        max_length=8,
        choices=ApprovalState.choices,
        default=ApprovalState.WAITING,
    )
    decided_by = models.ForeignKey(
        User,
        verbose_name="批准人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField("批准时间", null=True, blank=True)
    answer = models.CharField("意见", max_length=200, blank=True)
    job = ScopedForeignKey(
        Job, verbose_name="导出", null=True, blank=True, related_name="+"
    )

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导出审批"
        indexes = [
            models.Index(fields=("region", "-asked_at"), name="reports_approval_asked")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "asked_by", "token"), name="reports_approval_once"
            ),
            models.CheckConstraint(
                name="reports_approval_by_somebody_else",
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="reports_approval_decided_whole",
                condition=Q(state="waiting", decided_by=None, decided_at=None, job=None)
                | Q(
                    state="approved",
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    job__isnull=False,
                )
                | Q(
                    state="refused",
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    job=None,
                )
                & ~Q(answer=""),
            ),
            models.CheckConstraint(
                name="reports_approval_gives_a_reason", condition=~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has decided yet."""
        return self.state == ApprovalState.WAITING

    @property
    def right(self) -> Permission:
        """What it takes to decide: the right to have what is asked for."""
        is_tenant = "township" in self.arguments
        return Permission.TENANT_EXPORT if is_tenant else Permission.ROLL_EXPORT_FULL
