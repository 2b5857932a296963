"""Compare every stored due date with the rule, as the night does, and mend it."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from accounts.audit import system_scope
from visits.services.drift import verify


class Command(BaseCommand):
    """Print how many households were judged, and how many stood wrong."""

    help = "核对全部走访期限与规则是否一致，不一致的改正，打印数量。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare whether differences are mended."""
        parser.add_argument("--dry-run", action="store_true", help="只核对，不改正")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, and print the counts as one JSON object."""
        repair = not options["dry_run"]
        with system_scope("核对走访期限"):
            found = verify(repair=repair)
        self.stdout.write(json.dumps({**asdict(found), "repaired": repair}))
