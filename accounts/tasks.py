"""Account jobs of the night."""

from celery import shared_task
from django.utils import timezone

from accounts import chain
from accounts.audit import system_scope


@shared_task
def seal_audit() -> int:
    """Seal the audit rows of the days that are over."""
    with system_scope("每日封存操作日志"):
        return chain.seal_until(timezone.localdate())
