"""How a table is declared once: its columns, their names, and what they may hold.

The declaration serves finding the header, checking cells, the template and the export,
so that a ledger's columns are written down in one place (design section 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column's cells mean, and so which check they get."""

    TEXT = "text"
    NAME = "name"
    """A person's name: 1 to 30 characters, no digits, no brackets."""
    CODE = "code"
    """A label that may look like a number, such as a group or a region code."""
    ID_NUMBER = "id_number"
    PHONE = "phone"
    DATE = "date"
    YEAR = "year"
    INTEGER = "integer"
    AMOUNT = "amount"
    """Money in yuan with at most two decimals."""
    RATE = "rate"
    """A percentage with one decimal; written, never read."""
    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHOICES = "choices"
    """Several of the choices in one cell, divided by 、"""


LETTERS_AS_TEXT = frozenset({Kind.ID_NUMBER, Kind.PHONE, Kind.CODE})
"""Kinds whose cells are written as text, or Excel would round or cut them."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``titles`` are all names it goes by; the first one is printed."""

    key: str
    titles: tuple[str, ...]
    kind: Kind = Kind.TEXT
    required: bool = False
    group: str = ""
    """The upper header that this column stands under when the ledger is laid out."""
    width: float = 12
    """In characters, as Excel counts them; a Chinese character takes two."""
    example: str = ""
    note: str = ""
    """One sentence for whoever fills the template in."""
    choices: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, str], ...] = ()
    """For choices: what people also write, and the choice that they mean."""
    longest: int = 500
    least: int = 0
    most: int = 1_000_000
    past_only: bool = False
    """For dates: the day of the import or earlier."""
    lookup: bool = False
    """The value points at something that exists: only its form is checked here."""
    accept_masked: bool = False
    """Return ``430582********1234`` as :class:`workbooks.values.Masked`, unrefused."""
    absences: tuple[str, ...] = ()
    """Words that explain why there is no value, such as 无户口."""

    def __post_init__(self) -> None:
        if not self.titles:
            raise ValueError(f"{self.key}: a column needs a title")
        if self.kind in {Kind.CHOICE, Kind.CHOICES} and not self.choices:
            raise ValueError(f"{self.key}: a choice needs choices")

    @property
    def title(self) -> str:
        """The name that is printed and used in messages."""
        return self.titles[0]


@dataclass(frozen=True, slots=True)
class Declaration:
    """One table: its columns and what makes two rows of a file the same thing."""

    title: str
    columns: tuple[Column, ...]
    unique: tuple[tuple[str, ...], ...] = ()
    """Keys that no two rows may share; a row that lacks one of them is not compared."""
    ignored: tuple[str, ...] = ("序号", "编号", "错误说明")
    """Titles that are expected and carry nothing to import."""
    notes: tuple[str, ...] = ()
    """Sentences printed above the template."""

    def __post_init__(self) -> None:
        keys = [column.key for column in self.columns]
        if len(set(keys)) != len(keys):
            raise ValueError(f"{self.title}: two columns share a key")
        for group in self.unique:
            for key in group:
                self.column(key)

    def column(self, key: str) -> Column:
        """Return the column with ``key``. Raises ``KeyError`` when there is none."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)
