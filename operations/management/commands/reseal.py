"""Seal stored numbers anew under the first of FIELD_KEYS."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import audit
from accounts.audit import system_scope
from accounts.models import Action
from operations.resealing import Counted, current, old_keys, places, reseal, waiting

SUBJECT = "用新密钥重新封存号码"


class Command(BaseCommand):
    """Show how many numbers wait for the new key; with --apply, seal them."""

    help = (
        "FIELD_KEYS 换了新密钥以后，把库里的号码改用新密钥封存。"
        "不加 --apply 只列出还有多少；加了要用表的所有者连接（MIGRATING=1）。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the word to begin."""
        parser.add_argument("--apply", action="store_true", help="开始重新封存")

    def handle(self, *args: Any, **options: Any) -> None:
        """List what waits, then seal it place by place; it can be run again any time."""
        if options["apply"] and not settings.MIGRATING:
            raise CommandError(
                "重新封存要用表的所有者连接数据库，请写成 MIGRATING=1 再运行。"
            )
        with system_scope(SUBJECT):
            left = {place: count for place in places() if (count := waiting(place))}
            for place, count in left.items():
                self.stdout.write(f"{place.title}：{count:,} 个不是用 {current()} 封的")
            if not left:
                self.stdout.write(self._finished())
            elif not options["apply"]:
                self.stdout.write("加 --apply 开始重新封存，可以中断，接着再运行。")
            else:
                self._sealed({place.title: reseal(place) for place in left})

    def _finished(self) -> str:
        gone = "、".join(old_keys())
        after = f"旧密钥（{gone}）过 7 天可以从 FIELD_KEYS 里去掉。" if gone else ""
        return f"库里的号码都是用 {current()} 封的。{after}"

    def _sealed(self, done: dict[str, Counted]) -> None:
        whole = sum(one.sealed for one in done.values())
        bad = {title: one.unreadable for title, one in done.items() if one.unreadable}
        with transaction.atomic():
            audit.record(
                Action.SYSTEM, region=audit.city_code(), by=None, subject=SUBJECT,
                reason=f"{current()}，{whole:,} 个",
            )  # fmt: skip
        self.stdout.write(f"已重新封存 {whole:,} 个。")
        if bad:
            said = "、".join(f"{title} {count:,} 个" for title, count in bad.items())
            raise CommandError(
                f"有打不开的：{said}。把封它们的旧密钥加到 FIELD_KEYS 后面，再运行一次。"
            )
        self.stdout.write(self._finished())
