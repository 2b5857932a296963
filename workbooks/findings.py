"""One remark about one cell, as it is shown, stored and put into the error workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workbooks.counting import column_letters
from workbooks.declaration import Column, Kind
from workbooks.marks import Formula
from workbooks.reading import Clock
from workbooks.values.characters import masked
from workbooks.values.outcomes import Absent, Masked


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, doubtful or mended in a cell. Safe to store and log: masked."""

    row: int
    letters: str
    key: str
    title: str
    code: str
    message: str
    hint: str
    value: str
    """What stood there, ID numbers and phones starred out."""
    suggestion: str = ""
    """A computed value, unmasked: for the person who uploaded the file, never stored."""

    @property
    def address(self) -> str:
        """The cell as Excel names it, such as ``D17``."""
        return f"{self.letters}{self.row}"

    @property
    def sentence(self) -> str:
        """Where, what is wrong and how to mend it, in one sentence."""
        hint = f"。{self.hint}" if self.hint else ""
        return f"{self.address} {self.title}：{self.message}{hint}。"

    def as_json(self) -> dict[str, object]:
        """Return the form that ``import_ledger`` prints (design section 10)."""
        return {
            "row": self.row,
            "column": self.title,
            "cell": self.address,
            "value": self.value,
            "code": self.code,
            "message": f"{self.message}。{self.hint}" if self.hint else self.message,
        }


def finding_for(
    row: int,
    column: Column,
    index: int,
    raw: object,
    *,
    code: str,
    message: str,
    hint: str = "",
    suggestion: str = "",
) -> Finding:
    """Return a finding about ``raw``, the cell at ``row`` and column ``index``."""
    return Finding(
        row=row,
        letters=column_letters(index),
        key=column.key,
        title=column.title,
        code=code,
        message=message,
        hint=hint,
        value=display(raw, column),
        suggestion=suggestion,
    )


def display(raw: object, column: Column) -> str:
    """Return what a person may be shown of a cell, cut short and masked."""
    text = masked(_text(raw))
    if (
        column.kind in {Kind.ID_NUMBER, Kind.PHONE}
        and len(text) > 6
        and "*" not in text
    ):
        return f"{text[:3]}{'*' * (len(text) - 5)}{text[-2:]}"
    return text


def _text(raw: object) -> str:
    if raw is None:
        return ""
    if isinstance(raw, float):
        return f"{raw:.0f}" if raw.is_integer() else repr(raw)
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, int | Decimal):
        return str(raw)
    if isinstance(raw, date):
        return raw.isoformat()
    if isinstance(raw, Formula):
        return _text(raw.shown)
    if isinstance(raw, Clock | Masked):
        return raw.text
    return (
        raw.reason
        if isinstance(raw, Absent)
        else str(raw)
        if isinstance(raw, str)
        else ""
    )
