"""Load a list of divisions, or report how it differs from the one in force."""

import csv
import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from regions import services
from regions.rules import Differences, Division, read_divisions

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "430582.csv"


class Command(BaseCommand):
    """The first load fills the tree; later loads report, and change what is asked."""

    help = "载入区划表；再次载入时只报告差异，用 --add、--rename、--end 确认后才改动。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what may be asked."""
        parser.add_argument("csv", nargs="?", type=Path, default=SHIPPED)
        parser.add_argument("--add", action="store_true", help="新增表中多出的区划")
        parser.add_argument("--rename", action="store_true", help="采用表中的新名称")
        parser.add_argument(
            "--end",
            action="append",
            default=[],
            metavar="代码[:接收代码]",
            help="撤销一个区划，可写明并入哪一个；可多次给出",
        )
        parser.add_argument("--on", type=dt.date.fromisoformat, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the list, compare, and do what was confirmed."""
        listed = self._read(options["csv"])
        before = services.in_force()
        if not before:
            count = services.add_divisions(listed.values())
            self.stdout.write(f"已载入 {count} 个区划。")
            return
        on = options["on"] or timezone.localdate()
        self._end(options["end"], on)
        found = services.differences_with(listed)
        if options["add"]:
            services.add_divisions(found.added)
        if options["rename"]:
            services.apply_renames(found)
        self._report(services.differences_with(listed))

    def _read(self, path: Path) -> dict[int, Division]:
        try:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                reading = read_divisions(csv.DictReader(lines))
        except (OSError, UnicodeDecodeError, KeyError) as unreadable:
            raise CommandError(f"读不了 {path}：{unreadable}") from unreadable
        if reading.faults:
            raise CommandError(
                "\n".join(f"第 {f.line} 行：{f.message}" for f in reading.faults)
            )
        return reading.divisions

    def _end(self, wanted: list[str], on: dt.date) -> None:
        for item in wanted:
            code, _, heir = item.partition(":")
            try:
                ended = services.end_division(
                    code=int(code), on=on, successor=int(heir) if heir else None
                )
            except (services.Refused, ValueError) as refused:
                raise CommandError(str(refused)) from refused
            self.stdout.write(f"{ended.name}（{ended.code}）自 {on} 起撤销。")

    def _report(self, found: Differences) -> None:
        for division in found.added:
            self.stdout.write(f"新增 {division.code} {division.name}（加 --add 采用）")
        for old, new in found.renamed:
            self.stdout.write(
                f"改名 {new.code} {old.name} → {new.name}（加 --rename 采用）"
            )
        for division in found.missing:
            self.stdout.write(
                f"表中没有 {division.code} {division.name}"
                f"（加 --end {division.code} 或 --end {division.code}:接收代码）"
            )
        self.stdout.write(f"相同 {found.same} 个。")
