"""代表名单公示表: who serves, as a board may show it (domain 7.2).

Names, groups and terms; never an ID number, a phone or an address, and no way to ask
for them. Its rows are those of the roll of people in office, in administrative order.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from accounts.permissions import Permission
from regions.models import Region
from representatives.forms.people import RosterFilter
from representatives.listing import matching, with_mandates
from representatives.models import Mandate, Representative
from workbooks.declaration import Column, Kind

COLUMNS = (
    Column("township", ("乡镇(街道)",), width=13),
    Column("village", ("村(社区)",), width=13),
    Column("group", ("村(居)民小组",), Kind.CODE, width=13),
    Column("name", ("姓名",), Kind.NAME, width=12),
    Column("sex", ("性别",), width=7),
    Column("politics", ("政治面貌",), width=12),
    Column("constituency", ("推选单元",), width=16),
    Column("started_on", ("当选时间",), Kind.DATE, width=15),
    Column("until", ("任期至",), Kind.DATE, width=15),
)


class PublicRoster:
    """The people in office, for the notice board."""

    kind = "public_roster"
    title = "村（居）民代表名单公示表"
    unit = "人"
    has_numbers = False
    permission = Permission.REPRESENTATIVE_VIEW
    columns: tuple[Column, ...] = COLUMNS

    def __init__(self, place: Region) -> None:
        """Take any place: its columns are the same."""

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> RosterFilter:
        """Return the form of the roll's filters."""
        return RosterFilter(data, one_village=one_village)

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[int]:
        """Return the ids of the people in office, by village and group."""
        people = matching({**wanted, "state": ""}, on)
        ordered = people.order_by("region_id", "group__number", "initials", "pk")
        return list(ordered.values_list("pk", flat=True))

    def rows(
        self, keys: Sequence[int], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return the rows of these people; two statements."""
        people = Representative.objects.filter(pk__in=keys).select_related(
            "region__parent", "group"
        )
        found = {person.pk: person for person in with_mandates(people)}
        rows = []
        for key in keys:
            if person := found.get(key):
                totals["people"] += 1
                totals["women"] += person.sex == "f"
                rows.append(_row(person, next(iter(person.mandates.all()), None)))
        return rows

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""
        return {"name": f"{totals['people']} 人", "sex": f"女 {totals['women']}"}


def _row(person: Representative, mandate: Mandate | None) -> Sequence[object]:
    township = person.region.parent
    return (
        township.name if township else "",
        person.region.name,
        f"{person.group.number}组" if person.group else "",
        person.name,
        person.get_sex_display(),
        person.get_politics_display(),
        mandate.seat.constituency.name if mandate else "",
        mandate.started_on if mandate else None,
        mandate.until if mandate else None,
    )
