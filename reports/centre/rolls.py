"""What a ledger must say of itself so that it can be exported."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from django import forms

from accounts.permissions import Permission
from papers.blocks import Paper
from regions.models import Region
from reports.centre.files import RAW, Format
from workbooks.declaration import Column


class Roll(Protocol):
    """A ledger that can be taken out of the system, for one place."""

    kind: str
    title: str
    unit: str
    has_numbers: bool
    """Whether it shows ID numbers and phones at all."""
    permission: Permission
    columns: tuple[Column, ...]

    def __init__(self, place: Region) -> None:
        """Choose the columns for the place."""

    def filters(self, data: Mapping[str, Any], *, one_village: bool) -> forms.Form:
        """Return the filters of the list page."""

    def keys(self, wanted: dict[str, Any], sort: str, on: dt.date) -> list[Any]:
        """Return what identifies the rows, in order."""

    def rows(
        self, keys: Sequence[Any], on: dt.date, totals: Counter[str], *, full: bool
    ) -> list[Sequence[object]]:
        """Return the rows, in a fixed number of statements, and add them up."""

    def total(self, totals: Counter[str]) -> dict[str, object]:
        """Return the cells of the 合计 row."""


class Printed(Protocol):
    """A ledger that is a paper too; `keys` has been asked before."""

    def paper(self, unit: str, on: dt.date) -> Paper:
        """Return the paper, handed in by `unit`."""


def unit_of(roll: Roll) -> str:
    """Return what its keys are counted in: its rows, but for a quota table's villages."""
    unit: str = getattr(roll, "key_unit", roll.unit)
    return unit


def formats_of(roll: type[Roll]) -> tuple[Format, ...]:
    """Return the files that a ledger can become; a roll says so if it is no workbook."""
    return getattr(roll, "formats", (Format.XLSX,))


def offered_by(roll: type[Roll]) -> tuple[Format, ...]:
    """Return all files that may be asked for: a ledger of rows is raw data as well."""
    formats = formats_of(roll)
    return (*formats, *RAW) if Format.XLSX in formats else formats


class LateTotal(Mapping[str, object]):
    """The cells of the 合计 row, which are known once all rows have passed."""

    def __init__(self, roll: Roll, totals: Counter[str]) -> None:
        self._roll = roll
        self._totals = totals

    def __getitem__(self, key: str) -> object:
        return self._roll.total(self._totals)[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._roll.total(self._totals))

    def __len__(self) -> int:
        return len(self._roll.total(self._totals))
