"""Which accounts are locked after wrong passwords, and for how long. Reads only.

django-axes counts in its own table, one row per account, address and browser. An
account is locked while the failures of the last 20 minutes come to the limit.
"""

import datetime as dt

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import QuerySet, Sum


def cool_off() -> dt.timedelta:
    """Return how long a lock lasts."""
    return get_cool_off() or dt.timedelta(0)


def locked_usernames(now: dt.datetime) -> QuerySet[AccessAttempt, dict[str, str]]:
    """Return the user names that are locked at `now`, as a subquery."""
    recent = AccessAttempt.objects.filter(attempt_time__gt=now - cool_off())
    counted = (
        recent.order_by()
        .values("username")
        .annotate(failures=Sum("failures_since_start"))
    )
    locked: QuerySet[AccessAttempt, dict[str, str]] = counted.filter(
        failures__gte=settings.AXES_FAILURE_LIMIT
    ).values("username")
    return locked


def locked_until(username: str, now: dt.datetime) -> dt.datetime | None:
    """Return when the account can be tried again, or None if it is not locked.

    Failures leave the count one row after the other; the lock ends with the row that
    takes the rest below the limit.
    """
    recent = AccessAttempt.objects.filter(
        username=username, attempt_time__gt=now - cool_off()
    )
    rows = list(
        recent.order_by("attempt_time").values_list(
            "attempt_time", "failures_since_start"
        )
    )
    left = sum(failures for _, failures in rows)
    ends: dt.datetime | None = None
    for at, failures in rows:
        if left < settings.AXES_FAILURE_LIMIT:
            break
        left, ends = left - failures, at + cool_off()
    return ends


def minutes_until(end: dt.datetime, now: dt.datetime) -> int:
    """Return the whole minutes until `end`, at least 1."""
    return max(-int(-(end - now).total_seconds() // 60), 1)
