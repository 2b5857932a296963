"""Charts as they stand in the page: a sentence, a drawing, a table."""

import pytest

from tests.ui.conftest import Draw, Elements
from ui.charts import Column, Columns, Pace, Series
from ui.gallery import samples


def test_every_chart_has_a_sentence_and_the_same_data_as_a_table(draw: Draw) -> None:
    for tag, chart in (
        ("pace_line", samples.sample_pace()),
        ("stacked_bars", samples.sample_moods()),
        ("bars", samples.sample_months()),
    ):
        drawn = Elements(draw("{% " + tag + " chart %}", chart=chart))

        svg = drawn.all("svg")[-1]
        assert svg["role"] == "img"
        assert svg["aria-label"] == chart.sentence
        assert drawn.one("summary") == {}
        assert len(drawn.all("tr")) == len(chart.rows) + 1


def test_stacked_columns_carry_a_legend_and_a_single_series_none(draw: Draw) -> None:
    stacked = draw("{% stacked_bars chart %}", chart=samples.sample_moods())
    single = draw("{% stacked_bars chart %}", chart=samples.sample_months())

    assert 'class="legend"' in stacked
    assert 'class="legend"' not in single


def test_words_of_a_chart_are_escaped(draw: Draw) -> None:
    chart = Columns('<b>"件数"', (Series("<i>", "s1"),), (Column("<u>", (3,)),))

    drawn = draw(
        "{% bars chart %}{% pace_line pace %}", chart=chart, pace=Pace("<s>", (), 30)
    )

    assert not {"b", "i", "u", "s"} & {tag for tag, _ in Elements(drawn).found}


@pytest.mark.parametrize(
    ("share", "elapsed", "width", "ticks"),
    [
        (86.6, 76.7, "86.6", 1),
        (0, None, "0", 0),
        (None, None, "0", 0),
        (140, 100, "100.0", 1),
    ],
)
def test_progress_draws_share_and_time(
    draw: Draw, share: float | None, elapsed: float | None, width: str, ticks: int
) -> None:
    drawn = Elements(draw("{% progress share elapsed %}", share=share, elapsed=elapsed))

    assert drawn.all("rect")[1]["width"] == width
    assert len(drawn.all("path")) == ticks
    assert drawn.one("svg")["aria-hidden"] == "true"


def test_named_progress_speaks(draw: Draw) -> None:
    drawn = Elements(draw('{% progress 86.6 76.7 label="走访率" %}'))

    assert drawn.one("svg")["aria-label"] == "走访率 86.6%，时序进度 76.7%"


def test_unknown_progress_says_so(draw: Draw) -> None:
    drawn = Elements(draw('{% progress none label="走访率" %}', none=None))

    assert drawn.one("svg")["aria-label"] == "走访率 进度未知"


@pytest.mark.parametrize(("value", "top"), [(None, 100), (5, 0), (5, None), (0, 100)])
def test_bar_without_a_whole_is_empty(
    draw: Draw, value: float | None, top: float | None
) -> None:
    drawn = Elements(draw("{% bar value top %}", value=value, top=top))

    assert drawn.all("rect")[1]["width"] == "0.0"


def test_spark_names_first_and_last_and_is_a_dash_without_data(draw: Draw) -> None:
    line = Elements(draw('{% spark values "近六个月" "件" %}', values=(3, 5, 12)))
    nothing = Elements(draw('{% spark values "近六个月" %}', values=()))

    assert line.one("svg")["aria-label"] == "近六个月：从 3 到 12 件"
    assert nothing.text == "—"


def test_boxes_show_each_door(draw: Draw) -> None:
    drawn = Elements(draw("{% boxes 5 8 %}"))

    assert [rect["class"] for rect in drawn.all("rect")] == ["on"] * 5 + ["un"] * 3
