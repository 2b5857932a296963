"""What the worker does for imports."""

from celery import shared_task
from django.utils import timezone

from accounts.audit import system_scope
from jobs.models import Job
from jobs.services import handles
from workbooks import services


@handles("workbooks.check")
def check(job: Job) -> str | None:
    """Read an uploaded file and keep the verdict on every row."""
    return services.run_check(job)


@handles("workbooks.apply")
def apply(job: Job) -> str | None:
    """Write a confirmed import."""
    return services.run_apply(job)


@handles("workbooks.undo")
def undo(job: Job) -> str | None:
    """Take an import back."""
    return services.run_undo(job)


@shared_task
def tidy() -> int:
    """Remove uploaded files after a week, of all townships."""
    with system_scope("删除保留期满的导入文件"):
        return services.tidy(timezone.now())
