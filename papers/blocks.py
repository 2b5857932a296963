"""What a paper is made of: plain values, said once, written as .docx and as a page.

    Paper("11 月民情分析会记录", (
        Facts(((("时间", "2026年11月25日"), ("地点", "村部")),)),
        Heading("一、本月情况"),
        Paragraph("走访 132 户次，收集民情 12 件。"),
        Grid(("序号", "事项", "责任人"), (("1", "冬季缺水", "张顺民"),), widths=(1, 6, 2)),
        Signatures(("主持人", "记录人")),
        Dated("长冲口村党总支", dt.date(2026, 11, 25)),
    ))

Layout is that of GB/T 9704-2012 (党政机关公文格式); `is_form` is the customary smaller
type of registers and result sheets, which are filled in rather than read out.
"""

import datetime as dt
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Heading:
    """A heading inside the text: level 1 (一、) in 黑体, level 2 (（一）) in 楷体."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """Running text; the first line is indented by two characters."""

    text: str


@dataclass(frozen=True)
class Line:
    """A line of its own that is not indented: whom it addresses, 填报单位, a note."""

    text: str
    is_centred: bool = False


@dataclass(frozen=True)
class Facts:
    """A form: rows of (label, value) pairs, drawn as a bordered table."""

    rows: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True)
class Grid:
    """A table with heads; `widths` are proportions, equal ones if left out."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()
    numeric: frozenset[int] = frozenset()
    """Columns whose cells stand on the right."""

    def __post_init__(self) -> None:
        """Refuse a table whose rows do not fit its heads: a column would shift."""
        for row in self.rows:
            if len(row) != len(self.heads):
                raise ValueError(f"{len(row)} cells under {len(self.heads)} heads")
        if self.widths and len(self.widths) != len(self.heads):
            raise ValueError("as many widths as heads")

    @property
    def shares(self) -> tuple[float, ...]:
        """The columns' shares of the width; together 1."""
        widths = self.widths or (1,) * len(self.heads)
        return tuple(width / sum(widths) for width in widths)


@dataclass(frozen=True)
class Signatures:
    """Who signs by hand, each with a line to sign on."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Dated:
    """The issuing body and the day (成文日期), on the right."""

    unit: str
    day: dt.date


@dataclass(frozen=True)
class Code:
    """A QR code of an address, with what scanning it is for."""

    url: str
    words: str


Block: TypeAlias = Heading | Paragraph | Line | Facts | Grid | Signatures | Dated | Code


@dataclass(frozen=True)
class Paper:
    """A whole paper; `number` is its 发文字号, if it has one."""

    title: str
    blocks: tuple[Block, ...]
    number: str = ""
    is_form: bool = False
    is_wide: bool = False
    """A4 landscape."""
    is_red: bool = False
    """The title in red, as on the screen a 公示 has it; paper prints black."""
