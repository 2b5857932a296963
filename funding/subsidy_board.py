"""Who pays 误工补贴 below a place, by which resolution, and how far the last month is."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from accounts.places import children_of
from funding.models import Resolution, SubsidyLine, SubsidySheet
from funding.rules import NOUGHT
from regions.models import Region, inside


@dataclass
class Row:
    """A village, or a township with how many of its villages pay."""

    place: Region
    villages: int = 0
    resolved: int = 0
    paying: int = 0
    unresolved: int = 0
    """Paid something in the year, and have no resolution (L23)."""
    amount: Decimal = NOUGHT
    resolution: Resolution | None = None
    sheet: SubsidySheet | None = None

    @property
    def tone(self) -> str:
        """Red where money was paid without a resolution."""
        return "bad" if self.unresolved else ""


def board(place: Region, year: int) -> list[Row]:
    """Return a row for each division below a place; five statements."""
    by_village = {
        code: Row(Region(code=code))
        for (code,) in Region.objects.villages()
        .current()
        .within(place.scope)
        .values_list("code")
    }
    standing = inside(Resolution.objects.standing(), place.scope)
    for one in standing.order_by("starts_on"):
        if row := by_village.get(one.region_id):
            row.resolution = one
    for sheet in inside(SubsidySheet.objects.counting(), place.scope).order_by("month"):
        if row := by_village.get(sheet.region_id):
            row.sheet = sheet
    for code, amount in _paid(place, year):
        if row := by_village.get(code):
            row.amount = amount
    rows = {child.pk: Row(child) for child in children_of(place)}
    for code, found in by_village.items():
        if row := rows.get(place.owner_of(code)):
            _add(row, found)
    return sorted(rows.values(), key=lambda row: (not row.unresolved, row.place.code))


def _add(row: Row, found: Row) -> None:
    row.villages += 1
    row.resolved += found.resolution is not None
    row.paying += bool(found.amount)
    row.unresolved += bool(found.amount) and found.resolution is None
    row.amount += found.amount
    row.resolution, row.sheet = found.resolution, found.sheet


def _paid(place: Region, year: int) -> Iterable[tuple[int, Decimal]]:
    """Return what each village paid for months of a year, what is not final left out."""
    return (
        inside(SubsidyLine.objects.granted().filter(of_month__year=year), place.scope)
        .values_list("region_id")
        .annotate(amount=Sum("amount"))
        .order_by()
    )
