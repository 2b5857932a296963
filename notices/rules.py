"""What a public notice must never say, and how long it stands: L14 and L38 of domain 2.3.

Procuratorates have acted on notice boards that showed whole ID and bank numbers, phones
and door numbers (domain 7.2). A notice is therefore refused, with no way round, if any
of its texts holds one: however it is spaced, dashed, starred out or written full-width.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from workbooks.values.characters import visible

LONGEST_TEXT = 500
"""Characters of one paragraph; a notice is read standing up."""
LONGEST_CELL = 60
MOST_ROWS = 3_000
"""As many households as a large community praises; nobody who is named is left out."""
MOST_COLUMNS = 10


class Kind(StrEnum):
    """What is put on view. The value is stable, the label is shown."""

    BY_ELECTION = "by_election"
    RATING = "rating"
    PAYMENT = "payment"
    HONOUR = "honour"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The kind as lists name it."""
        return {
            "by_election": "补选结果",
            "rating": "评定结果",
            "payment": "补贴发放",
            "honour": "表彰对象",
            "other": "其他事项",
        }[self.value]


class Leak(StrEnum):
    """What a text gives away."""

    ID_NUMBER = "身份证号"
    PHONE = "电话号码"
    ACCOUNT = "银行账号一类的长号码"
    STARRED = "打了星号的号码"
    DOOR = "门牌号"


# What people write between the digits of one number.
_GAP = re.compile(r"(?<=[0-9])[\s\-‐-―−_.·/'’()]{1,3}(?=[0-9Xx])")
_A_DATE = (
    r"(?<![0-9])(?:19|20)[0-9]{2}[-./](?:0?[1-9]|1[0-2])[-./](?:3[01]|[12][0-9]|0?[1-9])"
    r"(?![0-9])"
)
_DATE = re.compile(_A_DATE)
_DATES = re.compile(rf"{_A_DATE}(?:\s+{_A_DATE})+")
_AMOUNT = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:,?[0-9]{3})*\.[0-9]{1,2}(?![0-9.])")
_BIRTHDAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_ID_18 = re.compile(
    rf"[1-9][0-9]{{5}}(?:18|19|20)[0-9]{{2}}{_BIRTHDAY}[0-9]{{3}}[0-9Xx]"
)
_ID_15 = re.compile(
    rf"(?<![0-9])[1-9][0-9]{{5}}[0-9]{{2}}{_BIRTHDAY}[0-9]{{3}}(?![0-9])"
)
_PHONES = (
    re.compile(r"(?<![0-9])(?:0{0,2}86)?1[3-9][0-9]{9}(?![0-9])"),
    re.compile(r"(?<![0-9])0[1-9][0-9]{1,2}[2-8][0-9]{6,7}(?![0-9])"),
    re.compile(
        r"(?:电话|手机|座机|热线|致电|拨打|微信|tel|phone)\D{0,6}[0-9]{7,}",
        re.IGNORECASE,
    ),
)
_LONG = re.compile(r"[0-9]{11,}")
_STARRED = re.compile(r"[0-9]{1,6}[*×xX•●]{3,}|[*•●]{4,}[0-9]{2,}")
_NUMERALS = "0-9一二三四五六七八九十百零〇"
_NUMERAL = f"[{_NUMERALS}]{{1,5}}"
# “第三单元” counts units that elect; a door is “三单元”.
_UNIT = rf"(?<![第{_NUMERALS}]){_NUMERAL}\s*单元"
_DOOR = re.compile(
    rf"(?:路|街|巷|弄|胡同|大道|村|组|院子|院落|小区|社区|花园|家园)\s*附?"
    rf"{_NUMERAL}\s*[号#](?![文公通候席令])"
    rf"|{_NUMERAL}\s*号?\s*[栋幢]|[0-9]{{1,3}}\s*号楼|{_UNIT}|[0-9]{{3,5}}室"
    r"|门牌"
)
_SPOKEN = "〇零○一二三四五六七八九壹贰叁肆伍陆柒捌玖"
_AS_DIGITS = str.maketrans(_SPOKEN, "000123456789123456789")
_SPOKEN_RUN = re.compile(rf"[{_SPOKEN}0-9](?:[\s\-—]{{0,3}}[{_SPOKEN}0-9]){{6,}}")


def leaks(text: str) -> tuple[Leak, ...]:
    """Return what a text gives away, each kind once; nothing for a text that may stand."""
    plain = unicodedata.normalize("NFKC", visible(text))
    found = {*_numbers(plain), *_numbers(_read_out(plain))}
    if _STARRED.search(_GAP.sub("", plain)):
        found.add(Leak.STARRED)
    if _DOOR.search(plain):
        found.add(Leak.DOOR)
    return tuple(leak for leak in Leak if leak in found)


def _numbers(text: str) -> Iterator[Leak]:
    """Yield the numbers of persons in a text whose digits are ordinary ones.

    A single date is set aside only after ID numbers were looked for, in whose middle one
    stands.
    """
    rest = _GAP.sub("", _AMOUNT.sub("元", _DATE.sub("日", text)))
    if _ID_18.search(_GAP.sub("", _DATES.sub("日", text))) or _ID_15.search(rest):
        yield Leak.ID_NUMBER
    elif any(phone.search(rest) for phone in _PHONES):
        yield Leak.PHONE
    elif _LONG.search(rest):
        yield Leak.ACCOUNT


def _read_out(text: str) -> str:
    """Turn long runs of Chinese digits into ordinary ones: 一三八零零…."""
    return _SPOKEN_RUN.sub(lambda run: run[0].translate(_AS_DIGITS), text)


@dataclass(frozen=True, slots=True)
class Content:
    """Everything of a notice that the public reads."""

    title: str
    issuer: str
    paragraphs: tuple[str, ...]
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(
        cls,
        title: str,
        issuer: str,
        paragraphs: Sequence[str],
        table: Mapping[str, Any],
    ) -> Content:
        """Return the content as a row keeps it: lists, and a table of heads and rows."""
        heads = tuple(table.get("heads", ()))
        rows = tuple(tuple(row) for row in table.get("rows", ()))
        return cls(title, issuer, tuple(paragraphs), heads, rows)

    def places(self) -> Iterator[tuple[str, str]]:
        """Yield each text with where it stands, as a person would say it."""
        yield "标题", self.title
        yield "公示单位", self.issuer
        for number, text in enumerate(self.paragraphs, 1):
            yield f"第 {number} 段", text
        for text in self.heads:
            yield "表头", text
        for number, row in enumerate(self.rows, 1):
            for head, text in zip(self.heads, row, strict=True):
                # With its head: 2721234 is a phone in a column of phones.
                yield f"表格第 {number} 行“{head}”", f"{head}：{text}"


def check_content(content: Content) -> tuple[str, ...]:
    """L38: return what must be mended before the content may be seen, in words.

    Raises ValueError for rows that do not fit the heads: that is the caller's mistake.
    """
    if any(len(row) != len(content.heads) for row in content.rows):
        raise ValueError("each row has one cell for each head")
    return (*_leaking(content), *_unwieldy(content))


def _leaking(content: Content) -> Iterator[str]:
    for place, text in content.places():
        for leak in leaks(text):
            yield (
                f"{place}里有{leak.value}，公示不能出现。请删去，住址只写到组。"
                if leak is Leak.DOOR
                else f"{place}里有{leak.value}，公示不能出现。请删去。"
            )


def _unwieldy(content: Content) -> Iterator[str]:
    for name, text in (("标题", content.title), ("公示单位", content.issuer)):
        if not text.strip():
            yield f"{name}没有填写。"
    if any(len(text) > LONGEST_TEXT for text in content.paragraphs):
        yield f"每段最多 {LONGEST_TEXT} 个字，请分成几段。"
    cells = (text for row in content.rows for text in row)
    if any(len(text) > LONGEST_CELL for text in cells):
        yield f"表格每格最多 {LONGEST_CELL} 个字。"
    if len(content.rows) > MOST_ROWS or len(content.heads) > MOST_COLUMNS:
        yield f"表格最多 {MOST_ROWS} 行、{MOST_COLUMNS} 列。"


def last_day_of(first: date, days: int) -> date:
    """Return the last day of a notice of `days` days, the first one included."""
    return first + timedelta(days=days - 1)


def check_days(first: date, last: date, least: int, on: date) -> tuple[str, ...]:
    """L14: return what is wrong with the days of a notice that is published `on`.

    Both days belong to it. `least` is what the rule of the caller asks for.
    """
    if first < on:
        return ("公示开始日期不能早于今天。",)
    days = (last - first).days + 1
    if days < 1:
        return ("公示截止日期不能早于开始日期。",)
    if days < least:
        until = last_day_of(first, least)
        return (
            f"公示只有 {days} 天，至少要 {least} 天，请把截止改到 {until} 或以后。",
        )
    return ()
