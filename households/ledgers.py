"""联系户花名册 (ledger 2) and 名额分配表 (ledger 7) on their way out.

The roll's rows are those of the list page, in its order. What the importer would
compare is written as it compares it, so that an exported roll reads as unchanged.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Count, Sum

from accounts.permissions import Permission
from accounts.sealing import Sealed
from households.forms.roll import RollFilter
from households.listing import matching, sorted_by
from households.models import CategoryTag, ContactLink, Household
from households.resources.columns import DECLARATION
from regions.forms import PlaceField
from regions.models import Level, Region, VillagerGroup, inside
from representatives.ledgers import number_words, with_widths
from representatives.models import Mandate, Politics, Seat, Sex
from ui.forms import PlainWords
from workbooks.declaration import Column, Kind
from workbooks.writing import Subtotal

WIDTHS = {
    "township": 10, "village": 11, "group": 7, "head": 9, "members": 9,
    "residents": 9, "address": 18, "kind": 8, "representative": 13,
    "party_member": 9, "linked_on": 15, "situation": 18, "remark": 18,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contact:
    """Who looks after a household: name and phone of somebody in office, since when."""

    name: str
    phone: Sealed | None
    party_member: str
    since: dt.date


class HouseholdRoll:
    """The roll of households as it is handed out."""

    kind = "households"
    title = "村（居）民代表联系户花名册（包户台账）"
    unit = "户"
    has_numbers = True
    permission = Permission.HOUSEHOLD_VIEW

    def __init__(self, place: Region) -> None:
        self.columns: tuple[Column, ...] = with_widths(DECLARATION.columns, WIDTHS)

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> RollFilter:
        """Return the form of the list page's filters."""
        return RollFilter(data, one_village=one_village)

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[int]:
        """Return the ids of the households that the filters describe, in order."""
        found = sorted_by(matching(wanted, on), sort)
        return list(found.values_list("pk", flat=True))

    def rows(
        self, keys: Sequence[int], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return the rows of these households, and add them up in `totals`."""
        contacts, categories = contacts_of(keys, on), categories_of(keys)
        key_homes = key_homes_of(keys, on)
        households = Household.objects.filter(pk__in=keys).select_related(
            "region__parent", "group"
        )
        found = households.in_bulk()
        rows = []
        for key in keys:
            if household := found.get(key):
                kind = "重点" if key in key_homes else "普通"
                known = (kind, "、".join(categories.get(key, ())))
                rows.append(_row(household, known, contacts.get(key), full=full))
                totals["households"] += 1
                totals["members"] += household.members
                totals["residents"] += household.residents or 0
                totals["known"] += household.residents is not None
                totals["key"] += key in key_homes
                totals["cared"] += key in contacts
        return rows

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""
        return {
            "head": f"{totals['households']} 户",
            "members": totals["members"],
            "residents": totals["residents"] if totals["known"] else None,
            "kind": f"重点 {totals['key']}",
            "representative": f"有人联系 {totals['cared']}",
        }


def _row(
    household: Household, known: tuple[str, str], contact: Contact | None, *, full: bool
) -> Sequence[object]:
    """Return a row; `known` are the kind of the household and its categories."""
    township = household.region.parent
    return (
        township.name if township else "",
        household.region.name,
        f"{household.group.number}组",
        household.head,
        number_words(household.id_number, full=full),
        *(household.members, household.residents, household.address),
        number_words(household.phone, full=full),
        *known,
        contact.name if contact else "",
        number_words(contact.phone, full=full) if contact else None,
        contact.party_member if contact else "",
        contact.since if contact else None,
        *(household.situation, household.remark),
    )


def contacts_of(households: Sequence[int], on: dt.date) -> dict[int, Contact]:
    """Return who looks after each household; one whose person left office has nobody."""
    serving = Mandate.objects.active(on).values("representative")
    links = ContactLink.objects.filter(
        household__in=households, ended_on=None, representative__in=serving
    ).select_related("representative")
    return {
        link.household_id: Contact(
            link.representative.name,
            link.representative.phone,
            link.party_member,
            link.started_on,
        )
        for link in links
    }


def key_homes_of(households: Sequence[int], on: dt.date) -> set[int]:
    """Return which of the households are 重点户, as the filter of the page says."""
    tags = CategoryTag.objects.key(on).filter(household__in=households)
    return set(tags.values_list("household_id", flat=True))


def categories_of(households: Sequence[int]) -> dict[int, list[str]]:
    """Return the names of the categories of each household that has any, in order."""
    tags = CategoryTag.objects.filter(household__in=households, ended_on=None)
    names: dict[int, list[str]] = defaultdict(list)
    for household, name in tags.order_by("category__order").values_list(
        "household_id", "category__name"
    ):
        names[household].append(name)
    return names


class QuotaFilter(PlainWords, forms.Form):
    """Of which place the quotas are wanted."""

    place = PlaceField(label="乡镇、村", required=False)


QUOTA_COLUMNS = (
    Column("township", ("乡镇(街道)",), width=14),
    Column("village", ("村(社区)",), width=14),
    Column("group", ("村(居)民小组",), Kind.CODE, width=14),
    Column("households", ("户数",), Kind.INTEGER, width=10),
    Column("members", ("人口",), Kind.INTEGER, width=10),
    Column("seats", ("代表总数",), Kind.INTEGER, group="代表名额", width=11),
    Column("women", ("其中妇女",), Kind.INTEGER, group="代表名额", width=11),
    Column("party", ("其中党员",), Kind.INTEGER, group="代表名额", width=11),
    Column("remark", ("备注",), width=24),
)
FIGURES = ("households", "members", "seats", "women", "party")
NO_GROUP = 0
"""Stands for constituencies that belong to no group."""


class QuotaTable:
    """How many representatives each group elects, out of how many households.

    代表总数 is the number of seats; women and party members are those who sit in them.
    """

    kind = "quotas"
    title = "村（居）民代表名额分配表"
    unit = "组"
    has_numbers = False
    permission = Permission.REPRESENTATIVE_VIEW
    key_unit = "个村（社区）"
    """What is asked for and counted: each has a row for every group."""

    def __init__(self, place: Region) -> None:
        # A village's own table names no places and has nothing to add up but itself.
        self._own = place.level == Level.VILLAGE
        self.columns: tuple[Column, ...] = (
            QUOTA_COLUMNS[2:] if self._own else QUOTA_COLUMNS
        )

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> QuotaFilter:
        """Return the form of the filters: a place."""
        return QuotaFilter(data)

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[int]:
        """Return the codes of the villages that have groups, in administrative order."""
        groups = VillagerGroup.objects.filter(ended_on=None)
        if isinstance(place := wanted.get("place"), Region):
            groups = inside(groups, place.scope)
        return sorted(set(groups.values_list("region_id", flat=True)))

    def rows(
        self, keys: Sequence[int], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return a row for each group of these villages, and a 小计 for each village."""
        counted = figures_of(keys, on)
        villages = Region.objects.select_related("parent").in_bulk(keys)
        numbers = VillagerGroup.objects.filter(region__in=keys, ended_on=None)
        groups: dict[int, list[int]] = defaultdict(list)
        for code, number in numbers.order_by("number").values_list(
            "region_id", "number"
        ):
            groups[code].append(number)
        rows: list[Sequence[object]] = []
        for code in keys:
            loose = [NO_GROUP] if (code, NO_GROUP) in counted else []
            rows += self._village(villages[code], [*groups[code], *loose], counted)
            totals["villages"] += 1
        for figures in counted.values():
            totals.update(figures)
        return rows

    def _village(
        self,
        village: Region,
        groups: Iterable[int],
        counted: Mapping[tuple[int, int], Counter[str]],
    ) -> list[Sequence[object]]:
        township = village.parent.name if village.parent else ""
        names = () if self._own else (township, village.name)
        subtotal: Counter[str] = Counter()
        rows: list[Sequence[object]] = []
        for number in groups:
            figures = counted.get((village.code, number), Counter())
            subtotal.update(figures)
            name = f"{number}组" if number != NO_GROUP else "不分组"
            rows.append((*names, name, *_cells(figures)))
        if not self._own:
            rows.append(Subtotal((*names, "小计", *_cells(subtotal))))
        return rows

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""
        return {key: totals[key] for key in FIGURES} | {"remark": _vacancies(totals)}


def _cells(figures: Counter[str]) -> tuple[object, ...]:
    return (*(figures[key] for key in FIGURES), _vacancies(figures))


def _vacancies(figures: Counter[str]) -> str:
    vacant = figures["seats"] - figures["filled"]
    return f"空缺 {vacant} 名" if vacant else ""


def figures_of(
    villages: Sequence[int], on: dt.date
) -> dict[tuple[int, int], Counter[str]]:
    """Return households, members, seats and who sits in them, by village and group."""
    figures: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    living = Household.objects.living().filter(region__in=villages)
    for code, number, households, members in living.values_list(
        "region_id", "group__number"
    ).annotate(n=Count("pk"), m=Sum("members")):
        figures[code, number].update(households=households, members=members)
    seats = Seat.objects.open().filter(region__in=villages)
    for code, group, count in seats.values_list(
        "region_id", "constituency__group__number"
    ).annotate(n=Count("pk")):
        figures[code, group or NO_GROUP].update(seats=count)
    held = Mandate.objects.active(on).filter(region__in=villages)
    for code, group, sex, politics in held.values_list(
        "region_id",
        "seat__constituency__group__number",
        "representative__sex",
        "representative__politics",
    ):
        party = politics in (Politics.MEMBER, Politics.PROBATIONARY)
        figures[code, group or NO_GROUP].update(
            filled=1, women=int(sex == Sex.FEMALE), party=int(party)
        )
    return figures
