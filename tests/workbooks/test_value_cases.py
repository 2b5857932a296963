"""From cells to values (reliability 3.3, cases 28 to 49), as read from real files."""

from datetime import date

import pytest

from tests.workbooks.making import (
    DATE_STYLE,
    TODAY,
    Xml,
    codes,
    id_number,
    only_row,
    people,
    person,
    read,
)
from workbooks.declaration import Column, Kind
from workbooks.values import Absent, Doubt, Masked, Mended, Problem, check_for
from workbooks.values.outcomes import Outcome

GOOD = id_number(7)
ENDS_IN_X = "43059919790212838X"


def check(kind: Kind, raw: object, **options) -> Outcome:
    column = Column("it", ("它",), kind, **options)
    return check_for(column, on=TODAY)(raw)


def value(outcome: Outcome) -> object:
    return outcome.value if isinstance(outcome, Mended | Doubt) else outcome


def code(outcome: Outcome) -> str:
    assert not isinstance(outcome, str | int | date | tuple | None), outcome
    return outcome.code


@pytest.mark.parametrize("number", [4.30521199001011e17, float(int(GOOD)), 1.0, 0.0])
def test_case_28_an_id_number_stored_as_a_number_is_refused_always(tmp_path, number):
    row = only_row(people(tmp_path / "a.xlsx", person(id_number=number)))

    assert codes(row) == ["id_stored_as_number"]
    assert "已丢失末位" in row.problems[0].message
    assert row.problems[0].address == "C2"


@pytest.mark.parametrize("text", ["4.30521E+17", "4.30521199001011e+17"])
def test_case_28_scientific_text_is_a_number_that_was_saved_as_csv(text):
    assert code(check(Kind.ID_NUMBER, text)) == "id_stored_as_number"


def test_case_29_an_id_number_ending_in_000_is_doubted_or_refused(tmp_path):
    valid = "430599195010283000"
    broken = "430599195010284000"
    path = people(
        tmp_path / "a.xlsx", person(id_number=valid), person(id_number=broken)
    )

    doubted, refused = read(path)

    assert [finding.code for finding in doubted.doubts] == ["id_maybe_truncated"]
    assert doubted.values["id_number"] == valid
    assert not doubted.refused
    assert codes(refused) == ["id_truncated"]


def test_case_30_an_old_id_number_is_refused_with_the_new_one_suggested(tmp_path):
    old = GOOD[:6] + GOOD[8:17]

    row = only_row(people(tmp_path / "a.xlsx", person(id_number=old)))

    assert codes(row) == ["id_15_digits"]
    assert row.problems[0].suggestion == GOOD
    assert GOOD not in row.problems[0].sentence


@pytest.mark.parametrize(
    ("text", "found", "note"),
    [
        (ENDS_IN_X.lower(), ENDS_IN_X, "fixed_case_in_id"),
        ("４３０５９９１９７９０２１２８３８Ｘ", ENDS_IN_X, "fixed_fullwidth_id"),
        (f"'{GOOD}", GOOD, "fixed_space_in_id"),
        (f"’{GOOD}", GOOD, "fixed_space_in_id"),
        (f" {GOOD[:6]} {GOOD[6:]} ", GOOD, "fixed_space_in_id"),
        (f"\u00a0{GOOD}\u3000", GOOD, "fixed_space_in_id"),
        (f"{GOOD[:4]}\u200b{GOOD[4:]}\ufeff", GOOD, "fixed_space_in_id"),
        (f'="{GOOD}"', GOOD, "fixed_space_in_id"),
    ],
)
def test_case_31_an_id_number_written_otherwise_is_mended_and_listed(text, found, note):
    outcome = check(Kind.ID_NUMBER, text)

    assert isinstance(outcome, Mended)
    assert (outcome.value, outcome.code) == (found, note)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (GOOD[:17] + ("1" if GOOD[17] != "1" else "2"), "id_check_digit"),
        (id_number(7, "19900230"), "id_birth_date"),
        (id_number(7, "20270101"), "id_birth_date"),
        (id_number(7, "18900101"), "id_birth_date"),
        (GOOD[:17], "id_length"),
        (GOOD + "1", "id_length"),
        ("43059919790212838Y", "id_characters"),
        ("430599********8381", "id_masked"),
    ],
)
def test_case_32_an_id_number_that_cannot_be_is_refused(text, why):
    outcome = check(Kind.ID_NUMBER, text)

    assert isinstance(outcome, Problem)
    assert outcome.code == why


@pytest.mark.parametrize("area", ["430521", "440307", "110101", "810000"])
def test_case_33_an_id_number_of_any_area_is_taken(area):
    from workbooks.values import check_character

    digits = f"{area}19800101001"
    number = digits + check_character(digits)

    assert check(Kind.ID_NUMBER, number) == number


def test_case_34_an_absent_id_number_needs_a_reason():
    options = {"required": True, "absences": ("无户口", "婴幼儿")}

    assert check(Kind.ID_NUMBER, "无户口", **options) == Absent("无户口")
    for blank in (None, "", " ", "0", "无", "—"):
        outcome = check(Kind.ID_NUMBER, blank, **options)
        assert isinstance(outcome, Problem)
        assert outcome.code == "missing_it"
        assert "无户口、婴幼儿" in outcome.hint
        assert check(Kind.ID_NUMBER, blank) is None


@pytest.mark.parametrize("digit", ["٣", "²", "③", "三", "०"])
def test_case_35_digits_of_other_scripts_are_refused(digit):
    assert code(check(Kind.ID_NUMBER, GOOD[:16] + digit + GOOD[17])) == "id_characters"
    assert code(check(Kind.PHONE, "1380000000" + digit)) == "bad_phone"
    assert code(check(Kind.INTEGER, digit)) == "it_not_a_number"


@pytest.mark.parametrize(
    ("raw", "found", "note"),
    [
        ("13812345678", "13812345678", ""),
        (13812345678.0, "13812345678", "fixed_phone_float"),
        ("13812345678.0", "13812345678", "fixed_phone_float"),
        ("1.3812345678E+10", "13812345678", "fixed_phone_float"),
        ("008613812345678", "13812345678", "fixed_phone_prefix"),
        ("+86 138-1234-5678", "13812345678", "fixed_phone_prefix"),
        ("8613812345678", "13812345678", "fixed_phone_prefix"),
        ("138 1234 5678", "13812345678", "fixed_phone_format"),
        ("１３８１２３４５６７８", "13812345678", "fixed_phone_format"),
        ("0739-2721234", "0739-2721234", ""),
        ("(0739)2721234", "0739-2721234", "fixed_phone_format"),
        ("010-62345678", "010-62345678", ""),
        ("", None, ""),
        ("无", None, ""),
        ("0", None, ""),
    ],
)
def test_case_37_phones_are_mended_where_they_are_exact(raw, found, note):
    outcome = check(Kind.PHONE, raw)

    assert value(outcome) == found
    assert (outcome.code if isinstance(outcome, Mended) else "") == note


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("13812345678/13912345678", "several_phones"),
        ("13812345678、13912345678", "several_phones"),
        ("1.3812E+10", "bad_phone"),
        ("1380000", "bad_phone"),
        ("2721234", "bad_phone"),
        ("12812345678", "bad_phone"),
        (1380000.0, "bad_phone"),
        (13812345678.5, "bad_phone"),
        (True, "bad_phone"),
        ("138****5678", "phone_masked"),
        ("没有电话", "bad_phone"),
    ],
)
def test_case_37_phones_that_are_not_one_exact_number_are_refused(raw, why):
    assert code(check(Kind.PHONE, raw)) == why


def test_masked_values_are_taken_only_where_the_declaration_says_so():
    text = "430582********1234"

    assert check(Kind.ID_NUMBER, text, accept_masked=True) == Masked(text)
    assert check(Kind.PHONE, "138****5678", accept_masked=True) == Masked("138****5678")


@pytest.mark.parametrize(
    ("raw", "note"),
    [
        (46095.0, "fixed_serial_date"),
        (46095.5, "fixed_serial_date"),
        (20260314.0, "fixed_date_number"),
        ("2026/3/14", "fixed_text_date"),
        ("2026.3.14", "fixed_text_date"),
        ("2026-03-14", "fixed_text_date"),
        ("2026年3月14日", "fixed_text_date"),
        ("2026年03月14号", "fixed_text_date"),
        (" ２０２６ 年 3 月 14 日", "fixed_text_date"),
        ("20260314", "fixed_text_date"),
        ("2026-03-14 00:00:00", "fixed_text_date"),
        ("2026/3/14 8:30", "fixed_text_date"),
    ],
)
def test_case_38_dates_are_understood_and_listed(raw, note):
    outcome = check(Kind.DATE, raw)

    assert isinstance(outcome, Mended)
    assert (outcome.value, outcome.code) == (date(2026, 3, 14), note)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("14/3/2026", "ambiguous_date"),
        ("3-14-2026", "ambiguous_date"),
        ("26.3.14", "ambiguous_date"),
        ("2026-2-29", "impossible_date"),
        ("2026-11-31", "impossible_date"),
        ("0000-00-00", "impossible_date"),
        ("1900-02-29", "impossible_date"),
        ("2206-03-14", "impossible_date"),
        ("2026年3月", "incomplete_date"),
        ("2026", "incomplete_date"),
        ("上个月", "not_a_date"),
        (60.0, "not_a_date"),
        (2026.0, "incomplete_date"),
        (4.3e17, "not_a_date"),
        (True, "not_a_date"),
    ],
)
def test_case_38_dates_that_are_ambiguous_or_impossible_are_refused(raw, why):
    assert code(check(Kind.DATE, raw)) == why


def _dated(serial: str) -> Xml:
    return Xml(f'<c r="{{ref}}" s="1"><v>{serial}</v></c>')


def test_case_38_real_dates_come_from_the_workbooks_own_calendar(tmp_path):
    rows = [person(1, since=_dated("46095")), person(2, since=46095)]
    usual = people(tmp_path / "a.xlsx", *rows, styles=DATE_STYLE)
    other = people(
        tmp_path / "b.xlsx",
        *rows,
        styles=DATE_STYLE,
        properties='<workbookPr date1904="1"/>',
    )

    assert [row.values["since"] for row in read(usual)] == [date(2026, 3, 14)] * 2
    assert [row.values["since"] for row in read(other)] == [date(2030, 3, 15)] * 2
    assert [len(row.mends) for row in read(usual)] == [0, 1]


@pytest.mark.parametrize(
    ("serial", "why"), [("60", "impossible_date"), ("0.5", "not_a_date")]
)
def test_case_38_formatted_days_that_never_were_are_refused(tmp_path, serial, why):
    path = people(tmp_path / "a.xlsx", person(since=_dated(serial)), styles=DATE_STYLE)

    assert codes(only_row(path)) == [why]


def test_case_38_a_time_of_day_is_dropped_and_listed(tmp_path):
    row = person(since=_dated("46095.5"))

    found = only_row(people(tmp_path / "a.xlsx", row, styles=DATE_STYLE))

    assert found.values["since"] == date(2026, 3, 14)
    assert [finding.code for finding in found.mends] == ["fixed_time_in_date"]


def test_case_39_a_date_after_today_is_refused_where_it_must_be_past():
    tomorrow = "2026-11-24"

    assert code(check(Kind.DATE, tomorrow, past_only=True)) == "future_date"
    assert value(check(Kind.DATE, tomorrow)) == date(2026, 11, 24)
    assert value(check(Kind.DATE, "2026-11-23", past_only=True)) == TODAY


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


DANGEROUS = [
    '=HYPERLINK("http://x.example/")',
    "+1",
    "-1",
    "@SUM(A1)",
    "==1",
    "＝1",
    "=cmd|'/c calc'!A0",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "%s",
    "'; DROP TABLE x; --",
    "../../x",
    "${jndi:ldap://x}",
]


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


def test_a_lookup_is_checked_for_its_form_only():
    wrong_digit = "430599194001010000"

    assert check(Kind.ID_NUMBER, wrong_digit, lookup=True) == wrong_digit
    assert code(check(Kind.ID_NUMBER, 4.3e17, lookup=True)) == "id_stored_as_number"


def test_what_a_finding_shows_is_masked(tmp_path):
    bad = GOOD[:17] + ("1" if GOOD[17] != "1" else "2")
    path = people(
        tmp_path / "a.xlsx",
        person(id_number=bad, phone="13812345678/13912345678", remark="x" * 600 + GOOD),
    )

    row = only_row(path)

    shown = " ".join(f"{f.value} {f.sentence} {f.as_json()}" for f in row.problems)
    assert len(row.problems) == 3
    assert bad not in shown
    assert GOOD not in shown
    assert "13812345678" not in shown
    assert f"{bad[:6]}********{bad[-4:]}" in shown


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
