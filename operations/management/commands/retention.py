"""Let go of personal data that is past its term."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.audit import system_scope
from accounts.chain import Broken
from operations import services
from operations.rules import Term, Unlawful, terms
from regions.models import Region


class Command(BaseCommand):
    """Show what is past its term; with the number shown, let go of it."""

    help = (
        "列出超过保存期限的个人信息；加 --apply 总数 之后才会处理。"
        "资料变更记录只有表的所有者能删：写成 MIGRATING=1 再运行，也算在总数里。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day, and the confirmation."""
        parser.add_argument("--on", type=dt.date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument(
            "--apply", type=int, metavar="总数", help="预览中列出的总数，对得上才处理"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Preview, and apply where the preview was confirmed."""
        today = timezone.localdate()
        on = options["on"] or today
        if on > today:
            raise CommandError(f"--on 不能晚于今天（{today}）：没到期的不能处理。")
        try:
            kept = terms(settings.RETENTION)
        except Unlawful as refusal:
            raise CommandError(str(refusal)) from None
        with system_scope("清理保存期满的个人信息"):
            found = services.preview(kept, on=on)
            history = services.history_expired(kept, on=on)
            total = _total(found) + history * settings.MIGRATING
            self._show(found, kept)
            self._show_history(history, kept["history"])
            self._show_total(total, has_more=history > 0)
            if options["apply"] is None:
                return
            self._confirm(total, options["apply"])
            services.let_go(kept, on=on)
            if settings.MIGRATING:
                self._prune(kept, on)
        self.stdout.write("已处理，各乡镇的操作日志里各有一条记录。")

    def _prune(self, kept: dict[str, Term], on: dt.date) -> None:
        try:
            services.let_go_of_history(kept, on=on)
        except Broken as broken:
            raise CommandError(str(broken)) from None

    def _show_history(self, number: int, term: Term) -> None:
        if not number:
            return
        how = (
            ""
            if settings.MIGRATING
            else "（要写成 MIGRATING=1 运行才能处理，没算在内）"
        )
        self.stdout.write(
            f"全市：{term.label} {number} 条，{term.since}起已满 {term.months} 个月："
            f"{term.does}{how}。"
        )

    def _show(
        self, found: dict[Region, services.Counts], kept: dict[str, Term]
    ) -> None:
        for place, counts in found.items():
            for key, number in counts.items():
                if number:
                    term = kept[key]
                    self.stdout.write(
                        f"{place.name}：{term.label} {number} 条，"
                        f"{term.since}起已满 {term.months} 个月：{term.does}。"
                    )

    def _show_total(self, total: int, *, has_more: bool) -> None:
        nothing = (
            "别的没有超过保存期限的。" if has_more else "没有超过保存期限的个人信息。"
        )
        self.stdout.write(
            f"共 {total} 条。核对无误后加 --apply {total} 处理，处理后不能恢复。"
            if total
            else nothing
        )

    def _confirm(self, total: int, said: int) -> None:
        if said != total:
            raise CommandError(
                f"您确认的是 {said} 条，现在是 {total} 条，一条也没有处理。"
                "请核对上面的清单，再用新的总数确认。"
            )


def _total(found: dict[Region, services.Counts]) -> int:
    return sum(sum(counts.values()) for counts in found.values())
