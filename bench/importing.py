"""Import of a roll of households: our engine, the library's default, a raw COPY."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.clock import Taken, timed
from bench.jobs import Figure, job
from bench.library import import_slice
from bench.rolls import TOWNSHIP, Roll, set_up
from bench.stage import Stage, connected
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
    statements: tuple[int, ...]
    """SQL statements of each chunk, in order."""

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
    with connected(template):
        roll = set_up(stage.folder / "roll.xlsx", ROWS)
    with stage.clone(template):
        ours = whole(by_engine(roll))
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


def whole(run: Imported) -> Imported:
    """Return a run; raise RuntimeError if it did not write every row."""
    if set(run.counts) != {Verdict.NEW}:
        raise RuntimeError(f"not every row was new: {run.counts}")
    return run


@job("import-size")
def import_sizes(stage: Stage) -> Iterator[Figure]:
    """Count statements for a small and a large file, and import 100,000 rows."""
    small, _ = one_import(stage, SMALL)
    large, size = one_import(stage, MANY)
    few, many = small.statements[0], max(large.statements[1:])
    yield Figure(
        "导入：每批（2,000 行）的 SQL 语句",
        f"{size:,} 户",
        f"{many} 条",
        f"只有一批的文件 {few} 条",
        f"{many / few:.2f} 倍",
        "不随行数增加",
        many <= few,
    )
    chunks = len(large.statements)
    yield Figure(
        f"导入：一个文件里的 {MANY:,} 户",
        f"{size:,} 户",
        large.total.words,
        bar="能导入，有进度",
        ratio=f"进度 {chunks} 次",
        met=chunks > 1,
    )


def one_import(stage: Stage, rows: int) -> tuple[Imported, int]:
    """Import a file of about so many rows; return what it took, and its rows."""
    template = stage.prepared(f"roll{rows}")
    with connected(template):
        roll = set_up(stage.folder / f"{rows}.xlsx", rows)
    with stage.clone(template):
        return whole(by_engine(roll)), roll.rows


def by_engine(roll: Roll) -> Imported:
    """Check the file as the preview does, then read it anew and write it."""
    ledger, today = LEDGERS["households"], timezone.localdate()
    marks = [0]
    with scope(roll.post.scope()):
        with timed() as preview:
            for _ in Import(ledger, roll.path, on=today).check():
                pass
        with timed() as applied, CaptureQueriesContext(connection) as seen:
            work = Import(ledger, roll.path, on=today)
            rows = work.apply(by=roll.post, written=lambda _: marks.append(len(seen)))
            counts = Counter(row.verdict for row in rows)
    statements = tuple(after - before for before, after in pairwise(marks))
    return Imported(preview, applied, counts, statements)


def written_rows() -> dict[str, tuple[str, str]]:
    """Return what the engine wrote into each table: its columns, and COPY's text."""
    written = {}
    with scope(span(TOWNSHIP)), transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table} LIMIT 0")
            columns = ", ".join(column.name for column in cursor.description)
            query = f"COPY (SELECT {columns} FROM {table} ORDER BY id) TO STDOUT"
            with cursor.copy(query) as lines:
                text = b"".join(map(bytes, lines)).decode()
            written[table] = (columns, text)
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
                    with cursor.copy(copy) as copying:
                        copying.write(text)
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
