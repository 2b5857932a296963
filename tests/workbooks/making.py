"""Makes workbooks for the tests, down to the single tag: no binary fixtures."""

import zipfile
from datetime import date
from html import escape
from pathlib import Path

from workbooks.counting import column_letters
from workbooks.declaration import Column, Declaration, Kind
from workbooks.ledger import Table, read_table
from workbooks.values import check_character

TODAY = date(2026, 11, 23)

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

PEOPLE = Declaration(
    title="花名册",
    columns=(
        Column("village", ("村(社区)", "村", "所在村"), required=True),
        Column("head", ("户主姓名", "户主", "姓名"), Kind.NAME, required=True),
        Column(
            "id_number",
            ("身份证号", "身份证号码"),
            Kind.ID_NUMBER,
            required=True,
            absences=("无户口",),
        ),
        Column("phone", ("联系电话", "电话"), Kind.PHONE),
        Column("since", ("起始日期", "日期"), Kind.DATE),
        Column("size", ("人口",), Kind.INTEGER, most=99),
        Column("remark", ("备注",)),
    ),
    unique=(("id_number",),),
)
TITLES = ("村(社区)", "户主姓名", "身份证号", "联系电话", "起始日期", "人口", "备注")


def id_number(sequence: int = 1, born: str = "19700101") -> str:
    """A valid ID number of an area that no division has."""
    digits = f"430599{born}{sequence:03d}"
    return digits + check_character(digits)


def person(sequence: int = 1, **cells: object) -> list[object]:
    """A sound row of PEOPLE, with the named cells replaced."""
    row = {
        "village": "长冲口村",
        "head": "张三",
        "id_number": id_number(sequence),
        "phone": "13800000001",
        "since": None,
        "size": 4,
        "remark": None,
    }
    return list((row | cells).values())


class Xml(str):
    """A cell that is written as it is, with {ref} for its reference."""


def cell(reference: str, value: object) -> str:
    """The XML of one cell: text inline, numbers as they are."""
    if value is None:
        return ""
    if isinstance(value, Xml):
        return value.replace("{ref}", reference)
    if isinstance(value, bool):
        return f'<c r="{reference}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{reference}"><v>{value!r}</v></c>'
    text = escape(str(value), quote=False)
    return (
        f'<c r="{reference}" t="inlineStr"><is>'
        f'<t xml:space="preserve">{text}</t></is></c>'
    )


def rows_xml(rows, *, start: int = 1, hidden: tuple[int, ...] = ()) -> str:
    """The XML of ``rows`` from row ``start`` on; ``hidden`` are row numbers."""
    found = []
    for number, values in enumerate(rows, start):
        cells = "".join(
            cell(f"{column_letters(column)}{number}", value)
            for column, value in enumerate(values)
        )
        mark = ' hidden="1"' if number in hidden else ""
        found.append(f'<row r="{number}"{mark}>{cells}</row>')
    return "".join(found)


def sheet_xml(rows: str, *, before: str = "", after: str = "", prolog: str = "") -> str:
    """One worksheet part around the XML of its rows."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<worksheet xmlns="{MAIN}">'
        f"{before}<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def parts(
    *sheets: str,
    names: tuple[str, ...] = (),
    states: tuple[str, ...] = (),
    properties: str = "",
    shared: str = "",
    styles: str = "",
) -> dict[str, str | bytes]:
    """The parts of a workbook that holds the worksheet parts ``sheets``."""
    names = names or tuple(f"Sheet{i + 1}" for i in range(len(sheets)))
    states = states or ("visible",) * len(sheets)
    relations = "".join(
        f'<Relationship Id="rId{i}" Type="{RELATIONS}/worksheet"'
        f' Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(sheets) + 1)
    )
    listed = "".join(
        f'<sheet name="{name}" sheetId="{i}" state="{state}" r:id="rId{i}"/>'
        for i, (name, state) in enumerate(zip(names, states, strict=True), 1)
    )
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.'
        'openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
        f"{properties}<sheets>{listed}</sheets></workbook>",
    }
    for number, sheet in enumerate(sheets, 1):
        made[f"xl/worksheets/sheet{number}.xml"] = sheet
    if shared:
        made["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{shared}</sst>'
        relations += (
            f'<Relationship Id="rIdS" Type="{RELATIONS}/sharedStrings"'
            ' Target="sharedStrings.xml"/>'
        )
    if styles:
        made["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
        relations += (
            f'<Relationship Id="rIdF" Type="{RELATIONS}/styles" Target="styles.xml"/>'
        )
    made["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'
    )
    return made


DATE_STYLE = '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
"""Style 1 is a date."""


def save(path: Path, made: dict[str, str | bytes]) -> Path:
    """Zip the parts into ``path``."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in made.items():
            package.writestr(name, content)
    return path


def workbook(path: Path, rows, **options) -> Path:
    """A workbook of one sheet with ``rows``; options as for :func:`parts`."""
    sheet_options = {
        key: options.pop(key) for key in ("before", "after") if key in options
    }
    hidden = options.pop("hidden", ())
    xml = rows_xml(rows, hidden=hidden)
    return save(path, parts(sheet_xml(xml, **sheet_options), **options))


def people(path: Path, *rows: list[object], **options) -> Path:
    """A workbook with the header of PEOPLE and ``rows`` below it, from row 2."""
    return workbook(path, [TITLES, *rows], **options)


def read(path: Path, declaration: Declaration = PEOPLE, **options) -> Table:
    """Read ``path`` on the day of the tests."""
    return read_table(path, declaration, on=TODAY, **options)


def codes(row) -> list[str]:
    """The codes of what refuses ``row``."""
    return [finding.code for finding in row.problems]


def only_row(path: Path, declaration: Declaration = PEOPLE, **options):
    """The single data row of ``path``."""
    (row,) = read(path, declaration, **options)
    return row
