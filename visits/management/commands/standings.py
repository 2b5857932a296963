"""Print how the households of each village stand on a day."""

import datetime as dt
import json
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.management.acting import acting_post
from households.models import Household
from regions.scoping import scope
from visits import rules
from visits.facts import facts_of

CHUNK = 5000


class Command(BaseCommand):
    """JSON lines: region, kind (key, ordinary), standing, households."""

    help = "按村统计某一天的走访情况，每行一个 JSON。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the day and who asks."""
        parser.add_argument("--on", type=dt.date.fromisoformat, required=True)
        parser.add_argument("--as", dest="user", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Count within the scope of the user's post."""
        with scope(acting_post(options["user"]).scope()), transaction.atomic():
            counted = count(options["on"])
        for (region, kind, standing), households in sorted(counted.items()):
            line = {
                "region": region,
                "kind": kind,
                "standing": standing,
                "households": households,
            }
            self.stdout.write(json.dumps(line))


def count(on: dt.date) -> Counter[tuple[int, str, str]]:
    """Count the open scope's households by village, kind and standing on `on`.

    Judged by the pure rule from the facts as they stand; a household that nobody looks
    after that day has no standing.
    """
    counted: Counter[tuple[int, str, str]] = Counter()
    homes = dict(Household.objects.living().values_list("pk", "region_id"))
    ids = list(homes)
    for start in range(0, len(ids), CHUNK):
        for household, facts in facts_of(ids[start : start + CHUNK]).items():
            if judgement := rules.assess(facts, on):
                kind = "key" if rules.key_categories(facts, on) else "ordinary"
                counted[homes[household], kind, judgement.standing.value] += 1
    return counted
