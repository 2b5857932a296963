"""Which row of a file speaks of whom: no two rows may mean the same."""

from __future__ import annotations

from collections.abc import Hashable


class Claims:
    """Remembers what the rows of one file were taken to mean, by row number.

    The reader compares whole keys, such as ID numbers. What has none is known by a
    name, and then only the roll shows that two rows mean the same.
    """

    def __init__(self) -> None:
        self._known: dict[int, int] = {}
        self._named: dict[Hashable, dict[str | None, int]] = {}

    def is_taken(self, pk: int) -> bool:
        """Return whether a row has claimed what stands on the roll under `pk`."""
        return pk in self._known

    def known(self, pk: int, row: int) -> int | None:
        """Claim what stands on the roll under `pk`; return the row that has it already."""
        other = self._known.setdefault(pk, row)
        return other if other != row else None

    def named(self, name: Hashable, phone: str | None, row: int) -> int | None:
        """Claim a new name; return the row from which it cannot be told apart.

        Two of one name are told apart by their phones, if both have one.
        """
        rows = self._named.setdefault(name, {})
        if phone is None or None in rows:
            other = next(iter(rows.values()), None)
        else:
            other = rows.get(phone)
        rows.setdefault(phone, row)
        return other
