"""Rows filled with values: what format_html gives, byte for byte."""

from django.utils.functional import lazystr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from hypothesis import given
from hypothesis import strategies as st

from ui.drawing import fill, fill_each

values = st.one_of(
    *(st.text(), st.integers(), st.none(), st.text().map(mark_safe)),
    st.text().map(lazystr),
)


@given(st.lists(values, min_size=2, max_size=2), values)
def test_a_filled_pattern_says_what_format_html_says(
    placed: list[object], named: object
) -> None:
    drawn = fill("<a href='{}'>{}{last}</a>", *placed, last=named)
    expected = format_html("<a href='{}'>{}{last}</a>", *placed, last=named)
    assert isinstance(drawn, SafeString)
    assert drawn == expected


@given(st.lists(st.tuples(values, values)))
def test_each_row_fills_the_pattern_once(rows: list[tuple[object, object]]) -> None:
    drawn = fill_each("<td>{}</td><td>{}</td>", rows)
    expected = format_html_join("", "<td>{}</td><td>{}</td>", rows)
    assert isinstance(drawn, SafeString)
    assert drawn == expected


def test_a_value_is_text_and_never_markup() -> None:
    assert fill("<b>{}</b>", "<i>\"'&{}") == "<b>&lt;i&gt;&quot;&#x27;&amp;{}</b>"
