"""Account jobs of the night."""

import datetime as dt

from celery import shared_task
from django.utils import timezone

from accounts import chain, once
from accounts.audit import system_scope

# Older days are checked by `manage.py audit_check`: every night would take too long.
CHECKED_EACH_NIGHT = dt.timedelta(days=31)


@shared_task
def seal_audit() -> int:
    """Seal the audit rows of the days that are over, and check the last month."""
    today = timezone.localdate()
    with system_scope("每日封存操作日志"):
        sealed = chain.seal_until(chain.settled())
        chain.record_check(chain.broken_day(today - CHECKED_EACH_NIGHT))
    return sealed


@shared_task
def forget_sent() -> int:
    """Forget what programs sent under a key some days ago."""
    return once.forget(timezone.now())
