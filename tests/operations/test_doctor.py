"""The doctor: each fault is named, with how to mend it; a sound deployment is silent."""

import datetime as dt
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from jobs.models import Job, Pulse
from launcher import roles
from operations import vitals
from operations.checking import database, server, work
from operations.checking.finding import CHECKS, examined
from operations.management.commands import doctor  # noqa: F401 - registers the checks
from regions import replica
from tests.cast import TOWNSHIP, everywhere
from tests.databases import OWNER_URL
from tests.days import today
from tests.visits.stage import make_walker

KEY = "k1:" + "A" * 43 + "="
SOUND = {
    "SECRET_KEY": "x" * 60, "FIELD_KEYS": [KEY], "INDEX_KEY": "A" * 43 + "=",
    "TLS": True, "DEMO": False, "DEBUG": False,
    "ALLOWED_HOSTS": ["lianhu.example", "127.0.0.1"], "RETENTION": [],
}  # fmt: skip


def said(name: str) -> str:
    with everywhere():
        return " ".join(f"{one.what} {one.mend}" for one in examined(name))


@pytest.fixture
def sound(settings: Any, tmp_path: Path) -> Any:
    """Settings of a deployment in which nothing is wrong."""
    for name, value in SOUND.items():
        setattr(settings, name, value)
    (tmp_path / "dump").touch()
    settings.RUN_DIR = settings.BACKUP_DIR = tmp_path
    return settings


@pytest.mark.parametrize(
    ("name", "setting", "value", "words"),
    [
        ("密钥", "SECRET_KEY", "short", "SECRET_KEY 太短"),
        ("密钥", "INDEX_KEY", "AAAA", "INDEX_KEY 不是 32 字节"),
        ("加密连接和域名", "TLS", False, "TLS=0"),
        ("加密连接和域名", "DEBUG", True, "DEBUG 开着"),
        ("加密连接和域名", "DEMO", True, "DEMO=1"),
        ("加密连接和域名", "ALLOWED_HOSTS", ["*"], "任何域名都能冒充"),
        ("加密连接和域名", "ALLOWED_HOSTS", ["127.0.0.1"], "别人打不开"),
        ("备份", "BACKUP_DIR", "", "没有设置 BACKUP_DIR"),
        ("磁盘", "RUN_DIR", "/nowhere", "/nowhere 不存在"),
        ("保存期限", "RETENTION", ["visits=1"], "至少 24 个月"),
        ("时区", "TIME_ZONE", "UTC", "程序的时区是 UTC"),
    ],
)
def test_wrong_setting_is_named(
    db: None, sound: Any, name: str, setting: str, value: Any, words: str
) -> None:
    assert words not in said(name)

    setattr(sound, setting, value)

    assert words in said(name)


def test_sound_settings_are_passed(db: None, sound: Any) -> None:
    for name in ("加密连接和域名", "磁盘", "备份", "保存期限", "密钥"):
        assert said(name) == "", name


@pytest.mark.parametrize(
    ("name", "target", "attribute", "found", "words"),
    [
        ("数据库连接", vitals, "database_trouble", "连不上数据库", "连不上数据库"),
        ("数据库账号", database, "privileged", True, "权限过大"),
        ("数据库结构", vitals, "migration_trouble", "还有 2 个", "还有 2 个"),
        ("消息队列", vitals, "broker_trouble", "连不上 Redis", "任务也不会丢"),
        ("磁盘", server, "LEAST_SHARE", 1.1, "GB"),
        ("磁盘", server.os, "access", False, "不能写"),
        ("时钟", database, "MOST_SECONDS_APART", -1, "时钟差"),
        ("中文检索", database, "one", False, "查中文会查不到"),
        ("日志归档", database, "row", ("off", 0, False), "没有打开 WAL 归档"),
        ("日志归档", database, "row", ("on", 7, True), "累计 7 次"),
        ("时区", database, "one", "UTC", "日志的时区是 UTC"),
    ],
)
def test_fault_is_named(
    db: None,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    target: Any,
    attribute: str,
    found: Any,
    words: str,
) -> None:
    value = (lambda *_: found) if callable(getattr(target, attribute)) else found
    monkeypatch.setattr(target, attribute, value)

    assert words in said(name)


def test_engine_that_refuses_the_role_is_the_account_s_fault(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(query: str) -> Any:
        raise ImproperlyConfigured

    monkeypatch.setattr(database, "one", refuse)

    assert database.privileged() is True


def test_replica_that_is_away_or_far_behind_is_named(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said("只读副本") == ""
    monkeypatch.setattr(replica, "is_there", lambda: True)
    monkeypatch.setattr(replica, "has_reached", lambda after: False)
    assert "连不上只读副本" in said("只读副本")
    monkeypatch.setattr(replica, "has_reached", lambda after: True)
    for behind, words in ((0, ""), (200 * 2**20, "落后 200 MB")):
        monkeypatch.setattr(database, "bytes_behind", lambda behind=behind: behind)
        assert words in said("只读副本")
    assert bool(said("只读副本"))


@contextmanager
def broken(statement: str) -> Iterator[Any]:
    """Break something as the owner, for as long as the block looks at it."""
    with roles.connect(
        roles.at(OWNER_URL, str(connection.settings_dict["NAME"]))
    ) as own:
        own.autocommit = False
        with own.cursor() as cursor:
            cursor.execute(statement)
            yield cursor
        own.rollback()


@pytest.mark.parametrize(
    ("query", "statement", "found"),
    [
        (
            database.UNGUARDED,
            "ALTER TABLE regions_villagergroup NO FORCE ROW LEVEL SECURITY",
            "regions_villagergroup",
        ),
        (
            database.UNGUARDED,
            "DROP POLICY scope_delete ON regions_villagergroup",
            "regions_villagergroup",
        ),
        (
            database.BROKEN,
            "ALTER TABLE jobs_pulse ADD CONSTRAINT named CHECK (name <> '') NOT VALID",
            "jobs_pulse.named",
        ),
    ],
)
def test_table_without_its_guard_is_found(
    own_database: str, query: str, statement: str, found: str
) -> None:
    assert said("数据范围") == said("索引和约束") == ""
    with broken(statement) as cursor:
        cursor.execute(query)
        assert cursor.fetchall() == [(found,)]


def test_old_and_missing_backups_are_told_apart(db: None, sound: Any) -> None:
    dump = Path(sound.BACKUP_DIR) / "dump"
    past = time.time() - 40 * 3600
    os.utime(dump, (past, past))
    assert "40 小时以前" in said("备份")

    dump.unlink()
    assert "没有备份" in said("备份")


def test_number_sealed_by_a_lost_key_is_found(
    db: None, sound: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(self: object) -> str:
        raise ValueError

    monkeypatch.setattr(server.Sealed, "reveal", closed)
    with everywhere():
        walker = make_walker("walker", ("甲户",), key=0)
        home = walker.homes["甲户"]
        home.phone = server.Sealed.of("13800001234", "phone")
        home.save()

    assert "打不开的号码" in said("密钥")


def test_silent_worker_waiting_and_given_up_jobs_are_found(db: None) -> None:
    assert "没有心跳" in said("后台任务进程")
    Pulse.objects.create(name="worker", at=timezone.now())
    assert said("后台任务进程") == ""

    now = timezone.now()
    hour = dt.timedelta(hours=1)
    with everywhere():
        for state, finished in (("queued", None), ("failed", now)):
            Job.objects.create(
                region_id=TOWNSHIP, kind="test", title="任务", unique_key=state,
                business_date=today(), state=state, asked_at=now - hour,
                not_before=now - hour, finished_at=finished,
            )  # fmt: skip
    assert "1 项任务等了 15 分钟" in said("任务积压")
    assert "1 项任务多次尝试后放弃" in said("任务积压")


def test_night_without_its_work_is_found(db: None) -> None:
    assert said("昨夜的核对") == ""
    with everywhere():
        make_walker("walker", ("甲户",), key=0)
    assert "只做完 0 个乡镇" in said("昨夜的核对")


@pytest.mark.parametrize(
    ("hour", "night"), [(2, dt.date(2026, 11, 27)), (6, dt.date(2026, 11, 28))]
)
def test_night_is_expected_once_it_is_over(hour: int, night: dt.date) -> None:
    assert work.last_expected(dt.datetime(2026, 11, 28, hour, tzinfo=dt.UTC)) == night


def test_command_says_all_and_fails(db: None, sound: Any) -> None:
    out = StringIO()
    sound.TLS = False

    with pytest.raises(CommandError, match="项要马上处理"):
        call_command("doctor", stdout=out)

    text = out.getvalue()
    assert "✓ 数据范围" in text
    assert "✗ 加密连接和域名：TLS=0" in text
    assert "怎么修：前面放好带证书的代理" in text
    assert all(name in text for name in CHECKS)


def test_command_asks_a_database_that_is_away_nothing_more(
    db: None, sound: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vitals, "database_trouble", lambda: "连不上数据库")
    out = StringIO()

    with pytest.raises(CommandError):
        call_command("doctor", stdout=out)

    assert "数据范围" not in out.getvalue()
    assert "✓ 磁盘" in out.getvalue()
