"""The measurements measure what they say: same rows in, same cells out."""

from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from openpyxl import load_workbook

from bench import library, rolls, writers
from bench.__main__ import main, table, wide
from bench.clock import timed
from bench.importing import TABLES, by_engine, written_rows
from bench.jobs import Figure
from households.models import Household
from tests.cast import everywhere
from workbooks.importing import Verdict


@pytest.fixture
def roll(db: None, tmp_path: Path) -> rolls.Roll:
    """Return a small workbook of households and the township it belongs to."""
    return rolls.set_up(tmp_path / "roll.xlsx", 900)


def test_engine_takes_every_row_of_the_generated_workbook(roll: rolls.Roll) -> None:
    done = by_engine(roll)

    assert done.counts == Counter({Verdict.NEW: roll.rows})
    with everywhere():
        assert Household.objects.count() == roll.rows > 800
    assert len(done.statements) == 1
    written = written_rows()
    assert list(written) == list(TABLES)
    assert written["households_household"][1].count("\n") == roll.rows
    assert written["households_contactlink"][1].count("\n") > roll.rows * 0.8


def test_library_takes_the_rows_that_it_is_measured_with(roll: rolls.Roll) -> None:
    taken = library.import_slice(roll, 20)

    with everywhere():
        assert Household.objects.count() == 20
    assert taken.wall > 0


def test_both_writers_write_the_same_cells(tmp_path: Path) -> None:
    cells = []
    for name, write in writers.WRITERS.items():
        path = tmp_path / f"{name}.xlsx"
        write(path, 30)
        sheet = load_workbook(path).worksheets[0]
        cells.append([[c or None for c in row] for row in sheet.values])

    ours, theirs = cells
    assert len(ours) == 31
    assert ours == theirs


def test_clock_counts_the_work_of_the_database(db: None) -> None:
    with timed() as taken, connection.cursor() as cursor:
        cursor.execute("SELECT sum(sqrt(n)) FROM generate_series(1, 3000000) n")

    assert taken.server > 0.05
    assert taken.cpu < taken.wall * 2


def test_table_lines_up_under_wide_characters() -> None:
    printed = table([("项目", "规模"), ("import", "二万户")])

    assert [
        wide(line[: line.index(cell)])
        for line, cell in zip(printed.splitlines(), ("规模", "二万户"), strict=True)
    ] == [8, 8]


def test_missed_bar_is_said_in_the_table() -> None:
    assert Figure("导入", "1 户", "1 s", met=False).cells[-1] == "没有达到"
    assert Figure("导入", "1 户", "1 s").cells[-1] == ""


def test_name_of_no_measurement_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nonsense"]) == 2
    assert "没有这些测量：nonsense" in capsys.readouterr().out
