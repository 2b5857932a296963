"""Load a township's archive into an empty township of this system."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.audit import system_scope
from reports.archive.loading import load
from reports.archive.opening import Unfit, check_place, open_archive


class Command(BaseCommand):
    """Run by the system administrator, as the owner of the tables (MIGRATING=1)."""

    help = (
        "把一个乡镇的归档（从报表中心导出的 zip）导入到空的乡镇。"
        "--check 只核对文件和这个系统，不写入。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare which file."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="只核对，不写入")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the file and this system, then write all of it or nothing."""
        why = f"{'核对' if options['check'] else '导入'}乡镇归档 {options['file'].name}"
        try:
            with (
                system_scope(why),
                transaction.atomic(),
                open_archive(options["file"]) as archive,
            ):
                if options["check"]:
                    township = check_place(archive)
                    self.stdout.write(f"文件完整，可以导入到{township.name}。")
                    return
                written = load(archive)
        except Unfit as unfit:
            raise CommandError(str(unfit)) from unfit
        for title, count in written.items():
            if count:
                self.stdout.write(f"{title}：{count:,} 条")
        self.stdout.write(
            f"{archive.name}导入完成，共 {sum(written.values()):,} 条。"
            "请由负责人给需要登录的人重设密码。"
        )
