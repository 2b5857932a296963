"""Workbooks out (reliability 3.3, cases 61 to 64), and back in."""

import csv
import re
import resource
import subprocess
import sys
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from defusedxml import ElementTree
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.workbooks.checking import DANGEROUS
from tests.workbooks.making import PEOPLE, TODAY, id_number, person, read
from workbooks.declaration import Column, Declaration, Kind
from workbooks.values.characters import ESCAPED, escape, unescape
from workbooks.writing import Layout, write_csv, write_ledger, write_table
from workbooks.writing.cells import CUT, LONGEST_TEXT
from workbooks.writing.lines import Lines

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = PEOPLE.columns
LAYOUT = Layout("花名册", COLUMNS, "魏家桥镇人民政府", TODAY)
FORMULAS = [
    *DANGEROUS,
    "\t=1",
    "{=1+1}",
    "http://x.example/",
    "mailto:x@x",
    "'=1",
    "''",
]


def sheets_of(path: Path) -> str:
    """The XML of all sheets of a workbook."""
    with zipfile.ZipFile(path) as package:
        names = [name for name in package.namelist() if "worksheets/sheet" in name]
        return "".join(package.read(name).decode() for name in names)


def write_as_table(path, columns, rows):
    write_table(path, columns, rows, count=len(rows))


def write_as_ledger(path, columns, rows):
    write_ledger(path, Layout("花名册", tuple(columns), "镇", TODAY), rows)


def write_as_csv(path, columns, rows):
    write_csv(path, columns, rows)


WORKBOOK_WRITERS = [write_as_table, write_as_ledger]


@pytest.mark.parametrize("write", WORKBOOK_WRITERS)
def test_case_61_no_cell_and_no_header_is_ever_a_formula(tmp_path, write):
    path = tmp_path / "a.xlsx"
    columns = [Column(f"k{i}", (text,)) for i, text in enumerate(FORMULAS)]

    write(path, columns, [FORMULAS, FORMULAS[::-1]])

    xml = sheets_of(path)
    assert "<f" not in re.sub(r"<f(?:o|i)", "", xml)
    assert "<hyperlink" not in xml
    for row in load_workbook(path).active.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                assert cell.data_type == "s"
                assert cell.quotePrefix


def test_case_61_csv_texts_are_escaped_headers_included(tmp_path):
    path = tmp_path / "a.csv"
    columns = [Column(f"k{i}", (text,)) for i, text in enumerate(FORMULAS)]

    assert write_csv(path, columns, [FORMULAS]) == 1

    with path.open(encoding="utf-8-sig", newline="") as file:
        for record in csv.reader(file):
            for cell, original in zip(record, FORMULAS, strict=True):
                assert cell[:1] not in ESCAPED - {"'"}
                assert unescape(cell) == original


def test_case_61_other_values_in_a_csv_stay_what_they_are(tmp_path):
    path = tmp_path / "a.csv"
    columns = [Column(key, (key,)) for key in "abcde"]

    write_csv(path, columns, [[-5, Decimal("-1.50"), date(2026, 3, 14), None, True]])

    assert path.read_bytes().endswith("\r\n-5,-1.5,2026-03-14,,是\r\n".encode())
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


WORDS = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp", "Cn", "Co"),
        exclude_characters="".join(map(chr, (*range(0xFF00, 0xFFF0), 0x85, 0xA0))),
    ),
    max_size=20,
)


def is_kept(text: str) -> bool:
    """Whether free text comes back as it is: no blank ends, no marks of ours."""
    return (
        text == text.strip()
        and bool(text)
        and not text.startswith(("#", "【"))
        and not re.match(r"(?:示例|例如|样例|填写示例)", text)
    )


REMARKS = st.one_of(
    st.none(),
    WORDS.filter(is_kept),
    st.sampled_from([t for t in FORMULAS if t[0] != "\t"]),
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "village": st.sampled_from(["长冲口村", "魏家桥社区", "=村", "'村"]),
            "head": st.sampled_from(["张三", "买买提·吐尔逊", "𠮷田"]),
            "id_number": st.integers(1, 999).map(id_number),
            "phone": st.none() | st.sampled_from(["13800000001", "0739-2721234"]),
            "since": st.none() | st.dates(date(1901, 1, 1), date(2099, 12, 31)),
            "size": st.none() | st.integers(0, 99),
            "remark": REMARKS,
        }
    ),
    max_size=6,
    unique_by=lambda row: row["id_number"],
)


@pytest.mark.parametrize(
    ("write", "name"),
    [(write_as_table, "a.xlsx"), (write_as_ledger, "a.xlsx"), (write_as_csv, "a.csv")],
)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=ROWS)
def test_case_62_what_is_written_is_read_again_value_for_value(
    tmp_path, write, name, rows
):
    path = tmp_path / name
    write(path, COLUMNS, [[row[column.key] for column in COLUMNS] for row in rows])

    found = list(read(path))

    assert [row.values for row in found] == rows
    assert not any(row.problems or row.mends for row in found)


@given(WORDS)
def test_case_62_escaping_is_undone_for_every_text(text):
    assert unescape(escape(text)) == text
    assert escape(text)[:1] not in ESCAPED - {"'"}


@pytest.mark.parametrize("write", WORKBOOK_WRITERS)
def test_case_63_ids_and_phones_are_text_cells(tmp_path, write):
    path = tmp_path / "a.xlsx"
    write(path, COLUMNS, [person(1, since=date(2026, 3, 14))])

    sheet = load_workbook(path).active
    (row,) = [r for r in sheet.iter_rows() if any(c.value == id_number(1) for c in r)]

    cells = {cell.value: cell for cell in row}
    for text in (id_number(1), "13800000001"):
        assert cells[text].data_type == "s"
        assert cells[text].number_format == "@"
    assert any(cell.is_date and cell.value.date() == date(2026, 3, 14) for cell in row)
    assert cells[4].data_type == "n"


def test_case_63_masked_values_are_exported_as_they_are_given(tmp_path):
    path = tmp_path / "a.xlsx"
    masked = person(1, id_number="430599********0018", phone="138****0001")

    write_as_table(path, COLUMNS, [masked])

    assert [c.value for c in load_workbook(path).active[2]][2:4] == masked[2:4]


EXPORT_348_000 = """
import resource, sys
from pathlib import Path
from workbooks.declaration import Column, Kind
from workbooks.writing import write_table
columns = [Column("n", ("序号",), Kind.INTEGER), Column("a", ("住址",))]
columns.append(Column("i", ("身份证号",), Kind.ID_NUMBER))
rows = ([n, f"长冲口村{n % 12}组", f"{430599195001010000 + n}"] for n in range(348_000))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
write_table(Path(sys.argv[1]), columns, rows, count=348_000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_case_64_a_whole_city_goes_into_one_file_of_several_sheets(tmp_path):
    path = tmp_path / "a.xlsx"

    done = subprocess.run(
        [sys.executable, "-c", EXPORT_348_000, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert int(done.stdout) * 1024 < 32 * 1024 * 1024
    book = load_workbook(path, read_only=True)
    assert book.sheetnames == ["数据1", "数据2", "数据3", "数据4"]
    with zipfile.ZipFile(path) as package:
        counts = [
            package.read(f"xl/worksheets/sheet{n}.xml").count(b"<row ")
            for n in range(1, 5)
        ]
    assert counts == [100_001, 100_001, 100_001, 48_001]


def test_a_large_table_grows_memory_by_less_than_32_megabytes(tmp_path):
    code = EXPORT_348_000.replace("348_000", "100_000").replace(
        "columns.append(",
        "columns += [Column(f'k{k}', (f'列{k}',)) for k in range(17)]\ncolumns.append(",
    )
    code = code.replace(
        '[n, f"长冲口村{n % 12}组",',
        '[n, *[f"长冲口村{(n + k) % 97}组" for k in range(18)],',
    )

    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "a.xlsx")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert int(done.stdout) * 1024 < 32 * 1024 * 1024


@pytest.mark.parametrize("came", [2, 4])
def test_a_list_that_is_not_as_long_as_the_page_said_is_an_error(tmp_path, came):
    rows = [person(n) for n in range(came)]

    with pytest.raises(ValueError, match=f"3 rows announced, {came} came"):
        write_table(tmp_path / "a.xlsx", COLUMNS, rows, count=3)


def test_an_empty_list_still_has_its_header(tmp_path):
    path = tmp_path / "a.xlsx"

    write_table(path, COLUMNS, [], count=0)

    assert [c.value for c in load_workbook(path).active[1]] == [
        c.title for c in COLUMNS
    ]
    assert read(path).tally.data == 0


def test_two_columns_of_one_title_are_an_error_not_a_lost_column(tmp_path):
    columns = [Column("a", ("姓名",)), Column("b", ("姓名",))]

    with pytest.raises(ValueError, match="share a title"):
        write_table(tmp_path / "a.xlsx", columns, [["x", "y"]], count=1)


def test_a_row_of_another_width_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="1 values for 7 columns"):
        write_table(tmp_path / "a.xlsx", COLUMNS, [["x"]], count=1)


def test_a_text_that_no_cell_can_hold_is_cut_where_everybody_sees_it(tmp_path):
    columns = [Column("a", ("备注",), longest=LONGEST_TEXT)]
    for write in WORKBOOK_WRITERS:
        path = tmp_path / "a.xlsx"
        write(path, columns, [["字" * 40_000]])
        texts = [c.value for row in load_workbook(path).active for c in row]
        (long,) = [text for text in texts if isinstance(text, str) and len(text) > 999]
        assert len(long) == LONGEST_TEXT
        assert long.endswith(CUT)


def test_a_ledger_is_laid_out_as_townships_do(tmp_path):
    path = tmp_path / "a.xlsx"
    grouped = tuple(
        Column(c.key, c.titles, c.kind, group="基本情况" if 1 <= i <= 3 else "")
        for i, c in enumerate(COLUMNS)
    )
    layout = Layout(
        "魏家桥镇花名册", grouped, "魏家桥镇人民政府", TODAY, note="一式两份"
    )

    written = write_ledger(path, layout, [person(1), person(2)], total={"size": 8})

    sheet = load_workbook(path).active
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert written == 2
    assert values[0][0] == "魏家桥镇花名册"
    assert "填报单位（盖章）：魏家桥镇人民政府" in values[1][0]
    assert "填报时间：2026年11月23日" in values[1][0]
    assert values[2][:4] == ["序号", "村(社区)", "基本情况", None]
    assert values[3][2:5] == ["户主姓名", "身份证号", "联系电话"]
    assert values[4][:3] == [1, "长冲口村", "张三"]
    assert values[6][:1] + values[6][6:7] == ["合计", 8]
    assert values[7][0] == "注：一式两份"
    assert all(who in values[8][0] for who in ("审核人：", "填表人：", "联系电话："))
    merges = {str(merge) for merge in sheet.merged_cells.ranges}
    assert {"A1:H1", "A2:H2", "A3:A4", "C3:E3", "H3:H4", "A8:H8", "A9:H9"} <= merges


def test_a_ledger_prints_on_a4_landscape_with_its_header_on_every_page(tmp_path):
    path = tmp_path / "a.xlsx"
    write_ledger(path, LAYOUT, [person(1)])

    sheet = load_workbook(path).active

    assert sheet.page_setup.orientation == "landscape"
    assert int(sheet.page_setup.paperSize) == 9
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$3:$3"
    assert sheet["A1"].font.size == 18
    assert sheet["A1"].font.bold
    assert sheet["A3"].font.name == "黑体"
    assert sheet["B4"].font.name == "仿宋"
    assert sheet.row_dimensions[4].height == pytest.approx(22, abs=0.5)


def test_a_ledger_of_many_rows_keeps_only_the_current_one(tmp_path):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    write_ledger(tmp_path / "a.xlsx", LAYOUT, (person(n % 999) for n in range(8_000)))

    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown * 1024 < 16 * 1024 * 1024


VALUES = st.one_of(
    st.none(),
    st.text(max_size=6),
    st.sampled_from(
        ["", " a", "a |", "x|y", "_x0041_", "a&b<c>", "'a", "a{0}b%s", "\x00"]
    ),
    st.integers(-(10**16), 10**16),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
)


def read_line(line: str) -> list[tuple[str, ...]]:
    """What the cells of a row's XML say: where, style, type, content."""
    (row,) = ElementTree.fromstring(f"<x>{line}</x>")
    return [(*cell.attrib.values(), "".join(cell.itertext())) for cell in row]


@given(st.lists(VALUES, min_size=3, max_size=3))
def test_a_row_reads_the_same_by_template_as_cell_by_cell(row):
    lines = Lines(["1", "2", "3"])

    written = read_line(lines.line(7, row))

    assert written == read_line(lines.careful(7, row))
    assert all(reference in {"A7", "B7", "C7"} for reference, *_ in written)


SIX = datetime(2026, 3, 14, 6)  # noqa: DTZ001 - a cell has no zone


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("_x0041_", "_x005F_x0041_"),  # as Excel wants it, who shows _x0041_
        (" 两头有空格 ", " 两头有空格 "),
        ("一行\n二行", "一行\n二行"),
        ("", None),
        (date(1900, 2, 28), "1900-02-28"),
        (date(1900, 3, 1), SIX.replace(year=1900, month=3, day=1, hour=0)),
        (SIX, SIX),
        (float("nan"), "nan"),
        (10**15, "1000000000000000"),
        (True, "是"),
    ],
)
def test_a_cell_that_needs_care_shows_what_was_meant(tmp_path, value, shown):
    columns = [
        Column("a", ("甲",), Kind.DATE if isinstance(value, date) else Kind.TEXT)
    ]
    path = tmp_path / "a.xlsx"

    write_table(path, columns, [[value]], count=1)

    assert load_workbook(path).active["A2"].value == shown


def test_sheet_names_that_excel_refuses_are_mended(tmp_path):
    path = tmp_path / "a.xlsx"

    write_table(
        path, COLUMNS, [person(1)], count=1, name="魏家桥镇/代表[2026]:花名册*" * 3
    )

    (name,) = load_workbook(path).sheetnames
    assert len(name) <= 31
    assert not set(name) & set("[]:*?/\\")


def test_every_kind_of_value_has_its_cell(tmp_path):
    declaration = Declaration(
        "全",
        (
            Column("flag", ("是否",), Kind.BOOLEAN),
            Column("money", ("金额",), Kind.AMOUNT),
            Column("several", ("类别",), Kind.CHOICES, choices=("低保户", "重病户")),
            Column("year", ("年份",), Kind.YEAR, most=2100),
            Column("code", ("组别",), Kind.CODE),
        ),
    )
    row = [True, Decimal("120.50"), ("低保户", "重病户"), 1951, "01"]
    for write in WORKBOOK_WRITERS:
        path = tmp_path / "a.xlsx"
        write(path, declaration.columns, [row])
        (found,) = read(path, declaration)
        assert list(found.values.values()) == row
