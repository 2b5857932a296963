"""Checks of PostgreSQL: who we are there, what guards the rows, what is broken."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from operations import vitals
from operations.checking.finding import Trouble, check
from regions import replica
from regions.postgresql.base import PRIVILEGED

MOST_SECONDS_APART = 5
MOST_BEHIND = 64 * 2**20
ROLES_SCRIPT = "docker compose run --rm init"
UNGUARDED = """
SELECT c.relname FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'region_code'
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND (
    SELECT count(DISTINCT p.polcmd) FROM pg_policy p
    WHERE p.polrelid = c.oid AND p.polpermissive) >= 4)
ORDER BY 1
"""
BROKEN = """
SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid
UNION ALL
SELECT conrelid::regclass || '.' || conname FROM pg_constraint
WHERE NOT convalidated AND connamespace = 'public'::regnamespace
ORDER BY 1
"""
ARCHIVER = """
SELECT current_setting('archive_mode'), failed_count,
       COALESCE(last_failed_time > COALESCE(last_archived_time, '-infinity'), false)
FROM pg_stat_archiver
"""


@check("数据库连接")
def reachable() -> Iterator[Trouble]:
    """Whether PostgreSQL answers."""
    with suppress(ImproperlyConfigured):  # it answered, to a role it should not have
        if not vitals.database_trouble():
            return
        yield Trouble(
            "连不上数据库。",
            "看 postgres 服务是否在运行（docker compose ps），再核对 DATABASE_URL。",
        )


@check("数据库账号")
def bound() -> Iterator[Trouble]:
    """Whether row-level security binds the role that the product uses."""
    if privileged():
        yield Trouble(
            "程序用的数据库账号权限过大（超级用户、可绕过行级安全或表的所有者），"
            "各乡镇的数据范围失去约束。",
            f"把 DATABASE_URL 换成 sd_app 账号；账号不在就运行 {ROLES_SCRIPT}。",
        )


@check("数据范围")
def forced() -> Iterator[Trouble]:
    """Whether every scoped table is under forced row-level security."""
    if tables := names(UNGUARDED):
        yield Trouble(
            f"{len(tables)} 张表没有行级安全保护：{'、'.join(tables[:5])}。",
            "立即停用网页服务，运行 manage.py migrate；仍不行请用备份恢复。",
        )


@check("数据库结构")
def migrated() -> Iterator[Trouble]:
    """Whether the schema is as new as the code."""
    if trouble := vitals.migration_trouble():
        yield Trouble(f"{trouble}。", "运行 docker compose run --rm migrate。")


@check("索引和约束")
def sound() -> Iterator[Trouble]:
    """Whether an index build was cut off, or a constraint was never validated."""
    if broken := names(BROKEN):
        yield Trouble(
            f"有建到一半的索引或没有验证的约束：{'、'.join(broken[:5])}。",
            "索引用 REINDEX INDEX CONCURRENTLY 重建，约束用 VALIDATE CONSTRAINT 补验。",
        )


@check("中文检索")
def letters() -> Iterator[Trouble]:
    """Whether the server takes Chinese characters for letters."""
    if not one("SELECT show_trgm('重症医学科') <> '{}'"):
        yield Trouble(
            "数据库的字符分类不是 UTF-8，查中文会查不到。",
            "备份后用 --lc-ctype=C.UTF-8 重新初始化数据库服务器，再恢复。",
        )


@check("时区")
def zone() -> Iterator[Trouble]:
    """Whether days begin when they begin in Shanghai, in both places."""
    if settings.TIME_ZONE != "Asia/Shanghai" or not settings.USE_TZ:
        yield Trouble(
            f"程序的时区是 {settings.TIME_ZONE}，期限会算错一天。",
            "把设置里的 TIME_ZONE 改回 Asia/Shanghai。",
        )
    told = one("SELECT setting FROM pg_settings WHERE name = 'log_timezone'")
    if told != "Asia/Shanghai":
        yield Trouble(
            f"数据库日志的时区是 {told}，和程序日志对不上。",
            "给 postgres 加启动参数 --timezone 和 --log_timezone=Asia/Shanghai。",
            urgent=False,
        )


@check("时钟")
def clock() -> Iterator[Trouble]:
    """Whether this machine and the database agree on what time it is."""
    apart = abs((one("SELECT clock_timestamp()") - timezone.now()).total_seconds())
    if apart > MOST_SECONDS_APART:
        yield Trouble(
            f"本机和数据库服务器的时钟差 {apart:.0f} 秒，期限和日志会乱。",
            "在两台服务器上打开网络对时（timedatectl set-ntp true）。",
        )


@check("日志归档")
def archiving() -> Iterator[Trouble]:
    """Whether the WAL is archived: what recovery to a point in time needs."""
    mode, failures, failing = row(ARCHIVER)
    if mode == "off":
        yield Trouble(
            "没有打开 WAL 归档，只能恢复到上一次备份，恢复不到出事前一刻。",
            "照 docs/operations.md 的“备份”一节设置 archive_mode 和 archive_command。",
            urgent=False,
        )
    elif failing:
        yield Trouble(
            f"WAL 归档正在失败（累计 {failures} 次），磁盘会被占满。",
            "看 postgres 日志里的 archive command failed，检查归档目录的空间和权限。",
        )


@check("只读副本")
def standby() -> Iterator[Trouble]:
    """Whether the replica answers and is near, where there is one."""
    if not replica.is_there():
        return
    if not replica.has_reached(""):
        yield Trouble(
            "连不上只读副本；报表和看板改由主库回答，会慢一些。",
            "看副本服务器上的 PostgreSQL，再核对 REPLICA_URL。",
            urgent=False,
        )
    elif (behind := bytes_behind()) > MOST_BEHIND:
        yield Trouble(
            f"只读副本落后 {behind / 2**20:.0f} MB，报表上的数字是旧的。",
            "看副本的 CPU、磁盘和网络；长报表会让它停下来等。",
        )


def bytes_behind() -> int:
    """Return how much of the primary's log the replica has still to replay."""
    with connections[replica.ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_last_wal_replay_lsn()::text")
        reached = cursor.fetchone()[0]
    return int(one("SELECT pg_current_wal_lsn() - %s::pg_lsn", reached))


def privileged() -> bool:
    """Return whether the role escapes row-level security; our engine refuses it."""
    try:
        return bool(one(PRIVILEGED))
    except ImproperlyConfigured:
        return True


def one(query: str, *values: str) -> Any:
    """Return the one value of a query."""
    return row(query, *values)[0]


def row(query: str, *values: str) -> tuple[Any, ...]:
    """Return the one row of a query."""
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        found: tuple[Any, ...] | None = cursor.fetchone()
    if found is None:
        raise DatabaseError("no row")
    return found


def names(query: str) -> list[str]:
    """Return the first column of a query."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [str(found[0]) for found in cursor.fetchall()]
