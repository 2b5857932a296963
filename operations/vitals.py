"""Whether what every request needs is there: `/readyz` asks this, and the doctor."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from kombu import Connection

from jobs.models import Pulse

PULSE_LIMIT = dt.timedelta(minutes=2)


def database_trouble() -> str:
    """Return what is wrong with PostgreSQL, or an empty string."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "连不上数据库"
    return ""


def migration_trouble() -> str:
    """Return whether the schema is older than the code."""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "连不上数据库"
    return f"还有 {len(plan)} 个数据库变更没有执行" if plan else ""


def broker_trouble() -> str:
    """Return what is wrong with Redis, or an empty string."""
    options = {"socket_connect_timeout": 1, "socket_timeout": 1}
    try:
        with Connection(settings.REDIS_URL, transport_options=options) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    except Exception:
        return "连不上 Redis，后台任务会等它恢复"
    return ""


def worker_trouble() -> str:
    """Return whether the worker has been silent for too long."""
    try:
        pulse = Pulse.objects.filter(name="worker").first()
    except DatabaseError:
        return "连不上数据库"
    if pulse is None or timezone.now() - pulse.at > PULSE_LIMIT:
        return "后台任务进程没有心跳"
    return ""


CHECKS: dict[str, Callable[[], str]] = {
    "database": database_trouble,
    "migrations": migration_trouble,
    "broker": broker_trouble,
    "worker": worker_trouble,
}
