"""One declaration, two outputs: what the page shows stands in the .docx as well."""

import datetime as dt
import io
import zipfile
from urllib.parse import unquote

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from papers.answers import answer
from papers.blocks import (
    Code,
    Dated,
    Facts,
    Grid,
    Heading,
    Line,
    Paper,
    Paragraph,
    Signatures,
)
from papers.docx import printable, to_docx

PAPER = Paper(
    "11月民情分析会记录",
    (
        Line("魏家桥镇民政办："),
        Facts(
            ((("时间", "2026年11月25日"), ("地点", "村部")), (("议题", "冬季用水"),))
        ),
        Heading("一、本月情况"),
        Heading("（一）走访", 2),
        Paragraph("走访 132 户次。\n收集民情 12 件。"),
        Grid(
            ("序号", "事项", "户数"),
            (("1", "冬季缺水", "3"), ("2", "路灯不亮", "1")),
            widths=(1, 6, 2),
            numeric=frozenset({2}),
        ),
        Signatures(("主持人", "记录人")),
        Dated("长冲口村党总支", dt.date(2026, 11, 5)),
    ),
    number="长村〔2026〕3号",
)
CODED = Paper("签到表", (Code("https://example.test/x/", "扫码签到"),), is_form=True)
WORDS = (
    "11月民情分析会记录", "长村〔2026〕3号", "魏家桥镇民政办：", "时间", "村部", "冬季用水",
    "一、本月情况", "（一）走访", "走访 132 户次。", "收集民情 12 件。", "路灯不亮", "主持人（签字）：",
    "长冲口村党总支", "2026年11月5日",
)  # fmt: skip


def opened(paper: Paper) -> Document:
    return Document(io.BytesIO(to_docx(paper)))


def all_words(paper: Paper) -> str:
    document = opened(paper)
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def page(paper: Paper) -> str:
    return render_to_string("papers/paper.html", {"paper": paper, "back": "/back/"})


def test_everything_that_was_said_stands_in_the_file_and_on_the_page() -> None:
    in_file, on_page = all_words(PAPER), page(PAPER)
    assert [word for word in WORDS if word not in in_file] == []
    assert [word for word in WORDS if word not in on_page] == []


def test_page_and_type_are_those_of_gbt_9704_2012() -> None:
    document = opened(PAPER)
    section = document.sections[0]
    # A length in a file is a whole number of twentieths of a point.
    near = {"top": 37, "left": 28, "right": 26, "bottom": 35}
    for side, millimetres in near.items():
        assert abs(getattr(section, f"{side}_margin") - Mm(millimetres)) < Pt(0.1)
    title, body = document.paragraphs[0].runs[0], document.paragraphs[4]
    assert title.font.size == Pt(22)
    assert title._element.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体"
    assert body.text == "（一）走访"
    assert body.runs[0].font.size == Pt(16)
    assert body.paragraph_format.line_spacing == Pt(28)
    assert body.paragraph_format.first_line_indent == Pt(32)


def test_head_of_a_table_repeats_on_the_next_page() -> None:
    grid = opened(PAPER).tables[1]
    assert grid.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages() -> None:
    section = opened(PAPER).sections[0]
    for footer in (section.footer, section.even_page_footer):
        assert "PAGE" in footer.paragraphs[0]._element.xml
    assert section.footer.paragraphs[0].alignment != (
        section.even_page_footer.paragraphs[0].alignment
    )


def test_short_row_of_a_form_spans_the_rest_in_both() -> None:
    facts = opened(PAPER).tables[0]
    last = facts.rows[1].cells
    assert last[1]._tc is last[3]._tc
    assert '<td colspan="3">冬季用水</td>' in page(PAPER)


@pytest.mark.parametrize(
    "text", ["坏\x00字", "响铃\x07", "\x1b[0m", "反向\u202e字", "\ufffe", "正常　全角"]
)
def test_what_xml_cannot_hold_is_left_out_and_the_file_opens(text: str) -> None:
    cleaned = printable(text)
    assert cleaned in all_words(Paper(text, (Paragraph(text), Line(text))))
    assert "正常　全角" in printable("正常　全角")


def test_markup_and_fields_in_a_text_stay_text() -> None:
    nasty = '<script>alert(1)</script> {{ 7 }} =HYPERLINK("x") <w:p/>'
    paper = Paper(nasty, (Paragraph(nasty), Grid(("名",), ((nasty,),))))
    assert nasty in all_words(paper)
    assert "<script>alert" not in page(paper)
    with zipfile.ZipFile(io.BytesIO(to_docx(paper))) as archive:
        body = archive.read("word/document.xml").decode()
    assert "fldChar" not in body
    assert "instrText" not in body


def test_table_whose_rows_do_not_fit_its_heads_is_refused() -> None:
    with pytest.raises(ValueError, match="2 cells under 1 heads"):
        Grid(("一",), (("1", "2"),))
    with pytest.raises(ValueError, match="widths"):
        Grid(("一", "二"), (), widths=(1,))


def asked(query: str) -> HttpResponse:
    return answer(RequestFactory().get(f"/paper/{query}"), PAPER, back="/back/")


def test_answer_is_the_page_to_print_with_a_way_back_and_the_file() -> None:
    text = asked("").content.decode()
    assert 'href="/back/"' in text
    assert 'href="?format=docx"' in text


def test_the_file_is_of_what_the_page_shows() -> None:
    """A period or a year stands in the address: without it the file is of another."""
    text = asked("?p=2026-08").content.decode()
    assert 'href="?p=2026-08&amp;format=docx"' in text


def test_answer_as_a_file_is_named_after_the_title() -> None:
    response = asked("?format=docx")
    assert response.content.startswith(b"PK")
    named = unquote(response.headers["Content-Disposition"])
    assert named.endswith("11月民情分析会记录.docx")
    assert response.headers["Content-Type"].endswith("wordprocessingml.document")


def test_wide_form_lies_across_with_narrow_margins() -> None:
    section = opened(Paper("结果报告单", (), is_form=True, is_wide=True)).sections[0]
    assert section.page_width > section.page_height
    assert section.left_margin < Mm(19)


def test_a_code_is_a_picture_on_both_with_its_words() -> None:
    assert 'alt="二维码：扫码签到"' in page(CODED)
    assert "data:image/svg+xml" in page(CODED)
    written = opened(CODED)
    assert len(written.inline_shapes) == 1
    assert written.paragraphs[-1].text == "扫码签到"


def test_a_wide_table_is_set_small_and_no_signature_is_broken() -> None:
    """Numbers of many columns stay on one line; each signature has its own place."""
    heads = tuple(f"第{n}列" for n in range(14))
    names = ("村务监督委员会主任", "村（社区）书记", "审核", "制表")
    paper = Paper(
        "误工补贴发放表", (Grid(heads, (heads,)), Signatures(names)), is_form=True
    )
    grid, signed = Document(io.BytesIO(to_docx(paper))).tables
    assert grid.cell(1, 0).paragraphs[0].runs[0].font.size == Pt(9)
    cells = [cell.text for row in signed.rows for cell in row.cells]
    assert cells == [f"{name}（签字）：＿＿＿＿＿＿" for name in names]
    assert len(signed.columns) == 2, "as many side by side as the page has room for"
