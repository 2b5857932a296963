"""Do what the nightly job does, in the foreground."""

import datetime as dt
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.audit import system_scope
from visits.services.flags import flag_overdue


class Command(BaseCommand):
    """Flag every missed period up to a day; twice changes nothing more."""

    help = "标记超期未走访的周期（夜间任务在前台执行），打印数量。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the day."""
        parser.add_argument("--on", type=dt.date.fromisoformat, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        """Flag, and print the counts as one JSON object."""
        on = options["on"] or timezone.localdate()
        with system_scope(f"标记 {on} 的超期"):
            counts = flag_overdue(on)
        self.stdout.write(json.dumps({"on": str(on), **counts}, ensure_ascii=False))
