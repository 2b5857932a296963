"""Check the audit chain."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import chain
from accounts.audit import system_scope


class Command(BaseCommand):
    """Seal what is over, then recompute every digest."""

    help = "校验操作日志有没有被改动过。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Print that the chain holds, or fail with the first day that does not."""
        with system_scope("校验操作日志"):
            chain.seal_until(chain.settled())
            broken = chain.broken_day()
            chain.record_check(broken)
        if broken:
            raise CommandError(f"校验不通过：{broken} 的操作日志被改动过。")
        self.stdout.write(f"校验通过：{timezone.localtime():%Y-%m-%d %H:%M}")
