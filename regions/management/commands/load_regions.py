"""Load a list of divisions, or report how it differs from the one in force."""

import csv
import datetime as dt
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from regions import services
from regions.models import Kind
from regions.rules import COLUMNS, Differences, Division, read_divisions
from regions.scoping import EVERYWHERE_HI, Scope, scope

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "430582.csv"


class Command(BaseCommand):
    """The first load fills the tree; later loads report, and change what is asked.

    What was asked is done as a whole or not at all.
    """

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
        why = f"载入区划表 {options['csv'].name}"
        with scope(Scope(0, EVERYWHERE_HI, why=why)), transaction.atomic():
            try:
                self._load(listed, options)
            except services.Contradiction as refused:
                raise CommandError(str(refused)) from refused

    def _load(self, listed: dict[int, Division], options: dict[str, Any]) -> None:
        if not services.in_force():
            count = services.add_divisions(listed.values())
            self.stdout.write(f"已载入 {count} 个区划。")
            return
        found = services.differences_with(listed)
        if options["add"]:
            services.add_divisions(found.added)
        if options["rename"]:
            services.apply_renames(found)
        # Last, so that a division can be merged into one that was just added.
        self._end(options["end"], day_of(options["on"]))
        self._report(services.differences_with(listed))

    def _read(self, path: Path) -> dict[int, Division]:
        try:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                table = csv.DictReader(lines)
                self._refuse_other_columns(table.fieldnames or ())
                reading = read_divisions(table)
        except FileNotFoundError as absent:
            raise CommandError(f"没有这个文件：{path}") from absent
        except UnicodeDecodeError as foreign:
            raise CommandError(
                f"{path} 不是 UTF-8 编码。请用 Excel 另存为“CSV UTF-8”，再载入。"
            ) from foreign
        except (OSError, csv.Error) as unreadable:
            raise CommandError(f"读不了 {path}：{unreadable}") from unreadable
        if reading.faults:
            raise CommandError(
                "\n".join(f"第 {f.line} 行：{f.message}" for f in reading.faults)
            )
        if not reading.divisions:
            raise CommandError(f"{path} 里没有区划。")
        return reading.divisions

    def _refuse_other_columns(self, titles: Sequence[str]) -> None:
        missing = [column for column in COLUMNS if column not in titles]
        if titles and missing:
            raise CommandError(
                f"表头缺少 {'、'.join(missing)} 列，请对照自带的区划表。"
            )

    def _end(self, wanted: list[str], on: dt.date) -> None:
        ended = []
        for item in wanted:
            code, _, heir = item.partition(":")
            if not code.isdecimal() or not (heir or code).isdecimal():
                raise CommandError(
                    f"“{item}”不是区划代码，应写成 代码 或 代码:接收代码。"
                )
            ended.append(
                services.end_division(
                    code=int(code), on=on, successor=int(heir) if heir else None
                )
            )
        for region in ended:
            self.stdout.write(f"{region.name}（{region.code}）自 {on} 起撤销。")

    def _report(self, found: Differences) -> None:
        for division in found.added:
            self.stdout.write(f"新增 {division.code} {division.name}（加 --add 采用）")
        for old, new in found.renamed:
            self.stdout.write(f"{change(old, new)}（加 --rename 采用）")
        for division in found.missing:
            self.stdout.write(
                f"表中没有 {division.code} {division.name}"
                f"（加 --end {division.code} 或 --end {division.code}:接收代码）"
            )
        for division in found.ended:
            self.stdout.write(f"{division.code} {division.name}已经撤销，表中仍有")
        self.stdout.write(f"相同 {found.same} 个。")


def day_of(asked: dt.date | None) -> dt.date:
    """Return the day from which divisions end, today by default.

    Raises CommandError for one to come: what ends is off all lists at once.
    """
    today = timezone.localdate()
    if asked and asked > today:
        raise CommandError(
            f"--on 不能晚于今天（{today}）：撤销马上生效，请到那一天再办。"
        )
    return asked or today


def change(old: Division, new: Division) -> str:
    """Return in words how a division that stays differs from the new list."""
    if old.name != new.name:
        return f"改名 {new.code} {old.name} → {new.name}"
    kinds = f"{Kind(old.kind).label} → {Kind(new.kind).label}"
    return f"改类型 {new.code} {new.name}：{kinds}"
