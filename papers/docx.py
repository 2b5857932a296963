"""Writes a paper as .docx in the layout of GB/T 9704-2012.

The official typefaces (方正小标宋、仿宋_GB2312) are named, not shipped: Office puts in
what the machine has. Nothing in a text can become a field, a link or markup.
"""

import io
from collections.abc import Callable
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import (
    WD_CELL_VERTICAL_ALIGNMENT,
    WD_ROW_HEIGHT_RULE,
    WD_TABLE_ALIGNMENT,
)
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from papers.blocks import (
    Block,
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
from papers.codes import qr_png
from ui.words import full_day

TITLE, SONG = "方正小标宋简体", "宋体"
BODY, HEADINGS = "仿宋_GB2312", {1: "黑体", 2: "楷体_GB2312"}
CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
# GB/T 9704-2012: top 37 mm, left 28 mm, a text block of 156 by 225 mm.
MARGINS = {"top": 37, "left": 28, "right": 26, "bottom": 35}
CELL_MARGIN = "40"  # twentieths of a point: a table of ten columns has little room
FORM_MARGINS = {"top": 20, "left": 18, "right": 18, "bottom": 18}
A4 = (210, 297)
MANY_COLUMNS, SMALL = 12, 9.0
"""A table with more columns is set in 小五: its numbers stay on one line."""
ROW = 1.4
"""A row is at least as high as this many times its letters."""
MM_PER_POINT = 25.4 / 72


def to_docx(paper: Paper) -> bytes:
    """Return the paper as the bytes of a .docx file."""
    return _Writer(paper).written()


def printable(text: str) -> str:
    """Return `text` without what XML cannot hold; line ends and tabs stay."""
    return "".join(c for c in text if c in "\n\t" or (c.isprintable() or c == "\u3000"))


class _Writer:
    """One document; sizes in points follow from whether it is a form."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.file = Document()
        self.size, self.leading = (12.0, 20.0) if paper.is_form else (16.0, 28.0)
        self.cell = 11.0 if paper.is_form else 10.5
        self.write: dict[type, Callable[[Any], None]] = {
            Heading: self._heading,
            Paragraph: self._paragraph,
            Line: self._line,
            Facts: self._facts,
            Grid: self._grid,
            Signatures: self._signatures,
            Dated: self._dated,
            Code: self._code,
        }

    def written(self) -> bytes:
        self._page()
        self._text(self.paper.title, TITLE, 22.0, align=CENTRE, leading=32.0)
        if self.paper.number:
            self._text(self.paper.number, BODY, self.size, align=CENTRE)
        for block in self.paper.blocks:
            self._block(block)
        core = self.file.core_properties
        core.title, core.author, core.comments = printable(self.paper.title), "", ""
        out = io.BytesIO()
        self.file.save(out)
        return out.getvalue()

    def _block(self, block: Block) -> None:
        self.write[type(block)](block)

    # --- the page ---

    def _page(self) -> None:
        section = self.file.sections[0]
        width, height = A4[::-1] if self.paper.is_wide else A4
        section.page_width, section.page_height = Mm(width), Mm(height)
        if self.paper.is_wide:
            section.orientation = WD_ORIENT.LANDSCAPE
        margins = FORM_MARGINS if self.paper.is_form else MARGINS
        for side, millimetres in margins.items():
            setattr(section, f"{side}_margin", Mm(millimetres))
        self.width = width - margins["left"] - margins["right"]
        self.file.settings.odd_and_even_pages_header_footer = True
        _page_number(section.footer, align=RIGHT)
        _page_number(section.even_page_footer, align=WD_ALIGN_PARAGRAPH.LEFT)

    # --- blocks ---

    def _heading(self, block: Heading) -> None:
        font = HEADINGS.get(block.level, BODY)
        self._text(block.text, font, self.size, is_indented=True)

    def _paragraph(self, block: Paragraph) -> None:
        for part in block.text.splitlines() or [""]:
            self._text(part, BODY, self.size, is_indented=True)

    def _line(self, block: Line) -> None:
        self._text(
            block.text, BODY, self.size, align=CENTRE if block.is_centred else None
        )

    def _facts(self, block: Facts) -> None:
        columns = max(len(row) for row in block.rows) * 2
        table = self._table(len(block.rows), columns)
        for cells, row in zip(table.rows, block.rows, strict=True):
            for at, (label, value) in enumerate(row):
                self._cell(cells.cells[at * 2], label, SONG, CENTRE)
                self._cell(cells.cells[at * 2 + 1], value, BODY)
            # What a short row leaves over belongs to its last value.
            cells.cells[len(row) * 2 - 1].merge(cells.cells[columns - 1])
        share = 1 / columns
        self._widths(table, [share * 0.7, share * 1.3] * (columns // 2))

    def _grid(self, block: Grid) -> None:
        size = SMALL if len(block.heads) > MANY_COLUMNS else self.cell
        table = self._table(1 + len(block.rows), len(block.heads), size)
        for cell, head in zip(table.rows[0].cells, block.heads, strict=True):
            self._cell(cell, head, HEADINGS[1], CENTRE, size)
        _repeat(table.rows[0])
        for row, texts in zip(list(table.rows)[1:], block.rows, strict=True):
            for at, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
                align = RIGHT if at in block.numeric else None
                self._cell(cell, text, BODY, align, size)
        self._widths(table, block.shares)

    def _signatures(self, block: Signatures) -> None:
        """Leave each signature its own place: none is broken at the end of a line."""
        words = [f"{name}（签字）：＿＿＿＿＿＿" for name in block.names]
        needed = max(map(len, words)) * self.size * MM_PER_POINT + 2
        columns = max(1, min(len(words), int(self.width // needed)))
        table = self._table(-(-len(words) // columns), columns, self.leading / ROW)
        table.style = None
        for at, text in enumerate(words):
            cell = table.rows[at // columns].cells[at % columns]
            self._cell(cell, text, BODY, size=self.size)
        self._widths(table, [1 / columns] * columns)

    def _dated(self, block: Dated) -> None:
        for text in (block.unit, full_day(block.day)):
            self._text(text, BODY, self.size, align=RIGHT, right=4 * self.size)

    def _code(self, block: Code) -> None:
        paragraph = self.file.add_paragraph()
        paragraph.alignment = RIGHT
        paragraph.add_run().add_picture(qr_png(block.url), width=Mm(28))
        self._text(block.words, BODY, self.cell, align=RIGHT)

    # --- parts ---

    def _text(
        self,
        text: str,
        font: str,
        size: float,
        *,
        align: Any = None,
        leading: float | None = None,
        is_indented: bool = False,
        right: float = 0,
    ) -> None:
        paragraph = self.file.add_paragraph()
        _set(paragraph, text, font, size, align)
        layout = paragraph.paragraph_format
        layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        layout.line_spacing = Pt(leading or self.leading)
        layout.space_after = Pt(0)
        if is_indented:
            layout.first_line_indent = Pt(2 * size)
        if right:
            layout.right_indent = Pt(right)

    def _table(self, rows: int, columns: int, size: float = 0) -> Any:
        table = self.file.add_table(rows, columns)
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        _tighten(table)
        for row in table.rows:
            row.height = Pt((size or self.cell) * ROW)
            row.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
        return table

    def _cell(
        self, cell: Any, text: str, font: str, align: Any = None, size: float = 0
    ) -> None:
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        _set(paragraph, text, font, size or self.cell, align)
        paragraph.paragraph_format.space_after = Pt(0)

    def _widths(self, table: Any, shares: Any) -> None:
        for column, share in zip(table.columns, shares, strict=True):
            column.width = Mm(self.width * share)
            for cell in column.cells:
                cell.width = Mm(self.width * share)


def _set(paragraph: Any, text: str, font: str, size: float, align: Any) -> None:
    run = paragraph.add_run(printable(text))
    run.font.size = Pt(size)
    run.font.name = "Times New Roman"
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    if align is not None:
        paragraph.alignment = align


def _tighten(table: Any) -> None:
    """Leave a number its place: narrow cell margins, and no row across two pages."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), CELL_MARGIN)
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    # Before the look, as the order of the format wants it.
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _repeat(row: Any) -> None:
    """Let the head of a table stand again on each page it runs over."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _page_number(footer: Any, align: Any) -> None:
    """Number the page in 4 号 between dashes: right on odd pages, left on even ones."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = align
    for text in ("— ", None, " —"):
        run = paragraph.add_run(text or "")
        run.font.size = Pt(14)
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONG)
        if text is None:
            _field(run, "PAGE")


def _field(run: Any, instruction: str) -> None:
    for kind in ("begin", None, "end"):
        if kind is None:
            element = OxmlElement("w:instrText")
            element.text = instruction
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._element.append(element)
