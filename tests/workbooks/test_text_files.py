"""Files of separated values (reliability 3.3, cases 50 to 52)."""

from datetime import date

import pytest

from tests.workbooks.making import TITLES, codes, id_number, person, read
from workbooks.delimited import LONGEST_FIELD
from workbooks.guard import inspect
from workbooks.inventory import FileRefused

HEADER = ",".join(TITLES)


def record(sequence: int = 1, **cells: object) -> str:
    """A sound record of PEOPLE."""
    values = person(sequence, **cells)
    return ",".join("" if value is None else str(value) for value in values)


def text(*records: str, end: str = "\r\n") -> str:
    """A .csv with the header of PEOPLE."""
    return end.join([HEADER, *records, ""])


def refusal(path) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read(path)
    return caught.value


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_case_50_utf8_and_chinese_national_codecs_are_read(tmp_path, codec):
    rare = {} if codec == "gbk" else {"remark": "𠮷䶮"}
    path = tmp_path / "a.csv"
    path.write_bytes(text(record(1), record(2, **rare)).encode(codec))

    first, second = read(path)

    assert first.values["head"] == "张三"
    assert second.values["remark"] == rare.get("remark")
    assert not first.refused
    assert not first.mends


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16"])
def test_case_50_utf16_is_refused_with_the_way_out(tmp_path, codec):
    path = tmp_path / "a.csv"
    path.write_bytes(text(record(1)).encode(codec))

    refused = refusal(path)

    assert refused.code in {"utf16", "undecodable"}
    assert "CSV UTF-8" in refused.message


def test_case_50_utf8_lines_in_a_gb18030_file_are_refused_with_the_line(tmp_path):
    lines = [record(n, head="王五").encode("gb18030") for n in range(1, 5)]
    lines[2] = record(9, head="欧阳").encode("utf-8")
    path = tmp_path / "a.csv"
    path.write_bytes(b"\n".join([HEADER.encode("gb18030"), *lines]))

    refused = refusal(path)

    assert refused.code == "undecodable"
    assert "第 4 行" in refused.message


def test_case_50_bytes_of_no_codec_are_refused_with_the_line(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(text(record(1)).encode() + b"\xff\xff\xff,x\n")

    refused = refusal(path)

    assert refused.code == "undecodable"
    assert "第 3 行" in refused.message


def test_case_50_a_nul_byte_is_refused_with_the_line(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(text(record(1), record(2, remark="a\0b")).encode())

    refused = refusal(path)

    assert refused.code == "undecodable"
    assert "第 3 行" in refused.message


@pytest.mark.parametrize("mark", [";", "\t"])
@pytest.mark.parametrize("announced", [True, False])
def test_case_51_other_separators_are_recognised(tmp_path, mark, announced):
    content = text(record(1), record(2)).replace(",", mark)
    path = tmp_path / "a.csv"
    path.write_bytes((f"sep={mark}\r\n" * announced + content).encode())

    table = read(path)

    assert table.tally.data == 2
    assert table.tally.skipped == 1 + announced
    assert not any(row.refused for row in table)


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_case_51_every_kind_of_line_end_is_read(tmp_path, end):
    path = tmp_path / "a.csv"
    path.write_bytes(text(record(1), record(2), end=end).encode())

    assert read(path).tally.data == 2


def test_case_51_a_line_break_inside_quotes_is_part_of_the_field(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(text(record(1, remark='"一\n二，""三"""'), record(2)).encode())

    first, second = read(path)

    assert first.values["remark"] == '一\n二，"三"'
    assert second.number == 3


def test_case_51_an_unclosed_quote_is_refused_with_the_line(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(text(record(1), record(2, remark='"没有收尾'), record(3)).encode())

    refused = refusal(path)

    assert refused.code == "unclosed_quote"
    assert "第 3 行" in refused.message


def test_case_51_a_record_that_is_too_long_is_refused_with_the_line(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(text(record(1), record(2, remark="甲,乙")).encode())

    refused = refusal(path)

    assert refused.code == "ragged"
    assert "第 3 行有 8 列，表头有 7 列" in refused.message


def test_case_51_a_record_that_ends_too_early_is_refused_with_the_line(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(text(record(1), "长冲口村,张三").encode())

    refused = refusal(path)

    assert refused.code == "ragged"
    assert "第 3 行" in refused.message


def test_trailing_commas_that_excel_leaves_out_are_no_fault(tmp_path):
    short = f"长冲口村,张三,{id_number(5)}"
    path = tmp_path / "a.csv"
    path.write_bytes(text(record(1), short, record(2) + ",,,").encode())

    table = read(path)

    assert table.tally.data == 3
    assert not any(row.refused for row in table)


def test_case_52_a_field_that_is_too_long_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(text(record(1, remark="x" * (LONGEST_FIELD + 1))).encode())

    refused = refusal(path)

    assert refused.code == "field_too_long"
    assert "第 2 行" in refused.message


def test_case_52_a_line_of_a_million_columns_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(text("," * 1_000_000 + "x", record(2)).encode())

    assert refusal(path).code in {"line_too_long", "too_many_columns"}
    path.write_bytes(text("x," * 61).encode())
    assert refusal(path).code == "too_many_columns"


def test_a_line_of_megabytes_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(text("x" * 3_000_000).encode())

    assert refusal(path).code == "line_too_long"


def test_dates_in_iso_form_are_nothing_to_mention_in_a_csv(tmp_path):
    path = tmp_path / "a.csv"
    records = [record(1, since="2026-07-01"), record(2, since="2026/7/1")]
    path.write_bytes(text(*records, record(3, since="2026-02-30")).encode())

    iso, written, impossible = read(path)

    assert iso.values["since"] == written.values["since"] == date(2026, 7, 1)
    assert not iso.mends
    assert [finding.code for finding in written.mends] == ["fixed_text_date"]
    assert codes(impossible) == ["impossible_date"]


def test_titles_and_blank_lines_are_handled_as_in_a_workbook(tmp_path):
    path = tmp_path / "a.csv"
    content = f"魏家桥镇花名册\n\n{HEADER}\n{record(1)}\n\n合计,,,,,4,\n\n\n"
    path.write_bytes(content.encode())

    table = read(path)

    assert (table.tally.data, table.tally.blank, table.tally.skipped) == (1, 4, 3)


def test_a_text_file_has_limits_too(tmp_path):
    from workbooks.guard import Limits

    path = tmp_path / "a.csv"
    path.write_bytes(text(*[record(n) for n in range(1, 9)]).encode())

    with pytest.raises(FileRefused) as caught:
        inspect(path, Limits(rows=5, spare_rows=1))

    assert caught.value.code == "too_many_rows"


def test_a_text_file_of_blank_lines_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(text(record(1)).encode() + b"\n" * 1_100_000)

    assert refusal(path).code == "too_many_rows"
