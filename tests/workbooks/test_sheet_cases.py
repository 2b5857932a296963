"""What stands in a sheet besides values (reliability 3.3, cases 19 to 27)."""

import pytest

from tests.workbooks.making import (
    PEOPLE,
    TITLES,
    Xml,
    codes,
    only_row,
    parts,
    people,
    person,
    read,
    rows_xml,
    save,
    sheet_xml,
    workbook,
)
from workbooks.guard import inspect
from workbooks.inventory import FileRefused
from workbooks.skipping import Reason

FORMULA = Xml('<c r="{ref}" t="str"><f>A2&amp;B2</f><v>长冲口村</v></c>')
FORMULA_WITHOUT_RESULT = Xml('<c r="{ref}"><f>A2&amp;B2</f></c>')
SHARED_FORMULA = Xml('<c r="{ref}"><f t="shared" si="0"/><v>5</v></c>')
NOTHING_SHOWN = Xml('<c r="{ref}" t="str"><f>IF(B9="","",1)</f><v></v></c>')
ERROR = Xml('<c r="{ref}" t="e"><v>#N/A</v></c>')


@pytest.mark.parametrize(
    "formula", [FORMULA, FORMULA_WITHOUT_RESULT, SHARED_FORMULA, NOTHING_SHOWN]
)
def test_case_19_a_formula_refuses_its_row_whatever_it_shows(tmp_path, formula):
    path = people(tmp_path / "a.xlsx", person(village=formula), person(2))

    first, second = read(path)

    assert codes(first) == ["formula"]
    assert first.problems[0].address == "A2"
    assert "公式" in first.problems[0].message
    assert "数值" in first.problems[0].hint
    assert not second.refused


def test_case_19_a_formula_in_a_column_that_is_not_imported_does_no_harm(tmp_path):
    numbered = [
        ("序号", *TITLES),
        [Xml('<c r="{ref}"><f>ROW()</f><v>1</v></c>'), *person()],
    ]

    assert not only_row(workbook(tmp_path / "a.xlsx", numbered)).refused


def test_formulas_filled_down_beyond_the_data_are_blank_rows(tmp_path):
    rows = [[NOTHING_SHOWN, NOTHING_SHOWN] for _ in range(40)]

    table = read(people(tmp_path / "a.xlsx", person(), *rows))

    assert (table.tally.data, table.tally.blank) == (1, 40)


@pytest.mark.parametrize("text", ["#N/A", "#REF!", "#DIV/0!", "#NAME?"])
def test_case_20_an_error_refuses_its_row(tmp_path, text):
    error = Xml(f'<c r="{{ref}}" t="e"><v>{text}</v></c>')
    path = people(tmp_path / "a.xlsx", person(remark=error), person(2, remark=text))

    real, typed = read(path)

    assert codes(real) == codes(typed) == ["error_cell"]
    assert real.problems[0].address == "G2"


def test_case_20_a_row_of_nothing_but_an_error_is_not_taken_for_blank(tmp_path):
    table = read(people(tmp_path / "a.xlsx", person(), [None, ERROR]))

    assert table.tally.data == 2
    assert "error_cell" in codes(list(table)[1])


def test_case_21_merged_cells_in_the_data_are_never_filled_down(tmp_path):
    rows = [person(1)] + [person(n, village=None) for n in (2, 3, 4)]
    path = people(
        tmp_path / "a.xlsx",
        *rows,
        after='<mergeCells count="1"><mergeCell ref="A2:A5"/></mergeCells>',
    )

    first, *others = read(path)

    assert not first.refused
    for row in others:
        assert codes(row) == ["merged_cell"]
        assert row.values["village"] is None
        assert "取消合并单元格" in row.problems[0].hint
        assert "A2" in row.problems[0].message


def test_case_22_the_header_is_found_below_merged_titles(tmp_path):
    titles = [
        ["魏家桥镇花名册"],
        ["填报单位（盖章）：魏家桥镇      填报时间：2026年11月20日"],
        [None],
        TITLES,
    ]
    path = workbook(
        tmp_path / "a.xlsx",
        [*titles, person()],
        after='<mergeCells><mergeCell ref="A1:G1"/><mergeCell ref="A2:G2"/></mergeCells>',
    )

    table = read(path)

    assert table.header.last_row == 4
    assert [row.number for row in table] == [5]
    assert table.tally.read == table.tally.blank + table.tally.skipped + 1


def test_case_23_two_columns_of_one_name_are_refused_naming_both(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [(*TITLES, "姓名"), [*person(), "李四"]])

    with pytest.raises(FileRefused) as caught:
        read(path)

    assert caught.value.code == "duplicate_column"
    assert "B 列“户主姓名”" in caught.value.message
    assert "H 列“姓名”" in caught.value.message


def test_case_24_headers_are_known_by_other_names_orders_and_spacing(tmp_path):
    titles = ("备注", " 所在 村", "户\n主", "身份证　号码", "電話", "日期*", "人口：")
    row = person(phone=None)
    path = workbook(tmp_path / "a.xlsx", [titles, [row[6], *row[:6]]])

    table = read(path)

    assert dict(table.header.columns) == {
        "remark": 0,
        "village": 1,
        "head": 2,
        "id_number": 3,
        "since": 5,
        "size": 6,
    }
    assert [heading.title for heading in table.header.unknown] == ["電話"]
    assert table.header.absent == ("phone",)
    assert not any(found.refused for found in table)


def test_case_24_a_missing_required_column_is_refused_with_what_was_seen(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx", [("村", "户主性名", "身份证号"), ["长", "张", "1"]]
    )

    with pytest.raises(FileRefused) as caught:
        read(path)

    assert caught.value.code == "missing_column"
    assert caught.value.missing == ("head",)
    assert "“户主姓名”" in caught.value.message
    assert "B 户主性名" in caught.value.message
    assert "B 列“户主性名”是不是“户主姓名”？" in caught.value.message


def test_case_25_a_header_without_rows_is_zero_rows(tmp_path):
    table = read(people(tmp_path / "a.xlsx"))

    assert list(table) == []
    assert table.tally.read == table.tally.skipped == 1


def test_case_25_an_empty_sheet_is_refused_for_want_of_a_header(tmp_path):
    path = save(tmp_path / "a.xlsx", parts(sheet_xml("")))

    with pytest.raises(FileRefused) as caught:
        read(path)

    assert caught.value.code == "no_header"


def test_case_25_a_tail_of_blank_rows_is_counted_and_harmless(tmp_path):
    xml = rows_xml([TITLES, person()])
    tail = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, 303))
    path = save(tmp_path / "a.xlsx", parts(sheet_xml(xml + tail)))

    table = read(path)

    assert (table.tally.read, table.tally.blank, table.tally.data) == (302, 300, 1)


def test_case_25_blank_rows_between_rows_are_counted(tmp_path):
    blank = [None, "  ", None]

    table = read(people(tmp_path / "a.xlsx", person(1), blank, [], person(2)))

    assert [row.number for row in table] == [2, 5]
    assert table.tally.blank == 2


def test_a_running_number_alone_does_not_make_a_row(tmp_path):
    rows = [("序号", *TITLES), [1, *person()], [2], ["3"]]

    table = read(workbook(tmp_path / "a.xlsx", rows))

    assert (table.tally.data, table.tally.blank) == (1, 2)


def test_case_26_hidden_rows_are_read_and_counted(tmp_path):
    path = people(tmp_path / "a.xlsx", person(1), person(2), person(3), hidden=(3, 4))

    table = read(path)

    assert [row.hidden for row in table] == [False, True, True]
    assert table.tally.hidden == 2


def test_case_26_hidden_columns_are_named(tmp_path):
    path = people(
        tmp_path / "a.xlsx",
        person(),
        before='<cols><col min="3" max="4" width="9" hidden="1"/></cols>',
    )

    table = read(path)

    assert [heading.title for heading in table.hidden_columns] == [
        "身份证号",
        "联系电话",
    ]


def _sheets(tmp_path, *states):
    sheet = sheet_xml(rows_xml([TITLES, person()]))
    names = tuple(f"表{n}" for n in range(len(states)))
    made = parts(*[sheet] * len(states), names=names, states=states)
    return save(tmp_path / "a.xlsx", made)


def test_case_27_hidden_sheets_are_not_read_but_listed(tmp_path):
    table = read(_sheets(tmp_path, "veryHidden", "visible", "hidden"))

    assert table.sheet.name == "表1"
    assert table.other_sheets == ("表0", "表2")
    assert table.inventory.sheets[0].state == "veryHidden"


def test_case_27_several_sheets_with_content_need_a_choice(tmp_path):
    path = _sheets(tmp_path, "visible", "visible")

    with pytest.raises(FileRefused) as caught:
        read(path)

    assert caught.value.code == "choose_sheet"
    assert "“表0”（2 行）" in caught.value.message
    assert read(path, sheet="表1").sheet.index == 1


def test_case_27_an_unknown_sheet_is_refused(tmp_path):
    path = _sheets(tmp_path, "visible", "visible")

    with pytest.raises(FileRefused) as caught:
        read(path, sheet="表9")

    assert caught.value.code == "unknown_sheet"
    assert "“表0”、“表1”" in caught.value.message


def test_an_empty_second_sheet_needs_no_choice(tmp_path):
    full = sheet_xml(rows_xml([TITLES, person()]))
    path = save(tmp_path / "a.xlsx", parts(sheet_xml(""), full))

    assert read(path).sheet.name == "Sheet2"


def test_totals_signatures_notes_and_repeats_are_skipped_with_their_reason(tmp_path):
    rows = [
        ("序号", *TITLES),
        [1, *person(1)],
        ["小  计", None, None, None, None, None, 4],
        ["序号", *TITLES],
        [2, *person(2)],
        [None, "合计", None, None, None, None, 8],
        ["注：本表一式两份"],
        ["审核人：", None, "填表人：", None, "联系电话：0739-2721234"],
        ["填报单位（盖章）：魏家桥镇"],
        ["长冲口村小计", None, None, None, None, None, 8],
    ]

    table = read(workbook(tmp_path / "a.xlsx", rows))

    assert [row.number for row in table] == [2, 5]
    assert [(found.number, found.reason) for found in table.skipped] == [
        (1, Reason.TITLE),
        (3, Reason.TOTAL),
        (4, Reason.REPEATED),
        (6, Reason.TOTAL),
        (7, Reason.NOTE),
        (8, Reason.SIGNATURE),
        (9, Reason.REPORTER),
        (10, Reason.TOTAL),
    ]


def test_a_section_title_across_the_table_is_skipped(tmp_path):
    path = people(
        tmp_path / "a.xlsx",
        ["长冲口村"],
        person(),
        after='<mergeCells><mergeCell ref="A2:G2"/></mergeCells>',
    )

    table = read(path)

    assert [row.number for row in table] == [3]
    assert table.skipped[1].reason is Reason.SECTION
    assert table.skipped[1].text == "长冲口村"


def test_a_full_row_is_data_even_when_it_begins_like_a_footer(tmp_path):
    table = read(
        people(tmp_path / "a.xlsx", person(village="联系村"), person(2, village="注："))
    )

    assert table.tally.data == 2


def test_content_without_a_title_is_reported_not_dropped_in_silence(tmp_path):
    table = read(people(tmp_path / "a.xlsx", [*person(), None, "多出来的"]))

    assert table.untitled == ("I",)


def test_a_row_with_nothing_to_import_is_skipped_by_name(tmp_path):
    rows = [(*TITLES, "别的"), [*person(), "x"], [None] * 7 + ["只有这一格"]]

    table = read(workbook(tmp_path / "a.xlsx", rows))

    assert table.skipped[-1].reason is Reason.NOTHING


def test_case_36_one_id_number_twice_in_the_file_refuses_both_rows(tmp_path):
    path = people(tmp_path / "a.xlsx", person(1), person(2), person(1, head="李四"))

    first, second, third = read(path)

    assert codes(first) == codes(third) == ["duplicate_in_file"]
    assert "第 4 行" in first.problems[0].message
    assert "第 2 行" in third.problems[0].message
    assert not second.refused


def test_blank_identities_are_never_the_same(tmp_path):
    absent = [person(n, id_number=text) for n, text in enumerate(("无户口", "无户口"))]

    table = read(people(tmp_path / "a.xlsx", *absent))

    assert not any("duplicate_in_file" in codes(row) for row in table)


def test_case_54_a_file_that_changed_since_the_preview_is_refused(tmp_path):
    path = people(tmp_path / "a.xlsx", person(1))
    inventory = inspect(path)
    assert read(path, inventory=inventory).tally.data == 1
    people(path, person(1), person(2))

    with pytest.raises(FileRefused) as caught:
        read(path, inventory=inventory)

    assert caught.value.code == "changed"


def test_a_table_can_be_walked_twice_with_the_same_result(tmp_path):
    table = read(people(tmp_path / "a.xlsx", person(1), person(2, phone="x")))

    assert list(table) == list(table)


def test_the_declaration_refuses_a_mapping_to_nowhere(tmp_path):
    path = people(tmp_path / "a.xlsx", person())

    with pytest.raises(ValueError, match="no column"):
        read(path, PEOPLE, mapping={"村": "nowhere"})
