"""Import of a roll of households: our engine, the library's default, a raw COPY."""

import io
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.clock import Taken, timed
from bench.jobs import Figure, job
from bench.library import import_slice
from bench.rolls import TOWNSHIP, Roll, set_up
from bench.stage import Stage
from regions.scoping import scope, span
from workbooks.importing import LEDGERS, Import, Verdict

ROWS = 20_000
SMALL = 2_000
MANY = 100_000
SLICE = 300
"""Rows on which the library is measured; it is linear, and slow."""

LEAST_FASTER = 100
MOST_COPIES = 3.0
TABLES = ("households_household", "households_contactlink", "households_categorytag")


@dataclass(frozen=True)
class Imported:
    """One import by our engine: what it took, what became of the rows."""

    preview: Taken
    apply: Taken
    counts: Counter[Verdict]
    statements: int
    reported: int

    @property
    def total(self) -> Taken:
        """Preview and apply together."""
        return Taken(
            self.preview.wall + self.apply.wall,
            self.preview.client + self.apply.client,
            self.preview.server + self.apply.server,
        )


@job("import")
def import_households(stage: Stage) -> Iterator[Figure]:
    """Preview and apply 20,000 households, beside the library and a raw COPY."""
    template = stage.prepared("roll")
    with stage.connected(template):
        roll = set_up(stage.folder / "roll.xlsx", ROWS)
    with stage.clone(template):
        ours = best(by_engine(roll))
        copied_rows = written_rows()
    runs = [ours]
    for _ in range(2):
        with stage.clone(template):
            runs.append(by_engine(roll))
    ours = min(runs, key=lambda run: run.total.cpu)
    copied = min(
        (by_copy(stage, template, copied_rows) for _ in range(3)), key=lambda t: t.cpu
    )
    with stage.clone(template):
        library = import_slice(roll, SLICE).times(roll.rows / SLICE)
    yield from figures(ours, copied, library, roll)


def best(run: Imported) -> Imported:
    """Refuse a run that did not write what it should have."""
    good = run.counts[Verdict.NEW]
    if good < ROWS * 0.98:
        raise RuntimeError(f"only {good} rows were good: {run.counts}")
    return run


def by_engine(roll: Roll) -> Imported:
    """Check the file as the preview does, then read it anew and write it."""
    ledger, today = LEDGERS["households"], timezone.localdate()
    reported: list[int] = []
    with scope(roll.post.scope()):
        with timed() as preview:
            for _ in Import(ledger, roll.path, on=today).check():
                pass
        with timed() as applied, CaptureQueriesContext(connection) as seen:
            work = Import(ledger, roll.path, on=today)
            rows = work.apply(by=roll.post, written=lambda c: reported.append(len(c)))
            counts = Counter(row.verdict for row in rows)
    return Imported(preview, applied, counts, len(seen), len(reported))


def written_rows() -> dict[str, tuple[str, str]]:
    """Return what the engine wrote into each table: its columns, and COPY's text."""
    written = {}
    with scope(span(TOWNSHIP)), transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table} LIMIT 0")
            columns = ", ".join(column.name for column in cursor.description)
            text = io.StringIO()
            query = f"COPY (SELECT {columns} FROM {table} ORDER BY id) TO STDOUT"
            cursor.copy_expert(query, text)
            written[table] = (columns, text.getvalue())
    return written


def by_copy(stage: Stage, template: str, written: dict[str, tuple[str, str]]) -> Taken:
    """COPY the same rows into the same tables as the owner, in one transaction.

    COPY does not go past row-level security, so the owner is exempted in this clone.
    Keys, history and due dates are kept by the database as for any insert.
    """
    with ExitStack() as stack:
        name = stack.enter_context(stage.clone(template))
        owner = stack.enter_context(stage.owner(name))
        owner.autocommit = False
        with owner.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            owner.commit()
            wide = span(TOWNSHIP)
            for setting, value in (("lo", wide.lo), ("hi", wide.hi), ("user", "")):
                cursor.execute(
                    "SELECT set_config(%s, %s, false)", [f"app.{setting}", str(value)]
                )
            owner.commit()
            with timed(owner.info.backend_pid) as taken:
                for table, (columns, text) in written.items():
                    copy = f"COPY {table} ({columns}) FROM STDIN"
                    cursor.copy_expert(copy, io.StringIO(text))
                owner.commit()
    return taken


def figures(
    ours: Imported, copied: Taken, library: Taken, roll: Roll
) -> Iterator[Figure]:
    """Yield the lines of the comparison."""
    size = f"{roll.rows:,} 户"
    faster = library.cpu / ours.total.cpu
    copies = ours.total.cpu / copied.cpu
    yield Figure("导入：预览", size, ours.preview.words)
    yield Figure("导入：写入", size, ours.apply.words)
    yield Figure(
        "导入：预览 + 写入，对 django-import-export",
        size,
        ours.total.words,
        f"{library.words}，由 {SLICE} 行按比例推算",
        f"快 {faster:.0f} 倍",
        f"≥ {LEAST_FASTER} 倍",
        faster >= LEAST_FASTER,
    )
    yield Figure(
        "导入：预览 + 写入，对原样 COPY",
        size,
        ours.total.words,
        copied.words,
        f"{copies:.2f} 倍",
        f"≤ {MOST_COPIES:g} 倍",
        copies <= MOST_COPIES,
    )
