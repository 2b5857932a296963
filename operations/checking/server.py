"""Checks of the server and its settings: keys, TLS, disk, backups."""

import datetime as dt
import os
import shutil
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from accounts.sealing import KEY_BYTES, Sealed
from households.models import Household
from operations.checking.finding import Trouble, check
from operations.resealing import old_keys, places, waiting
from operations.rules import Unlawful, terms

LEAST_FREE = 2 * 2**30
LEAST_SHARE = 0.10
MOST_HOURS = 26  # a nightly dump, and its own duration
LOCAL = {"127.0.0.1", "localhost", "[::1]", "web"}
SECRET_LENGTH = 50
MAKE_SECRETS = "重新生成：sh deploy/make-secrets（已有的文件会保留）。"


@check("密钥")
def keys() -> Iterator[Trouble]:
    """Whether keys are there, long enough, and open what is stored."""
    if len(settings.SECRET_KEY) < SECRET_LENGTH:
        yield Trouble("SECRET_KEY 太短，登录凭证可能被猜到。", MAKE_SECRETS)
    if len(decoded(settings.INDEX_KEY)) != KEY_BYTES:
        yield Trouble(
            "INDEX_KEY 不是 32 字节的 base64，按号码查找会失灵。",
            "从安全的地方取回原来的 index_key；换成新的查不到旧号码。",
        )
    try:
        Sealed.of("检查", "phone")
    except ImproperlyConfigured as error:
        yield Trouble(str(error), "从安全的地方取回原来的 field_keys。")
        return
    yield from _opened()
    yield from _renewed()


def _renewed() -> Iterator[Trouble]:
    """After a key was changed: whether the numbers are sealed with the new one."""
    if not old_keys():
        return
    left = sum(waiting(place) for place in places())
    names = "、".join(old_keys())
    if left:
        yield Trouble(
            f"换了密钥，还有 {left:,} 个号码是用旧密钥（{names}）封的。",
            "运行 docker compose run --rm migrate python manage.py reseal --apply。",
            urgent=False,
        )
    else:
        yield Trouble(
            f"号码都用新密钥封好了，旧密钥（{names}）还在。",
            "封好满 7 天以后，从 field_keys 里去掉旧密钥。",
            urgent=False,
        )


def _opened() -> Iterator[Trouble]:
    """Try the newest and the oldest sealed value: each may have another key."""
    with transaction.atomic():
        sealed = Household.objects.exclude(phone=None).only("phone")
        samples = [*sealed.order_by("pk")[:1], *sealed.order_by("-pk")[:1]]
    for sample in samples:
        try:
            assert_opens(sample.phone)
        except ValueError:
            yield Trouble(
                "库里有用现在的 FIELD_KEYS 打不开的号码。",
                "把换下来的旧密钥加到 FIELD_KEYS 后面（k2:新,k1:旧）。",
            )
            return


@check("加密连接和域名", alone=True)
def transport() -> Iterator[Trouble]:
    """Whether people reach us by TLS, and under the names we answer to."""
    if settings.DEBUG:
        yield Trouble("DEBUG 开着，出错页面会泄露内部信息。", "把 DEBUG 关掉。")
    if settings.DEMO:
        yield Trouble(
            "DEMO=1：演示账号的密码是公开的。", "去掉环境变量 DEMO，换一个空数据库。"
        )
    if not settings.TLS:
        yield Trouble(
            "TLS=0：密码和身份证号在网络上是明文。",
            "前面放好带证书的代理，再设 TLS=1。",
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield Trouble(
            "ALLOWED_HOSTS 是 *，任何域名都能冒充。", "在 .env 的 SITE_HOST 写明域名。"
        )
    elif not set(settings.ALLOWED_HOSTS) - LOCAL:
        yield Trouble(
            "ALLOWED_HOSTS 只有本机，别人打不开。", "在 .env 的 SITE_HOST 写明域名。"
        )


@check("磁盘", alone=True)
def disk() -> Iterator[Trouble]:
    """Whether there is room for exports, uploads and logs."""
    for place in {Path(settings.RUN_DIR), *_backups()}:
        if not place.exists():
            yield Trouble(f"目录 {place} 不存在。", "建好目录，或改正设置后重启。")
            continue
        if place == Path(settings.RUN_DIR) and not os.access(place, os.W_OK):
            yield Trouble(
                f"目录 {place} 不能写，导入导出会失败。",
                "把目录交给运行程序的账号（chown），或核对挂载是不是只读。",
            )
        usage = shutil.disk_usage(place)
        if usage.free < min(LEAST_FREE, usage.total) or (
            usage.free / usage.total < LEAST_SHARE
        ):
            yield Trouble(
                f"{place} 所在的磁盘只剩 {usage.free / 2**30:.1f} GB。",
                "删去旧备份和无用文件，或扩容；满了以后导入导出会失败。",
            )


@check("备份", alone=True)
def backups() -> Iterator[Trouble]:
    """Whether the newest dump is from last night."""
    folders = _backups()
    if not folders:
        yield Trouble(
            "没有设置 BACKUP_DIR，看不到备份。",
            "照 docs/operations.md 的“备份”一节设每夜备份，并把目录写进 BACKUP_DIR。",
            urgent=False,
        )
    for folder in folders:
        age = newest_age(folder)
        if age is None:
            yield Trouble(f"{folder} 里没有备份。", "马上运行 sh deploy/backup。")
        elif age > dt.timedelta(hours=MOST_HOURS):
            hours = age.total_seconds() / 3600
            yield Trouble(
                f"最新的备份是 {hours:.0f} 小时以前的。",
                "看每夜备份的日志（docs/operations.md），修好后马上补做一次。",
            )


@check("保存期限", alone=True)
def retention() -> Iterator[Trouble]:
    """Whether the city's terms of keeping data are lawful."""
    try:
        terms(settings.RETENTION)
    except Unlawful as refusal:
        yield Trouble(str(refusal), "改正 .env 里的 RETENTION。")


def assert_opens(value: object) -> None:
    """Open a sealed value; ValueError if no present key fits."""
    if isinstance(value, Sealed):
        value.reveal()


def newest_age(folder: Path) -> dt.timedelta | None:
    """Return how old the newest backup in a folder is; None without one."""
    times = [part.stat().st_mtime for part in folder.glob("*") if part.name[0] != "."]
    if not times:
        return None
    return dt.timedelta(seconds=timezone.now().timestamp() - max(times))


def decoded(key: str) -> bytes:
    """Return a base64 key's bytes; none if it is not base64."""
    try:
        return b64decode(key, validate=True)
    except ValueError:
        return b""


def _backups() -> list[Path]:
    return [Path(settings.BACKUP_DIR)] if settings.BACKUP_DIR else []
