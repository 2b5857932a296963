"""`python -m bench.writers WRITER PATH ROWS`: write the table, print what it took."""

import datetime as dt
import json
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from itertools import cycle, islice
from pathlib import Path

from openpyxl import Workbook

from workbooks.declaration import Column, Kind
from workbooks.writing import write_table

KINDS = (
    *(Kind.TEXT, Kind.TEXT, Kind.CODE, Kind.NAME, Kind.TEXT, Kind.ID_NUMBER),
    *(Kind.INTEGER, Kind.INTEGER, Kind.TEXT, Kind.PHONE, Kind.TEXT, Kind.TEXT),
    *(Kind.NAME, Kind.PHONE, Kind.NAME, Kind.DATE, Kind.TEXT, Kind.INTEGER),
    *(Kind.DATE, Kind.TEXT),
)
COLUMNS = tuple(Column(f"c{i}", (f"第{i}列",), kind) for i, kind in enumerate(KINDS, 1))
DAY = dt.date(2026, 7, 1)


POOL = 10_000
"""Different rows; they come again and again, so that making them is not measured."""


@cache
def pool() -> list[list[object]]:
    """Return rows like those of 联系户花名册: texts, numbers as text, dates."""
    return list(_different(POOL))


def rows(count: int) -> Iterator[list[object]]:
    """Yield so many rows."""
    return islice(cycle(pool()), count)


def _different(count: int) -> Iterator[list[object]]:
    for n in range(count):
        number, phone = f"430599********{n % 10_000:04}", f"138****{n % 9_999:04}"
        yield [
            *("魏家桥镇", f"第{n % 21}村", f"{n % 12}组", f"户主{n}", "男", number),
            *(n % 7 + 1, n % 5, f"第{n % 21}村{n % 12}组", phone, "普通", "低保户"),
            *(f"代表{n % 900}", phone, "", DAY, "儿子在外务工", n),
            *(DAY, "备注"),
        ]


def ours(path: Path, count: int) -> None:
    """Write as an export of a long list does."""
    write_table(path, COLUMNS, rows(count), count=count)


def openpyxl(path: Path, count: int) -> None:
    """Write with openpyxl's streaming mode."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("数据")
    sheet.append([column.title for column in COLUMNS])
    for row in rows(count):
        sheet.append(row)
    book.save(path)


WRITERS: dict[str, Callable[[Path, int], None]] = {"ours": ours, "openpyxl": openpyxl}


def main(writer: str, path: str, count: str) -> None:
    """Write, and print CPU seconds and the growth of memory in megabytes."""
    write = WRITERS[writer]
    write(Path(path), 10)
    forget_peak()
    before, memory = resource.getrusage(resource.RUSAGE_SELF), peak()
    write(Path(path), int(count))
    after = resource.getrusage(resource.RUSAGE_SELF)
    taken = {
        "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "growth": peak() - memory,
    }
    sys.stdout.write(json.dumps(taken))


STATUS = Path("/proc/self/status")


def forget_peak() -> None:
    """Let the peak of memory begin anew, where Linux keeps it.

    A process that was started by a large one would otherwise begin with its peak.
    """
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def peak() -> float:
    """Return the most memory held so far, in megabytes."""
    if STATUS.exists():
        [line] = (x for x in STATUS.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


if __name__ == "__main__":
    main(*sys.argv[1:])
