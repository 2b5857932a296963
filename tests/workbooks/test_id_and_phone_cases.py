"""ID numbers and phones (reliability 3.3, cases 28 to 37), as read from real files."""

import pytest

from tests.workbooks.checking import check, code, value
from tests.workbooks.making import codes, id_number, only_row, people, person, read
from workbooks.declaration import Kind
from workbooks.values import Absent, Masked, Mended, Problem, check_character

GOOD = id_number(7)
ENDS_IN_X = "43059919790212838X"


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
