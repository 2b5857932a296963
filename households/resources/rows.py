"""A row of the roll, resolved and compared: what is there, and what the row wants."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from accounts.sealing import Sealed, blind_index
from households.models import CategoryTag, ContactLink, Household
from households.resources.columns import FIELDS
from representatives.models import Mandate, Representative
from workbooks.ledger import Row
from workbooks.values.outcomes import Masked


@dataclass(frozen=True, slots=True)
class Link:
    """The unended contact link of a household; all empty where there is none."""

    pk: int | None = None
    representative: int | None = None
    name: str = ""


NOBODY = Link()


@dataclass(frozen=True, slots=True)
class Present:
    """A household as it is on the roll now, with its link and categories."""

    pk: int
    version: int
    group: int
    head: str
    id_index: str | None
    phone_index: str
    fields: tuple[Any, ...]
    link: "Link"
    categories: frozenset[str]

    @property
    def representative(self) -> int | None:
        """Who looks after the household now."""
        return self.link.representative


@dataclass(frozen=True, slots=True)
class Plan:
    """What one row wants: resolved, compared, ready to be written."""

    village: int
    group: int
    row: Row
    id_index: str | None
    """The blind index of the ID number that the row gives, if it does."""
    representative: int | None
    categories: frozenset[str] | None
    present: Present | None


def serving_people(on: dt.date) -> dict[tuple[int, str], list[tuple[int, str]]]:
    """Return (id, phone index) of the serving representatives by village and name."""
    people: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    everybody = Representative.objects.values_list("pk", "name", "phone_index")
    known = {pk: (name, phone_index) for pk, name, phone_index in everybody}
    # Joined here: the planner takes a township for a handful and loops over it.
    serving = Mandate.objects.active(on).values_list("region_id", "representative_id")
    for village, pk in serving:
        name, phone_index = known[pk]
        people[village, name].append((pk, phone_index))
    return people


def phones_of(people: list[int]) -> dict[int, str]:
    """Return the masked phone of each representative, in words."""
    phones = Representative.objects.filter(pk__in=people).values_list("pk", "phone")
    return {pk: f"电话 {phone}" if phone else "没有电话" for pk, phone in phones}


def present_households(on: dt.date) -> "list[tuple[int, Present]]":
    """Return the living households of the scope, with link and categories, by village."""
    unended = ContactLink.objects.filter(ended_on=None).values_list(
        "household_id", "pk", "representative_id", "representative__name"
    )
    links = {home: Link(pk, person, name) for home, pk, person, name in unended}
    tags: dict[int, set[str]] = defaultdict(set)
    for household, code in CategoryTag.objects.filter(ended_on=None).values_list(
        "household_id", "category_id"
    ):
        tags[household].add(code)
    living = (
        Household.objects.living()
        .order_by("pk")
        .values_list(
            "region_id",
            "pk",
            "version",
            "group_id",
            "head",
            "id_index",
            "phone_index",
            *FIELDS,
        )
    )
    return [
        (
            village,
            Present(
                pk,
                version,
                group,
                head,
                id_index,
                phone_index,
                tuple(fields),
                links.get(pk, NOBODY),
                frozenset(tags.get(pk, ())),
            ),
        )
        for village, pk, version, group, head, id_index, phone_index, *fields in living
    ]


NO_MASKS = ("", "")


def masks_of(households: list[int]) -> dict[int, tuple[str, str]]:
    """Return ID number and phone of each household as an exported roll shows them."""
    numbers = Household.objects.filter(pk__in=households).values_list(
        "pk", "id_number", "phone"
    )
    return {pk: (str(number or ""), str(phone or "")) for pk, number, phone in numbers}


def fits(masks: tuple[str, str], given: tuple[object, object]) -> bool:
    """Return whether the masked cells of a row are those of somebody's numbers."""
    return all(
        value.text == mask
        for mask, value in zip(masks, given, strict=True)
        if isinstance(value, Masked)
    )


def stored(values: Any, key: str) -> Any:
    """Return a cell as the column stores it: a blank text is an empty string."""
    value = values.get(key)
    if key == "members":
        return value if value is not None else 1
    return value if key == "residents" else (value or "")


def linked_on(plan: Plan, on: dt.date) -> dt.date:
    given = plan.row.values.get("linked_on")
    return given if isinstance(given, dt.date) else on


def sealed(
    value: Any, kind: str, nothing: str | None, index: str | None = None
) -> tuple[str | None, str | None]:
    """Return the sealed token and the index of a number; a masked one is not known.

    `index` is that of the number, where somebody has computed it already.
    """
    if not isinstance(value, str):  # absent, or masked as we export it
        return None, nothing
    return Sealed.of(value, kind).token, index or blind_index(value)


def only(found: list[Present]) -> Present | None:
    return found[0] if len(found) == 1 else None


def shown(value: Any) -> str:
    return "" if value is None else str(value)
