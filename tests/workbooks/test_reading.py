"""The reader's child process: what it says, what it may use, how it dies."""

import resource
import subprocess
import sys
import time
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.workbooks.making import (
    DATE_STYLE,
    TITLES,
    Xml,
    parts,
    people,
    person,
    read,
    rows_xml,
    save,
    sheet_xml,
    workbook,
)
from workbooks import reading
from workbooks.guard import inspect
from workbooks.inventory import FileRefused, SheetFacts
from workbooks.reading import CHILD, ChildLimits, Clock, decode, read_batches

MEGABYTE = 1024 * 1024
FAR_CELLS = (
    '<row r="1"><c r="A1"><v>1</v></c></row>'
    '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
)


def cells_of(path: Path, **options) -> list[list[object]]:
    """All rows of the first sheet, as decoded."""
    inventory = inspect(path)
    with path.open("rb") as file:
        batches = list(read_batches(file, inventory.sheets[0], **options))
    return [row for batch in batches for row in decode(batch)]


def test_the_type_of_every_cell_survives(tmp_path):
    formatted = '<c r="{ref}" s="1"><v>%s</v></c>'
    path = workbook(
        tmp_path / "a.xlsx",
        [
            [
                "文本 ",
                "00123",
                5,
                5.5,
                True,
                None,
                Xml(formatted % "46095"),
                Xml(formatted % "46095.5"),
                Xml(formatted % "0.5"),
                430582103201,
            ]
        ],
        styles=DATE_STYLE,
    )

    assert cells_of(path) == [
        [
            "文本 ",
            "00123",
            5.0,
            5.5,
            True,
            None,
            date(2026, 3, 14),
            datetime.fromisoformat("2026-03-14T12:00:00"),
            Clock("12:00:00"),
            430582103201.0,
        ]
    ]


def test_rows_and_columns_keep_their_places(tmp_path):
    rows = (
        '<row r="3"><c r="C3"><v>7</v></c></row><row r="5"><c r="B5"><v>8</v></c></row>'
    )
    path = save(tmp_path / "a.xlsx", parts(sheet_xml(rows)))

    assert cells_of(path) == [[], [], [None, None, 7.0], [], [None, 8.0]]


def test_shared_and_rich_strings_are_read(tmp_path):
    shared = "<si><t>甲</t></si><si><r><t>乙</t></r><r><t>丙</t></r></si>"
    cells = [Xml(f'<c r="{{ref}}" t="s"><v>{n}</v></c>') for n in (0, 1)]

    assert cells_of(workbook(tmp_path / "a.xlsx", [cells], shared=shared)) == [
        ["甲", "乙丙"]
    ]


def test_a_file_without_references_is_read_as_it_is_counted(tmp_path):
    rows = "<row><c><v>1</v></c></row><row><c><v>2</v></c></row>"
    path = save(tmp_path / "a.xlsx", parts(sheet_xml(rows)))

    assert cells_of(path) == [[1.0], [2.0]]


def _read_far_cell(tmp_path, limits: ChildLimits) -> None:
    """Read a bomb as if the guard had let it through."""
    path = save(tmp_path / "a.xlsx", parts(sheet_xml(FAR_CELLS)))
    with path.open("rb") as file:
        list(
            read_batches(
                file, SheetFacts(0, "Sheet1", rows=1, last_row=1), None, limits
            )
        )


def test_case_04_a_bomb_kills_only_the_child(tmp_path):
    with pytest.raises(FileRefused) as caught:
        _read_far_cell(tmp_path, ChildLimits(memory=256 * MEGABYTE))

    assert caught.value.code == "unreadable"
    assert "系统没有受影响" in caught.value.message
    assert read(people(tmp_path / "b.xlsx", person())).tally.data == 1


def test_the_child_may_not_use_more_time_than_it_is_given(tmp_path, monkeypatch):
    endless = tmp_path / "endless.py"
    source = CHILD.read_text(encoding="utf-8")
    endless.write_text(
        source.replace(
            "limit_self(memory, seconds)",
            "limit_self(memory, seconds)\n    while True: pass",
        ),
        encoding="utf-8",
    )
    monkeypatch.setattr(reading, "CHILD", endless)
    path = people(tmp_path / "a.xlsx", person())

    with pytest.raises(FileRefused) as caught:
        cells_of(path, limits=ChildLimits(seconds=1))

    assert caught.value.code == "unreadable"


def test_a_child_that_talks_without_end_is_cut_off(tmp_path, monkeypatch):
    endless = tmp_path / "endless.py"
    endless.write_text("import sys\nwhile True: sys.stdout.write('[' * 65536)")
    monkeypatch.setattr(reading, "CHILD", endless)
    path = people(tmp_path / "a.xlsx", person())

    with pytest.raises(FileRefused) as caught:
        cells_of(path, limits=ChildLimits(line=MEGABYTE))

    assert caught.value.code == "unreadable"


def test_a_child_that_says_nothing_is_not_believed(tmp_path, monkeypatch):
    silent = tmp_path / "silent.py"
    silent.write_text("")
    monkeypatch.setattr(reading, "CHILD", silent)

    with pytest.raises(FileRefused) as caught:
        cells_of(people(tmp_path / "a.xlsx", person()))

    assert caught.value.code == "unreadable"


def test_a_reader_that_loses_a_row_is_caught(tmp_path, monkeypatch):
    lossy = tmp_path / "lossy.py"
    source = CHILD.read_text(encoding="utf-8")
    broken = source.replace("rows_of(sheet), 1)", "list(rows_of(sheet))[:2], 1)")
    assert broken != source
    lossy.write_text(broken, encoding="utf-8")
    monkeypatch.setattr(reading, "CHILD", lossy)
    path = people(tmp_path / "a.xlsx", person(1), person(2))

    with pytest.raises(FileRefused) as caught:
        read(path)

    assert caught.value.code == "rows_lost"
    assert "有 3 行，只读出 2 行" in caught.value.message


def test_rows_of_empty_strings_are_no_loss(tmp_path):
    blank = Xml('<c r="{ref}" t="s"><v>0</v></c>')
    path = people(tmp_path / "a.xlsx", person(), [blank, blank], shared="<si><t/></si>")

    table = read(path)

    assert (table.tally.data, table.tally.blank) == (1, 1)


def test_a_text_that_is_not_in_the_shared_strings_is_a_damaged_file(tmp_path):
    broken = Xml('<c r="{ref}" t="s"><v>99</v></c>')

    with pytest.raises(FileRefused) as caught:
        read(
            people(
                tmp_path / "a.xlsx", person(remark=broken), shared="<si><t>x</t></si>"
            )
        )

    assert caught.value.code == "damaged"


def test_the_child_starts_without_django_and_without_our_environment(tmp_path):
    seen = tmp_path / "seen.py"
    seen.write_text(
        "import sys, os, json\n"
        "names = [n for n in sys.modules if n.split('.')[0] in ('django', 'workbooks')]\n"
        "sys.stdout.write(json.dumps([names, sorted(os.environ)]))"
    )

    done = subprocess.run(
        [sys.executable, "-I", str(seen)], env={}, capture_output=True, check=True
    )

    assert b"SECRET" not in done.stdout
    assert done.stdout.startswith(b"[[], [")
    imports = [
        line
        for line in CHILD.read_text().splitlines()
        if line.lstrip().startswith(("import", "from"))
    ]
    assert not [line for line in imports if "django" in line or "workbooks" in line]


def test_no_process_is_left_behind_when_reading_stops_half_way(tmp_path):
    path = people(tmp_path / "a.xlsx", *[person(n % 999) for n in range(3_000)])
    inventory = inspect(path)
    before = children()

    with path.open("rb") as file:
        batches = read_batches(file, inventory.sheets[0])
        next(batches)
        assert children() > before
        batches.close()

    for _ in range(50):
        if children() <= before:
            break
        time.sleep(0.02)
    assert children() <= before


def children():
    """Return the processes that this thread has started; a browser may be among them."""
    thread = Path("/proc/thread-self").resolve().name
    return set(Path(f"/proc/self/task/{thread}/children").read_text().split())


def test_memory_stays_small_on_both_sides_for_a_large_sheet(tmp_path):
    row = [f"魏家桥社区{n}组" for n in range(12)]
    numbers = [[*person(1), *row][:19] for _ in range(1)]
    path = workbook(tmp_path / "a.xlsx", [TITLES, *numbers * 10_000])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    table = read(path)
    count = sum(1 for _ in table)

    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert count == 10_000
    assert grown < 40 * MEGABYTE
    with path.open("rb") as file:
        small = ChildLimits(memory=128 * MEGABYTE)
        assert len(list(read_batches(file, table.sheet, None, small))) == 21


def test_the_guard_and_the_reader_agree_about_a_sheet_with_every_oddity(tmp_path):
    rows = rows_xml([TITLES, person(1)])
    odd = (
        '<row r="4" spans="1:7" ht="22" customHeight="1"><c r="A4" s="2" t="n" />'
        '<c r="B4" t="str"><v></v></c><c r="G4"><f>1</f></c></row>'
    )
    path = save(tmp_path / "a.xlsx", parts(sheet_xml(rows + odd)))

    table = read(path)

    assert table.tally.data == 1
    assert table.tally.read == 4
