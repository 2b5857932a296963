"""Import a ledger from the command line, with the wizard's engine."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.management.acting import acting_post
from regions.scoping import scope
from workbooks.importing import LEDGERS, Import
from workbooks.inventory import FileRefused


class Command(BaseCommand):
    """Check a workbook, and with --apply write what is good; print one JSON object."""

    help = "导入台账：先逐行检查，加 --apply 才写入；打印一个 JSON。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare kind, file and who acts."""
        parser.add_argument("kind", choices=sorted(LEDGERS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="user", required=True)
        parser.add_argument("--apply", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import within the scope of the user's post."""
        ledger, post = LEDGERS[options["kind"]], acting_post(options["user"])
        if not post.may(ledger.permission):
            raise CommandError(f"{post.user.name}的职务不能导入。")
        with scope(post.scope(request=f"import_ledger {options['kind']}"[:32])):
            try:
                work = Import(ledger, options["file"], on=timezone.localdate())
            except (FileRefused, OSError) as unusable:
                raise CommandError(str(unusable)) from unusable
            rows = work.apply(by=post) if options["apply"] else work.check(by=post)
            result, errors = work.balance(), []
            for row in rows:
                result.counts[row.verdict] += 1
                errors += [finding.as_json() for finding in row.problems]
        print_json(self.stdout, {**result.as_json(), "errors": errors})


def print_json(out: Any, answer: dict[str, Any]) -> None:
    """Print one object on one line, Chinese as it is."""
    out.write(json.dumps(answer, ensure_ascii=False))
