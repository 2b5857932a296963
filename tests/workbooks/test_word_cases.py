"""Words, names, codes, numbers, choices (reliability 3.3, cases 40 to 49)."""

import pytest

from tests.workbooks.checking import DANGEROUS, check, code, value
from tests.workbooks.making import codes, id_number, only_row, people, person
from workbooks.declaration import Kind
from workbooks.values import Mended

GOOD = id_number(7)


@pytest.mark.parametrize(
    "raw", ["是", "√", "Y", "y", "1", 1.0, True, "TRUE", "对", " 是 "]
)
def test_case_40_yes_in_all_its_forms(raw):
    assert check(Kind.BOOLEAN, raw) is True


@pytest.mark.parametrize("raw", ["否", "×", "N", "0", 0.0, False, "false", "错"])
def test_case_40_no_in_all_its_forms(raw):
    assert check(Kind.BOOLEAN, raw) is False


def test_case_40_blank_is_unsaid_and_anything_else_is_refused():
    assert check(Kind.BOOLEAN, "空") is None
    assert check(Kind.BOOLEAN, None) is None
    assert code(check(Kind.BOOLEAN, "大概")) == "bad_it"
    assert code(check(Kind.BOOLEAN, None, required=True)) == "missing_it"


@pytest.mark.parametrize(
    "text", ["a\x00b", "a\x0bb", "a\x1fb", "\x7f", "a\ud83d", "\uffff"]
)
def test_case_41_control_characters_and_half_surrogates_are_refused(text):
    for kind in (Kind.TEXT, Kind.NAME, Kind.CODE):
        assert code(check(kind, text)) in {"control_character", "bad_it"}


def test_case_41_a_control_character_is_refused_from_a_real_file(tmp_path):
    row = only_row(people(tmp_path / "a.xlsx", person(remark="a_x000B_b")))

    assert codes(row) == ["control_character"]
    assert row.problems[0].address == "G2"


@pytest.mark.parametrize(
    "name", ["𠮷田", "䶮", "买买提·吐尔逊", "阿卜杜拉·A·买", "\ue000", "張三"]
)
def test_case_41_rare_characters_and_middle_dots_stay(tmp_path, name):
    row = only_row(people(tmp_path / "a.xlsx", person(head=name, remark=f"😀{name}")))

    assert row.values["head"] == name
    assert row.values["remark"] == f"😀{name}"
    assert not row.mends


@pytest.mark.parametrize("mark", ["\u202e", "\u200d", "\u200b", "\u2066", "\ufeff"])
def test_case_41_characters_that_show_nothing_are_taken_out_and_listed(mark):
    for kind in (Kind.TEXT, Kind.NAME):
        outcome = check(kind, f"张{mark}三")
        assert isinstance(outcome, Mended)
        assert (outcome.value, outcome.code) == ("张三", "fixed_invisible")


def test_case_42_names_have_between_1_and_30_characters():
    assert check(Kind.NAME, "张") == "张"
    assert check(Kind.NAME, "阿" * 30) == "阿" * 30
    assert code(check(Kind.NAME, "阿" * 31)) == "bad_it"
    assert code(check(Kind.NAME, "阿" * 60)) == "bad_it"


@pytest.mark.parametrize(
    "text", ["张三(户主)", "张三（户主）", "张三1", "12", "张三、李四", "张😀", 12.0]
)
def test_case_42_what_is_not_one_name_is_refused(text):
    assert code(check(Kind.NAME, text)) == "bad_it"


@pytest.mark.parametrize("text", ["张 三", "张　三", "张\u00a0三", " 张  三 "])
def test_case_42_spaces_inside_a_name_are_taken_out_and_listed(text):
    outcome = check(Kind.NAME, text)

    assert isinstance(outcome, Mended)
    assert (outcome.value, outcome.code) == ("张三", "fixed_space_in_name")


def test_case_43_look_alike_names_are_taken_as_they_are():
    for name in ("己", "已", "張三", "张三"):
        assert check(Kind.NAME, name) == name


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (430582103201.0, "430582103201"),
        ("430582103201", "430582103201"),
        ("01", "01"),
        (1.0, "1"),
        ("1组", "1组"),
        ("1.0", "1"),
        (" 1 组 ", "1组"),
    ],
)
def test_case_44_codes_are_exact_text(raw, found):
    assert value(check(Kind.CODE, raw)) == found


def test_case_44_a_code_that_a_number_cannot_hold_is_refused():
    assert code(check(Kind.CODE, 2.0**60)) == "bad_it"
    assert code(check(Kind.CODE, 1.5)) == "bad_it"


@pytest.mark.parametrize(
    ("raw", "found", "note"),
    [
        (150.0, 150, ""),
        ("150", 150, ""),
        ("1,000", 1000, "fixed_thousands"),
        ("１０００", 1000, "fixed_fullwidth_number"),
        (" 4 ", 4, ""),
    ],
)
def test_case_45_exact_numbers_are_taken(raw, found, note):
    for kind in (Kind.INTEGER, Kind.AMOUNT):
        outcome = check(kind, raw)
        assert value(outcome) == found
        assert (outcome.code if isinstance(outcome, Mended) else "") == note


@pytest.mark.parametrize(
    "raw", ["100元", "100-200", "50%", "￥100", "四口", "约5", "1,00", True]
)
def test_case_45_units_and_ranges_are_refused(raw):
    assert code(check(Kind.INTEGER, raw)) == "it_not_a_number"
    assert code(check(Kind.AMOUNT, raw)) == "it_not_a_number"


def test_case_45_numbers_outside_their_bounds_are_refused():
    assert code(check(Kind.INTEGER, 5.5)) == "it_not_a_number"
    assert code(check(Kind.AMOUNT, "1.005")) == "it_not_a_number"
    assert code(check(Kind.INTEGER, -1.0)) == "it_out_of_range"
    assert code(check(Kind.INTEGER, "100", most=99)) == "it_out_of_range"
    assert str(check(Kind.AMOUNT, 120.5)) == "120.50"


@pytest.mark.parametrize("text", DANGEROUS)
def test_cases_48_49_dangerous_texts_are_only_texts(tmp_path, text):
    row = only_row(people(tmp_path / "a.xlsx", person(remark=text)))

    assert row.values["remark"] == text
    assert not row.refused
    assert not row.mends


@pytest.mark.parametrize("text", ["\t=1", "\r=1"])
def test_case_48_white_space_before_a_formula_goes(text):
    assert check(Kind.TEXT, text) == "=1"


def test_case_49_a_full_cell_is_refused_for_its_length(tmp_path):
    row = only_row(people(tmp_path / "a.xlsx", person(remark="字" * 32_767)))

    assert codes(row) == ["too_long"]
    assert "32767 个字，最多 500 个" in row.problems[0].message
    assert len(row.problems[0].value) <= 60


@pytest.mark.parametrize(
    ("text", "found"), [("普通", "普通"), (" 重点 ", "重点"), ("一般", "普通")]
)
def test_choices_are_recognised_with_their_synonyms(text, found):
    options = {"choices": ("普通", "重点"), "synonyms": (("一般", "普通"),)}

    assert value(check(Kind.CHOICE, text, **options)) == found
    assert code(check(Kind.CHOICE, "别的", **options)) == "unknown_it"


def test_several_choices_in_a_cell_come_out_in_order():
    options = {"choices": ("低保户", "重病户"), "synonyms": (("无", ""),)}

    assert check(Kind.CHOICES, "重病户，低保户；重病户", **options) == (
        "重病户",
        "低保户",
    )
    assert check(Kind.CHOICES, "无", **options) == ()
    assert check(Kind.CHOICES, None, **options) is None
    assert code(check(Kind.CHOICES, "低保户、富户", **options)) == "unknown_it"


def test_a_finding_says_where_what_and_how_to_mend(tmp_path):
    row = only_row(people(tmp_path / "a.xlsx", person(size="四口")))

    assert row.problems[0].as_json() == {
        "row": 2,
        "column": "人口",
        "cell": "F2",
        "value": "四口",
        "code": "size_not_a_number",
        "message": "人口不是数字。请只填阿拉伯数字，不带单位，不写区间",
    }
    assert row.problems[0].sentence.startswith("F2 人口：人口不是数字。请")
