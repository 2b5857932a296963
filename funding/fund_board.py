"""Use of the work funds below a place: exceptions first, then administrative order.

What is an exception: no fund was opened, somebody tried to spend what was not there,
little was spent late in the year. Nobody is ranked by how much he spends.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count

from funding.models import Overdraw, WorkFund, standards
from funding.rules import NOUGHT, StandardKind
from funding.rules.fund import is_unspent_late, used_share
from regions.models import Level, Region, inside


@dataclass
class Row:
    """A village or a township: what its villages have, spent, have left."""

    place: Region
    villages: int = 0
    opened: int = 0
    allotted: Decimal = NOUGHT
    received: Decimal = NOUGHT
    carried_in: Decimal = NOUGHT
    spent: Decimal = NOUGHT
    balance: Decimal = NOUGHT
    overdraws: int = 0
    late: int = 0
    fund: WorkFund | None = field(default=None)

    @property
    def unopened(self) -> int:
        """Villages without a fund of the year."""
        return self.villages - self.opened

    @property
    def used(self) -> int:
        """Percent that were spent of what there is for the year."""
        return used_share(self.spent, self.allotted, self.carried_in)

    @property
    def tone(self) -> str:
        """Red where somebody tried to overdraw, amber where money lies idle."""
        if self.overdraws:
            return "bad"
        return "warn" if self.late or self.unopened else ""

    @property
    def words(self) -> str:
        """What is to be looked after, in words."""
        parts = (
            (self.unopened, "还没建账" if self.fund is None and self.villages == 1
             else f"{self.unopened} 个村没建账"),
            (self.overdraws, f"超出余额的支出被拒 {self.overdraws} 次"),
            (self.late, "年底用得少" if self.villages == 1
             else f"{self.late} 个村年底用得少"),
        )  # fmt: skip
        return "，".join(words for count, words in parts if count)


def board(place: Region, year: int, on: dt.date) -> list[Row]:
    """Return a row for each division below a place; four statements.

    What has ended keeps its money, in a row of its own, and is asked for nothing more.
    """
    rows = {child.pk: Row(child) for child in place.children.order_by("code")}
    owner = place.owner_of
    villages = Region.objects.villages().current().within(place.scope)
    current = set(villages.values_list("pk", flat=True))
    for village in current:
        if row := rows.get(owner(village)):
            row.villages += 1
    funds = inside(WorkFund.objects.of_year(year), place.scope)
    known = standards()
    limits = {
        "late_month": known.number(StandardKind.LATE_MONTH, on),
        "late_share": known.number(StandardKind.LATE_SHARE, on),
    }
    for fund in funds:
        if row := rows.get(owner(fund.region_id)):
            _add(row, fund)
            if fund.region_id in current:
                row.opened += 1
                row.late += is_unspent_late(fund.used, year, on, **limits)
            row.fund = fund if place.level == Level.TOWNSHIP else None
    for code, count in _overdraws(place, year).items():
        if row := rows.get(owner(code)):
            row.overdraws += count
    order = {"bad": 0, "warn": 1, "": 2}
    shown = (one for one in rows.values() if not one.place.ended_on or one.allotted)
    return sorted(shown, key=lambda one: (order[one.tone], one.place.code))


def total(rows: Sequence[Row], place: Region) -> Row:
    """Return the sum of the rows."""
    added = Row(place)
    for row in rows:
        for name in (
            "villages", "opened", "allotted", "received", "carried_in", "spent",
            "balance", "overdraws", "late",
        ):  # fmt: skip
            setattr(added, name, getattr(added, name) + getattr(row, name))
    return added


def _add(row: Row, fund: WorkFund) -> None:
    row.allotted += fund.allotted
    row.received += fund.received
    row.carried_in += fund.carried_in
    row.spent += fund.spent
    row.balance += fund.balance


def _overdraws(place: Region, year: int) -> Counter[int]:
    found = (
        inside(Overdraw.objects.filter(fund__year=year), place.scope)
        .values_list("region_id")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return Counter(dict(found))
