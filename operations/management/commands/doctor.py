"""Check a deployment, and say in plain words what is wrong and how to mend it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from operations.checking import database, server, work  # noqa: F401 - they register
from operations.checking.finding import ALONE, CHECKS, Trouble, examined
from regions.scoping import EVERYWHERE_HI, Scope, scope

FIRST = ("数据库连接", "数据库账号")  # without these the others cannot be asked
MARKS = {True: "✗", False: "！"}


class Command(BaseCommand):
    """Run every check; exit 1 if something urgent is wrong."""

    help = "检查这套系统是否正常，说明哪里不对、怎么修。"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each check, and its troubles."""
        with scope(Scope(0, EVERYWHERE_HI, why="doctor")):
            urgent = sum(self._show(name, examined(name)) for name in FIRST)
            others = [name for name in CHECKS if name not in FIRST]
            if urgent:
                others = [name for name in others if name in ALONE]
            urgent += sum(self._show(name, examined(name)) for name in others)
        if urgent:
            raise CommandError(f"有 {urgent} 项要马上处理。")
        self.stdout.write("没有要马上处理的问题。")

    def _show(self, name: str, troubles: list[Trouble]) -> int:
        if not troubles:
            self.stdout.write(f"✓ {name}")
        for trouble in troubles:
            self.stdout.write(f"{MARKS[trouble.urgent]} {name}：{trouble.what}")
            self.stdout.write(f"    怎么修：{trouble.mend}")
        return sum(trouble.urgent for trouble in troubles)
