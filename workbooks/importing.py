"""Importing a ledger: every row gets a verdict first; what is confirmed is then applied.

A ledger (in an app above) knows what its columns mean: it resolves references inside
the open scope, compares with what is there, and writes set-based. This module knows
the order of things and keeps the balance.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from django.db import transaction

from accounts.models import Post
from accounts.permissions import Permission
from workbooks.declaration import Declaration
from workbooks.findings import Finding, finding_for
from workbooks.ledger import Row, Table, read_table

CHUNK = 2000
Progress = Callable[[int, int], None]


class Verdict(StrEnum):
    """What an import does with a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Change:
    """One column whose value the row changes; both sides as a page may show them."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A row with its verdict. `plan` is the ledger's own: what `apply` will write."""

    number: int
    verdict: Verdict
    label: str = ""
    problems: tuple[Finding, ...] = ()
    changes: tuple[Change, ...] = ()
    plan: Any = None


class Checker(Protocol):
    """A ledger over one table: references and present rows are loaded once."""

    def check(self, row: Row) -> Checked:
        """Return the verdict on a row whose cells are sound."""

    def apply(self, rows: Sequence[Checked], *, on: dt.date, by: Post) -> None:
        """Write new and changed rows; the number of statements is that of the batch."""


class Ledger(Protocol):
    """A kind of workbook that can be imported."""

    kind: str
    declaration: Declaration
    permission: Permission

    def checker(self, table: Table, on: dt.date) -> Checker:
        """Load what the rows of `table` refer to, within the open scope."""


LEDGERS: dict[str, Ledger] = {}


def register(ledger: Ledger) -> Ledger:
    """Offer a ledger to the wizard and to `import_ledger`."""
    LEDGERS[ledger.kind] = ledger
    return ledger


@dataclass
class Result:
    """The balance of an import: every row read is exactly one of the others."""

    blank: int
    skipped: int
    counts: Counter[Verdict] = field(default_factory=Counter)

    @property
    def read(self) -> int:
        """Rows read: data rows and blank ones; title and total rows are skipped."""
        return sum(self.counts.values()) + self.blank

    def as_json(self) -> dict[str, int]:
        """Return the counts as `import_ledger` prints them."""
        return {
            "read": self.read,
            "created": self.counts[Verdict.NEW],
            "updated": self.counts[Verdict.CHANGED],
            "unchanged": self.counts[Verdict.SAME],
            "refused": self.counts[Verdict.REFUSED],
            "blank": self.blank,
        }


class Import:
    """One file on its way in: `check` it, and `apply` what is good.

    Reading is done anew by each walk and the verdicts are made anew against what is
    there, so that applying twice, or after a crash half-way, writes nothing twice.
    """

    def __init__(
        self,
        ledger: Ledger,
        path: Path,
        *,
        on: dt.date,
        mapping: dict[str, str] | None = None,
        sheet: str | None = None,
    ) -> None:
        """Read the file; raises `workbooks.inventory.Refused` if it cannot be used."""
        self.ledger = ledger
        self.on = on
        self.table = read_table(
            path,
            ledger.declaration,
            on=on,
            mapping=mapping or None,
            sheet=sheet or None,
        )

    def balance(self) -> Result:
        """Return an empty balance of this table."""
        return Result(self.table.tally.blank, self.table.tally.skipped)

    def check(self) -> Iterator[Checked]:
        """Yield the verdict on every data row, in order; nothing is written."""
        with transaction.atomic():
            checker = self.ledger.checker(self.table, self.on)
        return self._verdicts(checker)

    def apply(self, *, by: Post, progress: Progress | None = None) -> Iterator[Checked]:
        """Write every good row, one transaction a chunk, and yield each verdict."""
        with transaction.atomic():
            checker = self.ledger.checker(self.table, self.on)
        verdicts, done = self._verdicts(checker), 0
        while chunk := list(islice(verdicts, CHUNK)):
            good = [c for c in chunk if c.verdict in (Verdict.NEW, Verdict.CHANGED)]
            with transaction.atomic():
                if good:
                    checker.apply(good, on=self.on, by=by)
                done += len(chunk)
                if progress:
                    progress(done, self.table.tally.data)
            yield from chunk

    def _verdicts(self, checker: Checker) -> Iterator[Checked]:
        for row in self.table:
            if row.problems:
                label = str(row.values.get(self._label_key()) or "")
                yield Checked(row.number, Verdict.REFUSED, label, row.problems)
            else:
                yield checker.check(row)

    def _label_key(self) -> str:
        names = [c.key for c in self.ledger.declaration.columns if c.kind == "name"]
        return names[0] if names else self.ledger.declaration.columns[0].key


def refusal(
    table: Table, row: Row, key: str, *, code: str, message: str, hint: str
) -> Finding:
    """Return a ledger's own objection to one cell of a row."""
    return finding_for(
        row.number,
        table.declaration.column(key),
        table.header.columns.get(key, 0),
        row.values.get(key),
        code=code,
        message=message,
        hint=hint,
    )
