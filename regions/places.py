"""Villages and groups by the names people write, within the open scope."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from regions.models import Region, VillagerGroup
from regions.scoping import current_scope


class Places:
    """Finds a village by name (and township), and its groups by number.

    A name outside the scope is as unknown as one that does not exist. `ensure_groups`
    sets up the groups that a roll names and the village does not have yet.
    """

    def __init__(self) -> None:
        opened = current_scope()
        if opened is None:
            raise RuntimeError("places are looked up within a scope")
        self._villages: dict[str, list[Region]] = defaultdict(list)
        villages = Region.objects.current().villages().within(opened)
        for village in villages.select_related("parent").order_by("code"):
            self._villages[village.name].append(village)
        self._groups = {
            (group.region_id, group.number): group.pk
            for group in VillagerGroup.objects.filter(ended_on=None)
        }

    def village(self, name: str, township: str = "") -> Region | None:
        """Return the village of that name; None if unknown, or not told apart."""
        found = self._villages.get(name.strip(), [])
        if township:
            found = [v for v in found if v.parent and v.parent.name == township.strip()]
        return found[0] if len(found) == 1 else None

    def group(self, village: int, number: int) -> int | None:
        """Return the id of a village's group, or None if it is not set up."""
        return self._groups.get((village, number))

    def number(self, group: int | None) -> int | None:
        """Return the number of the group with this id, or None if there is none."""
        for (_, number), pk in self._groups.items():
            if pk == group:
                return number
        return None

    def ensure_groups(self, wanted: Iterable[tuple[int, int]]) -> None:
        """Set up the groups (village, number) that are missing."""
        missing = sorted(set(wanted) - self._groups.keys())
        created = VillagerGroup.objects.bulk_create(
            VillagerGroup(region_id=village, number=number)
            for village, number in missing
        )
        for group in created:
            self._groups[group.region_id, group.number] = group.pk


class Named:
    """Finds rows of the scope by village, name and, where it is written, group."""

    def __init__(self, rows: QuerySet[Any], column: str, places: Places) -> None:
        """Load the rows; `column` holds the name."""
        self._places = places
        self._rows: dict[tuple[int, str], list[tuple[int, int | None]]] = defaultdict(
            list
        )
        columns = ("region_id", column, "pk", "group_id")
        for village, name, pk, group in rows.values_list(*columns):
            self._rows[village, name].append((pk, group))

    def one(
        self, village: int, name: str, group: str, *, is_strict: bool = False
    ) -> int | None:
        """Return the id of the one row that is meant; None if none, or several, may be.

        The group tells those of one name apart; if strict, it must be right anyhow.
        """
        found = self.those(village, name, group, is_strict=is_strict)
        return found[0] if len(found) == 1 else None

    def those(
        self, village: int, name: str, group: str, *, is_strict: bool = False
    ) -> list[int]:
        """Return the ids of all rows that may be meant; see `one`."""
        found = self._rows.get((village, name), [])
        number = group_number(group)
        if number is not None and (is_strict or len(found) > 1):
            wanted = self._places.group(village, number)
            found = [one for one in found if one[1] == wanted]
        return [pk for pk, _ in found]


def group_number(text: str) -> int | None:
    """Return the number in `3组`, `第3组`, `三组` or `3`; None if there is none."""
    bare = text.strip().removeprefix("第").rstrip("村居民小组 ")
    if bare.isascii() and bare.isdigit() and 0 < int(bare) < 1000:
        return int(bare)
    return chinese_number(bare)


DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}


def chinese_number(text: str) -> int | None:
    """Return 1 to 99 written in Chinese characters, or None."""
    if not text or any(c not in DIGITS and c != "十" for c in text) or len(text) > 3:
        return None
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return DIGITS[text] if len(text) == 1 else None
    return DIGITS.get(tens, 1) * 10 + DIGITS.get(ones, 0)
