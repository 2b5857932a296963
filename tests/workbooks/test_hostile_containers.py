"""Files that are not what they claim (reliability 3.3, cases 1 to 3 and 11 to 17)."""

import resource
import struct
import zipfile
from pathlib import Path

import pytest

from tests.workbooks.guarding import (
    MEGABYTE,
    PLAIN_SHEET,
    adding,
    inspect_within,
    refusal,
)
from tests.workbooks.making import (
    MAIN,
    parts,
    people,
    person,
    read,
    save,
    sheet_xml,
    workbook,
)
from workbooks.guard import Limits, inspect
from workbooks.inventory import FileRefused


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
    text = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"A" * (30 * MEGABYTE)}'
    made = parts(sheet_xml(f"{text}</t></is></c></row>"))
    path = save(tmp_path / "a.xlsx", made)

    assert inspect_within(path, 20 * MEGABYTE) == "refused row_too_long"


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


def with_large_end_record(path: Path, entries: int) -> Path:
    """Rewrite the end of a zip as some writers do always: in the 64-bit form."""
    raw = path.read_bytes()
    at = raw.rindex(b"PK\x05\x06")
    size, offset = struct.unpack_from("<2L", raw, at + 12)
    large = struct.pack(
        "<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, entries, entries, size, offset
    )
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    end = raw[at : at + 8] + b"\xff" * 12 + raw[at + 20 :]
    path.write_bytes(raw[:at] + large + locator + end)
    return path


def test_a_zip_with_a_huge_directory_is_refused_before_it_is_loaded(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        for number in range(3_000):
            package.writestr(f"{number}", b"")

    assert refusal(path).code == "too_many_parts"


def test_the_64_bit_form_of_a_zip_is_read_and_limited_too(tmp_path):
    sound = people(tmp_path / "a.xlsx", person())
    with zipfile.ZipFile(sound) as package:
        entries = len(package.namelist())

    assert read(with_large_end_record(sound, entries)).tally.data == 1
    many = with_large_end_record(people(tmp_path / "b.xlsx", person()), 5_000_000)
    assert refusal(many).code == "too_many_parts"


def test_an_end_record_that_leads_nowhere_is_a_damaged_file(tmp_path):
    path = with_large_end_record(people(tmp_path / "a.xlsx", person()), 9)
    path.write_bytes(path.read_bytes().replace(b"PK\x06\x06", b"PK\x00\x00"))

    assert refusal(path).code == "damaged"


def test_a_file_over_the_size_limit_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04" + b"\0" * 2048)

    with pytest.raises(FileRefused) as caught:
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
