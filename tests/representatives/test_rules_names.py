"""Initials of names: the quick way says what cutting into phrases says."""

from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, pinyin

from representatives.names import initials

# Read otherwise within a phrase (长沙, 重庆, 银行) or as a family name; and no characters.
CHARACTERS = "张王单仇查曾重庆长沙银行朝阳音乐快都市中国人民明军丽芳·Ab1 　㐀"


@given(st.text(CHARACTERS, min_size=1, max_size=6))
def test_initials_are_those_of_the_whole_name(name: str) -> None:
    letters = pinyin(name, style=Style.FIRST_LETTER, strict=False)
    assert initials(name) == "".join(one[0][:1] for one in letters).lower()
