"""The figures of a dashboard's line are drawn by hand: what people typed stays text."""

import pytest
from django.utils.html import escape

from reports.dashboard import Line
from reports.figures.domain import Cell
from reports.lights import Light
from reports.templatetags.board import figures

TYPED = """<b>"'&"""


@pytest.mark.parametrize(
    ("cell", "times"),
    [
        pytest.param(Cell(TYPED), 2, id="words"),
        pytest.param(Cell(TYPED, url=f"/?q={TYPED}"), 3, id="link"),
        pytest.param(Cell(TYPED, url=f"/?q={TYPED}", tone=TYPED), 4, id="coloured"),
        pytest.param(Cell(TYPED, tone=TYPED, share=50.0), 2, id="bar"),
    ],
)
def test_what_people_typed_is_escaped_in_the_figures(cell: Cell, times: int) -> None:
    line = Line(TYPED, "", Light("ok", ""), ((TYPED, cell),))

    drawn = figures(line, 40.0)

    assert "<b>" not in drawn
    assert drawn.count(escape(TYPED)) == times
