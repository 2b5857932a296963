"""The three workbooks of 魏家桥镇 read as their key says, as far as a file can tell.

The rest of the key needs what is in the database: ``unknown_village``,
``unknown_representative``, ``unknown_household`` and the standings.
"""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from tests.workbooks.making import read
from tests.workbooks.sample_declarations import HOUSEHOLDS, REPRESENTATIVES, VISITS
from workbooks.skipping import Reason

FOLDER = Path(__file__).resolve().parents[1] / "data" / "workbooks"
KEY = json.loads((FOLDER / "430582113-key.json").read_text(encoding="utf-8"))

TABLES = {
    "representatives": ("430582113-代表花名册.xlsx", REPRESENTATIVES),
    "households": ("430582113-联系户花名册.xlsx", HOUSEHOLDS),
    "visits": ("430582113-走访记录表.xlsx", VISITS),
}
NEEDS_THE_DATABASE = {
    "unknown_village",
    "unknown_representative",
    "unknown_household",
}
NOT_IN_THE_FILE = {"fixed_fullwidth_id"}
"""The key lists row 454 of the roster, whose ID number is plain ASCII in the file."""


@pytest.fixture(scope="module", params=TABLES)
def sample(request):
    """One of the workbooks: its name in the key, its table, its rows."""
    name, declaration = TABLES[request.param]
    table = read(FOLDER / name, declaration)
    return request.param, table, list(table)


def by_code(rows, what: str) -> dict[str, list[int]]:
    found = defaultdict(list)
    for row in rows:
        for finding in getattr(row, what):
            found[finding.code].append(row.number)
    return dict(found)


def test_every_row_is_counted_once(sample):
    name, table, rows = sample

    assert table.tally.data == len(rows) == KEY[name]["rows"]
    assert table.tally.read == table.sheet.last_row
    assert table.tally.hidden == 0


def test_the_refusals_are_those_of_the_key(sample):
    name, _, rows = sample
    expected = {
        code: numbers
        for code, numbers in KEY[name]["refused"].items()
        if code not in NEEDS_THE_DATABASE
    }

    assert by_code(rows, "problems") == expected


def test_the_mended_cells_are_those_of_the_key(sample):
    name, _, rows = sample
    expected = {
        code: numbers
        for code, numbers in KEY[name].get("mended", {}).items()
        if code not in NOT_IN_THE_FILE
    }

    assert by_code(rows, "mends") == expected


def test_titles_totals_and_signatures_are_skipped(sample):
    name, table, _ = sample
    reasons = [found.reason for found in table.skipped]

    assert reasons.count(Reason.TITLE) == table.header.last_row
    assert reasons.count(Reason.TOTAL) == (name != "visits")
    assert reasons.count(Reason.SIGNATURE) == 1


def test_every_column_is_known(sample):
    _, table, _ = sample

    assert table.header.unknown == ()
    assert table.header.absent == ()
    assert table.untitled == ()


def test_key_households_are_those_with_a_category():
    name, declaration = TABLES["households"]

    rows = list(read(FOLDER / name, declaration))

    marked = [row for row in rows if row.values["type"] == "重点"]
    assert len(marked) == KEY["households"]["key_households"]
    assert all(row.values["categories"] for row in marked)
    assert sum(bool(row.values["categories"]) for row in rows) == len(marked)


def test_the_row_that_the_key_calls_fullwidth_is_plain_in_the_file():
    name, declaration = TABLES["representatives"]
    (number,) = KEY["representatives"]["mended"]["fixed_fullwidth_id"]

    (row,) = [row for row in read(FOLDER / name, declaration) if row.number == number]

    assert row.values["id_number"].isascii()
    assert not row.problems
