"""Importing a ledger: every row gets a verdict first; what is confirmed is then applied.

A ledger (in an app above) knows what its columns mean: it resolves references inside
the open scope, compares with what is there, and writes set-based. This module knows
the order of things and keeps the balance.
"""

import datetime as dt
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import models, transaction

from accounts.models import Post
from accounts.permissions import Permission
from workbooks.declaration import Declaration
from workbooks.findings import Finding, finding_for
from workbooks.ledger import Row, Table, read_table
from workbooks.loading import REFUSED_BY_DATABASE, Watch, one_import_at_a_time
from workbooks.undoing import CLASH, Blocker, Undoing

CHUNK = 2000


class Verdict(StrEnum):
    """What an import does with a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


WRITTEN = frozenset({Verdict.NEW, Verdict.CHANGED})


@dataclass(frozen=True, slots=True)
class Change:
    """One column whose value the row changes; both sides as a page may show them."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A row with its verdict. `plan` is the ledger's own: what `apply` will write.

    `row` is what the file says, with what was mended and what is doubtful in it.
    """

    number: int
    verdict: Verdict
    label: str = ""
    problems: tuple[Finding, ...] = ()
    changes: tuple[Change, ...] = ()
    plan: Any = None
    row: Row | None = None

    def refused(self, *problems: Finding) -> "Checked":
        """Return the row as refused for these reasons."""
        return replace(
            self, verdict=Verdict.REFUSED, problems=problems, changes=(), plan=None
        )


class Checker(ABC):
    """A ledger over one table: references and present rows are loaded once."""

    def __init__(self, table: Table, on: dt.date) -> None:
        self.table, self.on = table, on

    @abstractmethod
    def check(self, row: Row) -> Checked:
        """Return the verdict on a row whose cells are sound."""

    @abstractmethod
    def apply(self, rows: Sequence[Checked], *, on: dt.date, by: Post) -> None:
        """Write new and changed rows, of which there is at least one.

        The number of statements is that of the batch.
        """

    def _refuse(
        self, row: Row, key: str, code: str, message: str, hint: str
    ) -> Finding:
        """Return an objection to the cell of a row that stands in the column `key`."""
        return refusal(self.table, row, key, code=code, message=message, hint=hint)


class Ledger:
    """A kind of workbook that can be imported; apps above derive theirs.

    Its `checker` judges the rows of a table, and writes them. `note` is a sentence for
    whoever chooses the kind. `beyond` names the codes of refusals behind which may
    stand another office's rows: they are logged. A ledger that `rehearses` has a key
    that reaches beyond the scope, so that only writing shows whether a row is accepted:
    its check writes and takes back. `conflict` says what is wrong and how to mend it
    where the database refuses a row that looked good, `clash` where it refuses an undo.
    A ledger that `counters` deletes nothing: its undo writes against what was written.
    """

    kind: str
    declaration: Declaration
    checker: type[Checker]
    permission: Permission
    note: str = ""
    beyond: frozenset[str] = frozenset({"unknown_village"})
    rehearses: bool = False
    conflict: tuple[str, str] = (
        "和系统里已有的资料冲突，没有写入",
        "请核对身份证号；号码没错的，请联系上级民政部门核实",
    )
    clash: Blocker = CLASH
    counters: bool = False

    def untracked(
        self, request: str
    ) -> Iterable[tuple[type[models.Model], Sequence[Any]]]:
        """Yield (model, keys) of rows that an import wrote without row history."""
        return ()

    def blockers(self, undoing: Undoing) -> Iterable[Blocker]:
        """Yield what forbids an undo; by default whatever was built on its rows."""
        return undoing.blockers()

    def comes_to(self, undoing: Undoing) -> Mapping[str, int]:
        """Return how many rows an undo deletes and restores, before it does."""
        deleted, restored = undoing.count()
        return {"deleted": deleted, "restored": restored}

    def undo(self, undoing: Undoing, *, on: dt.date) -> None:
        """Take an import back; by default everything, and nothing else."""
        undoing.take_back()


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


Chunk = list[Checked]
Settle = Callable[[Chunk], Chunk]
Written = Callable[[Chunk], None]


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
        """Read the file; raises `workbooks.inventory.FileRefused` if it cannot be used."""
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

    def check(self, *, by: Post | None = None) -> Iterator[Checked]:
        """Yield the verdict on every data row, in order; nothing stays written.

        A ledger that rehearses does so as `by`.
        """
        checker = self._fresh()
        verdicts = (self._verdict(checker, row) for row in self.table)
        if by is None or not self.ledger.rehearses:
            return verdicts
        return self._rehearsed(verdicts, by)

    def apply(
        self,
        *,
        by: Post,
        settle: Settle | None = None,
        written: Written | None = None,
        skip: int = 0,
    ) -> Iterator[Checked]:
        """Write every good row, one transaction a chunk, and yield what it came to.

        `settle` may turn verdicts of a chunk into refusals before it is written;
        `written` notes what it came to. Both run in the chunk's transaction. The first
        `skip` rows were written by a run that did not end.
        """
        rows = islice(self.table, skip, None)
        checker, watch = None, Watch()
        while batch := list(islice(rows, CHUNK)):
            with transaction.atomic():
                one_import_at_a_time()
                if checker is None or watch.saw_changes():
                    watch.begin()
                    checker = self._fresh()
                chunk = [self._verdict(checker, row) for row in batch]
                chunk = self._write(checker, settle(chunk) if settle else chunk, by)
                if written:
                    written(chunk)
            yield from chunk

    def _fresh(self) -> Checker:
        with transaction.atomic():
            return self.ledger.checker(self.table, self.on)

    def _verdict(self, checker: Checker, row: Row) -> Checked:
        if row.problems:
            label = str(row.values.get(self._label_key()) or "")
            return Checked(row.number, Verdict.REFUSED, label, row.problems, row=row)
        found = checker.check(row)
        # Not `replace`, which takes three times as long, and there are many rows.
        return Checked(
            found.number,
            found.verdict,
            found.label,
            found.problems,
            found.changes,
            found.plan,
            row,
        )

    def _rehearsed(self, verdicts: Iterator[Checked], by: Post) -> Iterator[Checked]:
        while chunk := list(islice(verdicts, CHUNK)):
            with transaction.atomic():
                # Another checker: this one's would remember rows that are taken back.
                chunk = self._write(self._fresh(), chunk, by)
                transaction.set_rollback(True)
            yield from chunk

    def _write(self, checker: Checker, chunk: Chunk, by: Post) -> Chunk:
        """Write the good rows; what the database would not take comes back refused."""
        good = [checked for checked in chunk if checked.verdict in WRITTEN]
        bad = {c.number: c for c in self._attempt(checker, good, by)} if good else {}
        return [bad.get(checked.number, checked) for checked in chunk] if bad else chunk

    def _attempt(self, checker: Checker, good: Chunk, by: Post) -> Chunk:
        """Write rows, halving them until those that violate a key are found."""
        try:
            with transaction.atomic():
                checker.apply(good, on=self.on, by=by)
        except REFUSED_BY_DATABASE:
            if len(good) == 1:
                return [self._conflict(good[0])]
        else:
            return []
        middle = len(good) // 2
        halves = (good[:middle], good[middle:])
        # A checker each: the one before believes in rows that were rolled back.
        return [
            bad for half in halves for bad in self._attempt(self._fresh(), half, by)
        ]

    def _conflict(self, checked: Checked) -> Checked:
        keys = [key for group in self.ledger.declaration.unique for key in group]
        seen = [key for key in keys if key in self.table.header.columns]
        return checked.refused(
            objection(
                self.table,
                checked,
                seen[0] if seen else self._label_key(),
                code="conflict",
                message=self.ledger.conflict[0],
                hint=self.ledger.conflict[1],
            )
        )

    def _label_key(self) -> str:
        names = [c.key for c in self.ledger.declaration.columns if c.kind == "name"]
        return names[0] if names else self.ledger.declaration.columns[0].key


def objection(
    table: Table, checked: Checked, key: str, *, code: str, message: str, hint: str
) -> Finding:
    """Return an objection to a row that has its verdict already."""
    row = checked.row or Row(checked.number, {}, (), (), (), hidden=False)
    return refusal(table, row, key, code=code, message=message, hint=hint)


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
