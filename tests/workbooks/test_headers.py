"""The header is found however a township has laid it out."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbooks.making import PEOPLE, TITLES, person, read, workbook
from workbooks.declaration import Column, Declaration, Kind
from workbooks.headers import HeaderRefused, find_header
from workbooks.inventory import Merge

TWO_PEOPLE = Declaration(
    "联系户",
    (
        Column("head", ("户主姓名", "姓名"), required=True),
        Column("head_phone", ("户主电话", "联系电话")),
        Column("representative", ("联系代表", "联系代表姓名"), required=True),
        Column("representative_phone", ("代表电话", "联系代表电话")),
    ),
)
UPPER = ["序号", "户主", None, "联系代表", None, "备注"]
LOWER = [None, "姓名", "电话", "姓名", "电话", None]
MERGES = [Merge(0, 0, 1, 0), Merge(0, 1, 0, 2), Merge(0, 3, 0, 4), Merge(0, 5, 1, 5)]
FOUND = {"head": 1, "head_phone": 2, "representative": 3, "representative_phone": 4}
DATA = [1.0, "张三", "13800000001", "李四", "13800000002", "x"]


def test_a_choice_by_letters_takes_no_row_of_data_for_a_header():
    chosen = {"A": "head", "B": "head_phone", "C": "representative"}
    rows = [["HZ", "DH", "DB"], ["张三", "13800000001", "李四"], ["王五", None, "李四"]]

    header = find_header(rows, [], TWO_PEOPLE, chosen)

    assert (header.first_row, header.last_row) == (1, 1)


@pytest.mark.parametrize("merges", [MERGES, []])
def test_two_header_rows_are_read_as_paths_merged_or_not(merges):
    header = find_header([UPPER, LOWER, DATA], merges, TWO_PEOPLE)

    assert dict(header.columns) == FOUND
    assert (header.first_row, header.last_row) == (1, 2)
    assert [str(heading) for heading in header.unknown] == ["F 列“备注”"]
    assert header.headings[3].title == "联系代表 / 姓名"


def test_three_header_rows_are_read():
    top = ["联系情况", None, None, None, None, None]
    merges = [
        Merge(0, 0, 0, 5),
        *(Merge(m.top + 1, m.left, m.bottom + 1, m.right) for m in MERGES),
    ]

    header = find_header([top, UPPER, LOWER, DATA], merges, TWO_PEOPLE)

    assert dict(header.columns) == FOUND
    assert header.last_row == 3


def test_one_header_row_is_not_taken_for_two():
    titles = ["户主姓名", "联系电话", "联系代表", "代表电话"]

    header = find_header([titles, ["张三", None, "李四", None], titles], [], TWO_PEOPLE)

    assert (header.first_row, header.last_row) == (1, 1)


def test_a_lone_title_in_the_upper_row_needs_no_merge():
    header = find_header(
        [
            ["户主姓名", "联系情况", None],
            [None, "联系代表", "代表电话"],
            ["张三", "李四", None],
        ],
        [],
        TWO_PEOPLE,
    )

    assert dict(header.columns) == {
        "head": 0,
        "representative": 1,
        "representative_phone": 2,
    }


@given(st.permutations(range(len(TITLES))), st.integers(0, 6), st.integers(0, 3))
def test_titles_are_found_in_any_order_below_any_titles(order, above, extra):
    titles = [TITLES[index] for index in order] + [f"别的{n}" for n in range(extra)]
    rows = [["魏家桥镇花名册"], ["填报单位：魏家桥镇", None, "单位：户"]] * 3
    filled = [person()[index] for index in order]

    header = find_header([*rows[:above], titles, filled], [], PEOPLE)

    assert header.last_row == above + 1
    assert {key: titles[index] for key, index in header.columns.items()} == {
        column.key: column.title for column in PEOPLE.columns
    }
    assert len(header.unknown) == extra


def test_a_persons_choice_goes_before_every_alias():
    titles = ["村", "名", "姓名", "身份证号", "备注"]
    mapping = {"名": "head", "姓名": "", "E": "phone"}

    header = find_header([titles], [], PEOPLE, mapping)

    assert header.columns["head"] == 1
    assert header.columns["phone"] == 4
    assert header.unknown == ()
    assert "remark" in header.absent


def test_a_choice_can_name_a_two_level_heading():
    mapping = {
        "户主 / 姓名": "representative",
        "联系代表 / 姓名": "head",
        "户主 / 电话": "",
    }

    header = find_header([UPPER, LOWER, DATA], MERGES, TWO_PEOPLE, mapping)

    assert header.columns["representative"] == 1
    assert header.columns["head"] == 3
    assert "head_phone" in header.absent


def test_a_choice_makes_an_unknown_sheet_readable(tmp_path):
    titles = ("所属", "大名", "证件", "手机", "何时", "几口", "其他")
    path = workbook(tmp_path / "a.xlsx", [["某某表"], titles, person()])
    with pytest.raises(HeaderRefused) as caught:
        read(path)
    guess = caught.value
    assert guess.code == "no_header"
    assert guess.row == 2
    assert [heading.title for heading in guess.seen] == list(titles)
    assert set(guess.missing) == {"village", "head", "id_number"}

    mapping = {"所属": "village", "大名": "head", "证件": "id_number"}
    table = read(path, mapping=mapping)

    assert [row.values["head"] for row in table] == ["张三"]
    assert [heading.title for heading in table.header.unknown] == list(titles[3:])


def test_the_fingerprint_is_that_of_the_titles():
    same = find_header([TITLES, person()], [], PEOPLE)
    again = find_header([["花名册"], TITLES], [], PEOPLE)
    other = find_header([(*TITLES, "别的")], [], PEOPLE)

    assert same.fingerprint == again.fingerprint != other.fingerprint


def test_required_marks_and_colons_in_titles_are_no_obstacle():
    titles = ["*村（社区）", "户主姓名＊", "身份证号(必填)", "联系电话："]

    header = find_header([titles], [], PEOPLE)

    assert set(header.columns) == {"village", "head", "id_number", "phone"}


def test_the_same_leaf_twice_without_groups_is_refused_naming_both():
    with pytest.raises(HeaderRefused) as caught:
        find_header([["姓名", "联系代表", "姓名"]], [], TWO_PEOPLE)

    assert caught.value.code == "duplicate_column"
    assert "A 列“姓名”和C 列“姓名”" in caught.value.message


def test_a_header_below_the_first_twenty_rows_is_not_looked_for():
    rows = [[f"说明 {n}"] for n in range(20)]

    with pytest.raises(HeaderRefused) as caught:
        find_header([*rows, TITLES], [], PEOPLE)

    assert caught.value.code == "no_header"
    assert "前 20 行" in caught.value.message


def test_declarations_that_contradict_themselves_are_refused():
    name = Column("name", ("姓名",))
    with pytest.raises(ValueError, match="share a key"):
        Declaration("表", (name, name))
    with pytest.raises(ValueError, match="needs a title"):
        Column("name", ())
    with pytest.raises(ValueError, match="needs choices"):
        Column("name", ("性别",), Kind.CHOICE)
    with pytest.raises(KeyError):
        Declaration("表", (name,), unique=(("village",),))


def outcome_of(rows) -> str:
    """``found`` or the code of the refusal."""
    try:
        header = find_header(rows, [Merge(0, 0, 1, 1)], PEOPLE)
    except HeaderRefused as refused:
        return refused.code
    return "found" if {"village", "head", "id_number"} <= set(header.columns) else "?"


def test_random_grids_never_break_the_search():
    words = [None, "姓名", "村", "身份证号", "户主", 1.0, "合计", "x" * 50]
    chooser = random.Random(7)  # noqa: S311 - a fixed sequence of examples
    outcomes = {
        outcome_of(
            [
                [chooser.choice(words) for _ in range(chooser.randrange(6))]
                for _ in range(chooser.randrange(6))
            ]
        )
        for _ in range(300)
    }

    assert outcomes == {"found", "no_header", "missing_column", "duplicate_column"}
