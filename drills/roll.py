"""Makes a workbook of new households for a filled township; run as a program.

`python -m drills.roll FILE ROWS USER` writes the workbook and opens the account that may
import it; `manage.py import_ledger` does the rest, in a process of its own.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import django

TOWNSHIP = 430582113000
COUNTY = "430597"  # of invented numbers that no other maker of data uses


def main(path: Path, rows: int, username: str) -> None:
    """Write the workbook and open the account."""
    from accounts.audit import system_scope
    from bench.rolls import KEYS
    from households.resources import DECLARATION
    from reports.demo.accounts import Person, open_account
    from workbooks.writing import write_table

    with system_scope("演练的准备"):
        open_account(Person(username, "演练", "township_lead", TOWNSHIP))
        lines = list(_lines(rows))
    columns = tuple(DECLARATION.column(key) for key in KEYS)
    write_table(path, columns, lines, count=len(lines), name="联系户花名册")


def _lines(rows: int) -> Iterator[Sequence[object]]:
    """Yield new households, evenly over the groups of the township."""
    from django.db import transaction

    from regions.models import VillagerGroup
    from regions.scoping import narrowed
    from reports.demo.people import People

    with narrowed(TOWNSHIP), transaction.atomic():
        groups = list(VillagerGroup.objects.select_related("region").order_by("pk"))
    people = People(Random(rows), COUNTY)  # noqa: S311 - a drill's dice
    for number in range(rows):
        group = groups[number % len(groups)]
        head = people.person(oldest=1945, youngest=1995, women=0.2)
        village = group.region.name
        yield (
            *("魏家桥镇", village, f"{group.number}组", head.name, head.id_number),
            *(1 + number % 6, f"{village}{group.number}组", head.phone),
            *("普通", "", "", None),
        )


if __name__ == "__main__":
    django.setup()
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
