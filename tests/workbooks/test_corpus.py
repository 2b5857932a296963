"""The corpus of hostile files as a whole (reliability 3.3): one worker meets them all."""

import re
import subprocess
import sys
from pathlib import Path

from tests.workbooks.guarding import MEGABYTE, PLAIN_SHEET, ROOT
from tests.workbooks.making import parts, people, person, save, sheet_xml
from tests.workbooks.test_hostile_parts import BILLION_LAUGHS

CASES = range(1, 65)
MOST_GROWTH = 20 * MEGABYTE

MEET_ALL = """
import resource, sys
from pathlib import Path
from tests.workbooks.making import read
from workbooks.inventory import FileRefused

def held():
    return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize()

def outcome(path):
    try:
        return str(read(path).tally.data)
    except FileRefused as refused:
        return refused.code

paths = sorted(Path(sys.argv[1]).iterdir())
outcome(paths[0])
before = held()
for path in [*paths, *paths]:
    print(path.name, outcome(path))
print("grown", held() - before)
"""


def one_row(cell: str) -> str:
    """Return a sheet of a single cell."""
    return sheet_xml(f'<row r="1"><c r="A1" t="inlineStr"><is>{cell}</is></c></row>')


def make_all(folder: Path) -> dict[str, str]:
    """Write a file of each sort and a sound one; return what becomes of them."""
    text = "A" * (30 * MEGABYTE)
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    laughs = sheet_xml('<row r="1"/>', prolog=BILLION_LAUGHS)
    sound = people(folder / "a_sound.xlsx", person(1)).read_bytes()
    made = {
        "row.xlsx": parts(one_row(f"<t>{text}</t>")),
        "text.xlsx": parts(PLAIN_SHEET, shared=f"<si><t>{text}</t></si>"),
        "far.xlsx": parts(sheet_xml(far)),
        "laughs.xlsx": parts(laughs),
        "macro.xlsx": parts(PLAIN_SHEET) | {"xl/vbaProject.bin": b"x"},
        "link.xlsx": parts(PLAIN_SHEET) | {"xl/externalLinks/a.xml": "<x/>"},
    }
    for name, package in made.items():
        save(folder / name, package)
    plain = {
        "cut.xlsx": sound[: len(sound) // 2],
        "empty.xlsx": b"",
        "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000,
        "page.xls": b"<html><table></table></html>",
        "line.csv": b"x" * (3 * MEGABYTE),
        "utf16.csv": "村,户主姓名".encode("utf-16"),
    }
    for name, content in plain.items():
        (folder / name).write_bytes(content)
    return {
        "a_sound.xlsx": "1",
        "row.xlsx": "row_too_long",
        "text.xlsx": "compression_bomb",
        "far.xlsx": "too_many_columns",
        "laughs.xlsx": "doctype",
        "macro.xlsx": "macro",
        "link.xlsx": "external_link",
        "cut.xlsx": "damaged",
        "empty.xlsx": "empty_file",
        "old.xls": "old_format",
        "page.xls": "not_xlsx",
        "line.csv": "line_too_long",
        "utf16.csv": "utf16",
    }


def test_one_worker_meets_them_all_twice_and_stays_small(tmp_path: Path) -> None:
    wanted = make_all(tmp_path)

    done = subprocess.run(
        [sys.executable, "-c", MEET_ALL, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    *lines, grown = [line.rsplit(" ", 1) for line in done.stdout.splitlines()]
    assert dict(lines) == wanted
    assert len(lines) == 2 * len(wanted)
    assert int(grown[1]) < MOST_GROWTH


def test_each_case_of_the_corpus_has_a_test() -> None:
    found = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for numbers in re.findall(r"def test_cases?((?:_\d\d)+)", path.read_text()):
            found.update(int(number) for number in numbers.strip("_").split("_"))

    assert found == set(CASES)
