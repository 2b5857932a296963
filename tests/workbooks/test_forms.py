"""Templates to fill in, and error workbooks to mend and upload again."""

import warnings

import pytest
from openpyxl import load_workbook

from tests.workbooks.making import (
    DATE_STYLE,
    PEOPLE,
    TITLES,
    TODAY,
    Xml,
    codes,
    id_number,
    parts,
    people,
    person,
    read,
    rows_xml,
    save,
    sheet_xml,
    workbook,
)
from tests.workbooks.sample_declarations import HOUSEHOLDS, REPRESENTATIVES
from workbooks.declaration import Column, Declaration, Kind
from workbooks.guard import inspect
from workbooks.inventory import FileRefused
from workbooks.ledger import read_table
from workbooks.skipping import Reason
from workbooks.writing import write_mistakes, write_template

FORM = Declaration(
    "联系户花名册",
    (
        Column("head", ("户主姓名",), Kind.NAME, required=True, example="张三"),
        Column("id_number", ("身份证号",), Kind.ID_NUMBER, example=id_number(1)),
        Column(
            "type",
            ("户类型",),
            Kind.CHOICE,
            choices=("普通", "重点"),
            note="按台账填写",
        ),
        Column(
            "village",
            ("村",),
            Kind.CHOICE,
            choices=tuple(f"第{n}个很长的村名" for n in range(60)),
        ),
        Column("moved", ("是否外出",), Kind.BOOLEAN),
        Column("since", ("起始日期",), Kind.DATE, note="从哪一天起联系"),
    ),
    notes=("每户一行。",),
)


def refused_of(table):
    return {row.number: row.problems for row in table if row.refused}


def test_a_template_has_header_example_notes_and_dropdowns(tmp_path):
    path = tmp_path / "a.xlsx"

    write_template(path, FORM)

    book = load_workbook(path)
    sheet = book.active
    values = [[cell.value for cell in row] for row in sheet.iter_rows(max_row=4)]
    assert values[0][0] == "联系户花名册（导入模板）"
    assert "每户一行。" in values[1][0]
    assert values[2][:3] == ["序号", "户主姓名*", "身份证号"]
    assert values[3][:3] == ["示例", "张三", id_number(1)]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules["D5:D5004"].formula1 == '"普通,重点"'
    assert rules["D5:D5004"].prompt == "按台账填写"
    assert rules["E5:E5004"].formula1 == "选项!$A$1:$A$60"
    assert rules["F5:F5004"].formula1 == '"是,否"'
    assert rules["G5:G5004"].prompt == "从哪一天起联系"
    assert book["选项"].sheet_state == "hidden"
    assert sheet.column_dimensions["C"].number_format == "@"


@pytest.mark.parametrize("declaration", [FORM, PEOPLE, HOUSEHOLDS, REPRESENTATIVES])
def test_an_empty_template_imports_as_nothing(tmp_path, declaration):
    path = tmp_path / "a.xlsx"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        write_template(path, declaration)

    table = read(path, declaration)

    assert table.tally.data == 0
    assert table.skipped[-1].reason is Reason.EXAMPLE
    assert table.header.unknown == table.header.absent == ()


def test_a_filled_template_is_read(tmp_path):
    path = tmp_path / "a.xlsx"
    write_template(path, FORM)
    book = load_workbook(path)
    for column, value in enumerate(
        (1, "李四", id_number(2), "重点", "第3个很长的村名", "否"), 1
    ):
        book.active.cell(5, column, value)
    book.active.cell(5, 7, TODAY)
    book.save(path)

    (row,) = read(path, FORM)

    assert row.values == {
        "head": "李四",
        "id_number": id_number(2),
        "type": "重点",
        "village": "第3个很长的村名",
        "moved": False,
        "since": TODAY,
    }


MISTAKES = [
    {"id_number": float(int(id_number(2)))},
    {"head": None},
    {"phone": "123"},
    {"since": "2026-02-30"},
    {"size": "四口"},
    {"remark": "字" * 501},
    {"village": Xml('<c r="{ref}" t="str"><f>A2</f><v>长冲口村</v></c>')},
    {"remark": Xml('<c r="{ref}" t="str"><f>A2</f><v>缓存</v></c>')},
    {"remark": Xml('<c r="{ref}" t="e"><v>#N/A</v></c>')},
    {"remark": "a_x000B_b"},
    {"since": Xml('<c r="{ref}" s="1"><v>0.5</v></c>')},
    {"id_number": id_number(3)[:6] + id_number(3)[8:17]},
    {"phone": "13812345678/13912345678"},
    {"head": "张三(户主)", "size": -1.0},
]


def broken_workbook(path):
    rows = [person(100 + n, **cells) for n, cells in enumerate(MISTAKES)]
    good = [person(500 + n) for n in range(5)]
    return workbook(
        path,
        [
            ["魏家桥镇花名册"],
            [*TITLES, "别的"],
            *[[*row, "另记"] for row in [*good, *rows]],
        ],
        styles=DATE_STYLE,
        after='<mergeCells><mergeCell ref="A1:H1"/></mergeCells>',
    )


def test_the_error_workbook_holds_only_the_refused_rows_and_why(tmp_path):
    table = read(broken_workbook(tmp_path / "a.xlsx"))
    path = tmp_path / "errors.xlsx"

    written = write_mistakes(path, table, refused_of(table))

    sheet = load_workbook(path).active
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert written == len(MISTAKES) == len(values) - 2
    assert values[0][0] == "魏家桥镇花名册"
    assert values[1] == [*TITLES, "别的", "错误说明"]
    assert [row[7] for row in values[2:]] == ["另记"] * written
    assert all("。" in row[8] for row in values[2:])
    assert values[2][8].startswith("C8 身份证号：身份证号按数字保存，已丢失末位。")
    assert "A1:H1" in {str(merge) for merge in sheet.merged_cells.ranges}
    assert sheet["C3"].fill.fgColor.rgb == "FFFFE0E0"
    assert sheet["B3"].fill.fgColor.rgb != "FFFFE0E0"
    assert sheet.column_dimensions["C"].number_format == "@"


def test_the_suggested_id_number_is_in_the_error_workbook_only(tmp_path):
    table = read(broken_workbook(tmp_path / "a.xlsx"))
    refused = refused_of(table)
    (old,) = [found for row in refused.values() for found in row if found.suggestion]
    path = tmp_path / "errors.xlsx"

    write_mistakes(path, table, {old.row: [old]})

    assert load_workbook(path).active["I3"].value.endswith(f"建议：{id_number(3)}")
    assert id_number(3) not in old.sentence


def test_an_error_workbook_that_nobody_mended_is_refused_just_so(tmp_path):
    table = read(broken_workbook(tmp_path / "a.xlsx"))
    path = tmp_path / "errors.xlsx"
    write_mistakes(path, table, refused_of(table))

    again = read(path)

    assert [set(codes(row)) for row in again] == [
        {("not_mended" if code in {"formula"} else code) for code in codes(row)}
        for row in table
        if row.refused
    ]
    assert not any("错误说明" in heading.title for heading in again.header.unknown)


def test_a_mended_error_workbook_is_accepted(tmp_path):
    table = read(broken_workbook(tmp_path / "a.xlsx"))
    path = tmp_path / "errors.xlsx"
    write_mistakes(path, table, refused_of(table))
    book = load_workbook(path)
    for number in range(3, 3 + len(MISTAKES)):
        for column, value in enumerate(person(700 + number), 1):
            book.active.cell(number, column).value = value
    book.save(path)

    assert not any(row.refused for row in read(path))


def test_an_error_workbook_of_an_error_workbook_has_one_column_of_reasons(tmp_path):
    first = tmp_path / "1.xlsx"
    table = read(broken_workbook(tmp_path / "a.xlsx"))
    write_mistakes(first, table, refused_of(table))
    again = read(first)
    second = tmp_path / "2.xlsx"

    write_mistakes(second, again, refused_of(again))

    titles = [cell.value for cell in load_workbook(second).active[2]]
    assert titles.count("错误说明") == 1


def test_the_gaps_of_merged_cells_stay_marked_until_they_are_filled(tmp_path):
    rows = [person(1), person(2, village=None), person(3, village=None)]
    merged = '<mergeCells><mergeCell ref="A2:A4"/></mergeCells>'
    table = read(people(tmp_path / "a.xlsx", *rows, after=merged))
    path = tmp_path / "errors.xlsx"
    write_mistakes(path, table, refused_of(table))

    assert [codes(row) for row in read(path)] == [["not_mended"], ["not_mended"]]


def test_a_two_level_header_is_kept_in_the_error_workbook(tmp_path):
    upper = ["村", "户主", None, None]
    lower = [None, "姓名", "身份证号", "电话"]
    xml = rows_xml([upper, lower, ["长冲口村", "张三", "1", None]])
    merged = '<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:D1"/></mergeCells>'
    table = read(save(tmp_path / "a.xlsx", parts(sheet_xml(xml, after=merged))))
    path = tmp_path / "errors.xlsx"
    write_mistakes(path, table, refused_of(table))

    (row,) = read(path)

    assert codes(row) == ["id_length"]
    merges = {str(merge) for merge in load_workbook(path).active.merged_cells.ranges}
    assert merges == {"A1:A2", "B1:D1"}


def test_the_error_workbook_of_a_text_file_is_a_workbook(tmp_path):
    source = tmp_path / "a.csv"
    source.write_text(",".join(TITLES) + f"\n长冲口村,张三,{id_number(1)},123,,,=1+1\n")
    table = read_table(source, PEOPLE, on=TODAY)
    path = tmp_path / "errors.xlsx"

    write_mistakes(path, table, refused_of(table))

    (row,) = read(path)
    assert codes(row) == ["bad_phone"]
    assert load_workbook(path).active["G2"].data_type == "s"


def test_what_we_write_passes_our_own_guard(tmp_path):
    template, errors = tmp_path / "t.xlsx", tmp_path / "e.xlsx"
    write_template(template, FORM)
    table = read(broken_workbook(tmp_path / "a.xlsx"))
    write_mistakes(errors, table, refused_of(table))

    for path in (template, errors):
        try:
            inspect(path)
        except FileRefused as refused:
            pytest.fail(refused.message)
