"""村（居）民代表花名册 (ledger 1) on its way out: the columns of the import, and the loads.

The rows are those of the list page, in its order. What the importer would compare is
written as it compares it, so that an exported roll reads as unchanged.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Count, Q

from accounts.permissions import Permission
from accounts.sealing import Sealed
from regions.models import Region
from representatives.forms.people import RosterFilter
from representatives.listing import matching, sorted_by, with_mandates
from representatives.models import Education, Mandate, Representative
from representatives.resources.columns import DECLARATION
from workbooks.declaration import Column, Kind

LOADS = (
    Column("load", ("联系户数",), Kind.INTEGER, group="任职情况", width=9),
    Column("key_load", ("其中重点户",), Kind.INTEGER, group="任职情况", width=11),
)
YOUNG = 35
"""35岁以下 counts this age in, by year of birth (ledger 1 of domain section 4)."""
SCHOOLED = frozenset(
    {
        Education.SENIOR,
        Education.VOCATIONAL,
        Education.COLLEGE,
        Education.BACHELOR,
        Education.MASTER,
    }
)
"""高中以上."""
WIDTHS = {
    "township": 10, "village": 11, "group": 7, "name": 9, "birth_year": 11,
    "education": 12, "politics": 10, "mode": 10, "constituency": 12,
    "started_on": 15, "until": 15, "is_by_election": 9, "remark": 20,
}  # fmt: skip


def number_words(held: Sealed | None, *, full: bool) -> str | None:
    """Return a sealed number as an exported cell shows it: masked unless `full`."""
    if held is None:
        return None
    return held.reveal() if full else str(held)


def with_widths(
    columns: Sequence[Column], widths: Mapping[str, float]
) -> tuple[Column, ...]:
    """Return the columns as wide as print needs them; the template needs them wider."""
    return tuple(replace(c, width=widths.get(c.key, c.width)) for c in columns)


class RepresentativeRoll:
    """The roll of representatives as it is handed out."""

    kind = "representatives"
    title = DECLARATION.title
    unit = "人"
    has_numbers = True
    permission = Permission.REPRESENTATIVE_VIEW

    def __init__(self, place: Region) -> None:
        *most, last = with_widths(DECLARATION.columns, WIDTHS)
        self.columns: tuple[Column, ...] = (*most, *LOADS, last)

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> RosterFilter:
        """Return the form of the list page's filters."""
        return RosterFilter(data, one_village=one_village)

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[int]:
        """Return the ids of the people whom the filters describe, in order."""
        found = sorted_by(matching(wanted, on), sort, on)
        return list(found.values_list("pk", flat=True))

    def rows(
        self, keys: Sequence[int], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return the rows of these people, and add them up in `totals`."""
        people = Representative.objects.filter(pk__in=keys).select_related(
            "region__parent", "group"
        )
        found = {person.pk: person for person in with_mandates(people)}
        loads = loads_of(keys, on)
        return [
            self._row(found[key], loads.get(key, (0, 0)), on, totals, full=full)
            for key in keys
            if key in found
        ]

    def _row(
        self,
        person: Representative,
        load: tuple[int, int],
        on: dt.date,
        totals: Counter[str],
        *,
        full: bool,
    ) -> Sequence[object]:
        mandate = next(iter(person.mandates.all()), None)
        _count(person, load, on, totals)
        township = person.region.parent
        return (
            township.name if township else "",
            person.region.name,
            f"{person.group.number}组" if person.group else "",
            *(person.name, person.get_sex_display(), person.nation, person.birth_year),
            number_words(person.id_number, full=full),
            *(person.get_education_display(), person.get_politics_display()),
            "、".join(person.offices),
            number_words(person.phone, full=full),
            *_tenure(mandate),
            *load,
            "；".join(part for part in (_left(mandate), person.remark) if part),
        )

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""
        return {
            "name": f"{totals['people']} 人",
            "sex": f"女 {totals['women']}",
            "birth_year": f"35岁以下 {totals['young']}",
            "education": f"高中以上 {totals['schooled']}",
            "politics": f"党员 {totals['party']}",
            "load": totals["load"],
            "key_load": totals["key_load"],
        }


def loads_of(people: Sequence[int], on: dt.date) -> dict[int, tuple[int, int]]:
    """Return how many households each looks after, and how many of them are 重点.

    Links, households and categories are rows of an app above this one, known here by
    the names of the relations.
    """
    held = Q(links__ended_on=None) | Q(links__ended_on__gt=on)
    held &= Q(links__started_on__lte=on)
    tag = "links__household__tags__"
    key = Q(**{f"{tag}ended_on": None}) | Q(**{f"{tag}ended_on__gt": on})
    key &= Q(**{f"{tag}started_on__lte": on, f"{tag}category__is_key": True})
    home = "links__household"
    counted = Representative.objects.filter(pk__in=people).annotate(
        households=Count(home, filter=held, distinct=True),
        key_households=Count(home, filter=held & key, distinct=True),
    )
    return {
        pk: (households, key_households)
        for pk, households, key_households in counted.values_list(
            "pk", "households", "key_households"
        )
    }


def _tenure(mandate: Mandate | None) -> tuple[object, ...]:
    """Return the mandate's columns.

    Somebody who left has no dates there: importing the file again would otherwise take
    him for newly elected. They stand in the remark.
    """
    if mandate is None or mandate.ended_on:
        return ("", "", None, None, None)
    return (
        mandate.get_mode_display(),
        mandate.seat.constituency.name,
        mandate.started_on,
        mandate.until,
        mandate.is_by_election,
    )


def _left(mandate: Mandate | None) -> str:
    """Return when and why somebody left office; nothing while he is in it."""
    if mandate is None or mandate.ended_on is None:
        return ""
    cause = mandate.get_end_cause_display()
    return f"{mandate.started_on} 当选，{mandate.ended_on} 离任（{cause}）"


def _count(
    person: Representative, load: tuple[int, int], on: dt.date, totals: Counter[str]
) -> None:
    young = person.birth_year is not None and on.year - person.birth_year <= YOUNG
    totals["people"] += 1
    totals["women"] += person.sex == "f"
    totals["young"] += young
    totals["schooled"] += person.education in SCHOOLED
    totals["party"] += person.is_party_member
    totals["load"] += load[0]
    totals["key_load"] += load[1]
