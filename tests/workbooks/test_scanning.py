"""The guard's two lanes count the same, and count what is there."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbooks.making import rows_xml, sheet_xml
from workbooks.counting import column_index, column_letters
from workbooks.hollow import rows_with_values
from workbooks.inventory import FileRefused, Limits, Merge, SheetFacts
from workbooks.scanning import SheetScanner

LIMITS = Limits(rows=500, spare_rows=0)


def scan(xml: str, *, plain_lane: bool = True, cuts: int = 1) -> SheetFacts | str:
    """Scan a sheet in ``cuts`` pieces; a refusal comes back as its code."""
    facts = SheetFacts(0, "S")
    scanner = SheetScanner(facts, LIMITS, plain_lane=plain_lane)
    data = xml.encode()
    places = [len(data) * part // (cuts + 1) for part in range(1, cuts + 1)]
    try:
        for start, end in pairwise([0, *places, len(data)]):
            scanner.feed(data[start:end])
        scanner.close()
    except FileRefused as refused:
        return refused.code
    return facts


def counted(facts: SheetFacts | str) -> object:
    """What two scans are compared by."""
    if isinstance(facts, str):
        return facts
    return (
        facts.rows,
        facts.cells,
        facts.last_row,
        facts.last_column,
        facts.blank_tail,
        list(facts.hidden_rows),
        sorted(facts.hidden_columns),
        list(facts.formulas),
        list(facts.errors),
        facts.merges,
    )


VALUES = [
    "<v>1</v>",
    "<v></v>",
    "<v/>",
    "",
    "<is><t>文</t></is>",
    "<is><r><t>a</t></r></is>",
    '<f>A1&amp;"&lt;c&gt;"</f><v>x</v>',
    '<f t="shared" si="0"/><v>2</v>',
    "<f>1</f>",
]
KINDS = ["", ' t="e"', ' s="3"', ' s="3" t="str"', ' t="inlineStr"']


@st.composite
def cells(draw, row: int, prefix: str) -> str:
    found = []
    for column in sorted(draw(st.sets(st.integers(0, 70), max_size=4))):
        reference = f"{column_letters(column)}{row}"
        kind, value = draw(st.sampled_from(KINDS)), draw(st.sampled_from(VALUES))
        if draw(st.booleans()) and not value:
            found.append(f'<c r="{reference}"{kind}/>')
        elif prefix or draw(st.integers(0, 9)) == 0:
            found.append(f"<{prefix}c{kind} r='{reference}'>{value}</{prefix}c>")
        else:
            found.append(f'<c r="{reference}"{kind}>{value}</c>')
    return "".join(found)


@st.composite
def sheets(draw) -> str:
    prefix = draw(st.sampled_from(["", "", "", "x:"]))
    rows = []
    number = 0
    for _ in range(draw(st.integers(0, 12))):
        number += draw(st.sampled_from([1, 1, 1, 2, 40]))
        hidden = draw(st.sampled_from(["", "", ' hidden="1"', ' ht="9" hidden="true"']))
        comment = draw(st.sampled_from(["", "", "", "<!-- <c r='A1'> -->"]))
        inside = draw(cells(number, prefix))
        if inside:
            rows.append(f'<row r="{number}"{hidden}>{inside}</row>{comment}')
        else:
            rows.append(f'<row r="{number}"{hidden}/>{comment}')
    head = f'<worksheet xmlns{":x" if prefix else ""}="m">'
    return (
        f'{head}<cols><col min="2" max="3" hidden="1"/></cols><sheetData>{"".join(rows)}'
        '</sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>'
    )


@settings(max_examples=150, deadline=None)
@given(sheets(), st.integers(1, 20))
def test_both_lanes_count_the_same_however_the_bytes_are_cut(xml, cuts):
    plain = scan(xml, cuts=cuts)
    careful = scan(xml, plain_lane=False)

    assert counted(plain) == counted(careful)


def test_the_facts_are_what_stands_in_the_sheet():
    xml = (
        '<worksheet><cols><col min="3" max="4" hidden="1"/></cols><sheetData>'
        '<row r="2" hidden="1"><c r="B2"><v>1</v></c><c r="C2" s="1"/></row>'
        '<row r="5"><c r="A5" t="e"><v>#N/A</v></c><c r="D5"><f>B2</f><v>1</v></c></row>'
        '<row r="6"/><row r="7"><c r="A7" s="4"/></row></sheetData>'
        '<mergeCells><mergeCell ref="B2:C3"/></mergeCells></worksheet>'
    )
    for plain_lane in (True, False):
        facts = scan(xml, plain_lane=plain_lane)
        assert counted(facts) == (
            2,
            3,
            5,
            4,
            2,
            [2],
            [2, 3],
            [5 * 64 + 3],
            [5 * 64],
            [Merge(1, 1, 2, 2)],
        )


def test_rows_and_cells_without_references_follow_one_another():
    xml = (
        "<worksheet><sheetData><row><c><v>1</v></c><c><v>2</v></c></row>"
        "<row><c><v>3</v></c></row></sheetData></worksheet>"
    )

    facts = scan(xml)

    assert (facts.rows, facts.cells, facts.last_row, facts.last_column) == (2, 3, 2, 2)


def test_rows_out_of_order_are_a_damaged_file():
    twice = '<row r="2"><c r="A2"><v>1</v></c></row>' * 2
    elsewhere = '<row r="3"><c r="A2"><v>1</v></c></row>'
    for rows in (twice, elsewhere, '<row r="9999999"/>', '<row r="0"/>'):
        for plain_lane in (True, False):
            assert scan(sheet_xml(rows), plain_lane=plain_lane) == "damaged"


def test_the_row_limit_counts_rows_with_content():
    xml = sheet_xml(rows_xml([[1]] * 501))

    assert scan(xml) == scan(xml, plain_lane=False) == "too_many_rows"
    assert scan(sheet_xml(rows_xml([[1]] * 500))).rows == 500


def test_formulas_without_end_are_refused_not_remembered():
    formulas = "".join(f'<c r="{column_letters(i)}1"><f>1</f></c>' for i in range(11))
    facts = SheetFacts(0, "S")
    scanner = SheetScanner(facts, Limits(marks=10))

    with pytest.raises(FileRefused) as caught:
        scanner.feed(sheet_xml(f'<row r="1">{formulas}</row>').encode())

    assert caught.value.code == "too_many_marks"
    assert len(facts.formulas) == 11


def test_a_part_of_nothing_but_elements_is_refused():
    scanner = SheetScanner(SheetFacts(0, "S"), Limits(elements=100))

    with pytest.raises(FileRefused) as caught:
        scanner.feed(sheet_xml("", before="<a/>" * 200).encode())

    assert caught.value.code == "too_many_marks"


@given(st.integers(0, 16_383))
def test_column_letters_and_indexes_are_inverse(index):
    assert column_index(column_letters(index)) == index


def test_rows_of_empty_strings_are_told_from_rows_with_values(tmp_path):
    from tests.workbooks.making import Xml, parts, save

    blank = Xml('<c r="{ref}" t="s"><v>0</v></c>')
    word = Xml('<c r="{ref}" t="s"><v>1</v></c>')
    inline = Xml('<c r="{ref}" t="inlineStr"><is><t> </t></is></c>')
    error = Xml('<c r="{ref}" t="e"><v>#N/A</v></c>')
    xml = sheet_xml(rows_xml([[word], [blank], [inline], [error], [0.0], ["x"]]))
    path = save(
        tmp_path / "a.xlsx", parts(xml, shared="<si><t/></si><si><t>甲</t></si>")
    )

    with path.open("rb") as file:
        facts = SheetFacts(0, "Sheet1", part="xl/worksheets/sheet1.xml")
        assert rows_with_values(file, facts) == 3
