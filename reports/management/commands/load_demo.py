"""Load the demo: the real divisions, people who can sign in, two full townships."""

import datetime as dt
from argparse import ArgumentParser
from random import Random
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.audit import system_scope
from accounts.models import Post, User
from regions.scoping import narrowed
from reports.closing import close
from reports.demo import (
    accounts,
    appraisals,
    by_elections,
    city,
    desk,
    issues,
    meetings,
    money,
    people,
    ratings,
    shelf,
    townships,
    trainings,
    workbooks,
)
from reports.summary.keeping import keep
from visits.services.flags import flag_overdue


class Command(BaseCommand):
    """Idempotent: what is there already stays as it is."""

    help = (
        "载入演示数据（只在演示环境）。--scale city 生成全市规模，用于测量；"
        "--scale small 只生成两个镇，每镇千户左右，用于试走页面。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare how much is wanted."""
        parser.add_argument(
            "--scale", choices=("small", "demo", "city"), default="demo"
        )
        parser.add_argument(
            "--households", type=int, default=300_000, help="全市总户数（city）"
        )
        parser.add_argument("--visits", type=int, default=0, help="走访总次数（city）")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load whatever is missing."""
        if not settings.DEMO:
            raise CommandError("这不是演示环境（DEMO=1），不能载入演示数据。")
        today = timezone.localdate()
        call_command("load_regions", stdout=self.stdout)
        with system_scope("载入演示数据"):
            self._load(today, small=options["scale"] == "small")
            if options["scale"] == "city":
                made = city.fill(options["households"], options["visits"], today)
                self.stdout.write(f"全市另生成 {made.words}。")

    def _load(self, today: dt.date, *, small: bool) -> None:
        posts = accounts.open_accounts()
        made = self._import(posts, today)
        self._elect(posts, today)
        keeper = accounts.record_keeper()
        made += self._generate(keeper, today, small=small)
        if townships.FULL.code in made:
            townships.offer_moves(today)
        self._live(made, posts, keeper, today)
        full = [workbooks.TOWNSHIP, townships.FULL.code]
        if lines := money.keep(posts["city"], posts["village"], full, today):
            self.stdout.write(f"经费台账：{lines} 笔。")
        if made:
            close(posts["city"].region, today)
            keep(posts["city"].region, today)
        shelf.stock(posts, today)

    def _import(self, posts: dict[str, Post], today: dt.date) -> list[int]:
        """Bring 魏家桥镇 in from its workbooks; return its code if it was not there."""
        counts = workbooks.import_workbooks(posts["township"], today)
        for kind, verdicts in counts.items():
            read = "，".join(f"{v.value} {n}" for v, n in verdicts.items())
            self.stdout.write(f"魏家桥镇 {kind}：{read}。")
        with narrowed(workbooks.TOWNSHIP):
            workbooks.complete_terms()
        accounts.bind_representative(posts)
        return [workbooks.TOWNSHIP] if counts else []

    def _elect(self, posts: dict[str, Post], today: dt.date) -> None:
        """Let 魏家桥镇 have by-elections, one at each stage."""
        stand_ins = people.People(Random(113), "430599")  # noqa: S311 - a demo's dice
        candidates = [
            stand_ins.person(oldest=1958, youngest=1992, women=1 - n % 2)
            for n in range(12)
        ]
        if held := by_elections.hold(posts["township"], candidates, today):
            self.stdout.write(f"魏家桥镇：{held} 次补选，各在一个阶段。")

    def _generate(self, keeper: User, today: dt.date, *, small: bool) -> list[int]:
        """Write the invented townships; return the codes of those that are new."""
        made = []
        for size in townships.wanted(small=small):
            if households := townships.generate(size, keeper, today):
                made.append(size.code)
                self.stdout.write(f"{size.name}：生成 {households} 户。")
        return made

    def _live(
        self, made: list[int], posts: dict[str, Post], keeper: User, today: dt.date
    ) -> None:
        """Let meetings be held, nights pass and issues go their ways."""
        for code in made:
            meetings.hold(code, keeper, today)
            trainings.hold(code, keeper, today)
        if made:
            trainings.demonstrate(made, keeper, today)
        meetings.prepare(posts["village"], today)
        for code in made:
            with narrowed(code):
                flag_overdue(today)
                steps = issues.follow(today, keeper, but=posts["village"].region_id)
                self.stdout.write(f"民情：办理步骤 {steps} 条。")
        with narrowed(workbooks.TOWNSHIP):
            desk.furnish(posts["village"], posts["rep"].narrowed_to, today)
        if rated := ratings.hold(posts, keeper, today):
            self.stdout.write(f"双约双评：{rated} 期评定。")
        if held := appraisals.hold(posts, today):
            self.stdout.write(f"魏家桥镇：{held} 次履职评议。")
